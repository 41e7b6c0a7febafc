//! The `Idempotency-Key` header.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::request::Parts;

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
        let header = header.to_str().map_err(|_not_ascii| invalid())?;
        read(header).map(|key| Self(Some(key))).ok_or_else(invalid)
    }
}

/// The key, bare or as a quoted string: both mean the same (IETF draft-ietf-httpapi-idempotency-key-header, section
/// 2.1).
fn read(header: &str) -> Option<IdempotencyKey> {
    let header = header.trim();
    IdempotencyKey::parse(match header.strip_prefix('"') {
        Some(rest) => unescape(rest.strip_suffix('"')?)?,
        None => header.to_owned(),
    })
}

/// The content of a quoted string (RFC 8941, 3.3.3): only `"` and `\` are escaped.
fn unescape(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            '"' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

fn invalid() -> ApiError {
    ApiError::InvalidFields(vec![InvalidField {
        field: "Idempotency-Key",
        message: "must be one key of 1 to 255 visible ASCII characters, bare or in quotation marks"
            .to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_means_the_same_quoted_and_bare() {
        assert_eq!(read("a-1"), read(" \"a-1\" "));
        assert_eq!(read(r#""a\"\\b""#), read(r#"a"\b"#));
        assert!(read(&"x".repeat(255)).is_some());
    }

    #[test]
    fn other_values_are_no_keys() {
        for bad in ["", " ", "\"\"", "two words", "\"open", r#""a\nb""#, r#""a"b""#, "ü", &"x".repeat(256)] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
