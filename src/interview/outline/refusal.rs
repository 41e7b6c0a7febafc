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
    /// Nothing that would answer it.
    Nothing,
}

impl Refusal {
    pub(super) fn of(question: &Question) -> Self {
        if question.kind == QuestionKind::YesNo || question.options.iter().any(|option| is_no(option)) {
            return Self::No;
        }
        if question.options.is_empty() { Self::Nothing } else { Self::NoneOfThem }
    }
}

/// `Nein`, `Nein, noch nicht`
fn is_no(option: &str) -> bool {
    option
        .split(|character: char| !character.is_alphanumeric())
        .find(|word| !word.is_empty())
        .is_some_and(|first| first.eq_ignore_ascii_case("nein"))
}
