//! The routes, a file each, and the layers in front of them.

mod auth;
mod body;
mod health;
mod idempotency;
mod ready;
mod request_id;
mod request_log;
mod trigger_call;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

pub use self::auth::ApiKeys;
use crate::calls::Calls;
use crate::clock::SharedClock;
use crate::config::TriggerConfig;
use crate::error::ApiError;

/// What the handlers share. A handler names the part it needs: `State(calls): State<Arc<Calls>>`.
#[derive(Debug, Clone, FromRef)]
pub struct HttpState {
    /// The keys HOC may use.
    pub api_keys: Arc<ApiKeys>,
    /// The use case.
    pub calls: Arc<Calls>,
    /// What a trigger may ask for.
    pub triggers: Arc<TriggerConfig>,
    /// What the health check tells.
    pub about: Arc<About>,
    /// The time.
    pub clock: SharedClock,
}

/// What the service says of itself to everyone. Holds no secret.
#[derive(Debug, Clone)]
pub struct About {
    /// The agent that calls.
    pub agent_id: String,
    /// Where questionnaires come from.
    pub hirings_api_url: String,
}

/// All routes with their layers.
///
/// A request passes, from the outside: request id, request log, panic guard, then, for the trigger only, the key
/// check, which comes before anything is read of the body. What is no route gets the same envelope.
pub fn router(state: HttpState) -> Router {
    let guarded = Router::new()
        .route("/webhook/trigger-call", post(trigger_call::trigger_call))
        .route_layer(from_fn_with_state(Arc::clone(&state.api_keys), auth::require_key));
    Router::new()
        .route("/webhook/health", get(health::health))
        .route("/webhook/ready", get(ready::ready))
        .merge(guarded)
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(map_response(no_store))
        .layer(CatchPanicLayer::custom(|_panic: Box<dyn std::any::Any + Send>| {
            // The panic hook has logged where; the payload may quote personal data and stays unread.
            ApiError::Internal.into_response()
        }))
        .layer(from_fn(request_log::log_request))
        .layer(from_fn(request_id::identify_request))
        .with_state(state)
}

/// Answers name candidates and change from call to call: nobody on the way may keep them.
async fn no_store(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
