//! One log line for every call, link and talk: what became of it, how long each upstream took, and nothing about a
//! person.

use std::time::Duration;

use crate::domain::{CallId, CallTarget, CampaignId, ConversationId, Trigger};
use crate::elevenlabs::{DialOutcome, Provider, Refusal};
use crate::questionnaires::{Found, Missing, Source};
use crate::telemetry::milliseconds;

/// Collects the fields of the line. Those that do not apply are left out.
#[derive(Debug)]
pub(super) struct CallLog {
    mode: &'static str,
    campaign_id: CampaignId,
    pub(super) call_id: CallId,
    pub(super) omitted_questions: usize,
    questionnaire: &'static str,
    questionnaire_age_s: Option<u32>,
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
            questionnaire_age_s: None,
            hoc_ms: 0,
        }
    }

    /// Notes where the questionnaire came from. A failure of HOC's gets a line of its own, because it costs the
    /// interview its questions, or the newest of them. While a breaker keeps HOC from being asked there is no such
    /// line: the breaker logged that when it opened.
    pub(super) fn questionnaire_settled(&mut self, took: Duration, found: Result<&Found, &Missing>) {
        self.hoc_ms = milliseconds(took);
        self.questionnaire = found.map_or_else(Missing::code, |found| found.source.code());
        self.questionnaire_age_s = found.ok().map(|found| found.age_seconds);
        let (campaign_id, hoc_ms) = (self.campaign_id.get(), self.hoc_ms);
        match found {
            Err(Missing::CircuitOpen) | Ok(Found { source: Source::Stale(Missing::CircuitOpen), .. }) => {}
            Err(missing) => {
                let (reason, status) = (missing.code(), missing.status());
                tracing::warn!(
                    campaign_id,
                    reason,
                    status,
                    hoc_ms,
                    "no questionnaire; the interview goes on without it"
                );
            }
            Ok(Found { source: Source::Stale(missing), age_seconds, .. }) => {
                let (reason, status) = (missing.code(), missing.status());
                let questionnaire_age_s = age_seconds;
                tracing::warn!(
                    campaign_id,
                    reason,
                    status,
                    hoc_ms,
                    questionnaire_age_s,
                    "no newer questionnaire; the interview goes on with the last good one"
                );
            }
            Ok(_) => {}
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
            questionnaire_age_s = self.questionnaire_age_s,
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
            questionnaire_age_s = self.questionnaire_age_s,
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
        // One macro call per level: tracing fixes the level of a line at compile time.
        macro_rules! line {
            ($level:ident, $message:literal) => {
                tracing::$level!(
                    mode = self.mode,
                    campaign_id = self.campaign_id.get(),
                    call_id = %self.call_id,
                    to = target.to_number.masked(),
                    provider = provider.code(),
                    outcome = dial.code(),
                    reason = dial.reason(),
                    status = status(dial),
                    conversation_id = conversation_id(dial),
                    elevenlabs_request_id = upstream_request_id,
                    questionnaire = self.questionnaire,
                    questionnaire_age_s = self.questionnaire_age_s,
                    hoc_ms = self.hoc_ms,
                    elevenlabs_ms = milliseconds(took),
                    $message
                )
            };
        }
        match dial {
            DialOutcome::Placed { .. } => line!(info, "call placed"),
            DialOutcome::Refused(Refusal::ProviderFailed { .. }) => {
                line!(warn, "no conversation came about: refused by the provider, or nobody picked up");
            }
            DialOutcome::Refused(_) => line!(warn, "call refused by ElevenLabs; nobody was called"),
            DialOutcome::Busy { .. } => line!(warn, "ElevenLabs has no free line; nobody was called"),
            DialOutcome::Unknown(_) => {
                line!(error, "call outcome unknown; asking ElevenLabs' conversations for call_id");
            }
        }
    }

    /// Logs a call that was not dialled because the dial gate turned it away.
    pub(super) fn held_back(&self, reason: &'static str) {
        tracing::warn!(
            mode = self.mode,
            campaign_id = self.campaign_id.get(),
            call_id = %self.call_id,
            reason,
            questionnaire = self.questionnaire,
            hoc_ms = self.hoc_ms,
            "not dialled: its turn did not come in time; nobody was called"
        );
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

/// The HTTP status, where the outcome's reason does not imply it.
fn status(outcome: &DialOutcome) -> Option<u16> {
    match outcome {
        DialOutcome::Refused(refusal) => refusal.status(),
        DialOutcome::Unknown(cause) => cause.status(),
        DialOutcome::Placed { .. } | DialOutcome::Busy { .. } => None,
    }
}

/// The conversation that ElevenLabs opened, even where no call was placed.
fn conversation_id(outcome: &DialOutcome) -> Option<&str> {
    let id = match outcome {
        DialOutcome::Placed { conversation_id } => Some(conversation_id),
        DialOutcome::Refused(refusal) => refusal.conversation_id(),
        DialOutcome::Busy { .. } | DialOutcome::Unknown(_) => None,
    };
    id.map(ConversationId::as_str)
}
