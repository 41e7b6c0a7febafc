//! What kind of prompts a page has, judged by its name.

use std::sync::LazyLock;

use regex::Regex;

use super::asking::{asks, is_yes_or_no, tells_that_nothing_is_needed};
use super::prefix::Prefix;
use crate::domain::{Gate, Importance, Question, QuestionKind, Wording};
use crate::pattern::pattern;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    WorkingConditions,
    /// `Must-haves`, `K.O.-Kriterien`: a criterion is a must here even without a prefix.
    MustCriteria,
    /// `Ausschlusskriterien`, `No-Gos`: the same, but a note may name what candidates must not have.
    Exclusions,
    Criteria,
    /// `Fragen an den Bewerber`: a note may be a mere topic.
    Questions,
    /// What the job consists of. Told like other information, but a verb at the end does not tell the interviewer to
    /// ask.
    Tasks,
    /// `Wir bieten`: `Optional: Jobrad` is told here, too.
    Offer,
    Information,
}

/// Parts of page names in lower case. The first match decides.
const NAMES: [(&[&str], PageKind); 11] = [
    (
        &["rahmenbedingung", "arbeitsbedingung", "akzeptiert", "einverstanden", "bewerber ist bereit"],
        PageKind::WorkingConditions,
    ),
    (&["nicht zwingend"], PageKind::Criteria),
    (&["ausschlusskriteri", "ausschlussgr", "no-go", "no go", "nogo"], PageKind::Exclusions),
    (
        &[
            "must-have",
            "must have",
            "musthave",
            "muss-kriteri",
            "musskriteri",
            "muss kriteri",
            "muss-anforderung",
            "muss-voraussetzung",
            "muss-qualifikation",
            "k.o.",
            "k. o.",
            "ko-kriteri",
            "ko-frage",
            "pflichtkriteri",
        ],
        PageKind::MustCriteria,
    ),
    (
        &["fragen an den", "fragen an die", "fragen an bewerb", "erfragen", "abfragen", "zu klären"],
        PageKind::Questions,
    ),
    (&["zwingend"], PageKind::MustCriteria),
    (&["kriteri", "erfüllt", "qualifikation", "anforderung", "voraussetzung"], PageKind::Criteria),
    // What the employer offers is told, whatever it is about.
    (
        &["bieten", "benefit", "vorteile", "leistungen", "über uns", "sie erwartet", "dich erwartet"],
        PageKind::Offer,
    ),
    (&["ist bereit", "sind bereit", "stimmt zu", "stimmen zu", "akzeptieren"], PageKind::WorkingConditions),
    (
        &[
            "ihr profil",
            "dein profil",
            "bewerberprofil",
            "kandidatenprofil",
            "wunschprofil",
            "bringen sie mit",
            "bringst du mit",
            "du mitbringst",
            "mitbringen",
            "bewerber bringt",
            "bewerber verfügt",
            "bringt mit",
            "bringen mit",
            "profil des bewerbers",
            "profil der bewerber",
            "profil des kandidaten",
            "gesuchtes profil",
            "wen wir suchen",
            "was wir suchen",
            "kenntnisse",
            "fähigkeiten",
            "skills",
            "persönliche eigenschaften",
            "berufserfahrung",
            "wünschenswert",
            "wir erwarten",
            "erwarten wir",
            "unsere erwartung",
            "erwartungen an",
            "ihnen erwarten",
            "dir erwarten",
            "wünschen wir uns",
            "wir wünschen uns",
            "wir uns wünschen",
            "idealerweise",
            "von vorteil",
            "requirements",
            "nice-to-have",
            "nice to have",
        ],
        PageKind::Criteria,
    ),
    (&["bedingung", "konditionen", "arbeitszeit"], PageKind::WorkingConditions),
];

/// `Fragen`, `Allgemeine Fragen`, `Screening-Fragen`. Other questions are the candidates' own (`Häufige Fragen`).
static ASKING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:allgemeine|weitere|zusätzliche|fachliche|persönliche|offene|wichtige|unsere)\s+)?(?:(?:fach|vorab|zusatz|kern|leit|einstiegs|interview|screening|qualifikations|bewerber|kandidaten)-?)?fragen(?:\s+zu[mr]?\s+(?:person|motivation|qualifikation|verfügbarkeit|werdegang|lebenslauf))?$",
    )
});

/// `Der Bewerber hat`, `Die Kandidatin sollte`: what follows is about them, unless it is what they get.
static ABOUT_CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:der|die|unsere?)\s+(?:ideale\s+)?(?:bewerber|kandidat)[\p{L}*:_/-]*\s+(?:hat|haben|muss|müssen|soll|sollte|sollten|besitzt|besitzen|ist|sind|verfügt|verfügen)\b",
    )
});

const TASKS: [&str; 2] = ["aufgabe", "tätigkeit"];

/// What a note on a page of exclusions begins with, as recruiters write it themselves elsewhere.
const EXCLUSION: &str = "Ausschlusskriterium:";

impl PageKind {
    pub(super) fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if let Some((_, kind)) = NAMES.iter().find(|(words, _)| says(words)) {
            return *kind;
        }
        match name.trim_end_matches([':', ' ']) {
            "profil" | "optional" => Self::Criteria,
            "muss" | "pflicht" => Self::MustCriteria,
            name if ASKING.is_match(name) => Self::Questions,
            _ if says(&TASKS) => Self::Tasks,
            name if ABOUT_CANDIDATE.is_match(name) => Self::Criteria,
            _ => Self::Information,
        }
    }

    /// Whether its notes are told as they are.
    pub(super) const fn is_told(self) -> bool {
        matches!(self, Self::Information | Self::Offer | Self::Tasks)
    }

    /// How important a note is: by its own prefix, else by that of the page.
    pub(super) fn prefix_of(self, own: Option<Prefix>) -> Option<Prefix> {
        own.or(matches!(self, Self::MustCriteria | Self::Exclusions).then_some(Prefix::Must))
    }

    /// Makes a question of a note. `own` is the note's own prefix.
    pub(super) fn question(self, id: String, note: String, own: Option<Prefix>) -> Question {
        if own.is_none() && tells_that_nothing_is_needed(&note) {
            return Question::new(id, note, QuestionKind::Info);
        }
        let prefix = self.prefix_of(own);
        let asked = asks(&note, self != Self::Tasks);
        let (wording, kind) = match self {
            _ if asked.as_deref().is_some_and(is_yes_or_no) => (Wording::Sentence, QuestionKind::YesNo),
            _ if asked.is_some() => (Wording::Sentence, QuestionKind::Open),
            Self::WorkingConditions => (Wording::WorkingCondition, QuestionKind::YesNo),
            Self::Questions if prefix.is_none() => (Wording::Sentence, QuestionKind::Open),
            kind if kind.is_told() && prefix.is_none() => (Wording::Sentence, QuestionKind::Info),
            _ => (Wording::Criterion, QuestionKind::YesNo),
        };
        let importance = match (prefix, self) {
            (Some(Prefix::Must), _) => Importance::Must,
            (Some(Prefix::Wanted | Prefix::Optional), _) | (_, Self::WorkingConditions) => Importance::Wanted,
            _ => Importance::Unknown,
        };
        let gate = Gate { is_gate: prefix == Some(Prefix::Must), ..Gate::default() };
        let text = match asked {
            Some(asked) => asked,
            // The heading is not everywhere the note is: alone, `Vorstrafen` would be a requirement.
            None if self == Self::Exclusions && own.is_none() => format!("{EXCLUSION} {note}"),
            None => note,
        };
        Question { wording, importance, gate, ..Question::new(id, text, kind) }
    }
}
