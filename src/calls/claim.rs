//! Claims a trigger before anything is done for it, so that it is acted on only once.

use std::time::Duration;

use tokio::time::Instant;

use super::store::{CallRecord, Claim, GuardKey, Mode, NewClaim};
use super::wait::Waited;
use super::{CallError, Calls, IdempotencyKey, LEASE};
use crate::domain::{CallId, Trigger};
use crate::telemetry::{self, Step};

/// Who answers a trigger.
pub(super) enum Claimed {
    /// This trigger itself, under this call id.
    First(CallId),
    /// An earlier one, with this outcome.
    After(Box<CallRecord>),
}

impl Calls {
    /// Claims the trigger under a new id, or waits for the outcome of the call that already did. If that call is given
    /// up, tries to claim again.
    pub(super) async fn claim_or_wait(
        &self,
        mode: Mode,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
        new_id: impl Fn() -> CallId + Send,
    ) -> Result<Claimed, CallError> {
        let deadline = Instant::now() + self.rules.patience;
        loop {
            let call_id = new_id();
            let holder = match self.claim(mode, trigger, key, &call_id).await? {
                Claim::Won => return Ok(Claimed::First(call_id)),
                Claim::Held(holder) => holder,
            };
            match self.wait_for(trigger, &holder, deadline).await? {
                Waited::Placed(record) => return Ok(Claimed::After(record)),
                Waited::Freed => {}
            }
        }
    }

    /// Claims a trigger for this process, or finds the call that holds it.
    async fn claim(
        &self,
        mode: Mode,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
        call_id: &CallId,
    ) -> Result<Claim, CallError> {
        let _step = Step::begin("claim").of(call_id);
        let now = self.clock.now();
        let (guard, guarded_for) = self.guard(trigger, key, call_id);
        let fingerprint = self.guards.fingerprint(trigger);
        let claim = NewClaim {
            call_id: call_id.clone(),
            guard,
            is_keyed: key.is_some(),
            fingerprint: fingerprint.clone(),
            mode,
            campaign_id: trigger.campaign_id,
            guarded_until: now + guarded_for,
            owner: self.instance,
            lease_until: now + LEASE,
            now,
        };
        // A claim that failed may have been written all the same, so the log names its id.
        let note = || telemetry::record_call(call_id, trigger.campaign_id);
        let claimed = self.store.claim(&claim).await.inspect_err(|_| note());
        match claimed.map_err(|error| CallError::store_failed(&error))? {
            Claim::Held(holder) if key.is_some() && holder.fingerprint != fingerprint => {
                telemetry::record_call(&holder.call_id, holder.campaign_id);
                Err(CallError::KeyReused)
            }
            claim => Ok(claim),
        }
    }

    /// What a trigger is guarded by, and for how long after it was placed.
    fn guard(
        &self,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
        call_id: &CallId,
    ) -> (GuardKey, Duration) {
        match (key, &trigger.call) {
            (Some(key), _) => (self.guards.keyed(key), self.rules.retention),
            (None, Some(target)) if !self.rules.window.is_zero() => {
                (self.guards.natural(trigger.campaign_id, target), self.rules.window)
            }
            // A call's own id guards it against nothing but a crash.
            _ => (self.guards.unguarded(call_id), Duration::ZERO),
        }
    }
}
