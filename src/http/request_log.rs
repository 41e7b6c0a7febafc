//! One line for every request, also for those whose caller went away.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Span;

use crate::telemetry::metrics::RequestMetrics;

/// The status of a request whose caller hung up before the answer (nginx' convention).
const CALLER_WENT_AWAY: u16 = 499;

/// Logs method, route, status and duration. The route is the pattern and never the path as it was sent: anything may
/// stand in that. Counts the same.
pub(super) async fn log_request(
    State(metrics): State<RequestMetrics>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let mut line = LogLine {
        method: known(request.method()),
        route,
        start: Instant::now(),
        status: CALLER_WENT_AWAY,
        span: Span::current(),
        metrics,
    };
    let response = next.run(request).await;
    line.status = response.status().as_u16();
    response
}

/// The method's name, if it is one of HTTP's own: a caller may send any word.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Written when the request is over, however it ends.
struct LogLine {
    method: &'static str,
    route: String,
    start: Instant,
    status: u16,
    span: Span,
    metrics: RequestMetrics,
}

impl Drop for LogLine {
    fn drop(&mut self) {
        let _request = self.span.enter();
        let (route, status) = (self.route.as_str(), self.status);
        let method = self.method;
        let took = self.start.elapsed();
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.metrics.answered(method, route, status, took);
        if status >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
            tracing::warn!(method, route, status, duration_ms, "request answered");
        } else if status == CALLER_WENT_AWAY {
            tracing::warn!(method, route, status, duration_ms, "caller went away before the answer");
        } else {
            tracing::info!(method, route, status, duration_ms, "request answered");
        }
    }
}
