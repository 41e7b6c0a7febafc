//! Questionnaires that are in use, found again by the bytes that HOC sent.

use std::fmt;
use std::sync::{Arc, Weak};

use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::domain::Questionnaire;
use crate::hoc::{HocError, parse_questionnaire};

/// How many answers are remembered at most; as many as there are questionnaires in the questionnaire cache.
const MAX_ENTRIES: usize = 1_024;

/// Parses HOC's answers, each only once for as long as anybody uses the result: most are the same as the last time.
///
/// Keeps digests and no texts; whoever uses a questionnaire keeps it in memory. `Debug` shows only how many there are.
pub(super) struct Interner(Cache<[u8; 32], Weak<Questionnaire>>);

impl Interner {
    pub(super) fn new() -> Self {
        Self(Cache::new(MAX_ENTRIES))
    }

    /// # Errors
    /// See [`parse_questionnaire`]. What cannot be read is not remembered.
    pub(super) fn questionnaire(&self, body: &[u8]) -> Result<Arc<Questionnaire>, HocError> {
        let digest = Sha256::digest(body).into();
        if let Some(known) = self.0.get(&digest).and_then(|known| known.upgrade()) {
            return Ok(known);
        }
        let questionnaire = Arc::new(parse_questionnaire(body)?);
        self.0.insert(digest, Arc::downgrade(&questionnaire));
        Ok(questionnaire)
    }
}

impl fmt::Debug for Interner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interner").field("entries", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = br#"{"questions": [{"id": 1, "question": "Passt das?"}]}"#;
    const OTHER: &[u8] = br#"{"questions": [{"id": 1, "question": "Passt dies?"}]}"#;

    #[test]
    fn the_same_bytes_are_the_same_questionnaire_while_it_is_in_use() {
        let interner = Interner::new();
        let first = interner.questionnaire(ONE).unwrap();
        assert!(Arc::ptr_eq(&first, &interner.questionnaire(ONE).unwrap()));
        assert_eq!(interner.questionnaire(OTHER).unwrap().questions[0].text, "Passt dies?");

        let used = Arc::downgrade(&first);
        drop(first);
        assert!(used.upgrade().is_none(), "what nobody uses is not kept in memory");
        assert_eq!(interner.questionnaire(ONE).unwrap().questions[0].text, "Passt das?");
    }

    #[test]
    fn what_cannot_be_read_stays_unreadable() {
        let interner = Interner::new();
        for _ in 0..2 {
            assert_eq!(interner.questionnaire(b"<html>").unwrap_err().code(), "not_json");
        }
    }
}
