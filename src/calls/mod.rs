//! The use case: a trigger becomes a call, or a link. Knows nothing of HTTP.
//!
//! Questionnaire, script, dial: a call runs in a task of its own, tracked by the drain, so that a caller who hangs up
//! cannot lose its outcome.

mod call_log;
pub mod store;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use thiserror::Error;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use uuid::Uuid;

use self::call_log::CallLog;
use crate::clock::SharedClock;
use crate::domain::{
    CallId, CallTarget, CampaignId, ConversationId, Private, Questionnaire, Script, Trigger,
};
use crate::elevenlabs::{Dial, DialOutcome, ElevenLabs, OutboundCall, Provider, Refusal};
use crate::hoc::{HocClient, HocError};
use crate::interview::Interview;

/// When to try again if ElevenLabs has no free line and does not say when it will have one.
const DEFAULT_BUSY_PAUSE: Duration = Duration::from_secs(30);

/// Turns triggers into calls and links.
#[derive(Debug)]
pub struct Calls {
    /// Where questionnaires come from.
    pub hoc: HocClient,
    /// Where calls are placed.
    pub elevenlabs: ElevenLabs,
    /// Writes the interviews.
    pub interview: Interview,
    /// How long a link is offered.
    pub link_ttl: Duration,
    /// The time.
    pub clock: SharedClock,
    /// Knows which calls are in flight.
    pub in_flight: TaskTracker,
}

/// What the agent was told, as far as HOC hears of it.
#[derive(Debug, Clone)]
pub struct Briefing {
    /// Whether there was a questionnaire with questions.
    pub questionnaire_loaded: bool,
    /// The length of the prompt in characters.
    pub prompt_length: usize,
    /// The first words the candidate hears.
    pub first_message: Private<String>,
}

/// A call that ElevenLabs has placed.
#[derive(Debug, Clone)]
pub struct PlacedCall {
    /// The conversation it became.
    pub conversation_id: ConversationId,
    /// What the agent was told.
    pub briefing: Briefing,
}

/// A link on which the candidate can talk.
#[derive(Debug, Clone)]
pub struct TalkLink {
    /// The link.
    pub url: Private<String>,
    /// Until when HOC should offer it.
    pub expires_at: DateTime<Utc>,
    /// What the agent will be told.
    pub briefing: Briefing,
}

/// Why nobody was called, or nobody can tell.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// ElevenLabs refused; nobody was called.
    #[error("ElevenLabs refused the call ({})", .0.code())]
    Refused(Refusal),
    /// ElevenLabs has no free line; nobody was called.
    #[error("ElevenLabs has no free line")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Nobody can tell whether the candidate was called.
    #[error("nobody can tell whether the call was placed")]
    Unknown,
    /// A fault of our own; nobody was called.
    #[error("the interview could not be written")]
    Script,
    /// A fault of our own in the middle of the call.
    #[error("the call's task ended before its outcome was known")]
    Aborted,
}

impl Calls {
    /// Calls the candidate. Runs to the end even if the caller stops waiting.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(
        self: &Arc<Self>,
        trigger: Trigger,
        target: CallTarget,
    ) -> Result<PlacedCall, CallError> {
        let calls = Arc::clone(self);
        let call = async move { calls.place(&trigger, &target).await };
        let task = self.in_flight.spawn(call.in_current_span());
        task.await.unwrap_or_else(|_panicked| {
            tracing::error!("the task of a call panicked; nobody can tell whether the call was placed");
            Err(CallError::Aborted)
        })
    }

    /// Makes a link on which the candidate can talk.
    ///
    /// # Errors
    /// [`CallError::Script`] only.
    pub async fn link(&self, trigger: &Trigger) -> Result<TalkLink, CallError> {
        let mut log = CallLog::start("link", trigger);
        let questionnaire = self.questionnaire(trigger.campaign_id, &mut log).await;
        let script = self.script(trigger, questionnaire.as_ref(), &new_call_id(), &mut log)?;
        log.link_made();
        Ok(TalkLink {
            url: self.elevenlabs.talk_to_link(&script.variables),
            expires_at: self.clock.now() + self.link_ttl,
            briefing: briefing(script, questionnaire.is_some()),
        })
    }

    async fn place(&self, trigger: &Trigger, target: &CallTarget) -> Result<PlacedCall, CallError> {
        let mut log = CallLog::start("call", trigger);
        let (questionnaire, provider) = tokio::join!(
            self.questionnaire(trigger.campaign_id, &mut log),
            self.elevenlabs.provider(&target.from)
        );
        let call_id = new_call_id();
        let script = self.script(trigger, questionnaire.as_ref(), &call_id, &mut log)?;
        let dial =
            self.dial(provider, &OutboundCall { target, script: &script, call_id: &call_id }, &mut log).await;
        match dial.outcome {
            DialOutcome::Placed { conversation_id } => {
                Ok(PlacedCall { conversation_id, briefing: briefing(script, questionnaire.is_some()) })
            }
            DialOutcome::Refused(refusal) => Err(CallError::Refused(refusal)),
            DialOutcome::Busy { retry_after } => {
                Err(CallError::Busy { retry_after: retry_after.unwrap_or(DEFAULT_BUSY_PAUSE) })
            }
            DialOutcome::Unknown(_) => Err(CallError::Unknown),
        }
    }

    /// The campaign's questionnaire. Without one the interview goes on all the same, and the log says why.
    async fn questionnaire(&self, campaign: CampaignId, log: &mut CallLog) -> Option<Questionnaire> {
        let start = Instant::now();
        let answer = self.hoc.questionnaire(campaign).await;
        log.hoc_answered(start.elapsed(), answer.as_ref().map_err(HocError::code).err());
        answer.ok()
    }

    fn script(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Questionnaire>,
        call_id: &CallId,
        log: &mut CallLog,
    ) -> Result<Script, CallError> {
        log.call_id = Some(call_id.clone());
        let script = self.interview.script(trigger, questionnaire, call_id).map_err(|error| {
            tracing::error!(%error, "the interview could not be written; check the templates");
            CallError::Script
        })?;
        log.omitted_questions = script.omitted_questions;
        Ok(script)
    }

    async fn dial(&self, provider: Provider, call: &OutboundCall<'_>, log: &mut CallLog) -> Dial {
        let start = Instant::now();
        let dial = self.elevenlabs.start_call(provider, call).await;
        log.dialled(provider, call.target, start.elapsed(), &dial);
        dial
    }
}

fn new_call_id() -> CallId {
    CallId::from_uuid(Uuid::new_v4())
}

fn briefing(script: Script, questionnaire_loaded: bool) -> Briefing {
    Briefing {
        questionnaire_loaded,
        prompt_length: script.prompt.reveal().chars().count(),
        first_message: script.first_message,
    }
}
