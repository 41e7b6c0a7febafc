//! The routes, one file each, and the layers in front of them.

mod auth;
mod client_address;
mod docs;
pub mod error;
mod health;
mod idempotency;
mod metrics;
pub mod openapi;
mod preview_call;
mod ready;
mod request_id;
mod request_log;
mod talk;
pub(crate) mod trigger;
mod trigger_call;
mod wrong_keys;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

pub use self::auth::Access;
use self::auth::KeyCheck;
use self::error::ApiError;
pub(crate) use self::preview_call::PreviewAnswer;
pub use self::talk::TalkPages;
use crate::calls::Calls;
use crate::clock::SharedClock;
use crate::config::{Config, TriggerConfig};
use crate::domain::AgentId;
use crate::talk::Talks;
use crate::telemetry::metrics::{Metrics, RequestMetrics};

/// What the handlers share. A handler names the part it needs: `State(calls): State<Arc<Calls>>`.
#[derive(Debug, Clone, FromRef)]
pub struct HttpState {
    /// The use case: placing calls and making links.
    pub calls: Arc<Calls>,
    /// What a trigger may ask for.
    pub triggers: Arc<TriggerConfig>,
    /// The talks in the browser.
    pub talks: Arc<Talks>,
    /// The candidate's pages.
    pub pages: Arc<TalkPages>,
    /// What the health check shows.
    pub about: Arc<About>,
    /// The time.
    pub clock: SharedClock,
    /// What `GET /metrics` shows.
    pub metrics: Arc<Metrics>,
}

/// What the service tells everyone about itself. Holds no secret.
#[derive(Debug, Clone)]
pub struct About {
    /// The agent that calls.
    pub agent_id: AgentId,
    /// Where questionnaires come from.
    pub hirings_api_url: String,
}

impl About {
    /// What these settings say.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            agent_id: config.elevenlabs.agent_id.clone(),
            hirings_api_url: config.hoc.base_url.as_str().trim_end_matches('/').to_owned(),
        }
    }
}

/// All routes with their layers.
///
/// A request passes, from the outside in:
///
/// - the request id, so that every line about it and every answer to it has one,
/// - the request log, which tells of every answer, also of those that the layers below give,
/// - the headers that every answer has,
/// - the panic guard: a panic is an answer like any other, with headers and a line,
/// - for the trigger, its preview and the metrics, the key check, before any of the body is read.
///
/// Unknown paths get the same error envelope, except below `/talk`, where the callers are people.
pub fn router(state: HttpState, access: Access, requests: RequestMetrics) -> Router {
    let interface: Router<HttpState> = routes(access.triggers).into();
    let metrics = metrics::routes(access.metrics);
    let routes = interface.merge(talk::routes(&state.pages)).merge(metrics);
    with_common_layers(routes, requests).with_state(state)
}

/// The routes of the interface, each registered together with its specification: neither can be added without the
/// other.
fn routes(check: KeyCheck) -> OpenApiRouter<HttpState> {
    let guarded = OpenApiRouter::default()
        .routes(routes!(trigger_call::trigger_call))
        .routes(routes!(preview_call::preview_call))
        .route_layer(from_fn_with_state(check, auth::require_key));
    let last_ping = Extension(Arc::<ready::LastPing>::default());
    OpenApiRouter::default()
        .merge(guarded)
        .routes(routes!(health::health))
        .routes(routes!(ready::ready).layer(last_ping))
        .routes(routes!(openapi::openapi))
        .routes(routes!(docs::docs))
}

/// Applies to every answer, whatever the route.
fn with_common_layers<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    requests: RequestMetrics,
) -> Router<S> {
    routes
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(|_panic: Box<dyn std::any::Any + Send>| {
            // The panic hook has logged where it happened. The payload may quote personal data and stays unread.
            ApiError::Internal.into_response()
        }))
        .layer(map_response(protect))
        .layer(from_fn_with_state(requests, request_log::log_request))
        .layer(from_fn(request_id::identify_request))
}

/// Answers name candidates and differ from call to call, so no cache may keep them; and what a caller sent back to it
/// must not be taken for a page or a script.
async fn protect(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn every_route_of_the_interface_is_in_its_specification() {
        let (router, api) = routes(KeyCheck::default()).split_for_parts();
        // The router offers no other way to list its paths.
        let shown = format!("{router:?}");
        let mut reachable: BTreeSet<_> = shown.split('"').filter(|text| text.starts_with('/')).collect();
        for fallback in ["/", "/{*__private__axum_fallback}"] {
            assert!(reachable.remove(fallback), "{shown}");
        }
        let specified: BTreeSet<_> = api.paths.paths.keys().map(String::as_str).collect();
        assert!(reachable.len() > 5, "{shown}");
        assert_eq!(reachable, specified);
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error_that_says_nothing_of_it() {
        let panics = get(async || -> &'static str { panic!("MARKER: what no caller may read") });
        let routes =
            with_common_layers::<()>(Router::new().route("/panics", panics), RequestMetrics::default());
        let request = Request::get("/panics").header("x-request-id", "req-1").body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-request-id"], "req-1");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&body["status"], &body["error"]), (&json!("error"), &json!("Internal server error")));
        assert!(!body.to_string().contains("MARKER"), "{body}");
    }
}
