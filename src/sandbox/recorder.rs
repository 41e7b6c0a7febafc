//! Records every request that a simulated upstream receives, in order.

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;
use tokio::sync::watch;

use super::wait::wait_until;

/// The largest request body that is kept, in bytes. A larger one is recorded as empty.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A request as it arrived, including secrets: this is a test tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query's pairs, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, if it is JSON; otherwise null.
    pub body: Value,
    /// The body as it was sent.
    pub raw_body: Bytes,
}

impl Recorded {
    /// The value of a header that occurs exactly once and is readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let only = values.next()?;
        if values.next().is_some() {
            return None;
        }
        only.to_str().ok()
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query_values(name).first().copied()
    }

    /// All values of a query parameter that may be repeated.
    #[must_use]
    pub fn query_values(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// A growing list of requests that callers can wait for.
#[derive(Debug, Clone)]
pub(super) struct Recorder(watch::Sender<Vec<Recorded>>);

impl Recorder {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Vec::new()))
    }

    pub(super) fn push(&self, request: Recorded) {
        self.0.send_modify(|all| all.push(request));
    }

    pub(super) fn all(&self) -> Vec<Recorded> {
        self.0.borrow().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// Waits until there are `count` requests, and returns all.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<Recorded> {
        wait_until(&self.0, &format!("{count} requests"), |all| all.len() >= count).await;
        self.all()
    }
}

/// Middleware that records the request and passes it to the handler as an extension.
pub(super) async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let raw_body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let received = Recorded {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: query_pairs(parts.uri.query()),
        headers: parts.headers.clone(),
        body: serde_json::from_slice(&raw_body).unwrap_or_default(),
        raw_body,
    };
    recorder.push(received.clone());
    parts.extensions.insert(received);
    next.run(Request::from_parts(parts, axum::body::Body::empty())).await
}

fn query_pairs(query: Option<&str>) -> Vec<(String, String)> {
    let Ok(mut url) = reqwest::Url::parse("http://sandbox.invalid/") else { return Vec::new() };
    url.set_query(query);
    url.query_pairs().into_owned().collect()
}
