//! Which number each question has, so that others can refer to it.

use std::collections::HashMap;

use super::conditions::AskedAfter;
use crate::domain::QuestionKind;
use crate::interview::order::Placed;

/// The numbers of the questions, by position in the conversation and by HOC's id.
pub(super) struct Numbers<'a> {
    by_position: Vec<Option<usize>>,
    by_id: HashMap<&'a str, usize>,
    alternatives: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(placed: &[Placed<'a>]) -> Self {
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
            if let Some(target) = place.alternative_for
                && AskedAfter::of(place) != AskedAfter::OtherAnswers
            {
                numbers.alternatives.entry(&target.id).or_default().push(asked);
            }
        }
        numbers
    }

    /// The number of the entry at this position; `None` for a fact.
    pub(super) fn at(&self, position: usize) -> Option<usize> {
        self.by_position[position]
    }

    /// The number of the question with this id of HOC's.
    pub(super) fn of_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The alternatives that are asked after a no. HOC may give two questions the same id, so only later questions
    /// count.
    pub(super) fn alternatives_after(&self, number: Option<usize>, id: &str) -> Vec<usize> {
        let alternatives = self.alternatives.get(id).into_iter().flatten().copied();
        alternatives.filter(|alternative| number.is_some_and(|number| *alternative > number)).collect()
    }
}
