//! The `Idempotency-Key` header.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;

use super::auth::CallerKey;
use crate::calls::IdempotencyKey;
use crate::http::error::{ApiError, InvalidField};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The caller's own name for the trigger, if it gave one.
#[derive(Debug)]
pub(super) struct OptionalIdempotencyKey(pub(super) Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for OptionalIdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let mut headers = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(header) = headers.next() else { return Ok(Self(None)) };
        if headers.next().is_some() {
            return Err(invalid());
        }
        // The key check stands in front of every route that takes this header.
        let caller = parts.extensions.get::<CallerKey>().ok_or(ApiError::Internal)?;
        let header = header.to_str().map_err(|_not_ascii| invalid())?;
        IdempotencyKey::parse(caller.0, header).map(|key| Self(Some(key))).ok_or_else(invalid)
    }
}

fn invalid() -> ApiError {
    ApiError::InvalidFields(vec![InvalidField {
        field: "Idempotency-Key",
        message: "must be one key of 1 to 255 visible ASCII characters, bare or in quotation marks"
            .to_owned(),
    }])
}
