//! Which question each alternative is asked instead of.

use std::collections::HashMap;
use std::iter;

use super::phase::is_criterion;
use crate::domain::Question;

/// For each question of a list, the position of the one it is asked instead of.
#[derive(Debug)]
pub(super) struct Targets(Vec<Option<usize>>);

impl Targets {
    pub(super) fn of(questions: &[Question]) -> Self {
        let said = Self::as_said(questions);
        // Questions in a circle, each asked instead of another one, would never be asked. So they are not alternatives.
        let acyclic =
            (0..questions.len()).map(|position| said.0[position].filter(|_| !said.is_in_circle(position)));
        Self(acyclic.collect())
    }

    /// The question that an alternative names, else the nearest criterion before it.
    fn as_said(questions: &[Question]) -> Self {
        let by_id: HashMap<&str, usize> = positions(questions);
        let mut last_criterion = None;
        let mut targets = Vec::with_capacity(questions.len());
        for (position, question) in questions.iter().enumerate() {
            let named = question.gate.alternative_for.as_deref().and_then(|id| by_id.get(id).copied());
            let target = named.or(last_criterion.filter(|_| question.gate.is_alternative));
            targets.push(target.filter(|target| questions[*target].id != question.id));
            if is_criterion(question) {
                last_criterion = Some(position);
            }
        }
        Self(targets)
    }

    pub(super) fn get(&self, position: usize) -> Option<usize> {
        self.0[position]
    }

    /// The question's target, the target's own target and so on: an alternative may have alternatives itself.
    pub(super) fn line(&self, position: usize) -> impl Iterator<Item = usize> {
        // No chain is longer than the list, unless it leads into a circle.
        iter::successors(self.get(position), |target| self.get(*target)).take(self.0.len())
    }

    fn is_in_circle(&self, position: usize) -> bool {
        self.line(position).any(|target| target == position)
    }
}

/// The first position of each id: HOC may give two questions the same.
pub(super) fn positions(questions: &[Question]) -> HashMap<&str, usize> {
    questions.iter().enumerate().rev().map(|(position, question)| (question.id.as_str(), position)).collect()
}
