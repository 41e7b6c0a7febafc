//! The order in which questions are asked.

use std::collections::{HashMap, HashSet};

use super::alternatives::Targets;
use super::follow_up::is_follow_up;
use super::phase::{Phase, is_criterion, phase_of};
use crate::domain::{Importance, Question, QuestionKind};

/// A question in its place in the conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) question: &'a Question,
    pub(super) phase: Phase,
    /// The question that this one is asked instead of.
    pub(super) alternative_for: Option<&'a Question>,
    /// Whether the question decides on a must criterion: it is one, or is asked instead of one.
    pub(super) is_decisive: bool,
    /// Its position in HOC's list.
    position: usize,
}

/// Puts questions in the order of the conversation: by phase, HOC's category order and importance, then as HOC lists
/// them. The alternatives of a question directly follow it, each with its own alternatives after it. A question that
/// depends on an answer comes after the question that asks for it.
pub(super) fn in_order(questions: &[Question]) -> Vec<Placed<'_>> {
    let targets = Targets::of(questions);
    let mut waiting = with_targets(questions, &targets);
    let keys = sort_keys(&mut waiting);
    waiting.sort_by_key(|placed| keys[placed.position]);
    let ids: HashSet<&str> = questions.iter().map(|question| question.id.as_str()).collect();
    let mut ordered: Vec<Placed<'_>> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = next_ready(&waiting, &ordered, &ids, &targets);
        let mut placed = waiting.remove(next);
        placed.phase = ordered.last().map_or(placed.phase, |last| placed.phase.max(last.phase));
        ordered.push(placed);
    }
    ordered
}

/// Every question with its initial phase and the question that it is asked instead of.
fn with_targets<'a>(questions: &'a [Question], targets: &Targets) -> Vec<Placed<'a>> {
    let placed = questions.iter().enumerate().map(|(position, question)| {
        let line: Vec<&Question> = targets.line(position).map(|target| &questions[target]).collect();
        Placed {
            question,
            // The phase of the question at the start of the chain: an alternative may have alternatives itself.
            phase: phase_of(line.last().copied().unwrap_or(question)),
            alternative_for: line.first().copied(),
            is_decisive: match line.as_slice() {
                [] => is_criterion(question),
                line => line.iter().copied().any(is_criterion),
            },
            position,
        }
    });
    placed.collect()
}

type SortKey = (Phase, i64, usize, u8, usize);

/// The keys by position. A category without an order keeps the position of its first question, after all categories
/// that have one.
fn sort_keys(placed: &mut [Placed<'_>]) -> Vec<SortKey> {
    let mut first_of_category: HashMap<Option<&str>, usize> = HashMap::new();
    for place in &*placed {
        first_of_category.entry(category(place.question)).or_insert(place.position);
    }
    let key = |place: &Placed<'_>| {
        let order = place.question.category_order.unwrap_or(i64::MAX);
        let first = first_of_category[&category(place.question)];
        (place.phase, order, first, rank(place.question.importance), place.position)
    };
    let mut keys: Vec<SortKey> = placed.iter().map(key).collect();
    keep_follow_ups(placed, &mut keys);
    keys
}

/// Keeps each question that refers to the entry before it directly behind that. If that is a fact, the fact is told
/// where the question is asked.
fn keep_follow_ups(placed: &mut [Placed<'_>], keys: &mut [SortKey]) {
    for position in 1..placed.len() {
        let (before, question) = (&placed[position - 1], &placed[position]);
        if question.alternative_for.is_some() || !is_follow_up(question.question) {
            continue;
        }
        let is_fact = before.question.kind == QuestionKind::Info;
        if is_fact && (before.question.phase.is_some() || !before.question.conditions.is_empty()) {
            continue;
        }
        let (leader, moved) = if is_fact { (position, position - 1) } else { (position - 1, position) };
        let (phase, order, first, rank, _) = keys[leader];
        keys[moved] = (phase, order, first, rank, moved);
        placed[moved].phase = phase;
    }
}

fn category(question: &Question) -> Option<&str> {
    question.category.as_deref().or(question.group.as_deref())
}

/// A lower rank comes first. Unknown importance counts as wanted.
pub(super) const fn rank(importance: Importance) -> u8 {
    match importance {
        Importance::Must => 0,
        Importance::Wanted | Importance::Unknown => 1,
        Importance::NiceToHave => 2,
    }
}

/// The next question that depends on no answer still to come: first the alternatives of the question just asked, then
/// those of the questions that it was asked instead of, then any other. If all wait for one another (HOC does not
/// forbid it), the first of them.
fn next_ready(
    waiting: &[Placed<'_>],
    ordered: &[Placed<'_>],
    ids: &HashSet<&str>,
    targets: &Targets,
) -> usize {
    let asked: HashSet<&str> = ordered.iter().map(|placed| placed.question.id.as_str()).collect();
    let is_ready = |placed: &Placed<'_>| dependencies(placed, ids).all(|id| asked.contains(id));
    let alternative_to = |target: usize| {
        waiting.iter().position(|placed| targets.get(placed.position) == Some(target) && is_ready(placed))
    };
    let just_asked = ordered.last().map(|last| last.position);
    just_asked
        .into_iter()
        .chain(just_asked.into_iter().flat_map(|last| targets.line(last)))
        .find_map(alternative_to)
        .or_else(|| waiting.iter().position(is_ready))
        .unwrap_or(0)
}

/// The ids of the questions that must be asked before this one.
fn dependencies<'a>(placed: &'a Placed<'_>, ids: &'a HashSet<&str>) -> impl Iterator<Item = &'a str> {
    let conditions = placed.question.conditions.iter().map(|condition| condition.field.as_str());
    let target = placed.alternative_for.map(|target| target.id.as_str());
    conditions.chain(target).filter(|id| *id != placed.question.id && ids.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, Condition, ConditionValue, Gate, Operator};

    fn question(id: &str, order: Option<i64>, importance: Importance) -> Question {
        Question { category_order: order, importance, ..Question::new(id, "Frage?", QuestionKind::Open) }
    }

    fn depends_on(id: &str, field: &str) -> Question {
        let condition = Condition {
            field: field.to_owned(),
            operator: Operator::Equals,
            values: vec![ConditionValue::Bool(false)],
            action: Action::Ask,
        };
        Question { conditions: vec![condition], ..question(id, None, Importance::Wanted) }
    }

    fn alternative(id: &str, target: Option<&str>) -> Question {
        let gate = Gate { is_gate: false, is_alternative: true, alternative_for: target.map(str::to_owned) };
        Question { gate, ..question(id, Some(9), Importance::NiceToHave) }
    }

    fn gate(id: &str) -> Question {
        Question {
            gate: Gate { is_gate: true, ..Gate::default() },
            ..question(id, Some(5), Importance::Must)
        }
    }

    fn ids(questions: &[Question]) -> Vec<&str> {
        in_order(questions).into_iter().map(|placed| placed.question.id.as_str()).collect()
    }

    #[test]
    fn category_order_comes_before_importance_and_importance_before_position() {
        let questions = [
            question("d", None, Importance::Must),
            question("c", Some(2), Importance::Must),
            question("b", Some(1), Importance::NiceToHave),
            question("a", Some(1), Importance::Must),
        ];
        assert_eq!(ids(&questions), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_follow_up_stays_behind_what_it_refers_to_whatever_its_importance() {
        let says =
            |id: &str, text: &str, importance, kind| Question { importance, ..Question::new(id, text, kind) };
        let questions = [
            says("must", "Haben Sie ein Examen?", Importance::Must, QuestionKind::YesNo),
            says("since", "Wenn ja, seit wann?", Importance::NiceToHave, QuestionKind::Open),
            says("wish", "Haben Sie schon gepflegt?", Importance::NiceToHave, QuestionKind::YesNo),
            says("where", "Wenn ja, wo?", Importance::Must, QuestionKind::Open),
            says("employer", "Wir sind ein Haus.", Importance::Unknown, QuestionKind::Info),
            says("shifts", "Wir arbeiten in zwei Schichten.", Importance::Unknown, QuestionKind::Info),
            says("fits", "Passt das für Sie?", Importance::Wanted, QuestionKind::Open),
        ];
        assert_eq!(ids(&questions), ["employer", "must", "since", "shifts", "fits", "wish", "where"]);
        let phases: Vec<_> = in_order(&questions).iter().map(|placed| placed.phase).collect();
        assert_eq!(phases[1..4], [Phase::Criteria, Phase::Criteria, Phase::Wishes]);
    }

    #[test]
    fn alternatives_follow_their_criterion_whatever_their_own_order() {
        let questions = [
            gate("g1"),
            gate("g2"),
            alternative("a2", None),
            alternative("a1", Some("g1")),
            alternative("b1", Some("g1")),
        ];
        assert_eq!(ids(&questions), ["g1", "a1", "b1", "g2", "a2"]);
        assert!(in_order(&questions).iter().all(|placed| placed.phase == Phase::Criteria));
    }

    #[test]
    fn alternatives_of_alternatives_follow_them_where_the_criterion_is() {
        let questions = [
            gate("a"),
            alternative("b", Some("a")),
            alternative("b2", Some("a")),
            alternative("c", Some("b")),
            gate("d"),
            question("e", Some(1), Importance::Wanted),
            alternative("c2", Some("c")),
        ];
        assert_eq!(ids(&questions), ["a", "b", "c", "c2", "b2", "d", "e"]);
        for placed in in_order(&questions) {
            assert_eq!(placed.is_decisive, placed.question.id != "e", "{}", placed.question.id);
            assert_eq!(placed.phase == Phase::Criteria, placed.question.id != "e");
        }
    }

    #[test]
    fn alternatives_in_a_circle_are_asked_as_usual_questions() {
        let questions = [
            alternative("x", Some("y")),
            alternative("y", Some("z")),
            alternative("z", Some("x")),
            alternative("a", Some("z")),
            gate("g"),
        ];
        assert_eq!(ids(&questions), ["g", "x", "y", "z", "a"]);
        let targets: Vec<_> = in_order(&questions)
            .into_iter()
            .map(|placed| placed.alternative_for.map(|target| target.id.as_str()))
            .collect();
        assert_eq!(targets, [None, None, None, None, Some("z")]);
    }

    #[test]
    fn what_depends_on_an_answer_comes_after_its_question_even_in_a_later_phase() {
        let mut last = question("last", None, Importance::Wanted);
        last.phase = Some(5);
        let questions = [depends_on("x", "last"), question("y", None, Importance::Wanted), last];
        assert_eq!(ids(&questions), ["y", "last", "x"]);
        assert_eq!(in_order(&questions)[2].phase, Phase::Career);
    }

    #[test]
    fn questions_that_wait_for_one_another_or_for_themselves_are_still_asked() {
        let questions =
            [depends_on("x", "y"), depends_on("y", "x"), depends_on("z", "z"), alternative("a", Some("a"))];
        let mut asked = ids(&questions);
        asked.sort_unstable();
        assert_eq!(asked, ["a", "x", "y", "z"]);
    }

    #[test]
    fn conditions_on_what_only_hoc_knows_hold_nothing_up() {
        assert_eq!(
            ids(&[depends_on("x", "has_address"), question("y", None, Importance::Wanted)]),
            ["x", "y"]
        );
    }
}
