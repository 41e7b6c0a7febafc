//! What of a questionnaire is neither asked nor told.

use crate::domain::{Questionnaire, SkipReason};
use crate::interview::Losses;

/// An entry that does not reach the interview. HOC's id identifies it; its text is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// HOC's id, or one made from the entry's position.
    pub id: String,
    /// Why.
    pub reason: DropReason,
}

/// Why an entry does not reach the interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    /// It was unusable as HOC sent it.
    Unusable(SkipReason),
    /// Nothing is left of it once the placeholders that nobody fills are removed.
    OnlyPlaceholders,
    /// A fact in which a placeholder could not be filled.
    ValueMissing,
    /// A fact whose condition no answer in the interview decides.
    ConditionUnknown,
    /// Another question asks the same.
    Duplicate,
    /// The prompt would have become too long.
    PromptTooLong,
}

impl DropReason {
    /// Whether somebody should fix the entry. Contact persons and internal notes are left out on purpose, a duplicate
    /// is asked as the other question, and surplus questions have a warning of their own.
    pub(super) const fn is_to_mend(self) -> bool {
        !matches!(
            self,
            Self::Unusable(SkipReason::ContactPerson | SkipReason::Internal)
                | Self::Duplicate
                | Self::PromptTooLong
        )
    }

    /// A stable word for answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unusable(SkipReason::NotAQuestion) => "not_a_question",
            Self::Unusable(SkipReason::NoText) => "no_text",
            Self::Unusable(SkipReason::ContactPerson) => "contact_person",
            Self::Unusable(SkipReason::Internal) => "internal",
            Self::OnlyPlaceholders => "only_placeholders",
            Self::ValueMissing => "value_missing",
            Self::ConditionUnknown => "condition_unknown",
            Self::Duplicate => "duplicate",
            Self::PromptTooLong => "prompt_too_long",
        }
    }
}

/// Every entry that was dropped, grouped by reason.
pub(super) fn all(questionnaire: &Questionnaire, losses: &Losses) -> Vec<Dropped> {
    let unusable = questionnaire.skipped.iter().map(|entry| (&entry.id, DropReason::Unusable(entry.reason)));
    let unused = [
        (&losses.emptied, DropReason::OnlyPlaceholders),
        (&losses.incomplete, DropReason::ValueMissing),
        (&losses.unjudged, DropReason::ConditionUnknown),
    ];
    // If the prompt is too long, an entry that was already found unusable may be left out, too; it is listed once.
    let is_unused = |id: &String| unused.iter().any(|(ids, _)| ids.contains(id));
    let omitted = losses.omitted.iter().filter(|id| !is_unused(id));
    let omitted = omitted.map(|id| (id, DropReason::PromptTooLong));
    let unused = unused.iter().flat_map(|(ids, reason)| ids.iter().map(|id| (id, *reason)));
    let duplicates = losses.duplicates.iter().map(|id| (id, DropReason::Duplicate));
    unusable
        .chain(unused)
        .chain(duplicates)
        .chain(omitted)
        .map(|(id, reason)| Dropped { id: id.clone(), reason })
        .collect()
}
