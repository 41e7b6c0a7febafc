//! The employer's people whom no label announces: after a job title or place, and in facts about the employer.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::patterns::{BLANK, HONORIFIC, NAME, NAMED_PERSON};
use super::words::is_common;
use crate::hoc::sentences::sentences;
use crate::pattern::pattern;
use crate::word_list::WordList;

/// The beginnings of all honorifics. Nearly all texts contain none, and skip the longer patterns.
static HONORIFIC_BEGINNING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"Frau|Herr|Fr\.|Hr|Dr\.|Prof\.|Dipl\."));

/// Words that turn the name before them into a street, building or firm (`Dr. Beispiel Straße`).
const PLACE_WORDS: WordList = WordList::of(
    "Straße Str. Platz Weg Ring Allee Haus Heim Klinik Stift Stiftung Schule Kita Praxis Zentrum Apotheke \
    Kanzlei GmbH KG AG",
);

/// What follows `Dr.` in an academic degree (`Bauleiter (Dr. Ing.)`).
const DEGREES: WordList = WordList::of("Ing Med Phil Nat Jur");

/// Endings of words that turn the name after them into an institution (`Kita Frau Holle`).
const HOUSES: [&str; 12] = [
    "kita", "haus", "hotel", "café", "garten", "hort", "schule", "praxis", "klinik", "apotheke", "kanzlei",
    "salon",
];

/// Words after which `Frau` means any woman and addresses nobody (`Als Frau Karriere machen`).
const ANY_WOMAN: WordList = WordList::of("als jede jeder eine einer mann und");

/// Endings of words that are not names, although they stand where one may (`Teamleitung: Mehrjährige Erfahrung`).
const NO_NAMES: [&str; 32] = [
    "ung",
    "ungen",
    "keit",
    "heit",
    "schaft",
    "tion",
    "ige",
    "iger",
    "iges",
    "liche",
    "licher",
    "liches",
    "ische",
    "isches",
    "zeit",
    "zeiten",
    "dienst",
    "team",
    "kenntnisse",
    "kraft",
    "arbeit",
    "bereich",
    "betrieb",
    "woche",
    "stunden",
    "platz",
    "wagen",
    "gehalt",
    "stelle",
    "region",
    "standort",
    "business",
];

/// A part at the end of a line that names persons and says nothing else.
static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xm)(?P<lead>{BLANK}*[,;|(]{BLANK}*|{BLANK}+[/–—-]{BLANK}+|[–—]{BLANK}*)
        (?P<names>(?:Frau|Herrn?|Fr\.|Hrn?\.|Dr\.){BLANK}*(?:{HONORIFIC}{BLANK}*)*{NAME}(?:{BLANK}+{NAME})?)
        (?:{BLANK}+(?:und|oder|u\.|&){BLANK}+(?:{HONORIFIC}{BLANK}*)+{NAME})*
        (?P<close>{BLANK}*\))?[.!]?(?P<genders>{BLANK}*\([mwdfxi/|\x20]{{3,}}\))?{BLANK}*$"
    ))
});

/// `Frau Beispiel`. A doctor's title without `Frau` or `Herr` is just as often part of a practice's or firm's name.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:(?P<before>\S+)\s+)?(?P<person>\b(?:Frau|Herrn?|Fr\.|Hrn?\.)\s*(?:{HONORIFIC}\s*)*(?P<names>{NAME}(?:\s+{NAME})?))"
    ))
});

/// `GF: Max Beispiel`. The caller decides whether the words are a name.
static IN_OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)^\W*(?i:(?P<recruiter>HR|GF|Recruiter(?:in)?|Personaler(?:in)?)
            |\p{{L}}*-?(?:leitung|leiter(?:in)?)|PDL|WBL|Geschäftsführ(?:er(?:in)?|ung)|Inhaber(?:in)?|Chef(?:in)?|Vorgesetzter?
            |Personalreferent(?:in)?|Personalabteilung|Disponent(?:in)?)
        (?P<colon>\s*:|\s+[–—-]\s)?\s*(?P<names>\b{NAME}(?:\s+{NAME}){{0,2}})\W*(?:\([^()]*\))?\W*$"
    ))
});

fn may_name_somebody(text: &str) -> bool {
    HONORIFIC_BEGINNING.is_match(text)
}

/// The text without persons at the ends of its lines (`Standort: Köln, Frau Beispiel`, `Koch (Herr Muster)`).
pub(super) fn without_trailing_persons(text: &str) -> Cow<'_, str> {
    if !may_name_somebody(text) {
        return Cow::Borrowed(text);
    }
    TRAILING.replace_all(text, |found: &Captures<'_>| {
        let start = found.get(0).map_or(0, |whole| whole.start());
        let before = text[..start].rsplit('\n').next().unwrap_or_default();
        if is_addition(found, before) {
            found.name("genders").map_or("", |genders| genders.as_str()).to_owned()
        } else {
            found[0].to_owned()
        }
    })
}

/// Whether the text before these persons is complete without them.
fn is_addition(found: &Captures<'_>, before: &str) -> bool {
    let is_in_brackets = found["lead"].contains('(');
    let is_place = found["names"].split_whitespace().any(|word| PLACE_WORDS.has(word));
    let is_degree = found["names"].split_whitespace().any(|word| DEGREES.has(word.trim_end_matches('.')));
    // `Kaufmann / Frau Einzelhandel` is a job title.
    let is_job = found["lead"].contains('/') && before.ends_with("mann");
    before.contains(char::is_alphabetic)
        && found.name("close").is_some() == is_in_brackets
        && !is_place
        && !is_degree
        && !is_job
        && !NAMED_PERSON.is_match(before)
}

/// A fact about the employer, without the sentences that name a person.
pub(in crate::hoc) fn without_persons(fact: &str) -> String {
    let sentences = sentences(fact);
    let is_told = |sentence: &&str| !is_person_in_office(sentence) && !names_person(sentence);
    let told: String = sentences.into_iter().filter(is_told).collect();
    // A line may break between `Frau` and the name.
    if names_person(&told) { String::new() } else { told }
}

fn names_person(text: &str) -> bool {
    if !may_name_somebody(text) {
        return false;
    }
    ADDRESSED.captures_iter(text).any(|found| {
        let before = found.name("before").map_or("", |before| before.as_str()).to_lowercase();
        let start = found.name("person").map_or(0, |person| person.start());
        let is_house = HOUSES.iter().any(|house| before.ends_with(house))
            || found["names"].split_whitespace().any(|word| PLACE_WORDS.has(word));
        // `Mann/Frau`.
        let is_half = text[..start].ends_with(['/', '-']);
        !is_house && !is_half && !ANY_WOMAN.has(&before)
    })
}

/// Whether a note is nothing but an office and the name of its holder.
fn is_person_in_office(note: &str) -> bool {
    let Some(found) = IN_OFFICE.captures(note) else { return false };
    let is_recruiter = found.name("recruiter").is_some();
    let names: Vec<_> = found["names"].split_whitespace().collect();
    let has_colon = found.name("colon").is_some();
    // A recruiter needs a single name after a colon, or a full name without one. Any other office needs a colon and a
    // full name.
    let is_enough = match names.len() {
        1 => is_recruiter && has_colon,
        _ => is_recruiter || has_colon,
    };
    is_enough && names.iter().all(|word| !is_common(word) && !is_no_name(word))
}

fn is_no_name(word: &str) -> bool {
    let word = word.to_lowercase();
    NO_NAMES.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_at_the_end_of_a_title_or_place_is_left_out() {
        for (text, expected) in [
            ("Standort: Köln, Frau Beispiel", "Standort: Köln"),
            ("Köln, Frau Dr. Erika Beispiel.", "Köln"),
            ("Koch - Frau Beispiel", "Koch"),
            ("Koch – Hr. Beispiel", "Koch"),
            ("Koch (Herr Muster)", "Koch"),
            ("Koch / Frau Beispiel", "Koch"),
            ("Koch - Frau Beispiel (m/w/d)", "Koch (m/w/d)"),
            ("Haus Nord, Frau Beispiel und Herr Muster", "Haus Nord"),
            ("Haus Nord, Frau Beispiel\nVollzeit", "Haus Nord\nVollzeit"),
        ] {
            assert_eq!(without_trailing_persons(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_of_places_and_jobs_stay() {
        for text in [
            "Kita Frau Holle",
            "Frau Holle Kita",
            "Köln, Frau Holle Kita",
            "Köln, Dr. Beispiel Straße",
            "Praxis Dr. Beispiel",
            "Kaufmann/Frau Einzelhandel",
            "Kaufmann / Frau Einzelhandel",
            "Kauffrau, Fachfrau",
            "Verkäufer - Herrenmode",
            "Bauleiter (Dipl. Ing.)",
            "Bauleiter, Dipl. Ingenieur",
            "Bauleiter (Dr. Ing.)",
            "Anrede: Herr, Frau, Divers",
            "Gegründet von Dr. Muster, Dr. Beispiel",
            "Team (Leitung, Frau Beispiel)",
            "Frau Beispiel",
        ] {
            assert_eq!(without_trailing_persons(text), text);
        }
    }

    #[test]
    fn sentences_that_name_a_person_are_not_told() {
        for (fact, expected) in [
            ("Vorstellungsgespräch mit Herrn Beispiel und Frau Muster", ""),
            ("PDL Frau Beispiel", ""),
            ("Frau Beispiel", ""),
            ("Frau Beispiel führt die Gespräche", ""),
            ("Kontakt siehe Mail von Frau Beispiel", ""),
            (
                "Das Team ist jung. Frau Dr. Beispiel führt es. Wir lachen viel.",
                "Das Team ist jung. Wir lachen viel.",
            ),
            ("Einrichtungsleitung: Erika Beispiel", ""),
            ("GF: Max Beispiel", ""),
            ("Das Team ist jung\nGF: Max Beispiel", "Das Team ist jung"),
            ("Frau Beispiel führt das Haus\nWir lachen viel", "Wir lachen viel"),
            ("Es führt Sie Frau\nBeispiel", ""),
            ("HR: Beispiel", ""),
            ("Recruiter Erika Beispiel", ""),
            ("Kita-Leitung - Erika Beispiel (Montag bis Freitag)", ""),
        ] {
            assert_eq!(without_persons(fact).trim(), expected, "{fact:?}");
        }
    }

    #[test]
    fn what_only_resembles_a_person_is_told() {
        for fact in [
            "Kita Frau Holle",
            "Das Haus liegt in der Frau Holle Straße",
            "Zahnarztpraxis Dr. Beispiel",
            "Die Dr. Beispiel GmbH wächst",
            "Als Frau Karriere machen",
            "Mann/Frau Teams",
            "Teamleitung: Mehrjährige Erfahrung",
            "Schichtleitung: Früh oder Spät",
            "Leitung: Team München",
            "HR: Teilzeit",
            "Bauleitung Tiefbau Süd",
            "PDL: unbefristet",
            "Betriebliche Altersvorsorge",
            "Erika Beispiel",
        ] {
            assert_eq!(without_persons(fact), fact);
        }
    }
}
