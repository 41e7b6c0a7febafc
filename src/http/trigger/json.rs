//! From a body's bytes to the fields that were sent, tolerating HOC's habits.

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::field::FIELDS;
use super::sent::{Sent, SentFields};
use crate::byte_order_mark::without_byte_order_mark;
use crate::http::error::ApiError;

/// The fields of a JSON object, which may have been sent as a JSON string that contains it: HOC does both.
///
/// # Errors
/// [`ApiError::EmptyBody`], [`ApiError::InvalidJson`] and [`ApiError::NotAnObject`].
pub(super) fn parse_object(bytes: &[u8]) -> Result<SentFields, ApiError> {
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
