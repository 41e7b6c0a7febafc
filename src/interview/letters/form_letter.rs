//! An interview that is written once for all candidates, and addressed to each by filling in the names.

use crate::domain::{CallId, Private, Script, Trigger};
use crate::interview::merge_field::{MergeField, is_mark};
use crate::interview::texts::Texts;
use crate::interview::variables;

/// The texts of one questionnaire for one channel, without anybody's name.
#[derive(Debug)]
pub(in crate::interview) struct FormLetter {
    prompt: Passage,
    first_message: Passage,
    variables: Vec<(&'static str, Passage)>,
    omitted_questions: usize,
}

impl FormLetter {
    /// `texts` were written for [`crate::interview::addressee::Addressee::anybody`], where `company_ending` follows
    /// each company. It is removed here, because the company's name brings it along.
    pub(super) fn of(texts: Texts, company_ending: Option<char>) -> Self {
        let passage = |text: String| Passage::of(&text, company_ending);
        Self {
            prompt: passage(texts.prompt),
            first_message: passage(texts.first_message),
            variables: texts.variables.into_iter().map(|(name, value)| (name, passage(value))).collect(),
            omitted_questions: texts.omitted_questions,
        }
    }

    /// The script for this candidate.
    pub(in crate::interview) fn address(&self, trigger: &Trigger, call_id: &CallId) -> Script {
        let filled = |passage: &Passage| Private::new(passage.fill(trigger));
        let of_campaign = self.variables.iter().map(|(name, passage)| (*name, filled(passage)));
        Script {
            prompt: filled(&self.prompt),
            first_message: filled(&self.first_message),
            variables: variables::of_trigger(trigger, call_id).into_iter().chain(of_campaign).collect(),
            omitted_questions: self.omitted_questions,
        }
    }

    /// Roughly how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        let passages = self.variables.iter().map(|(_, passage)| passage);
        let passages = passages.chain([&self.prompt, &self.first_message]);
        passages
            .map(|passage| passage.text.len() + passage.fields.len() * size_of::<(usize, MergeField)>())
            .sum()
    }
}

/// A text, and where names go into it.
#[derive(Debug, PartialEq, Eq)]
struct Passage {
    text: String,
    /// The byte offset at which each is inserted, in order.
    fields: Vec<(usize, MergeField)>,
}

impl Passage {
    fn of(marked: &str, company_ending: Option<char>) -> Self {
        let mut passage = Self { text: String::with_capacity(marked.len()), fields: Vec::new() };
        for mut piece in marked.split_inclusive(is_mark) {
            if let (Some((_, MergeField::Company)), Some(ending)) = (passage.fields.last(), company_ending) {
                piece = piece.strip_prefix(ending).unwrap_or(piece);
            }
            let field = piece.chars().next_back().and_then(MergeField::of_mark);
            passage.text.push_str(piece.trim_end_matches(is_mark));
            passage.fields.extend(field.map(|field| (passage.text.len(), field)));
        }
        passage
    }

    fn fill(&self, trigger: &Trigger) -> String {
        let name = |field| match field {
            MergeField::FirstName => trigger.candidate.first_name.reveal(),
            MergeField::LastName => trigger.candidate.last_name.reveal(),
            MergeField::Company => trigger.company.reveal(),
        };
        let names: usize = self.fields.iter().map(|(_, field)| name(*field).len()).sum();
        let mut filled = String::with_capacity(self.text.len() + names);
        let mut done = 0;
        for (place, field) in &self.fields {
            filled.push_str(&self.text[done..*place]);
            filled.push_str(name(*field));
            done = *place;
        }
        filled.push_str(&self.text[done..]);
        filled
    }
}
