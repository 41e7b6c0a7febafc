//! The use case: a trigger becomes a call, or a link. Knows nothing about HTTP.
//!
//! Claim, questionnaire, script, dial, settle. A call runs in a task of its own, tracked by the drain, so that a caller
//! who hangs up cannot lose its outcome. A claim is durable before the first byte goes to ElevenLabs, so no trigger
//! rings twice, whatever fails; `docs/decisions.md` describes the full semantics.

mod call_log;
mod claim;
mod dial_gate;
mod doubt;
mod guard;
mod link;
mod outcome;
mod place;
pub mod preview;
mod recording;
mod replay;
mod settler;
pub mod store;
mod wait;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use reqwest::Url;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use uuid::Uuid;

use self::call_log::CallLog;
use self::dial_gate::DialGate;
use self::guard::Guards;
use self::store::{CallStore, InstanceId, Mode};
use crate::clock::SharedClock;
use crate::config::{Config, DuplicateRules, LinkPage, LinkSecrets};
use crate::domain::{CampaignId, ConversationId, PhoneNumber, Private, Script, Trigger};
use crate::elevenlabs::{ElevenLabs, LookupError};
use crate::interview::Interview;
use crate::invitations::{Invitation, InvitationError, Invitations};
use crate::questionnaires::{Found, Missing, Questionnaires};
use crate::telemetry::Step;
use crate::telemetry::metrics::CallMetrics;

pub use self::guard::IdempotencyKey;
pub use self::outcome::CallError;
pub use self::settler::Settler;

/// How long other processes leave a claim alone after its owner's last sign of life.
pub(crate) const LEASE: TimeDelta = TimeDelta::seconds(15);

/// Turns triggers into calls and links.
#[derive(Debug)]
pub struct Calls {
    /// Where questionnaires come from.
    questionnaires: Questionnaires,
    /// Where calls are placed.
    pub elevenlabs: ElevenLabs,
    /// Writes the interviews.
    interview: Interview,
    /// Limits how many dials go on at once.
    dial_gate: DialGate,
    /// What was claimed, and what became of it.
    pub store: CallStore,
    /// Decides which triggers are the same.
    guards: Guards,
    /// For how long they are, and how long the later ones wait.
    rules: DuplicateRules,
    /// How long a link is offered.
    link_ttl: Duration,
    /// Seals the links to this service's own page.
    invitations: Invitations,
    /// This service's public address, below which its talk page is. `None`: links lead to ElevenLabs' public page.
    own_page: Option<Url>,
    /// Identifies this process among all that share the store.
    instance: InstanceId,
    /// The time.
    clock: SharedClock,
    /// Tracks the calls in flight.
    in_flight: TaskTracker,
    /// Counts what becomes of triggers.
    pub metrics: CallMetrics,
}

/// What the agent was told, as far as HOC is told about it.
#[derive(Debug, Clone)]
pub struct Briefing {
    /// How old the questionnaire was, in seconds. `None`: there was none with questions.
    pub questionnaire_age_seconds: Option<u32>,
    /// The length of the prompt in characters.
    pub prompt_length: usize,
    /// The first words the candidate hears.
    pub first_message: Private<String>,
}

impl Briefing {
    fn of(script: &Script, questionnaire_age_seconds: Option<u32>) -> Self {
        Self {
            questionnaire_age_seconds,
            prompt_length: script.prompt_chars(),
            first_message: script.first_message.clone(),
        }
    }
}

/// What a trigger brought about.
#[derive(Debug, Clone)]
pub struct Answered {
    /// How the candidate is reached.
    pub way: Way,
    /// What the agent was told, or will be.
    pub briefing: Briefing,
    /// The time of the answer; of a call, taken right before the dial.
    pub answered_at: DateTime<Utc>,
    /// Whether an earlier trigger got this answer first.
    pub replayed: bool,
}

/// How a candidate is reached.
#[derive(Debug, Clone)]
pub enum Way {
    /// ElevenLabs has placed the call.
    Call {
        /// The number that was called.
        to_number: PhoneNumber,
        /// The conversation it became.
        conversation_id: ConversationId,
    },
    /// The candidate talks to the agent in the browser.
    Link {
        /// The link.
        url: Private<String>,
        /// Until when HOC should offer it.
        expires_at: DateTime<Utc>,
    },
}

impl Calls {
    /// Creates a new instance, with the limits and secrets of `config`.
    #[must_use]
    pub fn new(
        config: &Config,
        questionnaires: Questionnaires,
        elevenlabs: ElevenLabs,
        interview: Interview,
        store: CallStore,
        clock: SharedClock,
    ) -> Self {
        let LinkSecrets { sealing, retired } = &config.links.secrets;
        Self {
            questionnaires,
            elevenlabs,
            interview,
            dial_gate: DialGate::new(config.dials),
            store,
            guards: Guards::new(&config.store.secret),
            rules: config.store.duplicates,
            link_ttl: config.links.ttl,
            invitations: Invitations::new(sealing, retired),
            own_page: match config.links.page {
                LinkPage::Own => config.http.public_base_url.clone(),
                LinkPage::ElevenLabs => None,
            },
            instance: InstanceId::from_uuid(Uuid::new_v4()),
            clock,
            in_flight: TaskTracker::new(),
            metrics: CallMetrics::default(),
        }
    }

    /// Calls the candidate if the trigger has a number to call, else makes a link. For a trigger that was answered
    /// before, returns that answer. Runs to the end even if the caller stops waiting.
    ///
    /// # Errors
    /// See [`CallError`]. For a link without a key, only [`CallError::Script`] and [`CallError::Internal`].
    pub async fn answer(
        self: &Arc<Self>,
        trigger: Arc<Trigger>,
        key: Option<IdempotencyKey>,
    ) -> Result<Answered, CallError> {
        let (calls, mode) = (Arc::clone(self), Mode::of(&trigger));
        let answering = async move {
            let answered = calls.answer_once(&trigger, key.as_ref()).await;
            calls.metrics.answered(mode.as_str(), answer_code(answered.as_ref()));
            answered
        };
        let task = self.in_flight.spawn(answering.in_current_span());
        task.await.unwrap_or_else(|_panicked| {
            self.metrics.answered(mode.as_str(), CallError::Internal.code());
            // A task that panicked, which would be a bug, may have dialled.
            Err(if mode == Mode::Call { CallError::Unknown } else { CallError::Internal })
        })
    }

    async fn answer_once(
        &self,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
    ) -> Result<Answered, CallError> {
        match &trigger.call {
            Some(target) => self.call_once(trigger, target, key).await,
            None => self.link_once(trigger, key).await,
        }
    }

    /// How many calls and links are in flight.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// From here on, [`Calls::wait`] ends when the last one in flight has.
    pub fn close(&self) {
        self.in_flight.close();
    }

    /// Waits for those in flight, after [`Calls::close`].
    pub async fn wait(&self) {
        self.in_flight.wait().await;
    }

    /// How many calls wait for a free line.
    #[must_use]
    pub fn dials_waiting(&self) -> usize {
        self.dial_gate.waiting()
    }

    /// Whether HOC has failed so often that it is only probed now and then.
    #[must_use]
    pub fn is_hoc_circuit_open(&self) -> bool {
        self.questionnaires.is_hoc_circuit_open()
    }

    /// Looks into ElevenLabs' list of conversations, to know whether an unknown outcome could be settled.
    ///
    /// # Errors
    /// See [`LookupError`].
    pub async fn probe_conversations(&self) -> Result<(), LookupError> {
        self.elevenlabs.probe_conversations(self.clock.now()).await
    }

    /// What a link to this service's own page invites to; the token is the last segment of its path.
    ///
    /// # Errors
    /// See [`InvitationError`].
    pub fn open_link(&self, token: &str) -> Result<Invitation, InvitationError> {
        self.invitations.open(token, self.clock.now())
    }

    /// This service's public address, if its links lead to its own page.
    #[must_use]
    pub const fn own_page(&self) -> Option<&Url> {
        self.own_page.as_ref()
    }

    /// The script for a candidate who opens a link and talks: the interview that the link's trigger promised, from the
    /// questionnaire as it is now.
    ///
    /// The variable [`CallId::VARIABLE`](crate::domain::CallId::VARIABLE) is the link's id, however often the link is
    /// used. So whoever has the link or its log line finds all its conversations at ElevenLabs by that one id;
    /// ElevenLabs' own conversation id tells them apart.
    ///
    /// # Errors
    /// Only [`CallError::Script`].
    pub async fn talk_script(&self, invitation: &Invitation) -> Result<Script, CallError> {
        let mut log = CallLog::start("talk", &invitation.trigger, invitation.link_id.clone());
        let (script, _) = self.browser_script(&invitation.trigger, &mut log).await?;
        log.talk_prepared();
        Ok(script)
    }

    /// The script for a talk in the browser, and the age of its questionnaire in seconds, if there was one.
    async fn browser_script(
        &self,
        trigger: &Trigger,
        log: &mut CallLog,
    ) -> Result<(Script, Option<u32>), CallError> {
        let found = self.questionnaire(trigger.campaign_id, log).await;
        let script = self.script(trigger, found.as_ref(), log)?;
        Ok((script, found.map(|found| found.age_seconds)))
    }

    /// The time of an answer, with the milliseconds that the store keeps, so that a retry reads the same time.
    fn answer_time(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(3)
    }

    /// The campaign's questionnaire. Without one the interview goes ahead anyway, and the log says why.
    async fn questionnaire(&self, campaign: CampaignId, log: &mut CallLog) -> Option<Found> {
        let start = Instant::now();
        let found = self.questionnaires.get(campaign).await;
        self.metrics.questionnaire(found.as_ref().map_or_else(Missing::code, |found| found.source.code()));
        log.questionnaire_settled(start.elapsed(), found.as_ref());
        found.ok()
    }

    fn script(
        &self,
        trigger: &Trigger,
        found: Option<&Found>,
        log: &mut CallLog,
    ) -> Result<Script, CallError> {
        let _step = Step::begin("interview");
        let questionnaire = found.map(|found| &found.questionnaire);
        let script = self
            .interview
            .script(trigger, questionnaire, &log.call_id)
            .map_err(|error| CallError::script_failed(&error))?;
        log.omitted_questions = script.omitted_questions;
        Ok(script)
    }
}

/// A word for what became of a trigger, for metrics.
fn answer_code(answered: Result<&Answered, &CallError>) -> &'static str {
    match answered {
        Err(error) => error.code(),
        Ok(Answered { replayed: true, .. }) => "replayed",
        Ok(Answered { way: Way::Call { .. }, .. }) => "placed",
        Ok(Answered { way: Way::Link { .. }, .. }) => "link_made",
    }
}

#[cfg(test)]
mod tests;
