//! The entries of a list, read one by one: what can be used, and what was left out.

use crate::domain::{Question, SkipReason, SkippedEntry};

/// What a list of questions or notes comes to.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) questions: Vec<Question>,
    pub(super) skipped: Vec<SkippedEntry>,
}

impl Entries {
    /// Takes an entry's question, or notes why it has none.
    pub(super) fn add(&mut self, id: impl FnOnce() -> String, question: Result<Question, SkipReason>) {
        match question {
            Ok(question) => self.questions.push(question),
            Err(reason) => self.skipped.push(SkippedEntry { id: id(), reason }),
        }
    }
}
