//! What HOC says of the position and the employer beside the questions.

use serde_json::Value;

use super::entries::Entries;
use super::loose::{Object, items, text, text_of};
use super::text;
use crate::domain::{Questionnaire, capitalised};

/// How deep a knowledge base is read. Deeper ones are something else.
const MAX_DEPTH: usize = 3;

/// Parts of member names that hold people and how to reach them.
const CONTACT_MEMBERS: [&str; 12] = [
    "contact", "kontakt", "ansprech", "recruit", "mail", "phone", "telefon", "mobil", "handy", "fax",
    "author", "user",
];

/// Words of member names that hold what is not for candidates, or nothing to say.
const SILENT_MEMBERS: [&str; 19] = [
    "intern", "interne", "internes", "interner", "internal", "note", "notes", "notiz", "notizen", "url",
    "urls", "link", "links", "meta", "metadata", "id", "ids", "uuid", "website",
];

/// Words of member names that add nothing to what the member says.
const EMPTY_NAMES: [&str; 16] = [
    "question",
    "frage",
    "answer",
    "antwort",
    "text",
    "content",
    "inhalt",
    "description",
    "beschreibung",
    "info",
    "about",
    "general",
    "summary",
    "details",
    "value",
    "faq",
];

/// What English member names are called by people who speak German.
const HEADINGS: [(&str, &str); 14] = [
    ("salary", "Gehalt"),
    ("benefits", "Leistungen"),
    ("schedule", "Arbeitszeit"),
    ("hours", "Arbeitszeit"),
    ("shifts", "Schichten"),
    ("vacation", "Urlaub"),
    ("holidays", "Urlaub"),
    ("contract", "Vertrag"),
    ("start", "Beginn"),
    ("training", "Einarbeitung"),
    ("onboarding", "Einarbeitung"),
    ("probation", "Probezeit"),
    ("requirements", "Anforderungen"),
    ("tasks", "Aufgaben"),
];

/// A questionnaire from its entries and the objects around them, the innermost first.
pub(super) fn questionnaire(entries: Entries, around: &[&Object]) -> Questionnaire {
    let first = |names: &[&str], read: fn(&Value) -> Option<String>| {
        names.iter().find_map(|name| around.iter().filter_map(|object| object.get(*name)).find_map(read))
    };
    Questionnaire {
        questions: entries.questions,
        skipped: entries.skipped,
        role_title: first(&["campaignrole_title", "job_title", "protocol_name"], text)
            .or_else(|| protocol_name(around)),
        location: first(&["campaignlocation_label", "work_location"], location),
        company_size: first(&["companysize", "company_size"], text),
        company_pitch: first(&["companypitch", "company_pitch", "knowledge_base"], prose),
        company_priorities: first(&["companypriorities", "company_priorities"], enumeration),
    }
}

/// In the pages form the protocol's name is the position's.
fn protocol_name(around: &[&Object]) -> Option<String> {
    let protocol = around.first().filter(|object| object.contains_key("pages"))?;
    text_of(protocol, &["name"])
}

/// A place as a text, or as an address in parts; several places one after the other.
fn location(value: &Value) -> Option<String> {
    joined(
        "; ",
        items(value).into_iter().filter_map(|place| place.as_object().map_or_else(|| text(place), address)),
    )
}

fn address(place: &Object) -> Option<String> {
    let town = joined(" ", ["postal_code", "city"].into_iter().filter_map(|part| text_of(place, &[part])));
    let parts = [text_of(place, &["name", "label"]), text_of(place, &["street"]), town];
    joined(", ", parts.into_iter().flatten())
}

fn enumeration(value: &Value) -> Option<String> {
    joined(", ", items(value).into_iter().filter_map(text))
}

fn prose(value: &Value) -> Option<String> {
    joined(" ", texts(value, MAX_DEPTH).into_iter())
}

/// The texts of a value, without those of members that are about people or not for candidates. A question stands before
/// its answer, whatever their order.
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
                .filter(|(name, words, _)| !is_contact_member(name) && !has_any(words, &SILENT_MEMBERS))
                .collect();
            told.sort_by_key(|(_, words, _)| !has_any(words, &["question", "frage"]));
            told.into_iter()
                .flat_map(|(name, words, member)| named(name, &words, texts(member, depth - 1)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Short values mean nothing without their member's name (`probezeit: sechs Monate`).
fn named(name: &str, words: &[String], texts: Vec<String>) -> Vec<String> {
    if texts.is_empty() || texts.iter().any(|text| text.contains(". ") || text.ends_with(['.', '!', '?'])) {
        return texts;
    }
    let value = texts.join(", ");
    vec![match heading(name, words) {
        Some(heading) => format!("{heading}: {value}."),
        None => format!("{value}."),
    }]
}

fn heading(name: &str, words: &[String]) -> Option<String> {
    if has_any(words, &EMPTY_NAMES) {
        return None;
    }
    let known = HEADINGS.iter().find(|(english, _)| words.iter().any(|word| word == english));
    known.map(|(_, german)| (*german).to_owned()).or_else(|| {
        let name = text::line(&name.replace('_', " "))?;
        Some(capitalised(&name))
    })
}

/// The words of a member's name (`internal_notes`, `internalNotes`), in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || (after_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(character.to_lowercase()));
        }
        after_lower = character.is_lowercase();
    }
    words
}

fn has_any(words: &[String], of: &[&str]) -> bool {
    words.iter().any(|word| of.contains(&word.as_str()))
}

fn is_contact_member(name: &str) -> bool {
    let name = name.to_lowercase();
    CONTACT_MEMBERS.iter().any(|part| name.contains(part))
}

/// Cleaned once more, because an address may be torn over several parts.
fn joined(separator: &str, parts: impl Iterator<Item = String>) -> Option<String> {
    text::line(&parts.collect::<Vec<_>>().join(separator))
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
