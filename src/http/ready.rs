//! `GET /webhook/ready`: whether triggers can be accepted. It needs no authentication, so it tells no details.

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

/// How long an answer is reused. Anybody may ask, and must not be able to keep the store busy that way.
const HOLDS: Duration = Duration::from_secs(1);

/// What the call store said last, and when it did.
#[derive(Debug, Default)]
pub(super) struct LastPing(Mutex<Option<(Instant, bool)>>);

impl LastPing {
    /// Pings the store unless it was pinged a moment ago. Of several requests at the same time, only one does.
    async fn is_ready(&self, calls: &Calls) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < HOLDS
        {
            return ready;
        }
        // The settler logs that the store is down.
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

/// Without the call store, nobody is called.
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
