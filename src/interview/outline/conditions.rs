//! When an entry is asked or told, as the templates see it. No wording is decided here.

use serde::Serialize;

use super::numbers::Numbers;
use super::refusal::is_no;
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
        let is_said = !is_fact && is_about_target(place, condition) && !names_answers(condition);
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

/// How HOC says that an alternative is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedAfter {
    /// After a no to its target, as usual.
    No,
    /// After certain answers, a no among them.
    AnswersWithNo,
    /// After certain answers, none of which is a no: `Welche Vorstrafen haben Sie?` after a yes.
    OtherAnswers,
}

impl AskedAfter {
    pub(super) fn of(place: &Placed<'_>) -> Self {
        let conditions = place.question.conditions.iter().take(limits::CONDITIONS);
        let mut named = conditions.filter(|it| is_about_target(place, it) && names_answers(it)).peekable();
        if named.peek().is_none() {
            return Self::No;
        }
        let allows_no =
            |condition: &Condition| condition.values.iter().any(is_a_no) == (condition.action == Action::Ask);
        if named.all(allows_no) { Self::AnswersWithNo } else { Self::OtherAnswers }
    }
}

fn is_about_target(place: &Placed<'_>, condition: &Condition) -> bool {
    place.alternative_for.is_some_and(|target| target.id == condition.field)
}

/// Whether a condition says more than that a question is asked after a no: it names other answers.
fn names_answers(condition: &Condition) -> bool {
    let is_plain: fn(&ConditionValue) -> bool = match (condition.operator, condition.action) {
        (Operator::Equals | Operator::In, Action::Ask) => |value| is_just(value, false, "nein"),
        (Operator::Equals | Operator::In, Action::Skip) => |value| is_just(value, true, "ja"),
        _ => return false,
    };
    !condition.values.iter().all(is_plain)
}

fn is_just(value: &ConditionValue, answer: bool, word: &str) -> bool {
    match value {
        ConditionValue::Bool(value) => *value == answer,
        ConditionValue::Text(text) => text.trim().eq_ignore_ascii_case(word),
    }
}

fn is_a_no(value: &ConditionValue) -> bool {
    match value {
        ConditionValue::Bool(yes) => !yes,
        ConditionValue::Text(text) => is_no(text),
    }
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
