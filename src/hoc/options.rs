//! Answers to choose from, in all the ways HOC writes them.

use serde_json::Value;

use super::loose::{items, raw_text, text, text_of};
use super::text;

/// A part of a list in one string is at most this long, in characters; longer ones make it a sentence with commas.
const MAX_PART_CHARS: usize = 30;

/// The options of a question or of a theme.
pub(super) fn options(value: &Value) -> Vec<String> {
    match value {
        Value::String(list) => from_string(list),
        value => items(value).into_iter().filter_map(option).collect(),
    }
}

fn option(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => text_of(object, &["label", "text", "name", "value"]),
        value => text(value),
    }
}

/// A list in one string: JSON, one option a line, between semicolons, or between commas.
fn from_string(list: &str) -> Vec<String> {
    if list.trim_start().starts_with('[')
        && let Ok(Value::Array(entries)) = serde_json::from_str(list)
    {
        return entries.iter().filter_map(option).collect();
    }
    let lines = text::lines(list);
    let parts: Vec<_> = lines.iter().flat_map(|line| line.split(';')).collect();
    let parts = match parts.as_slice() {
        [single] if is_list_with_commas(single) => single.split(',').collect(),
        _ => parts,
    };
    parts.into_iter().filter_map(|part| raw_option(without_bullet(part))).collect()
}

fn raw_option(part: &str) -> Option<String> {
    raw_text(&Value::from(part)).as_deref().and_then(text::line)
}

/// `Früh, Spät, Nacht`, but not `Klinik Nord, Ulmenweg 4, 10115 Musterstadt`.
fn is_list_with_commas(text: &str) -> bool {
    let parts: Vec<_> = text.split(',').map(str::trim).collect();
    parts.len() > 1
        && parts.iter().all(|part| part.chars().count() <= MAX_PART_CHARS && !is_part_of_address(part))
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
