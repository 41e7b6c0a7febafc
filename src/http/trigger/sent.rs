//! A trigger's fields as sent.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

/// The known fields, by name. Those that are null are left out.
pub(crate) type SentFields = HashMap<&'static str, Sent>;

/// A field's value, as far as a trigger may need it. It may be personal data, so there is no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    /// A string.
    Text(String),
    /// A string that is not valid Unicode: it holds half a surrogate pair (`"\ud83d"`), as from an emoji that was cut.
    BrokenText,
    /// A number as it was written: an id consists of digits, and parsing it as a number could lose some of them.
    Number(String),
    /// True, false, a list or an object. No field accepts these, so the content is not read.
    Other,
}

impl Sent {
    /// Returns `None` for null.
    pub(crate) fn read(json: &RawValue) -> Option<Self> {
        let json = json.get();
        Some(match json.as_bytes().first() {
            Some(b'n') => return None,
            Some(b'"') => serde_json::from_str(json).map_or(Self::BrokenText, Self::Text),
            Some(b'-' | b'0'..=b'9') => Self::Number(json.to_owned()),
            _ => Self::Other,
        })
    }

    /// Whether it is a blank string.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// The digits of a JSON number, if it is a whole one. `123.0` and `1e3` count as whole, too (RFC 8259 has only one kind
/// of number), as long as the digits are certain.
pub(super) fn whole_number(json: &str) -> Option<Cow<'_, str>> {
    /// Up to 2^53 - 1, every whole number has a floating-point representation of its own.
    const EXACT: f64 = 9_007_199_254_740_991.0;
    if !json.contains(['.', 'e', 'E']) {
        return Some(Cow::Borrowed(json));
    }
    let number: f64 = json.parse().ok()?;
    (number.fract() == 0.0 && number.abs() <= EXACT).then(|| Cow::Owned(number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Sent> {
        Sent::read(serde_json::from_str(json).expect("JSON"))
    }

    #[test]
    fn a_field_is_read_as_far_as_it_is_needed() {
        let nested = "[".repeat(200) + &"]".repeat(200);
        for (json, sent) in [
            ("null", None),
            (r#" "M\u00fcller" "#, Some(Sent::Text("Müller".to_owned()))),
            (r#""\ud83d""#, Some(Sent::BrokenText)),
            (" 1e999 ", Some(Sent::Number("1e999".to_owned()))),
            ("-0", Some(Sent::Number("-0".to_owned()))),
            ("true", Some(Sent::Other)),
            ("[1e999]", Some(Sent::Other)),
            (r#"{"a":"\ud83d"}"#, Some(Sent::Other)),
            (nested.as_str(), Some(Sent::Other)),
        ] {
            assert!(read(json) == sent, "{json}");
        }
    }

    #[test]
    fn a_whole_number_keeps_its_digits() {
        for (json, digits) in [
            ("4711", "4711"),
            ("36893488147419103232123", "36893488147419103232123"),
            ("-5", "-5"),
            ("1000.0", "1000"),
            ("1e3", "1000"),
            ("1E+3", "1000"),
            ("1.5e1", "15"),
            ("8888888888888887.0", "8888888888888887"),
        ] {
            assert_eq!(whole_number(json).as_deref(), Some(digits), "{json}");
        }
        for json in ["1.10", "1.5", "1e-3", "1e999", "36893488147419103232123.0", "9007199254740992.0"] {
            assert_eq!(whole_number(json), None, "{json}");
        }
    }
}
