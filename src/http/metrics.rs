//! `GET /metrics`: metrics in Prometheus' text format, for callers with a token. The path is not part of HOC's
//! interface, so it is not in the specification.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;

use super::HttpState;
use super::auth::{KeyCheck, require_key};
use crate::calls::Calls;
use crate::talk::Talks;
use crate::telemetry::metrics::{Metrics, Snapshot};

/// The name of the format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How long to wait for the store to count unknown calls. Metrics matter most when the store is in trouble.
const STORE_PATIENCE: Duration = Duration::from_secs(1);

/// The route, if a token is configured; otherwise the path is as unknown as any other.
pub(super) fn routes(check: KeyCheck) -> Router<HttpState> {
    if check.keys.is_empty() {
        return Router::new();
    }
    let guarded = get(metrics).route_layer(from_fn_with_state(check, require_key));
    Router::new().route("/metrics", guarded)
}

async fn metrics(
    State(metrics): State<Arc<Metrics>>,
    State(calls): State<Arc<Calls>>,
    State(talks): State<Arc<Talks>>,
) -> impl IntoResponse {
    let unknown_calls = tokio::time::timeout(STORE_PATIENCE, calls.store.open_unknowns()).await;
    let text = metrics.text(Snapshot {
        calls_in_flight: calls.in_flight(),
        dials_waiting: calls.dials_waiting(),
        talks: talks.live(),
        hoc_circuit_open: calls.is_hoc_circuit_open(),
        unknown_calls: unknown_calls.ok().and_then(Result::ok),
    });
    ([(CONTENT_TYPE, TEXT_FORMAT)], text)
}
