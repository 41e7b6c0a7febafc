//! A question or a fact as the templates see it. No wording is decided here.

use serde::Serialize;

use super::conditions::{AskedAfter, ConditionView, conditions};
use super::flow::FlowView;
use super::numbers::Numbers;
use super::options::options;
use super::refusal::Refusal;
use super::weight::Weight;
use crate::domain::{Question, QuestionKind, Wording};
use crate::interview::criterion_mark::requirement;
use crate::interview::limits;
use crate::interview::order::Placed;
use crate::interview::phase::is_about_contact;
use crate::interview::placeholders::{Filled, Placeholders};

/// A question to ask or a fact to tell.
#[derive(Debug, Clone, Serialize)]
pub(in crate::interview) struct Entry {
    /// Counted through the whole conversation; `None` for a fact.
    pub(super) number: Option<usize>,
    pub(in crate::interview) text: String,
    kind: &'static str,
    wording: &'static str,
    pub(in crate::interview) weight: Weight,
    preamble: Option<String>,
    context: Option<String>,
    hints: Vec<String>,
    options: Vec<String>,
    pub(super) conditions: Vec<ConditionView>,
    /// What counts as a no to it.
    refusal: Refusal,
    alternative_for: Option<usize>,
    /// What counts as a no to the question that this one is asked instead of.
    alternative_after: Option<Refusal>,
    alternatives: Vec<usize>,
    flow: Option<FlowView>,
    /// Whether one of HOC's placeholders could not be filled.
    pub(super) gap: bool,
    /// What HOC's note names as the criterion itself.
    #[serde(skip)]
    pub(in crate::interview) requirement: Option<String>,
    /// Whether it decides on a must criterion: it is one, or is asked instead of one.
    #[serde(skip)]
    pub(in crate::interview) decisive: bool,
    /// Whether it is about who is speaking, how to reach them or whether now is a good time.
    #[serde(skip)]
    pub(in crate::interview) contact: bool,
}

impl Entry {
    /// The entry for a question whose text is filled in already.
    pub(super) fn of(
        place: &Placed<'_>,
        filled: Filled,
        number: Option<usize>,
        numbers: &Numbers<'_>,
        fill: &Placeholders,
    ) -> Self {
        let question = place.question;
        // One that is asked after certain answers has them among its conditions.
        let target = place.alternative_for.filter(|_| AskedAfter::of(place) == AskedAfter::No);
        let Filled { text, gap } = filled;
        let options = options(&question.options, fill);
        Self {
            number,
            kind: kind(question.kind),
            wording: wording(question.wording),
            weight: Weight::of(question),
            preamble: fill.fill_sentence(question.preamble.as_deref(), limits::NOTE),
            context: context(question, fill),
            hints: hints(question, fill),
            conditions: conditions(place, numbers, fill),
            requirement: requirement_of(question, fill),
            refusal: Refusal::of(question),
            alternative_for: target.and_then(|target| numbers.of_id(&target.id)),
            alternative_after: target.map(Refusal::of),
            alternatives: numbers.alternatives_after(number, &question.id),
            flow: question.flow.as_ref().and_then(|flow| FlowView::of(flow, &options, fill)),
            options,
            gap,
            decisive: place.is_decisive,
            contact: is_about_contact(question),
            text,
        }
    }
}

const fn kind(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Open => "open",
        QuestionKind::Number => "number",
        QuestionKind::Date => "date",
        QuestionKind::YesNo => "yes_no",
        QuestionKind::Choice => "choice",
        QuestionKind::MultiChoice => "multi_choice",
        QuestionKind::Ranking => "ranking",
        QuestionKind::Info => "info",
    }
}

const fn wording(wording: Wording) -> &'static str {
    match wording {
        Wording::Sentence => "sentence",
        Wording::Criterion => "criterion",
        Wording::WorkingCondition => "working_condition",
    }
}

/// The note for the interviewer, without the words that only mark it as a criterion; `None` if it repeats the question.
fn context(question: &Question, fill: &Placeholders) -> Option<String> {
    let context = question.context.as_deref()?;
    note(requirement(context).unwrap_or(context), question, fill)
}

/// What the note says after the words that mark it as a criterion. A note without them is only for the interviewer
/// (`Bei Nein nachhaken`), and not something that the employer requires.
fn requirement_of(question: &Question, fill: &Placeholders) -> Option<String> {
    note(requirement(question.context.as_deref()?)?, question, fill)
}

fn note(text: &str, question: &Question, fill: &Placeholders) -> Option<String> {
    // Compared as HOC wrote them: once filled in, they may be equal for one name and different for another.
    if text.trim() == question.text.trim() {
        return None;
    }
    fill.fill_text(Some(text.trim()), limits::NOTE)
}

fn hints(question: &Question, fill: &Placeholders) -> Vec<String> {
    let mut hints: Vec<String> = [&question.help_text, &question.input_hint]
        .into_iter()
        .filter_map(|hint| fill.fill_text(hint.as_deref(), limits::NOTE))
        .collect();
    hints.dedup();
    hints
}
