//! What kind of prompts a page has, judged by its name.

use super::asking::{asks, tells_that_nothing_is_needed};
use super::prefix::Prefix;
use crate::domain::{Gate, Importance, Question, QuestionKind, Wording};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    WorkingConditions,
    /// `Must-haves`, `K.O.-Kriterien`: a criterion is a must here even without a prefix.
    MustCriteria,
    Criteria,
    /// `Fragen an den Bewerber`: a note may be a mere topic.
    Questions,
    /// What the job consists of. Told like other information, but a verb at the end does not tell the interviewer to
    /// ask.
    Tasks,
    Information,
}

/// Parts of page names in lower case. The first match decides.
const NAMES: [(&[&str], PageKind); 9] = [
    (
        &["rahmenbedingung", "arbeitsbedingung", "akzeptiert", "einverstanden", "bewerber ist bereit"],
        PageKind::WorkingConditions,
    ),
    (&["nicht zwingend"], PageKind::Criteria),
    (
        &[
            "must-have",
            "must have",
            "musthave",
            "muss-kriteri",
            "musskriteri",
            "k.o.",
            "k. o.",
            "ko-kriteri",
            "ko-frage",
            "ausschlusskriteri",
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
        PageKind::Information,
    ),
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
            "wünschen wir uns",
            "wir wünschen uns",
            "nice-to-have",
            "nice to have",
        ],
        PageKind::Criteria,
    ),
    (&["bedingung", "konditionen", "arbeitszeit"], PageKind::WorkingConditions),
];

const TASKS: [&str; 2] = ["aufgabe", "tätigkeit"];

impl PageKind {
    pub(super) fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if let Some((_, kind)) = NAMES.iter().find(|(words, _)| says(words)) {
            return *kind;
        }
        match name.trim_end_matches([':', ' ']) {
            "profil" | "optional" => Self::Criteria,
            "muss" => Self::MustCriteria,
            "fragen" => Self::Questions,
            _ if says(&TASKS) => Self::Tasks,
            _ => Self::Information,
        }
    }

    /// Whether its notes are told as they are.
    pub(super) const fn is_told(self) -> bool {
        matches!(self, Self::Information | Self::Tasks)
    }

    /// How important a note is: by its own prefix, else by that of the page.
    pub(super) fn prefix_of(self, own: Option<Prefix>) -> Option<Prefix> {
        own.or((self == Self::MustCriteria).then_some(Prefix::Must))
    }

    /// Makes a question of a note. `own` is the note's own prefix.
    pub(super) fn question(self, id: String, note: String, own: Option<Prefix>) -> Question {
        if own.is_none() && tells_that_nothing_is_needed(&note) {
            return Question::new(id, note, QuestionKind::Info);
        }
        let prefix = self.prefix_of(own);
        let asked = asks(&note, self != Self::Tasks);
        let (wording, kind) = match self {
            _ if asked.is_some() => (Wording::Sentence, QuestionKind::Open),
            Self::WorkingConditions => (Wording::WorkingCondition, QuestionKind::YesNo),
            Self::Questions if prefix.is_none() => (Wording::Sentence, QuestionKind::Open),
            Self::Information | Self::Tasks if prefix.is_none() => (Wording::Sentence, QuestionKind::Info),
            _ => (Wording::Criterion, QuestionKind::YesNo),
        };
        let importance = match (prefix, self) {
            (Some(Prefix::Must), _) => Importance::Must,
            (Some(Prefix::Wanted), _) | (_, Self::WorkingConditions) => Importance::Wanted,
            _ => Importance::Unknown,
        };
        let gate = Gate { is_gate: prefix == Some(Prefix::Must), ..Gate::default() };
        Question { wording, importance, gate, ..Question::new(id, asked.unwrap_or(note), kind) }
    }
}
