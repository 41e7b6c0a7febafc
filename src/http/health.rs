//! `GET /webhook/health`: the same five members whatever the upstreams do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::About;
use crate::clock::{SharedClock, timestamp};

#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: &'static str,
    service: &'static str,
    agent_id: String,
    hirings_api_url: String,
    timestamp: String,
}

/// The name by which the service tells itself.
pub(crate) const SERVICE: &str = "Sellcruiting Agent Webhook";

/// Says that the service answers. It asks nobody, so it is fast and cannot be slowed down by an upstream.
pub(super) async fn health(
    State(about): State<Arc<About>>,
    State(clock): State<SharedClock>,
) -> Json<Health> {
    Json(Health {
        status: "healthy",
        service: SERVICE,
        agent_id: about.agent_id.clone(),
        hirings_api_url: about.hirings_api_url.clone(),
        timestamp: timestamp(clock.now()),
    })
}
