//! Shows in advance what a trigger would do. Dials nobody and stores nothing; it is not even given the store.
//!
//! It shows which texts the agent would get, how the candidate would be reached, and what a person should fix first.

mod dropped;
mod lookups;
mod warning;

use std::time::Instant;

pub use self::dropped::{DropReason, Dropped};
pub use self::lookups::Lookups;
pub use self::warning::Warning;

use super::store::Mode;
use super::{CallError, Calls};
use crate::config::{LinkPage, Overrides};
use crate::domain::{CallId, QuestionKind, Script, Trigger, Variables};
use crate::elevenlabs::{ElevenLabs, Provider};
use crate::interview::{Draft, Interview};
use crate::questionnaires::{Found, Missing, Questionnaires};
use crate::telemetry::milliseconds;
use crate::templates::TemplateError;

/// What a trigger would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Exactly what the agent would be told. Only the call's own id, [`CallId::VARIABLE`], is new for every call; here
    /// it is [`CallId::of_no_call`].
    pub script: Script,
    /// The variables as they would be sent. A link may carry them shortened.
    pub variables: Variables,
    /// Which of the texts would be sent to replace the agent's own.
    pub sent: Overrides,
    /// Where links lead.
    pub link_page: LinkPage,
    /// The provider it would be dialled through; `None` for a link, or if ElevenLabs was not asked.
    pub provider: Option<Provider>,
    /// What became of the questionnaire.
    pub questionnaire: QuestionnaireState,
    /// What a person should look at, the most serious first.
    pub warnings: Vec<Warning>,
}

/// What became of the questionnaire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionnaireState {
    /// Why there is none, as [`Missing::code`] says it. `None`: it is there.
    pub failure: Option<&'static str>,
    /// How old it is, in seconds. HOC is asked anew for every preview, so this is 0 unless HOC fails.
    pub age_seconds: u32,
    /// How many questions HOC asks.
    pub questions: usize,
    /// How many facts HOC wants the candidate to be told.
    pub facts: usize,
    /// What of it is neither asked nor told, and why.
    pub dropped: Vec<Dropped>,
}

impl QuestionnaireState {
    /// How old the questionnaire is, if it is there.
    #[must_use]
    pub const fn loaded_age_seconds(&self) -> Option<u32> {
        if self.failure.is_some() { None } else { Some(self.age_seconds) }
    }
}

/// What a preview is written with.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// Writes the interview.
    pub interview: &'a Interview,
    /// The agent's texts that a conversation replaces.
    pub overrides: Overrides,
    /// Where links lead.
    pub link_page: LinkPage,
}

/// What a preview shows, and that nothing came of it.
#[must_use]
pub const fn headline(mode: Mode) -> &'static str {
    match mode {
        Mode::Call => "Preview of a call: nobody was called and nothing was stored",
        Mode::Link => "Preview of a conversation link: no link was made and nothing was stored",
    }
}

impl Calls {
    /// What `trigger` would do. The upstreams only get requests that have no consequences.
    ///
    /// # Errors
    /// [`CallError::Script`], as for a call. Trouble with the upstreams is no error but a warning.
    pub async fn preview(&self, trigger: &Trigger) -> Result<Preview, CallError> {
        let writer = Writer {
            interview: &self.interview,
            overrides: self.elevenlabs.overrides(),
            link_page: if self.own_page.is_some() { LinkPage::Own } else { LinkPage::ElevenLabs },
        };
        preview(writer, &self.questionnaires, &self.elevenlabs, trigger)
            .await
            .map_err(|error| CallError::script_failed(&error))
    }
}

/// Like [`Calls::preview`], for callers without a store.
///
/// # Errors
/// See [`Interview::script`].
pub async fn preview(
    writer: Writer<'_>,
    questionnaires: &Questionnaires,
    elevenlabs: &ElevenLabs,
    trigger: &Trigger,
) -> Result<Preview, TemplateError> {
    let start = Instant::now();
    let (found, lookups) =
        tokio::join!(questionnaires.refresh(trigger.campaign_id), Lookups::ask(elevenlabs, trigger));
    let found = found.as_ref();
    let preview = writer.write(trigger, found, Some((elevenlabs, lookups)))?;
    tracing::info!(
        mode = Mode::of(trigger).as_str(),
        campaign_id = trigger.campaign_id.get(),
        questionnaire = found.map_or_else(Missing::code, |found| found.source.code()),
        questionnaire_age_s = found.ok().map(|found| found.age_seconds),
        warnings = preview.warnings.len(),
        upstreams_ms = milliseconds(start.elapsed()),
        "preview made; nobody was called"
    );
    Ok(preview)
}

impl Writer<'_> {
    /// Writes the preview from what is known. Without `lookups`, the agent and the number are not checked.
    ///
    /// # Errors
    /// See [`Interview::script`].
    pub fn write(
        &self,
        trigger: &Trigger,
        found: Result<&Found, &Missing>,
        lookups: Option<(&ElevenLabs, Lookups)>,
    ) -> Result<Preview, TemplateError> {
        let questionnaire = found.ok().map(|found| &*found.questionnaire);
        let Draft { script, losses } = self.interview.draft(trigger, questionnaire, &CallId::of_no_call())?;
        let sent = self.sent(trigger);
        let state = state(found, &losses);
        let elevenlabs = lookups.as_ref().map(|(elevenlabs, _)| *elevenlabs);
        let variables = self.carried(trigger, &script, elevenlabs);
        let mut warnings = Vec::new();
        match &lookups {
            Some((_, lookups)) => {
                warnings.extend(lookups.warnings(sent, self.is_vendor_page(trigger), &variables));
            }
            None => warnings.push(Warning::ElevenLabsNotAsked),
        }
        warnings.extend(warning::of_number(trigger));
        warnings.extend(warning::of_questionnaire(found, &state));
        warnings.extend(warning::of_losses(&losses));
        warnings.extend(warning::of_link(&script.variables, &variables));
        warnings.extend(warning::of_texts(sent));
        Ok(Preview {
            provider: lookups.and_then(|(elevenlabs, lookups)| lookups.provider(elevenlabs, trigger)),
            script,
            variables,
            sent,
            link_page: self.link_page,
            questionnaire: state,
            warnings,
        })
    }

    /// ElevenLabs' page takes no texts, only variables.
    fn sent(&self, trigger: &Trigger) -> Overrides {
        if self.is_vendor_page(trigger) { Overrides::NONE } else { self.overrides }
    }

    /// A link to ElevenLabs' page has no room for long values.
    fn carried(&self, trigger: &Trigger, script: &Script, elevenlabs: Option<&ElevenLabs>) -> Variables {
        match elevenlabs {
            Some(elevenlabs) if self.is_vendor_page(trigger) => {
                elevenlabs.talk_to_variables(&script.variables)
            }
            _ => script.variables.clone(),
        }
    }

    fn is_vendor_page(&self, trigger: &Trigger) -> bool {
        trigger.call.is_none() && self.link_page == LinkPage::ElevenLabs
    }
}

fn state(found: Result<&Found, &Missing>, losses: &crate::interview::Losses) -> QuestionnaireState {
    let Found { questionnaire, age_seconds, .. } = match found {
        Ok(found) => found,
        Err(error) => return QuestionnaireState { failure: Some(error.code()), ..Default::default() },
    };
    let entries = &questionnaire.questions;
    let facts = entries.iter().filter(|entry| entry.kind == QuestionKind::Info).count();
    QuestionnaireState {
        failure: None,
        age_seconds: *age_seconds,
        questions: entries.len() - facts,
        facts,
        dropped: dropped::all(questionnaire, losses),
    }
}
