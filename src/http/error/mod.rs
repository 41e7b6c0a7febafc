//! Every way a request can fail: one enum, one status match, one JSON envelope.
//!
//! `error` is short and stable, so that programs may compare it; `message` is for people. Neither ever holds a secret,
//! personal data or an upstream's own words.

mod envelope;
mod failure;
mod from;

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::envelope::Envelope;
pub(super) use self::failure::Failure;
use crate::clock::whole_seconds;

/// An error as HOC sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// No `Authorization` header.
    MissingAuthorization,
    /// An `Authorization` header of any other form than `Bearer …`.
    InvalidAuthorization,
    /// A key that is not (or no longer) valid.
    InvalidApiKey,
    /// The body is empty.
    EmptyBody,
    /// The body is not valid JSON.
    InvalidJson,
    /// The body is JSON, but not an object.
    NotAnObject,
    /// Required fields are absent, null or blank.
    MissingFields(Vec<&'static str>),
    /// Fields have a wrong type or value.
    InvalidFields(Vec<InvalidField>),
    /// The body exceeds the limit.
    BodyTooLarge,
    /// The caller stopped sending in the middle of the body, or took too long.
    IncompleteBody,
    /// No such path.
    NotFound,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// ElevenLabs refused the call; nobody was called. The sentence says what to do about it.
    CallRefused(&'static str),
    /// ElevenLabs has no free line; nobody was called.
    NoFreeLine {
        /// When to try again.
        retry_after: Duration,
    },
    /// This service is already placing as many calls at once as it may; nobody was called.
    TooManyCalls {
        /// When to try again.
        retry_after: Duration,
    },
    /// Nobody can tell whether the candidate was called.
    CallOutcomeUnknown,
    /// The `Idempotency-Key` was used before with a different request.
    IdempotencyKeyReused,
    /// The same trigger is still in flight, and the caller has waited long enough.
    CallInProgress,
    /// The call store is not available; nobody was called.
    StoreUnavailable,
    /// The link to a talk was cut or changed.
    LinkNotValid,
    /// The link to a talk has expired.
    LinkExpired,
    /// The WebSocket was requested by a page of another origin.
    OriginNotAllowed,
    /// The request for a talk's line is not a WebSocket upgrade.
    UpgradeRequired,
    /// As many talks are live as there may be.
    TooManyTalks {
        /// When to try again.
        retry_after: Duration,
    },
    /// Talks on this link were started too often in a row.
    TooManyStarts {
        /// When to try again.
        retry_after: Duration,
    },
    /// The service is shutting down.
    ShuttingDown {
        /// When to try again.
        retry_after: Duration,
    },
    /// Another page is talking on this link.
    TalkInProgress {
        /// When to try again.
        retry_after: Duration,
    },
    /// The service is not ready to take triggers.
    NotReady,
    /// A fault on our side. The cause is logged and never stands in the answer.
    Internal,
}

/// A field with a wrong type or value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvalidField {
    /// The field's name.
    #[schema(schema_with = envelope::field_name)]
    pub field: &'static str,
    /// What is wrong with it, as the rest of a sentence that begins with the name. Holds nothing of the value.
    #[schema(max_length = 500)]
    pub message: String,
}

impl ApiError {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MissingAuthorization | Self::InvalidAuthorization | Self::InvalidApiKey => {
                StatusCode::UNAUTHORIZED
            }
            Self::EmptyBody
            | Self::InvalidJson
            | Self::NotAnObject
            | Self::MissingFields(_)
            | Self::InvalidFields(_)
            | Self::IncompleteBody => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound | Self::LinkNotValid => StatusCode::NOT_FOUND,
            Self::LinkExpired => StatusCode::GONE,
            Self::OriginNotAllowed => StatusCode::FORBIDDEN,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::CallRefused(_) => StatusCode::BAD_GATEWAY,
            Self::NoFreeLine { .. } | Self::TooManyStarts { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::CallOutcomeUnknown => StatusCode::GATEWAY_TIMEOUT,
            Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CallInProgress | Self::TalkInProgress { .. } => StatusCode::CONFLICT,
            Self::StoreUnavailable
            | Self::NotReady
            | Self::TooManyCalls { .. }
            | Self::TooManyTalks { .. }
            | Self::ShuttingDown { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable word for programs.
    #[must_use]
    pub const fn error(&self) -> &'static str {
        match self {
            Self::MissingAuthorization => "Missing Authorization header",
            Self::InvalidAuthorization => "Invalid Authorization format",
            Self::InvalidApiKey => "Invalid API key",
            Self::EmptyBody => "No JSON data provided",
            Self::InvalidJson => "Invalid JSON format",
            Self::NotAnObject => "Invalid request format",
            Self::MissingFields(_) => "Missing required fields",
            Self::InvalidFields(_) => "Invalid fields",
            Self::IncompleteBody => "Incomplete request body",
            Self::BodyTooLarge => "Request body too large",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::CallRefused(_) => "API call failed",
            Self::NoFreeLine { .. } => "No free line",
            Self::TooManyCalls { .. } => "Too many calls",
            Self::CallOutcomeUnknown => "Call outcome unknown",
            Self::IdempotencyKeyReused => "Idempotency key reused",
            Self::CallInProgress => "Call in progress",
            Self::StoreUnavailable => "Call store unavailable",
            Self::LinkNotValid => "Link not valid",
            Self::LinkExpired => "Link expired",
            Self::OriginNotAllowed => "Origin not allowed",
            Self::UpgradeRequired => "Upgrade required",
            Self::TooManyTalks { .. } => "Too many talks",
            Self::TooManyStarts { .. } => "Too many starts",
            Self::ShuttingDown { .. } => "Shutting down",
            Self::TalkInProgress { .. } => "Talk in progress",
            Self::NotReady => "Not ready",
            Self::Internal => "Internal server error",
        }
    }

    /// The sentence for people.
    const fn message(&self) -> &'static str {
        match self {
            Self::MissingAuthorization => "Please provide Authorization: Bearer {API_KEY}",
            Self::InvalidAuthorization => "Use format: Authorization: Bearer {API_KEY}",
            Self::InvalidApiKey => "The provided API key is invalid",
            Self::EmptyBody => "Please send the call trigger as a JSON object in the request body",
            Self::InvalidJson => "The request body is not valid JSON in UTF-8",
            Self::NotAnObject => "The request body must be one JSON object",
            Self::MissingFields(_) => "These fields must be present and not blank; see `missing`",
            Self::InvalidFields(_) => "These fields have a wrong type or value; see `invalid`",
            Self::IncompleteBody => "The request body was not complete when it ended, or after 10 seconds",
            Self::BodyTooLarge => "The request body may have at most 64 KiB",
            Self::NotFound => "There is nothing at this path; GET /docs shows what there is",
            Self::MethodNotAllowed => "This path does not take this method; see the Allow header",
            Self::CallRefused(advice) => advice,
            Self::NoFreeLine { .. } => {
                "ElevenLabs has no free line, nobody was called. Try again after the time in Retry-After"
            }
            Self::TooManyCalls { .. } => {
                "This service is placing as many calls at once as it may, nobody was called. Try again after the time in \
                 Retry-After"
            }
            Self::CallOutcomeUnknown => {
                "ElevenLabs gave no clear answer, so the candidate may have been called. Send the same request again \
                 after a while: it never dials twice, and brings the outcome as soon as it is known"
            }
            Self::IdempotencyKeyReused => {
                "This Idempotency-Key was used before with another request. Use a new key for every new request"
            }
            Self::CallInProgress => {
                "The same call is being placed. Send the same request again after the time in Retry-After to get its \
                 answer"
            }
            Self::StoreUnavailable => {
                "The call could not be written down, so this request called nobody. Send the same request again after the \
                 time in Retry-After"
            }
            Self::LinkNotValid => "This link was cut or changed on its way; open it as it was sent",
            Self::LinkExpired => "This link is too old; ask for a new one",
            Self::OriginNotAllowed => "Only this service's own page may talk here",
            Self::UpgradeRequired => "Only WebSockets of the protocol talk.v1 can talk here",
            Self::TooManyTalks { .. } => {
                "No more talks are possible at the moment. Try again after the time in Retry-After"
            }
            Self::TooManyStarts { .. } => {
                "This link was talked on too often in a row. Try again after the time in Retry-After"
            }
            Self::ShuttingDown { .. } => {
                "The service is about to stop. Try again after the time in Retry-After"
            }
            Self::TalkInProgress { .. } => "Another page talks on this link",
            Self::NotReady => "The service cannot place calls at the moment",
            Self::Internal => {
                "Something went wrong on our side. Please report the X-Request-Id of this answer"
            }
        }
    }

    const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoFreeLine { retry_after }
            | Self::TooManyCalls { retry_after }
            | Self::TooManyTalks { retry_after }
            | Self::TooManyStarts { retry_after }
            | Self::ShuttingDown { retry_after }
            | Self::TalkInProgress { retry_after } => Some(*retry_after),
            Self::CallInProgress => Some(Duration::from_secs(10)),
            Self::StoreUnavailable | Self::NotReady => Some(Duration::from_secs(5)),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.envelope())).into_response();
        response.extensions_mut().insert(Failure::of(&self));
        let headers = response.headers_mut();
        if self.status() == StatusCode::UNAUTHORIZED {
            // RFC 9110, 11.6.1: a 401 names the scheme it expects.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status() == StatusCode::UPGRADE_REQUIRED {
            // RFC 9110, 15.5.22: a 426 names the protocol it expects.
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        }
        if let Some(retry_after) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(retry_after).max(1)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_back_when_told_is_not_too_early() {
        for (left, told) in [(1, "1"), (200, "1"), (1_000, "1"), (1_001, "2"), (19_600, "20")] {
            let response = ApiError::NoFreeLine { retry_after: Duration::from_millis(left) }.into_response();
            assert_eq!(response.headers()[header::RETRY_AFTER], told, "{left} ms");
        }
    }
}
