//! What a simulated upstream can be told to do instead of giving its usual answer.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::server::CloseConnection;

/// A prepared answer.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl Answer {
    /// A JSON answer.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::raw(status, "application/json", body.to_string())
    }

    /// Any bytes with any content type.
    #[must_use]
    pub fn raw(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    /// Adds a header. An invalid one turns the answer into an empty 500.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response
            .body(Body::from(self.body))
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

/// A way for an upstream to misbehave.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Gives this answer instead.
    Answer(Answer),
    /// Closes the connection without an answer.
    Close,
    /// Keeps the connection open and never answers.
    Hang,
    /// Gives the usual answer after this delay.
    Slow(Duration),
    /// Gives the usual answer once the gate is open.
    HoldUntil(Gate),
}

impl Fault {
    /// An error status with a small JSON body.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or("Error");
        Self::Answer(Answer::json(status, &json!({ "detail": reason })))
    }

    /// Status 200 with a truncated JSON document.
    #[must_use]
    pub fn broken_json() -> Self {
        Self::Answer(Answer::raw(
            StatusCode::OK,
            "application/json",
            r#"{"success": true, "questions": [{"id":"#,
        ))
    }

    /// Gives the faulty answer, or none, or the usual one if the fault lets it through.
    pub(super) async fn answer_instead_of(self, usual: Answer) -> Response<Body> {
        self.answer().await.unwrap_or_else(|| usual.into_response())
    }

    /// Waits or answers. `None` if the usual answer is to be given.
    pub(super) async fn answer(self) -> Option<Response<Body>> {
        match self {
            Self::Answer(answer) => return Some(answer.into_response()),
            Self::Close => return Some(close()),
            Self::Hang => std::future::pending().await,
            Self::Slow(delay) => tokio::time::sleep(delay).await,
            Self::HoldUntil(gate) => gate.passed().await,
        }
        None
    }
}

fn close() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(CloseConnection);
    response
}

/// A gate that starts closed. Once open, it stays open. So it does not matter whether the request or the test that
/// opens it comes first.
#[derive(Debug, Clone, Default)]
pub struct Gate(CancellationToken);

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets everybody pass, now and later.
    pub fn open(&self) {
        self.0.cancel();
    }

    async fn passed(&self) {
        self.0.cancelled().await;
    }
}

/// A login page, as some proxies and frameworks send it with status 200.
pub(super) fn login_page() -> Answer {
    let page = "<!doctype html><html lang=\"de\"><head><title>Anmelden</title></head>\
                <body><form method=\"post\"><input name=\"username\"></form></body></html>";
    Answer::raw(StatusCode::OK, "text/html; charset=utf-8", page)
}

/// A redirect to an address that would answer.
pub(super) fn redirect(location: String) -> Answer {
    Answer::raw(StatusCode::FOUND, "text/plain", "").header("location", location)
}
