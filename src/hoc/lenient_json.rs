//! JSON as HOC may send it: one broken value does not make the whole questionnaire unreadable.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::pattern::pattern;

/// How deep a value that does not parse is searched. What HOC uses is half as deep.
const MAX_DEPTH: usize = 16;

/// Matches a string, so that its content is skipped, or a literal that is not a JSON number. An unterminated string
/// matches up to the end of the text; otherwise the rest would be scanned again and again.
static NON_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?s)(?P<string>"(?:[^"\\]|\\.)*"?)|\bNaN\b|-?\bInfinity\b"#));

/// Parses a text; `None` if it is not JSON.
///
/// A text that does not parse as it is, which hardly ever happens, is parsed a second time, value by value. Half of a
/// surrogate pair (an emoji that was cut) becomes a replacement character. A number out of range, a literal such as
/// `NaN` (which Python writes) and lists that are nested too deeply become null.
pub(super) fn read(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let mended = without_half_pairs(text);
    let mended = without_non_numbers(&mended);
    let raw: &RawValue = serde_json::from_str(&mended).ok()?;
    Some(value(raw, MAX_DEPTH))
}

fn value(raw: &RawValue, depth: usize) -> Value {
    if let Ok(value) = serde_json::from_str(raw.get()) {
        return value;
    }
    let Some(depth) = depth.checked_sub(1) else { return Value::Null };
    if let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        return entries.into_iter().map(|entry| value(entry, depth)).collect();
    }
    match serde_json::from_str::<HashMap<String, &RawValue>>(raw.get()) {
        Ok(members) => members.into_iter().map(|(name, member)| (name, value(member, depth))).collect(),
        Err(_) => Value::Null,
    }
}

/// The JSON text with the escape of each lone surrogate replaced by that of a replacement character. JSON has no
/// backslash outside of strings, so the strings need not be told apart from the rest.
fn without_half_pairs(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let (kept, length) = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(Half::First), Some(Half::Second)) => (escape.get(..12), 12),
            (Some(_), _) => (Some("\\ufffd"), 6),
            // The escaped character is copied along, so that the second of two backslashes does not begin an escape.
            (None, _) => {
                let length = 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
                (escape.get(..length), length)
            }
        };
        mended.push_str(kept.unwrap_or_default());
        rest = escape.get(length..).unwrap_or_default();
    }
    if mended.is_empty() {
        return Cow::Borrowed(text);
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// The JSON text with null in place of literals such as `NaN`, which JSON does not have. Within strings they are words
/// and stay.
fn without_non_numbers(text: &str) -> Cow<'_, str> {
    NON_NUMBER.replace_all(text, |found: &Captures<'_>| {
        found.name("string").map_or("null", |string| string.as_str()).to_owned()
    })
}

/// Which half of a surrogate pair an escape stands for.
#[derive(Clone, Copy)]
enum Half {
    First,
    Second,
}

/// The half whose escape `text` begins with (`\ud83d`).
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::First),
        0xDC00..=0xDFFF => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_pair_becomes_a_replacement_character() {
        for (text, mended) in [
            (r#""Smile \ud83d""#, "Smile \u{FFFD}"),
            (r#""\uDE00 Smile""#, "\u{FFFD} Smile"),
            (r#""\ud83d\ud83d\ude00\ude00""#, "\u{FFFD}😀\u{FFFD}"),
            (r#""\ud83d\n\ude00""#, "\u{FFFD}\n\u{FFFD}"),
            (r#""\\ud83d \ud83d \"\u00fc""#, "\\ud83d \u{FFFD} \"ü"),
        ] {
            assert_eq!(read(text), Some(json!(mended)), "{text}");
        }
        assert_eq!(read(r#"{"a\ud83d":1,"b":"\ude00"}"#), Some(json!({"a\u{FFFD}": 1, "b": "\u{FFFD}"})));
    }

    #[test]
    fn what_cannot_be_read_costs_itself() {
        let nested = "[".repeat(130) + &"]".repeat(130);
        for odd in ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", nested.as_str()] {
            let text = format!(r#"{{"a":[1,{odd},{{"b":{odd},"c":"\u00fc"}}],"d":2,"d":3}}"#);
            let mut value = read(&text).expect("JSON");
            assert_eq!(
                (&value["a"][0], &value["a"][2]["c"], &value["d"]),
                (&json!(1), &json!("ü"), &json!(3))
            );
            if odd != nested {
                assert_eq!((value["a"][1].take(), value["a"][2]["b"].take()), (Value::Null, Value::Null));
            }
        }
    }

    #[test]
    fn what_is_no_json_stays_so() {
        let open = "[".repeat(100_000);
        for text in [
            "",
            "<html>",
            "{\"a\": 1e999",
            "{\"a\": 1e999,}",
            "[1e999] x",
            "[NaNa]",
            "{NaN: 1}",
            "\"NaN",
            "\"\\ud83",
            "\"\\ud83d",
            "\"\\x\"",
            "\\ud83d",
            "\\",
            "\"a\\ü\"",
            open.as_str(),
        ] {
            assert_eq!(read(text), None, "{text:.40}");
        }
    }

    #[test]
    fn words_within_texts_stay() {
        let text = r#"{"NaN":"NaN, \"Infinity\", -Infinity","a":[NaN,-Infinity]}"#;
        let value = json!({"NaN": "NaN, \"Infinity\", -Infinity", "a": [null, null]});
        assert_eq!(read(text), Some(value));
    }

    #[test]
    fn nesting_without_end_is_cut_and_takes_no_time() {
        assert_eq!(read(&("\"".to_owned() + &"\\\"NaN".repeat(200_000))), None);
        let text = "[".repeat(500_000) + &"]".repeat(500_000);
        let mut value = read(&text).expect("JSON");
        for _ in 0..MAX_DEPTH {
            value = value[0].take();
        }
        assert_eq!(value, Value::Null);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"(\\|u|d83d|de00|ü|"|[\[\]{}:,]|1e999|NaN|-Infinity| ){0,30}"#) {
            let _ = read(&text);
            let _ = without_half_pairs(&text);
            let _ = without_non_numbers(&text);
        }

        #[test]
        fn json_is_read_as_ever(text in ".{0,20}", number in any::<f64>()) {
            let value = json!({ "text": text, "number": number });
            let written = value.to_string();
            prop_assert_eq!(read(&written), Some(value.clone()));
            // Also beside something that has to be repaired.
            let with_half = written.replacen('{', r#"{"half":"\ud83d","large":1e999,"#, 1);
            let mut beside = read(&with_half).expect("JSON");
            beside.as_object_mut().expect("an object").retain(|name, _| !["half", "large"].contains(&name.as_str()));
            prop_assert_eq!(beside, value);
        }
    }
}
