//! `GET /webhook/ready`: whether triggers can be taken. Without authentication, so without any detail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::calls::Calls;
use crate::error::ApiError;

#[derive(Debug, Serialize)]
pub(super) struct Ready {
    status: &'static str,
}

/// Asks the call store, without which nobody is called.
pub(super) async fn ready(State(calls): State<Arc<Calls>>) -> Result<Json<Ready>, ApiError> {
    calls.store.ping().await.map_err(|_logged_by_the_settler| ApiError::NotReady)?;
    Ok(Json(Ready { status: "ready" }))
}
