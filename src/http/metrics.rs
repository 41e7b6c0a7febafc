//! `GET /metrics`: Prometheus' text, for whoever has a token. It is no part of HOC's interface, so the specification does
//! not hold it.

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

/// The format's name.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How long the store may take to tell how many calls are unknown. Metrics matter most when it is in trouble.
const STORE_PATIENCE: Duration = Duration::from_secs(1);

/// The path, if there is a token for it; otherwise it is as unknown as any other.
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
        calls_in_flight: calls.in_flight.len(),
        dials_waiting: calls.dial_gate.waiting(),
        talks: talks.live(),
        hoc_circuit_open: calls.questionnaires.is_hoc_circuit_open(),
        unknown_calls: unknown_calls.ok().and_then(Result::ok),
    });
    ([(CONTENT_TYPE, TEXT_FORMAT)], text)
}
