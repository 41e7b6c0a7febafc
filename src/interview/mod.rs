//! Writes the interview: turns a trigger and a questionnaire into the prompt, the first message and the variables.
//!
//! Pure and synchronous: same input, same text. The code decides what is asked and in which order; the wording is in
//! `templates/`.

mod addressee;
mod alternatives;
mod campaign;
mod criterion_mark;
mod duplicates;
mod follow_up;
mod letters;
pub mod limits;
mod losses;
mod merge_field;
mod order;
mod outline;
mod phase;
mod placeholders;
mod promises;
mod samples;
mod selection;
mod small_talk;
mod templates;
mod texts;
mod variables;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use self::addressee::{Addressee, Channel};
use self::letters::{FormLetter, Letters};
use self::templates::Templates;
use self::texts::Texts;
use crate::domain::{CallId, Private, Questionnaire, Script, Trigger};
use crate::templates::{TemplateError, sentence_end};

pub use self::losses::Losses;

/// Writes interviews. Created once at start; cheap to share.
pub struct Interview {
    templates: Templates,
    /// Form letters, each written once for all candidates. `None`: every interview is written for one trigger.
    letters: Option<Letters>,
}

impl fmt::Debug for Interview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interview").finish_non_exhaustive()
    }
}

/// An interview, and what of the questionnaire did not get into it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What the agent is told.
    pub script: Script,
    /// What was left out, removed or cut on the way.
    pub losses: Losses,
}

impl Interview {
    /// Loads the templates and renders each once with sample data, so that a mistake fails the start and not a call.
    ///
    /// # Errors
    /// See [`TemplateError`].
    pub fn load(templates_dir: Option<&Path>) -> Result<Self, TemplateError> {
        // An operator's template may do anything with a name, so it is rendered for each candidate.
        let letters = templates_dir.is_none().then(Letters::default);
        let templates = Templates::load(templates_dir)?;
        promises::check(&templates)?;
        Ok(Self { templates, letters })
    }

    /// Writes the interview for one trigger. Without a questionnaire, Susi asks openly.
    ///
    /// The prompt has at most [`limits::PROMPT`] characters: if a questionnaire is too long, its least important
    /// questions are left out and counted in [`Script::omitted_questions`].
    ///
    /// # Errors
    /// Only if an operator's template fails on values that the samples did not contain.
    pub fn script(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Arc<Questionnaire>>,
        call_id: &CallId,
    ) -> Result<Script, TemplateError> {
        if let Some(letter) = self.letter(trigger, questionnaire)? {
            return Ok(letter.address(trigger, call_id));
        }
        let questionnaire = questionnaire.map(|questionnaire| &**questionnaire);
        self.draft(trigger, questionnaire, call_id).map(|draft| draft.script)
    }

    /// The form letter for triggers like this one, if one is worthwhile and possible.
    fn letter(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Arc<Questionnaire>>,
    ) -> Result<Option<Arc<FormLetter>>, TemplateError> {
        let Some(letters) = &self.letters else { return Ok(None) };
        let ending = sentence_end(trigger.company.reveal());
        letters.get(questionnaire, Channel::of(trigger), ending, |anybody| {
            Texts::write(&self.templates, anybody, questionnaire.map(|questionnaire| &**questionnaire))
        })
    }

    /// The same script, written for this trigger alone, and what of the questionnaire did not get into it.
    ///
    /// # Errors
    /// As [`Interview::script`].
    pub fn draft(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Questionnaire>,
        call_id: &CallId,
    ) -> Result<Draft, TemplateError> {
        let texts = Texts::write(&self.templates, &Addressee::of(trigger), questionnaire)?;
        let of_campaign = texts.variables.into_iter().map(|(name, value)| (name, Private::new(value)));
        let script = Script {
            prompt: Private::new(texts.prompt),
            first_message: Private::new(texts.first_message),
            variables: variables::of_trigger(trigger, call_id).into_iter().chain(of_campaign).collect(),
            omitted_questions: texts.omitted_questions,
        };
        Ok(Draft { script, losses: texts.losses })
    }

    /// The names of all variables that are sent, which are the same for every trigger.
    ///
    /// # Errors
    /// As [`Interview::script`].
    pub fn variable_names(&self) -> Result<BTreeSet<&'static str>, TemplateError> {
        Texts::write(&self.templates, &Addressee::of(&samples::link_trigger()), None)
            .map(|texts| promises::sent(&texts))
    }
}
