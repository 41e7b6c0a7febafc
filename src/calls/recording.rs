//! Writes down how far a call has come: that its dial begins, and what became of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::sleep;
use tracing::Instrument;

use super::outcome::CLAIM_GIVEN_UP;
use super::store::{BegunDial, CallStore, Settlement, StoreError, StoredAnswer};
use super::{CallError, Calls, LEASE};
use crate::clock::SharedClock;
use crate::domain::CallId;
use crate::telemetry::Step;

/// The longest pause between attempts to record what became of a dial, in seconds. A shutdown waits for them, and a
/// database that comes and goes must be caught while it is there.
const LONGEST_SETTLE_PAUSE: u64 = 2;

impl Calls {
    /// Records the answer. This is the last step before bytes go out, or a link is handed out: from here on a crash
    /// leaves something that may have happened, and whoever takes it over looks for it until `settle_until`.
    pub(super) async fn begin(
        &self,
        call_id: &CallId,
        answer: &StoredAnswer,
        settle_until: DateTime<Utc>,
    ) -> Result<(), CallError> {
        let _step = Step::begin("begin_dial").of(call_id);
        let now = answer.answered_at;
        let begun = BegunDial { answer, settle_until, agent_id: self.elevenlabs.agent_id() };
        match self.store.begin_dial(call_id, self.instance, now, &begun, now + LEASE).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                tracing::error!(%call_id, "the claim was lost before the dial; nobody is called");
                Err(CallError::ClaimLost)
            }
            Err(error) => {
                // Nothing was sent, whatever the store has recorded.
                self.record_later(call_id, Settlement::NotPlaced { outcome: CLAIM_GIVEN_UP });
                Err(CallError::store_failed(&error))
            }
        }
    }

    /// Records what became of a claim. If the store fails now, a background task keeps trying.
    pub(super) async fn record(&self, call_id: &CallId, settlement: Settlement) {
        let _step = Step::begin("settle").of(call_id);
        if let Err(error) = settle(&self.store, &self.clock, call_id, &settlement).await {
            tracing::error!(%call_id, %error, "the outcome of a call could not be written down; retrying");
            self.record_later(call_id, settlement);
        }
    }

    /// Retries until the store accepts it.
    pub(super) fn record_later(&self, call_id: &CallId, settlement: Settlement) {
        let (store, clock, call_id) = (self.store.clone(), Arc::clone(&self.clock), call_id.clone());
        let trying = async move {
            for attempt in 0.. {
                sleep(Duration::from_secs(LONGEST_SETTLE_PAUSE.min(attempt))).await;
                match settle(&store, &clock, &call_id, &settlement).await {
                    Ok(true) => {
                        tracing::info!(%call_id, "the outcome of a call is written down now");
                        return;
                    }
                    Ok(false) => {
                        tracing::info!(%call_id, "the outcome of a call was written down already, by this or another process");
                        return;
                    }
                    Err(_still_away) => {}
                }
            }
        };
        self.in_flight.spawn(trying.in_current_span());
    }
}

/// Records an outcome; `false`: the call had come out otherwise before. If others took the dial for lost meanwhile, a
/// refusal still proves that nobody was called, and is recorded as such.
async fn settle(
    store: &CallStore,
    clock: &SharedClock,
    call_id: &CallId,
    settlement: &Settlement,
) -> Result<bool, StoreError> {
    let now = clock.now();
    if store.settle(call_id, settlement, now).await? {
        return Ok(true);
    }
    let Settlement::Refused { outcome, .. } = settlement else { return Ok(false) };
    store.settle(call_id, &Settlement::NotPlaced { outcome }, now).await
}
