//! The key check in front of every route that acts, and of the metrics.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::client_address;
use super::wrong_keys::WrongKeys;
use crate::config::Config;
use crate::http::error::ApiError;
use crate::telemetry::metrics::RequestMetrics;

type KeyDigest = [u8; 32];

/// Who may call candidates, and who may read the metrics.
#[derive(Debug)]
pub struct Access {
    /// HOC's keys.
    pub(super) triggers: KeyCheck,
    /// The tokens of `GET /metrics`. If there are none, the path does not exist.
    pub(super) metrics: KeyCheck,
}

impl Access {
    /// Takes the configured keys. Wrong ones of both kinds are counted together by where they come from.
    #[must_use]
    pub fn new(config: &Config, requests: RequestMetrics) -> Self {
        let wrong_keys = Arc::new(WrongKeys::new(config.wrong_keys, requests));
        let check = |keys: &[SecretString]| KeyCheck {
            keys: Arc::new(ApiKeys::new(keys)),
            wrong_keys: Arc::clone(&wrong_keys),
            trusted_proxies: config.http.trusted_proxies,
        };
        Self { triggers: check(&config.http.api_keys), metrics: check(&config.http.metrics_tokens) }
    }
}

/// The keys that may be used, as digests of equal length, so that a comparison reveals nothing about a key's length.
#[derive(Default)]
pub(super) struct ApiKeys(Vec<KeyDigest>);

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeys({} keys)", self.0.len())
    }
}

impl ApiKeys {
    /// Takes the configured keys. Without any, every key is wrong.
    fn new(keys: &[SecretString]) -> Self {
        Self(keys.iter().map(|key| digest(key.expose_secret())).collect())
    }

    /// Whether there is no key at all.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the key is one of ours. Compares it with every key in constant time, so that response times reveal
    /// nothing about any of them.
    fn contains(&self, key: &str) -> bool {
        let digest = digest(key);
        self.0.iter().fold(Choice::from(0), |found, known| found | known.ct_eq(&digest)).into()
    }
}

fn digest(key: &str) -> KeyDigest {
    Sha256::digest(key).into()
}

/// Which keys may pass, and what happens to requests with others.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyCheck {
    /// The valid keys.
    pub(super) keys: Arc<ApiKeys>,
    /// Decides when a wrong key is answered.
    pub(super) wrong_keys: Arc<WrongKeys>,
    /// How many proxies stand in front of this service and are trusted to name a request's origin.
    pub(super) trusted_proxies: usize,
}

/// Lets a request with a valid key pass, without reading any of the body.
pub(super) async fn require_key(
    State(check): State<KeyCheck>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if !check.keys.contains(bearer_token(request.headers())?) {
        let address = client_address::of(&request, check.trusted_proxies);
        return Err(check.wrong_keys.answer(address).await);
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
        let known: Vec<_> = ["old", "new", "oldnew"].map(|key| keys.contains(key)).into();
        assert_eq!(known, [true, true, false]);
        assert!(!ApiKeys::new(&[]).contains(""));
    }
}
