//! Why there is no call, or why nobody can tell; and the same as words for the store, so that duplicates get the answer
//! of the trigger that dialled.

use std::time::Duration;

use thiserror::Error;

use super::dial_gate::HeldBack;
use super::store::{CallRecord, Settlement, StoreError};
use crate::clock::whole_seconds;
use crate::domain::ConversationId;
use crate::elevenlabs::{DialOutcome, Refusal, UnknownCause};
use crate::templates::TemplateError;

/// When to retry if ElevenLabs has no free line and does not say when it will have one.
const DEFAULT_BUSY_PAUSE: Duration = Duration::from_secs(30);

/// The store's words for outcomes that are not a [`Refusal`].
pub(super) const BUSY: &str = "busy";
pub(super) const AT_LIMIT: &str = "at_limit";
pub(super) const SCRIPT_FAILED: &str = "script_failed";
pub(super) const CLAIM_GIVEN_UP: &str = "claim_given_up";
pub(super) const NOT_IN_LIST: &str = "not_in_list";

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
    /// This service is already placing as many calls at once as it may; nobody was called.
    #[error("as many calls are being placed as may be at once")]
    AtLimit {
        /// When to try again.
        retry_after: Duration,
    },
    /// Nobody can tell whether the candidate was called.
    #[error("nobody can tell whether the call was placed")]
    Unknown,
    /// The key was used before with another request.
    #[error("the idempotency key was used with another request")]
    KeyReused,
    /// The same trigger is still in flight.
    #[error("the same trigger is still in flight")]
    InProgress,
    /// The trigger could not be claimed, or the earlier call that it duplicates could not be looked up; this trigger
    /// called nobody.
    #[error("the call store is not available")]
    StoreUnavailable,
    /// Another process gave the claim up, or may have, before anybody was called for it.
    #[error("the claim was lost before the dial")]
    ClaimLost,
    /// A fault in the templates; nobody was called.
    #[error("the interview could not be written")]
    Script,
    /// A bug of this service; nobody was called.
    #[error("a fault of this service's own")]
    Internal,
}

impl CallError {
    /// A stable word for metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Busy { .. } => "busy",
            Self::AtLimit { .. } => "at_limit",
            Self::Unknown => "unknown",
            Self::KeyReused => "key_reused",
            Self::InProgress => "in_progress",
            Self::StoreUnavailable => "store_unavailable",
            Self::ClaimLost => "claim_lost",
            Self::Script => "script_failed",
            Self::Internal => "internal",
        }
    }

    /// The claim could not be recorded. Logs why.
    pub(super) fn store_failed(error: &StoreError) -> Self {
        tracing::error!(%error, "the call store failed; without a claim nobody is called");
        Self::StoreUnavailable
    }

    /// The interview could not be written. Logs why.
    pub(super) fn script_failed(error: &TemplateError) -> Self {
        tracing::error!(%error, "the interview could not be written; check the templates");
        Self::Script
    }
}

impl From<HeldBack> for CallError {
    fn from(held_back: HeldBack) -> Self {
        match held_back {
            HeldBack::AtLimit { retry_after } => Self::AtLimit { retry_after },
            HeldBack::NoFreeLine { retry_after } => Self::Busy { retry_after },
        }
    }
}

/// What became of a dial, for the trigger that dialled.
pub(super) fn answer(outcome: DialOutcome) -> Result<ConversationId, CallError> {
    match outcome {
        DialOutcome::Placed { conversation_id } => Ok(conversation_id),
        DialOutcome::Refused(refusal) => Err(CallError::Refused(refusal)),
        DialOutcome::Busy { retry_after } => {
            Err(CallError::Busy { retry_after: retry_after.unwrap_or(DEFAULT_BUSY_PAUSE) })
        }
        DialOutcome::Unknown(_) => Err(CallError::Unknown),
    }
}

/// What became of a refused call, for a duplicate that waited for it.
pub(super) fn recorded_refusal(record: &CallRecord) -> CallError {
    let word = record.outcome.as_deref().unwrap_or_default();
    let seconds = record.retry_after_secs.map_or(DEFAULT_BUSY_PAUSE.as_secs(), u64::from);
    let retry_after = Duration::from_secs(seconds);
    match word {
        BUSY => CallError::Busy { retry_after },
        AT_LIMIT => CallError::AtLimit { retry_after },
        _ => CallError::Refused(Refusal::from_code(word)),
    }
}

/// How a call that the dial gate turned away is recorded. Its guard is free at once.
pub(super) fn held_back_settlement(held_back: HeldBack) -> Settlement {
    let (outcome, retry_after) = match held_back {
        HeldBack::AtLimit { retry_after } => (AT_LIMIT, retry_after),
        HeldBack::NoFreeLine { retry_after } => (BUSY, retry_after),
    };
    Settlement::Refused { outcome, retry_after_secs: recorded_pause(retry_after) }
}

/// How an outcome is recorded. `unknown` makes the settlement where nobody can tell.
pub(super) fn settlement(
    outcome: &DialOutcome,
    unknown: impl FnOnce(UnknownCause) -> Settlement,
) -> Settlement {
    match outcome {
        DialOutcome::Placed { conversation_id } => {
            Settlement::Placed { conversation_id: Some(conversation_id.clone()) }
        }
        DialOutcome::Refused(refusal @ Refusal::ProviderFailed { conversation_id }) => {
            Settlement::Failed { outcome: refusal.code(), conversation_id: conversation_id.clone() }
        }
        DialOutcome::Refused(refusal) => {
            Settlement::Refused { outcome: refusal.code(), retry_after_secs: None }
        }
        DialOutcome::Busy { retry_after } => {
            Settlement::Refused { outcome: BUSY, retry_after_secs: retry_after.and_then(recorded_pause) }
        }
        DialOutcome::Unknown(cause) => unknown(*cause),
    }
}

fn recorded_pause(pause: Duration) -> Option<u32> {
    u32::try_from(whole_seconds(pause)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::telemetry::metrics::CALL_ANSWERS;

    #[test]
    fn every_error_is_counted_from_zero_on() {
        let pause = Duration::ZERO;
        let errors = [
            CallError::Refused(Refusal::Unreachable),
            CallError::Busy { retry_after: pause },
            CallError::AtLimit { retry_after: pause },
            CallError::Unknown,
            CallError::KeyReused,
            CallError::InProgress,
            CallError::StoreUnavailable,
            CallError::ClaimLost,
            CallError::Script,
            CallError::Internal,
        ];
        let answers = errors.iter().map(CallError::code).chain(["placed", "replayed"]);
        assert_eq!(answers.collect::<BTreeSet<_>>(), BTreeSet::from(CALL_ANSWERS));
    }
}
