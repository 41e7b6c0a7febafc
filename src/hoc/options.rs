//! Answers to choose from, in all the ways HOC writes them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::loose::{Object, as_text, items, member, raw_text, text_of};
use super::text;
use crate::pattern::pattern;

/// The longest item of a comma-separated list, in characters. A longer one makes the text a sentence with commas.
const MAX_PART_CHARS: usize = 30;

/// How deep nested options are read. Anything deeper is something else.
const MAX_DEPTH: usize = 3;

/// Members that may hold the text of an option.
const LABELS: [&str; 6] = ["label", "title", "option", "text", "name", "value"];

/// Members that may hold the options of a group.
const CHILDREN: [&str; 3] = ["options", "children", "items"];

/// Members that say how to choose, and are not options themselves.
const SETTINGS: [&str; 9] =
    ["id", "key", "type", "min", "max", "multiple", "source", "layout", "placeholder"];

/// `Bitte wählen`, `-- Auswählen --`: what a form shows before anything is chosen.
static PROMPT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?i:bitte\s+(?:aus)?wählen(?:\s+Sie)?|(?:bitte\s+)?(?:eine?n?\s+)?auswahl\s+treffen|auswählen|please\s+(?:select|choose))\W*$",
    )
});

/// The options of a question or of a cluster.
pub(super) fn options(value: &Value) -> Vec<String> {
    nested_options(value, MAX_DEPTH).into_iter().filter(|option| !PROMPT.is_match(option)).collect()
}

fn nested_options(value: &Value, depth: usize) -> Vec<String> {
    match value {
        Value::String(list) => from_string(list),
        value => items(value).into_iter().flat_map(|entry| option(entry, depth)).collect(),
    }
}

/// An entry is one option, or a group of them (`Nord: Haus A`).
fn option(value: &Value, depth: usize) -> Vec<String> {
    let Value::Object(object) = value else { return as_text(value).into_iter().collect() };
    let label = text_of(object, &LABELS);
    let children = member(object, &CHILDREN).filter(|_| depth > 0);
    let children = children.map(|children| nested_options(children, depth - 1)).unwrap_or_default();
    match (label, children.is_empty()) {
        (Some(label), false) => children.into_iter().map(|child| format!("{label}: {child}")).collect(),
        (Some(label), true) => vec![label],
        (None, false) => children,
        (None, true) => named_by_keys(object),
    }
}

/// `{"frueh": "Früh", "spaet": "Spät"}`: the keys are for programs, the values are the options.
fn named_by_keys(object: &Object) -> Vec<String> {
    let is_option =
        |(name, value): (&String, &Value)| !SETTINGS.contains(&name.as_str()) && raw_text(value).is_some();
    if !object.iter().all(is_option) {
        return Vec::new();
    }
    object.values().filter_map(as_text).collect()
}

/// A list in one string: JSON, one option per line, or options separated by semicolons or commas.
fn from_string(list: &str) -> Vec<String> {
    if list.trim_start().starts_with('[')
        && let Ok(Value::Array(entries)) = serde_json::from_str(list)
    {
        return entries.iter().flat_map(|entry| option(entry, MAX_DEPTH)).collect();
    }
    let lines = text::lines(list);
    let parts: Vec<_> = lines.iter().flat_map(|line| line.split(';')).collect();
    let parts = match parts.as_slice() {
        [single] => list_with_commas(single).unwrap_or(parts),
        _ => parts,
    };
    parts.into_iter().filter_map(|part| text::line(without_bullet(part))).collect()
}

/// `Früh, Spät, Nacht`, but not `Klinik Nord, Ulmenweg 4, 10115 Musterstadt`.
fn list_with_commas(text: &str) -> Option<Vec<&str>> {
    let parts = between_commas(text);
    let is_list = parts.len() > 1
        && parts
            .iter()
            .map(|part| part.trim())
            .all(|part| part.chars().count() <= MAX_PART_CHARS && !is_part_of_address(part));
    is_list.then_some(parts)
}

/// The items of a list. The comma of `38,5` does not separate two items; those of `1,2,3` do, because no number has two
/// commas.
fn between_commas(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    let mut start = 0;
    for (comma, _) in text.match_indices(',') {
        if !is_decimal_comma(text, comma) {
            parts.push(&text[start..comma]);
            start = comma + 1;
        }
    }
    parts.push(&text[start..]);
    parts
}

fn is_decimal_comma(text: &str, comma: usize) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let (before, after) = (&text[..comma], &text[comma + 1..]);
    if !before.ends_with(is_digit) || !after.starts_with(is_digit) {
        return false;
    }
    let earlier = before.trim_end_matches(is_digit).strip_suffix(',');
    let later = after.trim_start_matches(is_digit).strip_prefix(',');
    !earlier.is_some_and(|text| text.ends_with(is_digit))
        && !later.is_some_and(|text| text.starts_with(is_digit))
}

fn is_part_of_address(part: &str) -> bool {
    let words: Vec<_> = part.split_whitespace().collect();
    let has_postal_code =
        words.iter().any(|word| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let has_house_number =
        words.len() > 1 && words.last().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    has_postal_code || has_house_number
}

fn without_bullet(part: &str) -> &str {
    let part = part.trim();
    part.strip_prefix(['-', '–', '•', '*', '·']).filter(|rest| rest.starts_with(' ')).unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_may_be_texts_numbers_or_objects() {
        let value = json!(["Früh", 40, 38.5, {"value": "s", "label": "Spät"}, {"value": 3}, {"text": "Nacht"},
            {"name": "Wechsel"}, null, true, "", ["x"], {}]);
        assert_eq!(options(&value), ["Früh", "40", "38.5", "Spät", "3", "Nacht", "Wechsel"]);
    }

    #[test]
    fn one_string_may_be_a_list() {
        for list in [
            "Früh\nSpät\r\nNacht",
            "Früh; Spät ;Nacht;",
            "Früh, Spät, Nacht",
            "- Früh\n- Spät\n- Nacht",
            "[\"Früh\", \"Spät\", \"Nacht\"]",
            "<ul><li>Früh</li><li>Spät</li><li>Nacht</li></ul>",
        ] {
            assert_eq!(options(&json!(list)), ["Früh", "Spät", "Nacht"], "{list:?}");
        }
    }

    #[test]
    fn a_string_with_commas_that_is_no_list_is_one_option() {
        for text in [
            "Klinik Nord, Ulmenweg 4, 10115 Musterstadt",
            "Ulmenweg 4, Musterstadt",
            "Ja, ich könnte mir gut vorstellen auch am Wochenende zu arbeiten",
            "Vollzeit",
        ] {
            assert_eq!(options(&json!(text)), [text]);
        }
    }

    #[test]
    fn a_decimal_comma_ends_no_option() {
        assert_eq!(options(&json!("20 Std., 30 Std., 38,5 Std.")), ["20 Std.", "30 Std.", "38,5 Std."]);
        assert_eq!(options(&json!("20,5,Vollzeit")), ["20,5", "Vollzeit"]);
        assert_eq!(options(&json!("38,5 Stunden")), ["38,5 Stunden"]);
        assert_eq!(options(&json!("1,2,3")), ["1", "2", "3"]);
        assert_eq!(options(&json!("20, 30, 40")), ["20", "30", "40"]);
    }

    #[test]
    fn options_may_be_named_by_keys() {
        let shifts = json!({"frueh": "Früh", "nacht": "Nacht", "stunden": 40});
        assert_eq!(options(&shifts), ["Früh", "Nacht", "40"]);
        for settings in [
            json!({"id": 7}),
            json!({"type": "radio", "max": 3}),
            json!({"a": "Früh", "multiple": true}),
            json!({"a": ["x"]}),
        ] {
            assert_eq!(options(&settings), Vec::<String>::new(), "{settings}");
        }
    }

    #[test]
    fn options_within_options_name_their_group() {
        let houses = json!([
            {"label": "Nord", "options": ["Haus A", {"title": "Haus B"}]},
            {"name": "Süd", "children": "Haus C; Haus D"},
            {"items": [{"option": "Haus E"}]},
            {"label": "West", "options": []},
        ]);
        let read = ["Nord: Haus A", "Nord: Haus B", "Süd: Haus C", "Süd: Haus D", "Haus E", "West"];
        assert_eq!(options(&houses), read);
        assert_eq!(options(&json!({"options": ["Früh", "Spät"]})), ["Früh", "Spät"]);
        let deep = json!({"label": "1", "items": {"label": "2", "items": {"label": "3", "items": {"label": "4", "items": "5"}}}});
        assert_eq!(options(&deep), ["1: 2: 3: 4"]);
    }

    #[test]
    fn what_a_form_shows_before_anything_is_chosen_is_no_option() {
        for shown in
            ["Bitte wählen", "-- Bitte auswählen --", "Bitte wählen Sie …", "Auswählen", "Please select"]
        {
            assert_eq!(options(&json!([shown, "Früh"])), ["Früh"], "{shown}");
        }
        assert_eq!(options(&json!(["Selbst auswählen", "Wählen gehen"])).len(), 2);
    }

    #[test]
    fn null_and_nothing_are_no_options() {
        for value in [json!(null), json!([]), json!({}), json!(""), json!(" ; ;\n"), json!(false)] {
            assert_eq!(options(&value), Vec::<String>::new(), "{value}");
        }
    }

    #[test]
    fn a_contact_person_in_a_list_is_no_option() {
        assert_eq!(
            options(&json!("Haus Nord\nHaus Süd\nAP: Beispiel, beispiel@example.org")),
            ["Haus Nord", "Haus Süd"]
        );
    }
}
