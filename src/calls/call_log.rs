//! One line for every call and link: what became of it, how long each upstream took, and nothing of a person.

use std::time::Duration;

use crate::domain::{CallId, CallTarget, CampaignId, ConversationId, Trigger};
use crate::elevenlabs::{DialOutcome, Provider};

/// Gathers what the line says. Fields that do not apply are left out of it.
#[derive(Debug)]
pub(super) struct CallLog {
    mode: &'static str,
    campaign_id: CampaignId,
    pub(super) call_id: CallId,
    pub(super) omitted_questions: usize,
    questionnaire: &'static str,
    hoc_ms: u64,
}

impl CallLog {
    pub(super) fn start(mode: &'static str, trigger: &Trigger, call_id: CallId) -> Self {
        Self {
            mode,
            campaign_id: trigger.campaign_id,
            call_id,
            omitted_questions: 0,
            questionnaire: "",
            hoc_ms: 0,
        }
    }

    /// Notes how HOC answered; a failure has a line of its own, because it costs the interview its questions.
    pub(super) fn hoc_answered(&mut self, took: Duration, failure: Option<&'static str>) {
        self.hoc_ms = milliseconds(took);
        self.questionnaire = failure.unwrap_or("loaded");
        if let Some(reason) = failure {
            let (campaign_id, hoc_ms) = (self.campaign_id.get(), self.hoc_ms);
            tracing::warn!(campaign_id, reason, hoc_ms, "no questionnaire; the interview goes on without it");
        }
    }

    pub(super) fn link_made(&self) {
        self.warn_of_omissions();
        tracing::info!(
            mode = self.mode,
            campaign_id = self.campaign_id.get(),
            call_id = %self.call_id,
            outcome = "link_made",
            questionnaire = self.questionnaire,
            hoc_ms = self.hoc_ms,
            "link made"
        );
    }

    pub(super) fn talk_prepared(&self) {
        self.warn_of_omissions();
        tracing::info!(
            mode = self.mode,
            campaign_id = self.campaign_id.get(),
            call_id = %self.call_id,
            questionnaire = self.questionnaire,
            hoc_ms = self.hoc_ms,
            "talk prepared"
        );
    }

    pub(super) fn dialled(
        &self,
        provider: Provider,
        target: &CallTarget,
        took: Duration,
        dial: &DialOutcome,
        upstream_request_id: Option<&str>,
    ) {
        self.warn_of_omissions();
        let outcome = Outcome::of(dial);
        // One macro call a level: tracing fixes the level of a line at compile time.
        macro_rules! line {
            ($level:ident, $message:literal) => {
                tracing::$level!(
                    mode = self.mode,
                    campaign_id = self.campaign_id.get(),
                    call_id = %self.call_id,
                    to = target.to_number.masked(),
                    provider = provider.code(),
                    outcome = outcome.word,
                    reason = outcome.reason,
                    status = outcome.status,
                    conversation_id = outcome.conversation_id,
                    elevenlabs_request_id = upstream_request_id,
                    questionnaire = self.questionnaire,
                    hoc_ms = self.hoc_ms,
                    elevenlabs_ms = milliseconds(took),
                    $message
                )
            };
        }
        match dial {
            DialOutcome::Placed { .. } => line!(info, "call placed"),
            DialOutcome::Refused(_) => line!(warn, "call refused by ElevenLabs; nobody was called"),
            DialOutcome::Busy { .. } => line!(warn, "ElevenLabs has no free line; nobody was called"),
            DialOutcome::Unknown(_) => {
                line!(error, "call outcome unknown; asking ElevenLabs' conversations for call_id");
            }
        }
    }

    fn warn_of_omissions(&self) {
        let (campaign_id, omitted) = (self.campaign_id.get(), self.omitted_questions);
        if omitted > 0 {
            tracing::warn!(
                campaign_id,
                omitted,
                "the questionnaire is too long; its least important questions are not asked"
            );
        }
    }
}

/// An outcome in the words of the log.
struct Outcome<'a> {
    word: &'static str,
    reason: Option<&'static str>,
    status: Option<u16>,
    conversation_id: Option<&'a str>,
}

impl<'a> Outcome<'a> {
    fn of(outcome: &'a DialOutcome) -> Self {
        let plain = |word| Self { word, reason: None, status: None, conversation_id: None };
        match outcome {
            DialOutcome::Placed { conversation_id } => {
                Self { conversation_id: Some(conversation_id.as_str()), ..plain("placed") }
            }
            DialOutcome::Refused(refusal) => Self {
                reason: Some(refusal.code()),
                status: refusal.status(),
                conversation_id: refusal.conversation_id().map(ConversationId::as_str),
                ..plain("refused")
            },
            DialOutcome::Busy { .. } => plain("busy"),
            DialOutcome::Unknown(cause) => {
                Self { reason: Some(cause.code()), status: cause.status(), ..plain("unknown") }
            }
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
