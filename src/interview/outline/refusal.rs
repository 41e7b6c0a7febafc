//! What counts as a no: not every kind of question can be answered with one.

use serde::Serialize;

use crate::domain::{Question, QuestionKind};

/// What counts as a no to a question. The wording is in `question.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refusal {
    /// `Nein`.
    No,
    /// None of the options.
    NoneOfThem,
    /// Nothing that would answer it, or an option that denies (`Keinen`).
    Nothing,
}

impl Refusal {
    pub(super) fn of(question: &Question) -> Self {
        if question.kind == QuestionKind::YesNo || question.options.iter().any(|option| is_no(option)) {
            return Self::No;
        }
        // `Keinen` is one of the options, so "none of them" would not include it.
        let has_denial = question.options.iter().any(|option| begins_with(option, &DENIALS));
        if question.options.is_empty() || has_denial { Self::Nothing } else { Self::NoneOfThem }
    }
}

/// First words of options that deny without a no.
const DENIALS: [&str; 7] = ["kein", "keine", "keinen", "keiner", "keines", "keins", "nichts"];

/// `Nein`, `Nein, noch nicht`
pub(super) fn is_no(option: &str) -> bool {
    begins_with(option, &["nein"])
}

fn begins_with(option: &str, words: &[&str]) -> bool {
    let first = option.split(|character: char| !character.is_alphanumeric()).find(|word| !word.is_empty());
    first.is_some_and(|first| words.iter().any(|word| first.eq_ignore_ascii_case(word)))
}
