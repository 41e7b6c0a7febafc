//! One log line per request, even if the caller hung up.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Span;

use super::error::Failure;
use crate::telemetry::metrics::RequestMetrics;
use crate::telemetry::milliseconds;

/// The status of a request whose caller hung up before the answer (nginx's convention).
const CALLER_WENT_AWAY: u16 = 499;

/// Logs method, route, status and duration, and the error if there is one, and counts the request.
///
/// The route is the pattern, never the path as sent: that may hold anything.
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
        failure: None,
        span: Span::current(),
        metrics,
    };
    let response = next.run(request).await;
    line.status = response.status().as_u16();
    line.failure = response.extensions().get::<Failure>().cloned();
    response
}

/// The method's name if it is a standard one, since a caller may send any word.
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

/// Written on drop, so however the request ends.
struct LogLine {
    method: &'static str,
    route: String,
    start: Instant,
    status: u16,
    failure: Option<Failure>,
    span: Span,
    metrics: RequestMetrics,
}

impl Drop for LogLine {
    fn drop(&mut self) {
        let _request = self.span.enter();
        let (route, status) = (self.route.as_str(), self.status);
        let method = self.method;
        let took = self.start.elapsed();
        let duration_ms = milliseconds(took);
        self.metrics.answered(method, route, status, took);
        // HOC's developers see the answer; whoever reads the log at night does not.
        let failure = self.failure.as_ref();
        let error = failure.map(|failure| failure.error);
        let missing = failure.and_then(|failure| failure.missing.as_deref());
        let invalid = failure.and_then(|failure| failure.invalid.as_deref());
        // One macro call per level: tracing fixes the level of a log line at compile time.
        macro_rules! line {
            ($level:ident, $message:literal) => {
                tracing::$level!(method, route, status, error, missing, invalid, duration_ms, $message)
            };
        }
        if status >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
            line!(warn, "request answered");
        } else if status == CALLER_WENT_AWAY {
            line!(warn, "caller went away before the answer");
        } else {
            line!(info, "request answered");
        }
    }
}
