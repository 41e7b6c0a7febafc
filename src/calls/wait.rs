//! Waits for a call that another trigger is placing, in this process or another.
//!
//! The store is polled: the call may belong to another instance, and the database is all that the instances share.
//! Duplicates are rare, so this costs nothing in the usual case.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::outcome::{SCRIPT_FAILED, recorded_refusal};
use super::store::{CallRecord, CallState};
use super::{CallError, Calls};
use crate::domain::{CallId, Trigger};
use crate::telemetry::{self, Step};

/// How long to wait between two polls.
const PAUSE: Duration = Duration::from_millis(100);

/// What became of the call that was waited for.
pub(super) enum Waited {
    /// It was placed, or the link was made.
    Placed(Box<CallRecord>),
    /// It was given up, so the trigger is free again.
    Freed,
}

impl Calls {
    /// Waits until the outcome of the call that holds the guard is known, and adopts it.
    ///
    /// # Errors
    /// The holder's own error; [`CallError::InProgress`] at the deadline; [`CallError::Unknown`] if nobody can tell and
    /// that does not change soon; [`CallError::StoreUnavailable`] if the holder cannot be looked up.
    pub(super) async fn wait_for(
        &self,
        trigger: &Trigger,
        holder: &CallRecord,
        deadline: Instant,
    ) -> Result<Waited, CallError> {
        let same_request = holder.fingerprint == self.guards.fingerprint(trigger);
        telemetry::record_call(&holder.call_id, holder.campaign_id);
        let _step = Step::begin("wait_for_earlier").of(&holder.call_id);
        self.metrics.duplicate(holder.mode.as_str(), holder.state.as_str());
        tracing::info!(
            call_id = %holder.call_id,
            campaign_id = holder.campaign_id.get(),
            state = holder.state.as_str(),
            same_request,
            "duplicate trigger: waiting for the answer of call_id instead of dialling"
        );
        let mut record = holder.clone();
        let mut unknown_since: Option<Instant> = None;
        loop {
            if let Some(verdict) = verdict(&record) {
                return verdict;
            }
            if record.state == CallState::Unknown
                && unknown_since.get_or_insert_with(Instant::now).elapsed() >= self.rules.unknown_patience
            {
                return Err(CallError::Unknown);
            }
            if Instant::now() >= deadline {
                return Err(CallError::InProgress);
            }
            sleep(PAUSE).await;
            // A row that is gone leaves the trigger as free as one that was given up.
            let Some(now) = self.find_earlier(&holder.call_id).await? else { return Ok(Waited::Freed) };
            record = now;
        }
    }

    async fn find_earlier(&self, call_id: &CallId) -> Result<Option<CallRecord>, CallError> {
        self.store.find(call_id).await.map_err(|error| {
            tracing::error!(%error, "the earlier call could not be looked up; this trigger calls nobody");
            CallError::StoreUnavailable
        })
    }

    /// The record of an unknown call once it is settled; `None` if that does not happen within `patience`, or the
    /// record cannot be read.
    pub(super) async fn wait_until_settled(
        &self,
        call_id: &CallId,
        patience: Duration,
    ) -> Option<CallRecord> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            sleep(PAUSE).await;
            let record = self.store.find(call_id).await.ok().flatten()?;
            if record.state != CallState::Unknown {
                return Some(record);
            }
        }
        None
    }
}

/// What became of a call according to its record; `None`: that is not known, or not yet.
fn verdict(record: &CallRecord) -> Option<Result<Waited, CallError>> {
    match record.state {
        CallState::Placed => Some(Ok(Waited::Placed(Box::new(record.clone())))),
        CallState::Refused => Some(Err(recorded_refusal(record))),
        CallState::NotPlaced if record.outcome.as_deref() == Some(SCRIPT_FAILED) => {
            Some(Err(CallError::Script))
        }
        CallState::NotPlaced => Some(Ok(Waited::Freed)),
        CallState::Claimed | CallState::Dialling | CallState::Unknown => None,
    }
}
