//! A URL that grants access to the agent.

use std::fmt;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::AgentError;
use crate::elevenlabs::{ElevenLabs, MAX_ANSWER_BYTES};
use crate::telemetry::UpstreamRequest;
use crate::upstream::{BodyError, read_body};

/// A URL that lets whoever knows it speak with the agent, at our cost, for 15 minutes. It appears in no log and no
/// error.
pub struct SignedUrl(SecretString);

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedUrl([secret])")
    }
}

#[derive(Deserialize)]
struct Answer {
    signed_url: String,
}

impl SignedUrl {
    /// `None` unless it is a WebSocket URL, and an encrypted one if the API is reached over TLS.
    pub(super) fn parse(raw: String, api: &Url) -> Option<Self> {
        let url = Url::parse(&raw).ok()?;
        let is_safe = match url.scheme() {
            "wss" => true,
            "ws" => api.scheme() == "http",
            _ => false,
        };
        (is_safe && url.has_host()).then(|| Self(SecretString::from(raw)))
    }

    /// The URL, for the step that connects.
    pub(super) fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl ElevenLabs {
    /// Requests a signed URL, within the look-up timeout.
    ///
    /// # Errors
    /// See [`AgentError`].
    pub async fn signed_url(&self) -> Result<SignedUrl, AgentError> {
        let asking = UpstreamRequest::begin(&self.metrics, "signed_url");
        let url = self.ask_for_signed_url().await;
        asking.ended(url.as_ref().err().map(AgentError::code));
        url
    }

    /// Starts nothing and costs nothing.
    pub(in crate::elevenlabs) fn signed_url_request(&self) -> RequestBuilder {
        self.request(Method::GET, &["v1", "convai", "conversation", "get-signed-url"])
            .query(&[("agent_id", self.agent_id.as_str())])
    }

    async fn ask_for_signed_url(&self) -> Result<SignedUrl, AgentError> {
        let request = self.signed_url_request().timeout(self.lookup_timeout);
        let response = request.send().await.map_err(|error| failure(&error))?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let body = read_body(response, MAX_ANSWER_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge { .. } => AgentError::UnreadableAnswer,
            BodyError::Broken(error) => failure(&error),
        })?;
        let answer: Answer = serde_json::from_slice(&body).map_err(|_hidden| AgentError::UnreadableAnswer)?;
        SignedUrl::parse(answer.signed_url, &self.base_url).ok_or(AgentError::UnreadableAnswer)
    }
}

fn failure(error: &reqwest::Error) -> AgentError {
    if error.is_timeout() { AgentError::Timeout } else { AgentError::Unreachable }
}

async fn refusal(response: Response) -> AgentError {
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS => AgentError::Busy,
        StatusCode::REQUEST_TIMEOUT => AgentError::Timeout,
        status if status.is_server_error() => AgentError::Unreachable,
        status => {
            // The status alone decides that this failed; the body only gives the reason.
            let body = read_body(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
            AgentError::of_refusal(status, &body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_taken(raw: &str, api: &str) -> bool {
        SignedUrl::parse(raw.to_owned(), &Url::parse(api).unwrap()).is_some()
    }

    #[test]
    fn an_address_is_taken_only_if_it_is_as_safe_as_the_api() {
        assert!(is_taken("wss://eleven.example/v1?conversation_signature=x", "https://eleven.example"));
        assert!(is_taken("ws://127.0.0.1:9/v1", "http://127.0.0.1:9"));
        for bad in ["ws://eleven.example/v1", "https://eleven.example/v1", "wss:", "eleven.example", ""] {
            assert!(!is_taken(bad, "https://eleven.example"), "{bad}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        let api = Url::parse("https://eleven.example").unwrap();
        let url = SignedUrl::parse("wss://eleven.example/?conversation_signature=x".to_owned(), &api);
        assert_eq!(format!("{url:?}"), "Some(SignedUrl([secret]))");
    }
}
