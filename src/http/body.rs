//! Reads the fields of a trigger from a request body, tolerating HOC's habits.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http_body_util::BodyExt;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::trigger_call::{FIELDS, Sent, SentFields};
use crate::byte_order_mark::without_byte_order_mark;
use crate::http::error::ApiError;

/// The largest body that is accepted.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// How much of a body that is too large is read, and dropped, before it is answered. Otherwise a caller that is still
/// sending would see its connection reset and never see the answer.
const MAX_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

/// How long a body may take to arrive. A trigger fits into one packet or two.
const MAX_BODY_TIME: Duration = Duration::from_secs(10);

/// The fields of a trigger, from a JSON object. They are personal data, so there is no `Debug`.
///
/// The content type is ignored, and an object that was sent as a JSON string is accepted, too: HOC does both.
pub(super) struct TriggerFields(pub(super) SentFields);

impl<S: Send + Sync> FromRequest<S> for TriggerFields {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        parse_object(&read_in_time(request.into_body()).await?).map(Self)
    }
}

async fn read_in_time(body: Body) -> Result<Vec<u8>, ApiError> {
    timeout(MAX_BODY_TIME, read_limited(body)).await.unwrap_or(Err(ApiError::IncompleteBody))
}

async fn read_limited(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut received = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_broken| ApiError::IncompleteBody)?;
        let Some(data) = frame.data_ref() else { continue };
        received += data.len();
        if received <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        }
        if received > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if received > MAX_BODY_BYTES { Err(ApiError::BodyTooLarge) } else { Ok(bytes) }
}

fn parse_object(bytes: &[u8]) -> Result<SentFields, ApiError> {
    let bytes = without_byte_order_mark(bytes).trim_ascii();
    match bytes.first() {
        None => Err(ApiError::EmptyBody),
        Some(b'{') => fields(bytes),
        Some(b'"') => {
            let text: String = serde_json::from_slice(bytes).map_err(|_hidden| ApiError::InvalidJson)?;
            fields(text.trim().as_bytes()).map_err(|_hidden| ApiError::NotAnObject)
        }
        Some(_) => {
            let _: IgnoredAny = serde_json::from_slice(bytes).map_err(|_hidden| ApiError::InvalidJson)?;
            Err(ApiError::NotAnObject)
        }
    }
}

/// The fields of a trigger. Unknown fields are ignored, even if their values cannot be read: a number out of range,
/// half a surrogate pair, deeply nested lists. In a known field, such a value is reported as that field's error and
/// does not make the document invalid.
fn fields(object: &[u8]) -> Result<SentFields, ApiError> {
    let members: HashMap<String, &RawValue> =
        serde_json::from_slice(object).map_err(|_hidden| ApiError::InvalidJson)?;
    let known = FIELDS.into_iter().filter_map(|field| Some((field, Sent::read(members.get(field)?)?)));
    Ok(known.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> SentFields {
        parse_object(body.as_bytes()).unwrap_or_else(|error| panic!("{error:?}: {body}"))
    }

    fn error(body: &[u8]) -> Option<ApiError> {
        parse_object(body).err()
    }

    #[test]
    fn an_object_is_taken_plain_as_a_string_and_with_a_byte_order_mark() {
        for body in [
            r#"{"campaign_id":1}"#,
            r#"  "{\"campaign_id\":1}" "#,
            "\u{FEFF}{\"campaign_id\":1}\n",
            r#"{"campaign_id":2,"campaign_id":1}"#,
        ] {
            let fields = read(body);
            assert!(fields["campaign_id"] == Sent::Number("1".to_owned()), "{body}");
        }
    }

    #[test]
    fn what_stands_in_unknown_fields_is_ignored_whatever_it_is() {
        let nested = "[".repeat(200) + &"]".repeat(200);
        for value in [r#""\ud83d""#, "1e999", nested.as_str(), "{}", "null"] {
            let body = format!(r#"{{"note":{value},"campaign_id":1}}"#);
            let fields = read(&body);
            assert!(fields.len() == 1 && fields["campaign_id"] == Sent::Number("1".to_owned()), "{body}");
            // A value whose end cannot be found makes the document invalid JSON.
            let open = body.replace("},", "");
            assert_eq!(error(open.trim_end_matches('}').as_bytes()), Some(ApiError::InvalidJson));
        }
    }

    #[test]
    fn a_field_that_no_program_can_hold_is_that_field_s_fault() {
        let fields = read(r#"{"campaign_id":1e999999,"company_name":"\ud800","applicant_id":null}"#);
        assert!(fields["campaign_id"] == Sent::Number("1e999999".to_owned()));
        assert!(fields["company_name"] == Sent::BrokenText && fields.len() == 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_a_byte_at_a_time_is_not_waited_for() {
        let bytes = futures_util::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b" ")), ()))
        });
        let begin = tokio::time::Instant::now();
        assert_eq!(read_in_time(Body::from_stream(bytes)).await, Err(ApiError::IncompleteBody));
        assert_eq!(begin.elapsed(), MAX_BODY_TIME);
    }

    #[test]
    fn every_other_body_has_its_own_error() {
        for (body, expected) in [
            ("", ApiError::EmptyBody),
            (" \r\n", ApiError::EmptyBody),
            ("{\"a\":", ApiError::InvalidJson),
            ("a=1&b=2", ApiError::InvalidJson),
            ("\u{FFFD}", ApiError::InvalidJson),
            ("[]", ApiError::NotAnObject),
            ("null", ApiError::NotAnObject),
            ("12", ApiError::NotAnObject),
            (r#""text""#, ApiError::NotAnObject),
            (r#""[1]""#, ApiError::NotAnObject),
        ] {
            assert_eq!(error(body.as_bytes()), Some(expected), "{body}");
        }
        assert_eq!(error(&[0xFF, 0xFE]), Some(ApiError::InvalidJson));
        assert_eq!(error("[".repeat(50_000).as_bytes()), Some(ApiError::InvalidJson));
    }
}
