//! The weight of a question, as the templates see it. No wording is decided here.

use serde::Serialize;

use crate::domain::{Importance, Question};
use crate::interview::phase::is_criterion;

/// How much depends on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::interview) enum Weight {
    /// A must criterion.
    Criterion,
    /// Of the highest priority, but not a criterion.
    Important,
    /// Of medium or unknown priority.
    Usual,
    /// Of the lowest priority.
    Optional,
}

impl Weight {
    pub(super) fn of(question: &Question) -> Self {
        match question.importance {
            _ if is_criterion(question) => Self::Criterion,
            Importance::Must => Self::Important,
            Importance::Wanted | Importance::Unknown => Self::Usual,
            Importance::NiceToHave => Self::Optional,
        }
    }
}
