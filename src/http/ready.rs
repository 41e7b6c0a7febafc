//! `GET /webhook/ready`: whether triggers can be taken. Without authentication, so without any detail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use tokio::sync::Mutex;

use crate::calls::Calls;
use crate::error::ApiError;

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

#[derive(Debug, Serialize)]
pub(super) struct Ready {
    status: &'static str,
}

/// Without the call store nobody is called.
pub(super) async fn ready(
    State(calls): State<Arc<Calls>>,
    Extension(last): Extension<Arc<LastPing>>,
) -> Result<Json<Ready>, ApiError> {
    if last.is_ready(&calls).await { Ok(Json(Ready { status: "ready" })) } else { Err(ApiError::NotReady) }
}
