//! Lenient reading of JSON values: what a member most likely means, or nothing.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::text;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// The first of the named members that is present and not null.
pub(super) fn member<'a>(object: &'a Object, names: &[&str]) -> Option<&'a Value> {
    names.iter().filter_map(|name| object.get(*name)).find(|value| !value.is_null())
}

/// The named member, if it is an object.
pub(super) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name)?.as_object()
}

/// The first of the named members that holds a text.
pub(super) fn text_of(object: &Object, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| object.get(*name)).find_map(as_text)
}

/// The named member as a hint for the interviewer, unless it is internal.
pub(super) fn hint_of(object: &Object, name: &str) -> Option<String> {
    text::hint(&raw_text(object.get(name)?)?)
}

/// A string or a number as one clean line. Anything else is not a text.
pub(super) fn as_text(value: &Value) -> Option<String> {
    text::line(&raw_text(value)?)
}

/// A string as it is, or a number as people write it (`67`, not `67.0`).
pub(super) fn raw_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => {
            let whole = integer(value).filter(|_| is_whole(value));
            Some(whole.map_or_else(|| number.to_string(), |whole| whole.to_string()).into())
        }
        _ => None,
    }
}

/// An integer, also from a string; `3.7` gives 3.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole_part(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole_part(text.replace(',', ".").parse().ok()?))
        }
        _ => None,
    }
}

/// Yes or no, also from a word or a number.
pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(answer) => Some(*answer),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        Value::String(word) => match word.trim().to_lowercase().as_str() {
            "true" | "yes" | "ja" | "1" => Some(true),
            "false" | "no" | "nein" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the named member says yes.
pub(super) fn is_set(object: &Object, name: &str) -> bool {
    object.get(name).and_then(boolean).unwrap_or(false)
}

/// The entries of a list. A single value counts as a list of one, and an object whose keys are all numbers counts as a
/// list, because PHP serialises some arrays like that.
pub(super) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(entries) => entries.iter().collect(),
        Value::Object(object) => numbered_entries(object).unwrap_or_else(|| vec![value]),
        single => vec![single],
    }
}

fn numbered_entries(object: &Object) -> Option<Vec<&Value>> {
    let mut entries = object
        .iter()
        .map(|(key, value)| key.parse::<u64>().ok().map(|position| (position, value)))
        .collect::<Option<Vec<_>>>()?;
    entries.sort_by_key(|(position, _)| *position);
    Some(entries.into_iter().map(|(_, value)| value).collect())
}

fn is_whole(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn whole_part(number: f64) -> Option<i64> {
    /// Up to here, every integer is exactly representable as a float (2^53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the fraction is not wanted and the range is checked"
    )]
    (number.abs() <= EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_are_read_from_every_scalar_that_holds_one() {
        for value in [json!(3), json!(3.0), json!(3.7), json!("3"), json!(" 3.5 "), json!("3,5")] {
            assert_eq!(integer(&value), Some(3), "{value}");
        }
        for value in
            [json!(null), json!(true), json!("drei"), json!([3]), json!(1e300), json!("NaN"), json!("inf")]
        {
            assert_eq!(integer(&value), None, "{value}");
        }
    }

    #[test]
    fn yes_and_no_are_read_from_words_and_numbers() {
        for value in [json!(true), json!("true"), json!(" TRUE "), json!("Ja"), json!(1), json!("1")] {
            assert_eq!(boolean(&value), Some(true), "{value}");
        }
        for value in [json!(false), json!("False"), json!("nein"), json!(0), json!(0.0)] {
            assert_eq!(boolean(&value), Some(false), "{value}");
        }
        for value in [json!(null), json!("vielleicht"), json!([]), json!({})] {
            assert_eq!(boolean(&value), None, "{value}");
        }
    }

    #[test]
    fn numbers_become_text_as_people_write_them() {
        assert_eq!(as_text(&json!(67)).as_deref(), Some("67"));
        assert_eq!(as_text(&json!(67.0)).as_deref(), Some("67"));
        assert_eq!(as_text(&json!(38.5)).as_deref(), Some("38.5"));
        assert_eq!(as_text(&json!(u64::MAX)).as_deref(), Some("18446744073709551615"));
        assert_eq!(as_text(&json!(true)), None);
    }

    #[test]
    fn a_list_may_also_be_one_entry_or_an_object_with_numbered_keys() {
        assert_eq!(items(&json!(["a", 1])), [&json!("a"), &json!(1)]);
        assert_eq!(items(&json!("a")), [&json!("a")]);
        assert_eq!(items(&json!({"id": 1})), [&json!({"id": 1})]);
        assert_eq!(items(&json!({"10": "c", "2": "b", "0": "a"})), [&json!("a"), &json!("b"), &json!("c")]);
        assert!(items(&json!(null)).is_empty());
        assert!(items(&json!({})).is_empty());
    }
}
