//! The span of a request to this service, which is both the log's and the traces'.

use axum::extract::{MatchedPath, Request};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::is_on;

/// A span with this id. With traces on, it goes on with the caller's trace (`traceparent`, W3C Trace Context).
///
/// It is of the level `error`, so that no line of the request lacks its ids, whichever lines `RUST_LOG` leaves.
#[must_use]
pub fn request_span(request: &Request, request_id: &str) -> Span {
    if !is_on() {
        return tracing::error_span!("request", request_id, call_id = Empty, campaign_id = Empty);
    }
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::error_span!(
        "request",
        request_id,
        call_id = Empty,
        campaign_id = Empty,
        otel.kind = "server",
        otel.name = route,
        http.route = route,
        http.response.status_code = Empty,
    );
    // Without a readable `traceparent`, a new trace begins here.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&HeaderExtractor(request.headers())));
    span
}
