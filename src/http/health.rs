//! `GET /webhook/health`: the same five members, whatever state the upstreams are in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;

use super::About;
use super::openapi::{AnyoneErrors, schemas};
use crate::SERVICE;
use crate::clock::{SharedClock, timestamp};

/// The contract's word.
const HEALTHY: &str = "healthy";

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    #[schema(schema_with = healthy)]
    status: &'static str,
    #[schema(schema_with = service)]
    service: &'static str,
    #[schema(schema_with = schemas::agent_id)]
    agent_id: String,
    #[schema(schema_with = schemas::url)]
    hirings_api_url: String,
    #[schema(schema_with = schemas::timestamp)]
    timestamp: String,
}

/// Says that the service is up. It makes no request to an upstream, so it is fast and no upstream can slow it down.
#[utoipa::path(
    get,
    path = "/webhook/health",
    operation_id = "health",
    tag = "monitoring",
    params(("X-Request-Id" = Option<String>, Header)),
    responses((status = 200, body = Health), AnyoneErrors)
)]
pub(super) async fn health(
    State(about): State<Arc<About>>,
    State(clock): State<SharedClock>,
) -> Json<Health> {
    Json(Health {
        status: HEALTHY,
        service: SERVICE,
        agent_id: about.agent_id.to_string(),
        hirings_api_url: about.hirings_api_url.clone(),
        timestamp: timestamp(clock.now()),
    })
}

fn healthy() -> Object {
    schemas::word(&[HEALTHY])
}

fn service() -> Object {
    schemas::word(&[SERVICE])
}
