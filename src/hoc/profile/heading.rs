//! What a value is called when it is told: a German heading for the name of its member.

use super::words::has_any;
use crate::domain::capitalised;
use crate::hoc::text;
use crate::word_list::WordList;

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

/// What to call the member that holds a value.
pub(super) enum Heading {
    Of(String),
    /// The value speaks for itself.
    Needless,
    /// The name is English, and no German one is known for it.
    Unknown,
}

/// A German heading for a member. Without one, its name is the heading if nothing in it is English.
pub(super) fn heading(name: &str, words: &[String]) -> Heading {
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
