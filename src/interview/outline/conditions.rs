//! When an entry is asked or told, as the templates see it. No wording is decided here.

use serde::Serialize;

use super::numbers::Numbers;
use crate::domain::{Action, Condition, ConditionValue, Operator, QuestionKind};
use crate::interview::limits;
use crate::interview::order::Placed;
use crate::interview::placeholders::Placeholders;
use crate::interview::small_talk::SmallTalk;

/// When an entry is asked or told. `number` is the question that it refers to; without one, the answer is not known
/// here.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ConditionView {
    pub(super) number: Option<usize>,
    operator: &'static str,
    answers: Vec<Answer>,
    action: &'static str,
}

impl ConditionView {
    /// The question is asked unless the conversation has answered it already.
    const UNLESS_KNOWN: Self = Self { number: None, operator: "exists", answers: Vec::new(), action: "ask" };
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Answer {
    Bool(bool),
    Text(String),
}

/// The conditions of a question or fact that the prompt does not say elsewhere, up to [`limits::CONDITIONS`].
pub(super) fn conditions(
    place: &Placed<'_>,
    numbers: &Numbers<'_>,
    fill: &Placeholders,
) -> Vec<ConditionView> {
    let question = place.question;
    let is_fact = question.kind == QuestionKind::Info;
    let mut views: Vec<ConditionView> = Vec::new();
    if SmallTalk::of(question) == Some(SmallTalk::Time) {
        // The first message asks that already.
        views.push(ConditionView::UNLESS_KNOWN);
    }
    for condition in question.conditions.iter().take(limits::CONDITIONS) {
        // The prompt says already that an alternative is asked only after a no.
        let is_said = !is_fact && place.alternative_for.is_some_and(|target| target.id == condition.field);
        // A fact has no answer that could be known beforehand.
        let says_nothing =
            condition.action == Action::Reorder || (is_fact && condition.action == Action::Prefill);
        if is_said || says_nothing || condition.field == question.id {
            continue;
        }
        let view = condition_view(condition, numbers, fill);
        // One remark covers all conditions that only HOC can judge.
        if view.number.is_some() || views.iter().all(|other| other.number.is_some()) {
            views.push(view);
        }
    }
    views
}

fn condition_view(condition: &Condition, numbers: &Numbers<'_>, fill: &Placeholders) -> ConditionView {
    let answers: Vec<Answer> = condition
        .values
        .iter()
        .take(limits::CONDITIONS)
        .filter_map(|value| match value {
            ConditionValue::Bool(yes) => Some(Answer::Bool(*yes)),
            ConditionValue::Text(text) => fill.fill_text(Some(text), limits::OPTION).map(Answer::Text),
        })
        .collect();
    let comparable = condition.operator == Operator::Exists || !answers.is_empty();
    ConditionView {
        number: numbers.of_id(&condition.field).filter(|_| comparable),
        operator: match condition.operator {
            Operator::Equals | Operator::In => "equals",
            Operator::Exists => "exists",
        },
        answers,
        action: match condition.action {
            Action::Ask | Action::Reorder => "ask",
            Action::Skip => "skip",
            Action::Prefill => "prefill",
        },
    }
}
