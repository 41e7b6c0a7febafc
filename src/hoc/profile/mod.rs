//! What HOC says about the position and the employer, besides the questions.

mod heading;
mod words;

use serde_json::Value;

use super::entries::Entries;
use super::loose::{Object, as_text, items, text_of};
use super::text;
use crate::domain::Questionnaire;
use heading::{Heading, heading};
use words::{has_any, is_contact_member, is_silent, words};

/// How deep a knowledge base is read. Anything deeper is something else.
const MAX_DEPTH: usize = 3;

/// Builds a questionnaire from its entries and the objects around them, innermost first.
pub(super) fn questionnaire(entries: Entries, around: &[&Object]) -> Questionnaire {
    let first = |names: &[&str], read: fn(&Value) -> Option<String>| {
        names.iter().find_map(|name| around.iter().filter_map(|object| object.get(*name)).find_map(read))
    };
    Questionnaire {
        questions: entries.questions,
        skipped: entries.skipped,
        role_title: first(&["campaignrole_title", "job_title", "protocol_name"], as_text)
            .or_else(|| protocol_name(around)),
        location: first(&["campaignlocation_label", "work_location"], location),
        company_size: first(&["companysize", "company_size"], as_text),
        company_pitch: first(&["companypitch", "company_pitch", "knowledge_base"], prose),
        company_priorities: first(&["companypriorities", "company_priorities"], enumeration),
    }
}

/// In the pages form, the name of the protocol is that of the position.
fn protocol_name(around: &[&Object]) -> Option<String> {
    let protocol = around.first().filter(|object| object.contains_key("pages"))?;
    text_of(protocol, &["name"])
}

/// A place, given as a text or as the parts of an address. Several places are joined.
fn location(value: &Value) -> Option<String> {
    joined(
        "; ",
        items(value)
            .into_iter()
            .filter_map(|place| place.as_object().map_or_else(|| as_text(place), address)),
    )
}

fn address(place: &Object) -> Option<String> {
    let town = joined(" ", ["postal_code", "city"].into_iter().filter_map(|part| text_of(place, &[part])));
    let parts = [text_of(place, &["name", "label"]), text_of(place, &["street"]), town];
    joined(", ", parts.into_iter().flatten())
}

fn enumeration(value: &Value) -> Option<String> {
    joined(", ", items(value).into_iter().filter_map(as_text))
}

fn prose(value: &Value) -> Option<String> {
    joined(" ", texts(value, MAX_DEPTH).into_iter())
}

/// The texts of a value, without members that are about people or not meant for candidates. A question goes before its
/// answer, whatever their order in the JSON.
fn texts(value: &Value, depth: usize) -> Vec<String> {
    match value {
        Value::String(raw) => text::line(raw).into_iter().collect(),
        Value::Array(entries) if depth > 0 => {
            entries.iter().flat_map(|entry| texts(entry, depth - 1)).collect()
        }
        Value::Object(members) if depth > 0 => {
            let mut told: Vec<_> = members
                .iter()
                .map(|(name, member)| (name, words(name), member))
                .filter(|(name, words, _)| !is_contact_member(name) && !is_silent(words))
                .collect();
            told.sort_by_key(|(_, words, _)| !has_any(words, &["question", "frage"]));
            told.into_iter()
                .flat_map(|(name, words, member)| named(name, &words, texts(member, depth - 1)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A short value means nothing without its member's name (`probezeit: sechs Monate`).
fn named(name: &str, words: &[String], texts: Vec<String>) -> Vec<String> {
    if texts.is_empty() || texts.iter().any(|text| text.contains(". ") || text.ends_with(['.', '!', '?'])) {
        return texts;
    }
    let value = texts.join(", ");
    match heading(name, words) {
        Heading::Of(heading) => vec![format!("{heading}: {value}.")],
        Heading::Needless => vec![format!("{value}.")],
        Heading::Unknown if is_prose(&value) => vec![format!("{value}.")],
        Heading::Unknown => Vec::new(),
    }
}

/// Whether a text makes sense without its member's name.
fn is_prose(text: &str) -> bool {
    const ENOUGH_WORDS: usize = 3;
    text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= ENOUGH_WORDS
}

/// Cleans the joined text once more, because an e-mail address may be split across several parts.
fn joined(separator: &str, parts: impl Iterator<Item = String>) -> Option<String> {
    text::line(&parts.collect::<Vec<_>>().join(separator))
}

#[cfg(test)]
mod tests;
