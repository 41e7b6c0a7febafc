//! `GET /webhook/ready`: whether triggers can be taken. Without authentication, so without any detail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;
use utoipa::openapi::Object;

use super::openapi::{ReadyErrors, schemas};
use crate::calls::Calls;
use crate::http::error::ApiError;

/// How long an answer holds. Anybody may ask, and must not be able to keep the store busy by it.
const HOLDS: Duration = Duration::from_secs(1);

/// What the call store said last, and when.
#[derive(Debug, Default)]
pub(super) struct LastPing(Mutex<Option<(Instant, bool)>>);

impl LastPing {
    /// Asks the store, unless it was asked a moment ago; of several who ask at once, one does.
    async fn is_ready(&self, calls: &Calls) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < HOLDS
        {
            return ready;
        }
        // That the store is down is logged by the settler.
        let ready = calls.store.ping().await.is_ok();
        *last = Some((Instant::now(), ready));
        ready
    }
}

const READY: &str = "ready";

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    #[schema(schema_with = word)]
    status: &'static str,
}

/// Without the call store nobody is called.
#[utoipa::path(
    get,
    path = "/webhook/ready",
    operation_id = "ready",
    tag = "monitoring",
    params(("X-Request-Id" = Option<String>, Header)),
    responses((status = 200, body = Ready), ReadyErrors)
)]
pub(super) async fn ready(
    State(calls): State<Arc<Calls>>,
    Extension(last): Extension<Arc<LastPing>>,
) -> Result<Json<Ready>, ApiError> {
    if last.is_ready(&calls).await { Ok(Json(Ready { status: READY })) } else { Err(ApiError::NotReady) }
}

fn word() -> Object {
    schemas::word(&[READY])
}
