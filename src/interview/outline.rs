//! The questionnaire as the templates see it: ordered, numbered, filled in and limited. No wording is decided here.

use std::collections::HashMap;

use serde::Serialize;

use super::criterion_mark::requirement;
use super::flow::FlowView;
use super::limits;
use super::losses::Ledger;
use super::merge_field::is_marked;
use super::order::{Placed, in_order};
use super::phase::{Phase, is_about_contact, is_criterion};
use super::placeholders::{Filled, Placeholders};
use super::refusal::Refusal;
use super::small_talk::SmallTalk;
use crate::domain::{
    Action, Condition, ConditionValue, Importance, Operator, Question, QuestionKind, Wording,
};
use crate::templates::Prepared;

/// What is asked, by phase, and what is told about the employer.
#[derive(Debug, Default, Serialize)]
pub(super) struct Outline {
    pub(super) identity: Vec<Topic>,
    pub(super) opening: Vec<Topic>,
    pub(super) criteria: Vec<Topic>,
    pub(super) wishes: Vec<Topic>,
    pub(super) career: Vec<Topic>,
    pub(super) closing: Vec<Topic>,
    #[serde(skip)]
    pub(super) facts: Vec<String>,
}

/// Consecutive entries of one group.
#[derive(Debug, Serialize)]
pub(super) struct Topic {
    name: Option<String>,
    pub(super) entries: Vec<Prepared<Entry>>,
}

/// A question to ask or a fact to tell.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Entry {
    /// Counted through the whole conversation; `None` for a fact.
    pub(super) number: Option<usize>,
    pub(super) text: String,
    kind: &'static str,
    wording: &'static str,
    pub(super) weight: Weight,
    preamble: Option<String>,
    pub(super) context: Option<String>,
    hints: Vec<String>,
    pub(super) options: Vec<String>,
    conditions: Vec<ConditionView>,
    /// What counts as a no to it.
    refusal: Refusal,
    pub(super) alternative_for: Option<usize>,
    /// What counts as a no to the question that this one is asked instead of.
    alternative_after: Option<Refusal>,
    alternatives: Vec<usize>,
    flow: Option<FlowView>,
    /// Whether one of HOC's placeholders could not be filled.
    gap: bool,
    /// What HOC's note names as the criterion itself.
    #[serde(skip)]
    pub(super) requirement: Option<String>,
    /// Whether it decides on a must criterion: it is one, or is asked instead of one.
    #[serde(skip)]
    pub(super) decisive: bool,
    /// Whether it is about who is speaking, how to reach them or whether now is a good time.
    #[serde(skip)]
    pub(super) contact: bool,
}

/// How much depends on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Weight {
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
    fn of(question: &Question) -> Self {
        match question.importance {
            _ if is_criterion(question) => Self::Criterion,
            Importance::Must => Self::Important,
            Importance::Wanted | Importance::Unknown => Self::Usual,
            Importance::NiceToHave => Self::Optional,
        }
    }
}

/// When an entry is asked or told. `number` is the question that it refers to; without one, the answer is not known
/// here.
#[derive(Debug, Clone, Serialize)]
struct ConditionView {
    number: Option<usize>,
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

impl Outline {
    /// Orders `questions` and fills in their placeholders.
    pub(super) fn new(questions: &[Question], fill: &Placeholders) -> Self {
        let (placed, texts): (Vec<_>, Vec<_>) = in_order(questions)
            .into_iter()
            .filter_map(|place| {
                let filled = fill.fill(&place.question.text, limits::TEXT);
                if filled.is_none() {
                    fill.ledger.emptied(&place.question.id);
                }
                Some((place, filled?))
            })
            .unzip();
        let numbers = Numbers::of(&placed);
        let mut outline = Self::default();
        for (position, (place, filled)) in placed.iter().zip(texts).enumerate() {
            let entry = entry(place, filled, numbers.by_position[position], &numbers, fill);
            if is_used(&entry, &place.question.id, &fill.ledger) {
                outline.add(place, entry, fill);
            }
        }
        outline
    }

    fn add(&mut self, place: &Placed<'_>, entry: Entry, fill: &Placeholders) {
        let topics = match place.phase {
            Phase::Employer if entry.number.is_none() && entry.conditions.is_empty() => {
                self.facts.push(fill.ledger.shorten(&entry.text, limits::NOTE));
                return;
            }
            Phase::Identity => &mut self.identity,
            Phase::Opening => &mut self.opening,
            // A fact with a condition does not belong among those that everybody is told. All that was asked before it
            // belongs to the opening, so it goes there.
            Phase::Employer if entry.number.is_none() => &mut self.opening,
            Phase::Criteria => &mut self.criteria,
            Phase::Employer | Phase::Wishes => &mut self.wishes,
            Phase::Career => &mut self.career,
            Phase::Closing => &mut self.closing,
        };
        let name = fill.fill_text(place.question.group.as_deref(), limits::TITLE);
        let entry = Prepared::new(entry);
        match topics.last_mut() {
            Some(topic) if topic.name == name => topic.entries.push(entry),
            _ => topics.push(Topic { name, entries: vec![entry] }),
        }
    }

    /// Limits the number of facts, and drops those that only repeat the place.
    pub(super) fn tidy_facts(&mut self, location: Option<&str>, ledger: &Ledger) {
        if self.facts.iter().any(|fact| is_marked(fact)) {
            ledger.depends_on_names();
        }
        self.facts.retain(|fact| location.is_none_or(|location| !is_only_location(fact, location)));
        self.facts.dedup();
        for fact in self.facts.drain(limits::FACTS.min(self.facts.len())..) {
            ledger.surplus(&fact);
        }
    }

    /// All entries that ask something, in order.
    pub(super) fn asked(&self) -> impl Iterator<Item = &Prepared<Entry>> {
        [&self.identity, &self.opening, &self.criteria, &self.wishes, &self.career, &self.closing]
            .into_iter()
            .flatten()
            .flat_map(|topic| &topic.entries)
            .filter(|entry| entry.number.is_some())
    }
}

/// A question is asked even if something in it is missing. A fact is told only if it is complete, and if some answer
/// shows whether its condition holds.
fn is_used(entry: &Entry, id: &str, ledger: &Ledger) -> bool {
    if entry.number.is_some() {
        return true;
    }
    if entry.gap {
        ledger.incomplete(id);
        return false;
    }
    if entry.conditions.iter().any(|condition| condition.number.is_none()) {
        ledger.unjudged(id);
        return false;
    }
    true
}

/// `Standort: …` with nothing but the place after it.
fn is_only_location(fact: &str, location: &str) -> bool {
    fact.split_once(':').is_some_and(|(label, rest)| !label.contains(' ') && rest.trim() == location)
}

/// The numbers of the questions, by position in the conversation and by HOC's id.
struct Numbers<'a> {
    by_position: Vec<Option<usize>>,
    by_id: HashMap<&'a str, usize>,
    alternatives: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Numbers<'a> {
    fn of(placed: &[Placed<'a>]) -> Self {
        let mut numbers =
            Self { by_position: Vec::new(), by_id: HashMap::new(), alternatives: HashMap::new() };
        let mut asked = 0;
        for place in placed {
            if place.question.kind == QuestionKind::Info {
                numbers.by_position.push(None);
                continue;
            }
            asked += 1;
            numbers.by_position.push(Some(asked));
            numbers.by_id.entry(&place.question.id).or_insert(asked);
            if let Some(target) = place.alternative_for {
                numbers.alternatives.entry(&target.id).or_default().push(asked);
            }
        }
        numbers
    }

    /// The alternatives that are asked after a no. HOC may give two questions the same id, so only later questions
    /// count.
    fn alternatives_after(&self, number: Option<usize>, id: &str) -> Vec<usize> {
        let alternatives = self.alternatives.get(id).into_iter().flatten().copied();
        alternatives.filter(|alternative| number.is_some_and(|number| *alternative > number)).collect()
    }
}

fn entry(
    place: &Placed<'_>,
    filled: Filled,
    number: Option<usize>,
    numbers: &Numbers<'_>,
    fill: &Placeholders,
) -> Entry {
    let (question, target) = (place.question, place.alternative_for);
    let Filled { text, gap } = filled;
    let options = options(&question.options, fill);
    Entry {
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
        alternative_for: target.and_then(|target| numbers.by_id.get(target.id.as_str()).copied()),
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

/// Each option once, up to [`limits::OPTIONS`].
pub(super) fn options(options: &[String], fill: &Placeholders) -> Vec<String> {
    let mut filled: Vec<String> = Vec::new();
    for option in options.iter().filter_map(|option| fill.fill_text(Some(option), limits::OPTION)) {
        if filled.contains(&option) {
            continue;
        }
        if filled.len() == limits::OPTIONS {
            fill.ledger.surplus(&option);
            continue;
        }
        filled.push(option);
    }
    filled
}

fn conditions(place: &Placed<'_>, numbers: &Numbers<'_>, fill: &Placeholders) -> Vec<ConditionView> {
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
        number: numbers.by_id.get(condition.field.as_str()).copied().filter(|_| comparable),
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
