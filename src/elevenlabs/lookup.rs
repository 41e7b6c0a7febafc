//! Requests that only read, and why they may fail.

use chrono::{DateTime, Utc};
use reqwest::header::DATE;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use thiserror::Error;

use super::error_detail::ErrorDetail;
use super::retry_after::date;
use super::{ElevenLabs, MAX_ANSWER_BYTES, MAX_RECORD_BYTES};
use crate::telemetry::UpstreamRequest;
use crate::upstream::{BodyError, read_body};

/// Why a look-up failed. Contains nothing of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LookupError {
    /// No answer in time.
    #[error("ElevenLabs did not answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("ElevenLabs could not be reached")]
    Unreachable,
    /// ElevenLabs does not know the key.
    #[error("ElevenLabs does not accept the API key")]
    InvalidKey,
    /// The key is good, but for another region's servers.
    #[error("the API key belongs to another region than the server that was asked")]
    WrongRegion,
    /// The key is good, but lacks a scope.
    #[error("the API key lacks a permission")]
    MissingPermission,
    /// The key is good, but not for this.
    #[error("the API key may not read this; it may belong to another workspace")]
    NoAccess,
    /// Credits are used up, or a payment is due.
    #[error("the ElevenLabs account has no credits left or a payment is due")]
    OutOfCredits,
    /// ElevenLabs says that what was asked for does not exist in the key's workspace.
    #[error("ElevenLabs does not know it")]
    NotFound,
    /// Any other status than 2xx.
    #[error("ElevenLabs answered with HTTP status {0}")]
    Status(u16),
    /// A body that is not what ElevenLabs declares.
    #[error("ElevenLabs' answer could not be read")]
    Unreadable,
}

impl LookupError {
    /// A stable word for metrics.
    const fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::InvalidKey => "invalid_api_key",
            Self::WrongRegion => "wrong_region",
            Self::MissingPermission => "missing_permission",
            Self::NoAccess => "no_access",
            Self::OutOfCredits => "out_of_credits",
            Self::NotFound => "not_found",
            Self::Status(_) => "status",
            Self::Unreadable => "unreadable_answer",
        }
    }

    /// Whether ElevenLabs answered that the key may not do this, so that waiting does not help.
    #[must_use]
    pub const fn lacks_permission(self) -> bool {
        matches!(self, Self::MissingPermission | Self::NoAccess | Self::Status(401 | 403))
    }

    fn of_refusal(status: StatusCode, body: &[u8]) -> Self {
        let detail = ErrorDetail::read(body);
        let about_key = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if detail.lacks_permission() {
            return Self::MissingPermission;
        }
        if status == StatusCode::PAYMENT_REQUIRED || detail.is_about_payment() {
            return Self::OutOfCredits;
        }
        if about_key && detail.is_about_region() {
            return Self::WrongRegion;
        }
        if detail.is_any(&["invalid_api_key"]) {
            return Self::InvalidKey;
        }
        if status == StatusCode::FORBIDDEN || detail.is_any(&["needs_authorization"]) {
            return Self::NoAccess;
        }
        // A 404 without any of ElevenLabs' words comes from some other server.
        if status == StatusCode::NOT_FOUND && detail.has_words() {
            return Self::NotFound;
        }
        Self::Status(status.as_u16())
    }
}

impl ElevenLabs {
    /// Checks that the key may start conversations (`convai_write`). Requests a signed URL for the browser, which
    /// starts nothing, costs nothing and is not kept.
    ///
    /// # Errors
    /// See [`LookupError`].
    pub async fn probe_write(&self) -> Result<(), LookupError> {
        self.look_up("signed_url", self.signed_url_request()).await.map(drop)
    }

    /// The time by ElevenLabs' clock, whatever else it answers. `None` if there is no answer, or none with a readable
    /// `Date`.
    pub async fn time(&self) -> Option<DateTime<Utc>> {
        let request = self.agent_request(&self.agent_id);
        let response = request.timeout(self.lookup_timeout).send().await.ok()?;
        date(response.headers(), DATE).map(|date| date.to_utc())
    }

    /// Sends a request that has no consequences, and returns the JSON object that it is answered with.
    pub(super) async fn look_up(
        &self,
        operation: &'static str,
        request: RequestBuilder,
    ) -> Result<Value, LookupError> {
        let asking = UpstreamRequest::begin(&self.metrics, operation);
        let answer = self.record(request).await;
        asking.ended(answer.as_ref().err().map(|error| error.code()));
        answer
    }

    async fn record(&self, request: RequestBuilder) -> Result<Value, LookupError> {
        let response = request.timeout(self.lookup_timeout).send().await.map_err(|error| failure(&error))?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let body = read_body(response, MAX_RECORD_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge { .. } => LookupError::Unreadable,
            BodyError::Broken(error) => failure(&error),
        })?;
        serde_json::from_slice(&body).ok().filter(Value::is_object).ok_or(LookupError::Unreadable)
    }
}

/// The status alone decides that this failed; the body only gives the reason.
async fn refusal(response: Response) -> LookupError {
    let status = response.status();
    let body = read_body(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    LookupError::of_refusal(status, &body)
}

fn failure(error: &reqwest::Error) -> LookupError {
    if error.is_timeout() { LookupError::Timeout } else { LookupError::Unreachable }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(status: u16, detail: &Value) -> LookupError {
        let body = json!({ "detail": detail }).to_string();
        LookupError::of_refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes())
    }

    #[test]
    fn a_wrong_key_a_missing_scope_and_a_wrong_region_are_told_apart() {
        let unauthorized = |status: &str, message: &str| {
            of(
                401,
                &json!({ "type": "authentication_error", "code": "unauthorized", "status": status, "message": message }),
            )
        };
        assert_eq!(unauthorized("invalid_api_key", "Invalid API key"), LookupError::InvalidKey);
        assert_eq!(
            unauthorized(
                "missing_permissions",
                "The API key you used is missing the permission convai_read."
            ),
            LookupError::MissingPermission
        );
        let region = "Invalid API key: The API key used is for a data residency stack, however this server is a \
                      global server.";
        assert_eq!(unauthorized("invalid_api_key", region), LookupError::WrongRegion);
        assert_eq!(of(403, &json!("Data residency key on a global server")), LookupError::WrongRegion);
        assert_eq!(unauthorized("needs_authorization", ""), LookupError::NoAccess);
        assert_eq!(unauthorized("quota_exceeded", ""), LookupError::OutOfCredits);
    }

    #[test]
    fn what_elevenlabs_does_not_know_is_not_a_path_that_does_not_exist() {
        assert_eq!(of(404, &json!({ "status": "agent_not_found" })), LookupError::NotFound);
        assert_eq!(of(404, &json!("Not Found")), LookupError::Status(404));
        assert_eq!(of(500, &json!({ "status": "internal_error" })), LookupError::Status(500));
    }
}
