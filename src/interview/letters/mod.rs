//! A cache of form letters, so that a questionnaire is written once and not for each candidate.

mod form_letter;

use std::fmt;
use std::sync::{Arc, Weak};

use super::addressee::{Addressee, Channel};
use super::texts::Texts;
use crate::bounded_cache::{BoundedCache, Weighty, bounded_cache};
use crate::domain::Questionnaire;
use crate::templates::TemplateError;

pub(super) use self::form_letter::FormLetter;

/// How many letters are kept at most.
const MAX_ENTRIES: u64 = 512;

/// How many bytes they may take in all (8 MiB).
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// What a letter is written from: the cache key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    /// The address of the questionnaire in memory; 0 without one.
    questionnaire: usize,
    channel: Channel,
    company_ending: Option<char>,
}

#[derive(Debug, Clone)]
struct Kept {
    /// Keeps the questionnaire's memory allocated, so that no other one can get the same address.
    _place: Option<Weak<Questionnaire>>,
    letter: Letter,
}

#[derive(Debug, Clone)]
enum Letter {
    /// The questionnaire was needed once. Most are not needed again, or HOC has sent another one by then.
    NeededOnce,
    Written(Arc<FormLetter>),
    /// The texts depend on names, so each candidate needs their own.
    Impossible,
}

impl Weighty for Kept {
    fn bytes(&self) -> u64 {
        match &self.letter {
            Letter::Written(letter) => letter.size() as u64,
            Letter::NeededOnce | Letter::Impossible => 0,
        }
    }
}

/// The cache. `Debug` shows only how many entries it has.
pub(super) struct Letters(BoundedCache<Key, Kept>);

impl Letters {
    /// The letter for a questionnaire, from its second use on; `None` before, or if the texts depend on names. `write`
    /// writes the texts for the given addressee.
    ///
    /// # Errors
    /// Those of `write`.
    pub(super) fn get(
        &self,
        questionnaire: Option<&Arc<Questionnaire>>,
        channel: Channel,
        company_ending: Option<char>,
        write: impl FnOnce(&Addressee) -> Result<Texts, TemplateError>,
    ) -> Result<Option<Arc<FormLetter>>, TemplateError> {
        let place = questionnaire.map_or(0, |questionnaire| Arc::as_ptr(questionnaire).addr());
        let key = Key { questionnaire: place, channel, company_ending };
        let keep = |letter| {
            self.0.insert(key, Kept { _place: questionnaire.map(Arc::downgrade), letter });
        };
        match self.0.get(&key).map(|kept| kept.letter) {
            Some(Letter::Written(letter)) => return Ok(Some(letter)),
            Some(Letter::Impossible) => return Ok(None),
            None => {
                keep(Letter::NeededOnce);
                return Ok(None);
            }
            Some(Letter::NeededOnce) => {}
        }
        let texts = write(&Addressee::anybody(channel, company_ending))?;
        if !texts.is_for_everybody {
            keep(Letter::Impossible);
            return Ok(None);
        }
        let letter = Arc::new(FormLetter::of(texts, company_ending));
        keep(Letter::Written(Arc::clone(&letter)));
        Ok(Some(letter))
    }
}

impl Default for Letters {
    fn default() -> Self {
        Self(bounded_cache(MAX_ENTRIES, MAX_BYTES))
    }
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letters").field("entries", &self.0.len()).finish()
    }
}
