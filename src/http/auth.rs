//! The key check in front of everything that acts.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::error::ApiError;

type KeyDigest = [u8; 32];

/// The keys that HOC may use, as digests: equally long, so that a comparison tells nothing of a key's length.
pub struct ApiKeys(Vec<KeyDigest>);

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeys({} keys)", self.0.len())
    }
}

impl ApiKeys {
    /// Takes the configured keys. Without any, every key is wrong.
    #[must_use]
    pub fn new(keys: &[SecretString]) -> Self {
        Self(keys.iter().map(|key| digest(key.expose_secret())).collect())
    }

    /// Compares with every key in constant time, so that an attacker cannot feel the way to one.
    fn contains(&self, key: &str) -> bool {
        let digest = digest(key);
        self.0.iter().fold(Choice::from(0), |found, known| found | known.ct_eq(&digest)).into()
    }
}

fn digest(key: &str) -> KeyDigest {
    Sha256::digest(key).into()
}

/// Lets a request with a valid key pass. Reads nothing of the body.
pub(super) async fn require_key(
    State(keys): State<Arc<ApiKeys>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if !keys.contains(bearer_token(request.headers())?) {
        return Err(ApiError::InvalidApiKey);
    }
    Ok(next.run(request).await)
}

/// The token of `Authorization: Bearer …`; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer_token(headers: &HeaderMap) -> Result<&str, ApiError> {
    let header = headers.get(header::AUTHORIZATION).ok_or(ApiError::MissingAuthorization)?;
    let value = header.to_str().map_err(|_not_ascii| ApiError::InvalidAuthorization)?;
    let (scheme, token) = value.trim().split_once(' ').ok_or(ApiError::InvalidAuthorization)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::InvalidAuthorization);
    }
    Ok(token.trim_start())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn token(value: &'static str) -> Result<String, ApiError> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_case_insensitive_and_the_token_is_not() {
        assert_eq!(token("bEARER  Key"), Ok("Key".to_owned()));
        assert!(ApiKeys::new(&["Key".into()]).contains("Key"));
        assert!(!ApiKeys::new(&["Key".into()]).contains("key"));
    }

    #[test]
    fn other_forms_are_named_as_such() {
        for value in ["", "Bearer", "Bearer ", "Basic a2V5", "Key", "BearerKey"] {
            assert_eq!(token(value), Err(ApiError::InvalidAuthorization), "{value:?}");
        }
        assert_eq!(bearer_token(&HeaderMap::new()), Err(ApiError::MissingAuthorization));
    }

    #[test]
    fn every_key_of_several_is_valid_and_none_is_without_keys() {
        let keys = ApiKeys::new(&["old".into(), "new".into()]);
        assert!(keys.contains("old") && keys.contains("new") && !keys.contains("oldnew"));
        assert!(!ApiKeys::new(&[]).contains(""));
    }
}
