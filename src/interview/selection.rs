//! Which questions are asked if there are more than fit.

use std::borrow::Cow;

use super::order::rank;
use super::phase::is_criterion;
use crate::domain::{Question, QuestionKind};

/// The `most` most important questions, in HOC's order. Criteria and their alternatives come first, then questions by
/// importance, then facts.
pub(super) fn most_important(questions: &[Question], most: usize) -> Cow<'_, [Question]> {
    if questions.len() <= most {
        return Cow::Borrowed(questions);
    }
    let mut ranked: Vec<(usize, &Question)> = questions.iter().enumerate().collect();
    ranked.sort_by_key(|(position, question)| {
        let decisive = is_criterion(question) || question.gate.is_alternative;
        (!decisive, question.kind == QuestionKind::Info, rank(question.importance), *position)
    });
    ranked.truncate(most);
    ranked.sort_by_key(|(position, _)| *position);
    ranked.into_iter().map(|(_, question)| question.clone()).collect()
}
