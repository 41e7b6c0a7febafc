//! The entries of a list, parsed one by one: those that are usable, and those that were skipped.

use crate::domain::{Question, SkipReason, SkippedEntry};

/// The result of parsing a list of questions or notes.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) questions: Vec<Question>,
    pub(super) skipped: Vec<SkippedEntry>,
}

impl Entries {
    /// Adds an entry's question, or records why the entry was skipped.
    pub(super) fn add(&mut self, id: impl FnOnce() -> String, question: Result<Question, SkipReason>) {
        match question {
            Ok(question) => self.questions.push(question),
            Err(reason) => self.skipped.push(SkippedEntry { id: id(), reason }),
        }
    }
}
