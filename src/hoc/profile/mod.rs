//! What HOC says about the position and the employer, besides the questions.

use serde_json::Value;

use super::entries::Entries;
use super::loose::{Object, as_text, items, text_of};
use super::text;
use crate::domain::{Questionnaire, capitalised};
use crate::word_list::WordList;

/// How deep a knowledge base is read. Anything deeper is something else.
const MAX_DEPTH: usize = 3;

/// Parts of the names of members that hold people and their contact data.
const CONTACT_MEMBERS: [&str; 12] = [
    "contact", "kontakt", "ansprech", "recruit", "mail", "phone", "telefon", "mobil", "handy", "fax",
    "author", "user",
];

/// Words in the names of members whose content is not meant for candidates, or says nothing.
const SILENT_WORDS: WordList = WordList::of(
    "budget ceo cfo created geschäftsführer geschäftsführerin geschaeftsfuehrer geschaeftsfuehrerin hr id \
    ids inhaber inhaberin instruction instructions intern internal interne interner internes link links max maximum meta \
    metadata min minimum modified note notes notiz notizen owner prompt prompts strategie strategy todo todos updated url \
    urls uuid website",
);

/// Whole names of members that say nothing to candidates. In a longer name, the same words may
/// (`language_requirements`).
const SILENT_NAMES: WordList = WordList::of(
    "active aktiv archived confidential deleted draft enabled key lang language locale slug status tags \
    type typ version vertraulich",
);

/// Words in member names that add nothing to the content.
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

/// Words in English member names that do not change their meaning.
const QUALIFIERS: WordList = WordList::of(
    "company employee employees employer for in job model of offered our period position range role the to \
    type work working your",
);

/// German headings for English member names, which are listed without their [`QUALIFIERS`].
const HEADINGS: [(&str, &str); 38] = [
    ("benefits", "Leistungen"),
    ("career opportunities", "Entwicklung"),
    ("compensation", "Gehalt"),
    ("contract", "Vertrag"),
    ("culture", "Kultur"),
    ("department", "Abteilung"),
    ("education", "Ausbildung"),
    ("experience", "Erfahrung"),
    ("holidays", "Urlaub"),
    ("home office", "Homeoffice"),
    ("hours", "Arbeitszeit"),
    ("industry", "Branche"),
    ("language requirements", "Sprachen"),
    ("language skills", "Sprachen"),
    ("languages", "Sprachen"),
    ("location", "Standort"),
    ("locations", "Standorte"),
    ("onboarding", "Einarbeitung"),
    ("parking", "Parken"),
    ("perks", "Leistungen"),
    ("probation", "Probezeit"),
    ("qualifications", "Qualifikation"),
    ("remote", "Homeoffice"),
    ("requirements", "Anforderungen"),
    ("responsibilities", "Aufgaben"),
    ("salary", "Gehalt"),
    ("schedule", "Arbeitszeit"),
    ("shift", "Schicht"),
    ("shifts", "Schichten"),
    ("start", "Beginn"),
    ("start date", "Beginn"),
    ("tasks", "Aufgaben"),
    ("team", "Team"),
    ("team size", "Größe des Teams"),
    ("training", "Einarbeitung"),
    ("vacation", "Urlaub"),
    ("vacation days", "Urlaubstage"),
    ("values", "Werte"),
];

/// Words that tell other English member names from German ones.
const ENGLISH: WordList = WordList::of(
    "additional address after application applications before benefits candidate \
    candidates city clients comment comments company country customers date day days department duration \
    education employment equipment experience field first for founded from further goal goals growth has \
    headquarters hiring history holidays hours how industry interview is language languages level location \
    locations mission month months negotiation of offer other our overtime parking pay perks policy process \
    product products project projects qualifications reason recruiting required requirements \
    responsibilities revenue review role salary schedule score shift shifts size skills source state \
    summary supervisor tasks the time title tone travel turnover type urgency vacancy vacation values \
    vision weekend weekly what who why with work workplace year years",
);

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

fn is_silent(words: &[String]) -> bool {
    words.iter().any(|word| SILENT_WORDS.has(word)) || SILENT_NAMES.has(&words.join(" "))
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

/// What to call the member that holds a value.
enum Heading {
    Of(String),
    /// The value speaks for itself.
    Needless,
    /// The name is English, and no German one is known for it.
    Unknown,
}

fn heading(name: &str, words: &[String]) -> Heading {
    if has_any(words, &EMPTY_NAMES) {
        return Heading::Needless;
    }
    let bare: Vec<_> = words.iter().map(String::as_str).filter(|word| !QUALIFIERS.has(word)).collect();
    let bare = bare.join(" ");
    if let Some((_, german)) = HEADINGS.iter().find(|(english, _)| *english == bare) {
        return Heading::Of((*german).to_owned());
    }
    if bare.is_empty() || words.iter().any(|word| ENGLISH.has(word)) {
        return Heading::Unknown;
    }
    let name = text::line(&name.replace('_', " "));
    name.map_or(Heading::Needless, |name| Heading::Of(capitalised(&name)))
}

/// Whether a text makes sense without its member's name.
fn is_prose(text: &str) -> bool {
    const ENOUGH_WORDS: usize = 3;
    text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= ENOUGH_WORDS
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

/// Cleans the joined text once more, because an e-mail address may be split across several parts.
fn joined(separator: &str, parts: impl Iterator<Item = String>) -> Option<String> {
    text::line(&parts.collect::<Vec<_>>().join(separator))
}

#[cfg(test)]
mod tests;
