//! What the headings of a question say about its place in the conversation.

use crate::domain::Question;

/// A word of a heading, in lower case. Only whole words count, because as parts of other words they mean something
/// else: `Kundenkontakt`, `Identitätsmanagement`, `Hochverfügbarkeit`, `Kündigungsschutz`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    /// Anywhere in the heading.
    Word(&'static str),
    /// Unless one of these follows: `Kontakt mit Kunden`.
    Unless(&'static str, &'static [&'static str]),
    /// Only at the end: `Eintritt und Kasse` is about something else than `Frühester Eintritt`.
    Last(&'static str),
    /// Also at the end of a longer word: `Wunschstandort`.
    Ending(&'static str),
}

use Key::{Ending, Last, Unless, Word};

pub(super) const IDENTITY: &[Key] = &[
    Word("identifikation"),
    Word("identifizierung"),
    Word("identification"),
    Word("identität"),
    Word("identitaet"),
    Word("identitätsprüfung"),
];
pub(super) const OPENING: &[Key] = &[
    Unless("kontakt", &["mit", "zu", "zum", "zur"]),
    Word("kontaktdaten"),
    Word("kontaktinfo"),
    Word("kontaktinfos"),
    Word("kontaktinformation"),
    Word("kontaktinformationen"),
    Word("kontaktangaben"),
    Word("kontaktaufnahme"),
    Word("kontaktmöglichkeiten"),
    Word("begrüßung"),
    Word("begruessung"),
];
pub(super) const LOCATION: &[Key] = &[
    Ending("standort"),
    Ending("standorte"),
    Ending("arbeitsort"),
    Ending("arbeitsorte"),
    Word("standortwahl"),
    Word("standortwunsch"),
];
pub(super) const CAREER: &[Key] = &[
    Word("verfügbar"),
    Word("verfuegbar"),
    Word("verfügbarkeit"),
    Word("verfuegbarkeit"),
    Word("verfügbarkeiten"),
    Word("verfuegbarkeiten"),
    Word("kündigung"),
    Word("kuendigung"),
    Word("kündigungsfrist"),
    Word("kuendigungsfrist"),
    Word("kündigungsfristen"),
    Word("kuendigungsfristen"),
    Last("eintritt"),
    Word("eintrittsdatum"),
    Word("eintrittstermin"),
    Word("eintrittszeitpunkt"),
    Ending("werdegang"),
    Word("lebenslauf"),
];
pub(super) const CLOSING: &[Key] = &[Word("verabschiedung"), Word("gesprächsende"), Word("gespraechsende")];

/// Whether the category or group of a question contains one of these words.
pub(super) fn has(question: &Question, keys: &[Key]) -> bool {
    [question.category.as_deref(), question.group.as_deref()].into_iter().flatten().any(|heading| {
        let heading = heading.to_lowercase();
        // `Kunden-Kontakt` is one word.
        let words = heading.split(|character: char| !character.is_alphanumeric() && character != '-');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        (0..words.len()).any(|place| keys.iter().any(|key| key.is_at(&words, place)))
    })
}

impl Key {
    fn is_at(self, words: &[&str], place: usize) -> bool {
        let (word, next) = (words[place], words.get(place + 1));
        match self {
            Word(key) => word == key,
            Unless(key, followers) => word == key && next.is_none_or(|next| !followers.contains(next)),
            Last(key) => word == key && next.is_none(),
            Ending(key) => word.ends_with(key),
        }
    }
}
