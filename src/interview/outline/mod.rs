//! The questionnaire as the templates see it: ordered, numbered, filled in and limited. No wording is decided here.

mod conditions;
mod entry;
mod flow;
mod numbers;
mod options;
mod refusal;
mod weight;

use serde::Serialize;

use self::numbers::Numbers;
use super::limits;
use super::losses::Ledger;
use super::merge_field::is_marked;
use super::order::{Placed, in_order};
use super::phase::Phase;
use super::placeholders::Placeholders;
use crate::domain::Question;
use crate::templates::Prepared;

pub(super) use self::entry::Entry;
pub(super) use self::weight::Weight;

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
            let entry = Entry::of(place, filled, numbers.at(position), &numbers, fill);
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
