//! Gives every request an id, which appears in its answer and in all its log lines.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use crate::telemetry;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is accepted from a caller.
pub(super) const MAX_CHARS: usize = 128;

/// Keeps the caller's `X-Request-Id` if it is harmless, else generates one. [`telemetry::record_call`] adds the call's
/// ids.
///
/// [`telemetry::record_call`]: crate::telemetry::record_call
pub(super) async fn identify_request(request: Request, next: Next) -> Response {
    let id = request.headers().get(X_REQUEST_ID).and_then(sane).unwrap_or_else(|| Uuid::new_v4().to_string());
    let span = telemetry::request_span(&request, &id);
    let mut response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", response.status().as_u16());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

/// Accepts only what can stand in a log line without changing how it reads.
fn sane(value: &HeaderValue) -> Option<String> {
    let id = value.to_str().ok()?;
    let is_sane = (1..=MAX_CHARS).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'));
    is_sane.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_are_harmless_in_a_log_are_kept() {
        assert_eq!(sane(&HeaderValue::from_static("hoc-42:a_b.c")).as_deref(), Some("hoc-42:a_b.c"));
        for bad in ["", "two words", "a\"b", "{}", "+4930"] {
            assert_eq!(sane(&HeaderValue::from_str(bad).unwrap()), None, "{bad:?}");
        }
        assert_eq!(sane(&HeaderValue::from_str(&"x".repeat(129)).unwrap()), None);
    }
}
