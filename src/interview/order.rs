//! The order in which questions are asked.

use std::collections::{HashMap, HashSet};

use super::phase::{Phase, is_criterion, phase_of};
use crate::domain::{Importance, Question};

/// A question in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) question: &'a Question,
    pub(super) phase: Phase,
    /// The id of the question this one is asked instead of.
    pub(super) alternative_for: Option<&'a str>,
    /// Whether the question decides on a must criterion: it is one, or is asked instead of one.
    pub(super) is_decisive: bool,
}

/// Puts questions in the order of the conversation: by phase, then by HOC's category order, then by importance, and
/// else as HOC has them. The alternatives of a criterion follow it at once, and what depends on an answer comes after
/// the question that asks for it.
pub(super) fn in_order(questions: &[Question]) -> Vec<Placed<'_>> {
    let mut waiting = with_targets(questions);
    waiting.sort_by_cached_key(sort_key(questions));
    let ids: HashSet<&str> = questions.iter().map(|question| question.id.as_str()).collect();
    let mut ordered: Vec<Placed<'_>> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = next_ready(&waiting, &ordered, &ids);
        let mut placed = waiting.remove(next);
        placed.phase = ordered.last().map_or(placed.phase, |last| placed.phase.max(last.phase));
        ordered.push(placed);
    }
    ordered
}

/// Every question with the phase it starts from and the question it is asked instead of.
fn with_targets(questions: &[Question]) -> Vec<Placed<'_>> {
    let by_id: HashMap<&str, &Question> = questions.iter().rev().map(|q| (q.id.as_str(), q)).collect();
    let mut last_criterion = None;
    let mut placed = Vec::with_capacity(questions.len());
    for question in questions {
        let target = alternative_target(question, &by_id, last_criterion);
        if is_criterion(question) {
            last_criterion = Some(question);
        }
        placed.push(Placed {
            question,
            phase: phase_of(target.unwrap_or(question)),
            alternative_for: target.map(|target| target.id.as_str()),
            // An alternative may have alternatives itself.
            is_decisive: target
                .map_or_else(|| is_criterion(question), |t| is_criterion(t) || t.gate.is_alternative),
        });
    }
    placed
}

/// The question that an alternative is asked instead of: the one it names, else the nearest criterion before it.
fn alternative_target<'a>(
    question: &'a Question,
    by_id: &HashMap<&str, &'a Question>,
    last_criterion: Option<&'a Question>,
) -> Option<&'a Question> {
    let named = question.gate.alternative_for.as_deref().and_then(|id| by_id.get(id).copied());
    named.or(if question.gate.is_alternative { last_criterion } else { None }).filter(|target| {
        target.id != question.id && target.gate.alternative_for.as_deref() != Some(&question.id)
    })
}

type SortKey = (Phase, i64, usize, u8, usize);

/// A category without an order keeps the place of its first question, behind those that have one.
fn sort_key<'a>(questions: &'a [Question]) -> impl FnMut(&Placed<'a>) -> SortKey {
    let mut first_of_category: HashMap<Option<&str>, usize> = HashMap::new();
    let mut position: HashMap<*const Question, usize> = HashMap::new();
    for (index, question) in questions.iter().enumerate() {
        first_of_category.entry(category(question)).or_insert(index);
        position.insert(std::ptr::from_ref(question), index);
    }
    move |placed| {
        (
            placed.phase,
            placed.question.category_order.unwrap_or(i64::MAX),
            first_of_category[&category(placed.question)],
            weight(placed.question.importance),
            position[&std::ptr::from_ref(placed.question)],
        )
    }
}

fn category(question: &Question) -> Option<&str> {
    question.category.as_deref().or(question.group.as_deref())
}

/// Lighter is earlier. A question of unknown importance is treated as a wanted one.
pub(super) const fn weight(importance: Importance) -> u8 {
    match importance {
        Importance::Must => 0,
        Importance::Wanted | Importance::Unknown => 1,
        Importance::NiceToHave => 2,
    }
}

/// The next question whose answers to rely on are there: first the alternatives of the criterion just asked. If all
/// wait for one another (HOC does not forbid it), the first of them.
fn next_ready(waiting: &[Placed<'_>], ordered: &[Placed<'_>], ids: &HashSet<&str>) -> usize {
    let asked: HashSet<&str> = ordered.iter().map(|placed| placed.question.id.as_str()).collect();
    let is_ready = |placed: &Placed<'_>| dependencies(placed, ids).all(|id| asked.contains(id));
    let current = ordered.last().map(|last| last.alternative_for.unwrap_or(&last.question.id));
    let follows = |placed: &Placed<'_>| placed.alternative_for.is_some() && placed.alternative_for == current;
    waiting
        .iter()
        .position(|placed| follows(placed) && is_ready(placed))
        .or_else(|| waiting.iter().position(is_ready))
        .unwrap_or(0)
}

/// The ids of the questions that must be asked before this one.
fn dependencies<'a>(placed: &'a Placed<'_>, ids: &'a HashSet<&str>) -> impl Iterator<Item = &'a str> {
    let conditions = placed.question.conditions.iter().map(|condition| condition.field.as_str());
    conditions.chain(placed.alternative_for).filter(|id| *id != placed.question.id && ids.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, Condition, ConditionValue, Gate, Operator, QuestionKind};

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
