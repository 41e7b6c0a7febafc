//! A job title as one says it, in "Ihre Bewerbung als …".

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::clean_line;

/// What stands in a title only to say that everyone is meant; nobody says it aloud.
static GENDER_MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \s*[(\[]\s*(?:[mwdfxi](?:\s*[/|,*]\s*(?:[mwdfxi]|div(?:\.|ers)?)){1,3}|gn|all\ genders?)\s*[)\]]
        |\s+[mwd]/[mwd](?:/[mwdx])?\b",
    )
});

/// What is no person: names of forms and copies, which come from the protocol's name, and what one applies for but not
/// as.
static NO_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)protokoll|fragebogen|kampagne|interview|vorlage|leitfaden|gespräch\b|checkliste|bewerbung
        |\b(?:test|kopie|copy|entwurf|gesucht|suchen|sucht)\b
        |^\s*(?:
            [\w-]*(?:ausbildung|praktikum|studium|stelle|platz|jahr|dienst|jobs?)
            |fsj|föj|bfd|freiwilliges|duales|position|aushilfe\ (?:im|in)|quereinstieg
        )\b",
    )
});

/// Two titles for one position.
static SLASH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+/\s+"));

/// A colon inside of a word, as in `Verkäufer:in`.
static GENDER_COLON: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b:\b"));

/// A title that names a place, too: every `in …` that is not about working hours.
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:in|im Raum)\s+(\p{Lu}\p{L}*)"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a valid pattern")
}

/// The title without marks such as `(m/w/d)`; `None` if one cannot apply "as" it, or it is more than a title: with
/// numbers, an appeal, a note in brackets, a picture.
pub(super) fn spoken(title: &str) -> Option<String> {
    if NO_PERSON.is_match(title) {
        return None;
    }
    let spoken = GENDER_MARK.replace_all(title, "");
    let spoken = clean_line(spoken.trim_end_matches(['*', ' ']));
    let is_sayable = GENDER_COLON.replace_all(&spoken, "").chars().all(is_sayable);
    (is_sayable && !spoken.is_empty()).then(|| SLASH.replace_all(&spoken, " oder ").into_owned())
}

/// Whether the title already says where, so that a place after it would be one too many.
pub(super) fn names_place(title: &str, place: &str) -> bool {
    let hours = ["Teilzeit", "Vollzeit", "Voll", "Teil"];
    title.to_lowercase().contains(&place.to_lowercase())
        || PLACE.captures_iter(title).any(|found| !hours.contains(&&found[1]))
}

fn is_sayable(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, ' ' | '-' | '–' | '/' | '&' | '*' | '_' | '’' | '\'' | '„' | '“')
}
