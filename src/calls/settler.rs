//! Settles what is open: calls whose outcome nobody can tell, and claims of processes that are gone.
//!
//! One loop per process, safe with several on one database: whoever works on a row leases it first. It never dials.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::outcome::NOT_IN_LIST;
use super::store::{CallRecord, Mode, Settlement, StoreError};
use super::{Calls, LEASE};
use crate::domain::{AgentId, CallId, CampaignId};
use crate::elevenlabs::{NoProof, SoughtCall};

/// How often the store is checked for calls that are due to be looked up at ElevenLabs.
const TICK: Duration = Duration::from_millis(500);

/// How often leases are renewed, and those of others checked: well within a lease.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Old rows are removed once in this many heartbeats: about every minute.
const BEATS_A_PURGE: u32 = 30;
/// How many old calls are removed at once. If there are more, as after `CALL_RETENTION` was shortened, each heartbeat
/// removes as many, so that neither leases nor triggers wait for it.
const PURGED_AT_ONCE: u64 = 1_000;

/// How many open calls are looked up at once.
const CHECKS_AT_ONCE: u32 = 10;

/// The longest pause between two lookups in ElevenLabs' list while a call could still appear.
const MAX_PAUSE: TimeDelta = TimeDelta::seconds(10);

/// The longest pause while the list cannot be read, or proves nothing.
const MAX_PAUSE_WITHOUT_LIST: TimeDelta = TimeDelta::seconds(60);

/// How many placed calls are looked up as a control before it is believed that another was not placed.
const CONTROLS: u32 = 3;

/// The controls were dialled within this time, because ElevenLabs deletes conversations, too.
const CONTROLS_SINCE: TimeDelta = TimeDelta::days(1);

/// And at least this long ago, because a conversation may not be listed at once.
const LISTED_AFTER: TimeDelta = TimeDelta::minutes(3);

/// The loop.
#[derive(Debug, Clone)]
pub struct Settler {
    calls: Arc<Calls>,
}

impl Settler {
    /// A loop for the given calls.
    #[must_use]
    pub const fn new(calls: Arc<Calls>) -> Self {
        Self { calls }
    }

    /// Runs until `stop`, then gives its leases back so that other processes need not wait for them to expire.
    pub async fn run(self, stop: CancellationToken) {
        // Concurrently: ElevenLabs' list may be slow, and a heartbeat that waited for it would lose its leases.
        tokio::join!(self.keep_order(&stop), self.look_for_the_unknown(&stop));
        let calls = &self.calls;
        if let Err(error) = calls.store.release_leases(calls.instance, calls.clock.now()).await {
            tracing::warn!(%error, "leases could not be given back; others wait until they lapse");
        }
    }

    async fn keep_order(&self, stop: &CancellationToken) {
        let mut beats = ticker(HEARTBEAT);
        // A store that is down is logged once and not at every beat.
        let mut is_failing = false;
        let mut has_more = false;
        for beat in 0_u32.. {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beats.tick() => {}
            }
            match self.beat(has_more || beat.is_multiple_of(BEATS_A_PURGE)).await {
                Ok(more) => {
                    has_more = more;
                    if is_failing {
                        tracing::info!("the call store is back");
                        is_failing = false;
                    }
                }
                Err(error) if !is_failing => {
                    tracing::error!(%error, "the call store is not available: nobody is called until it is back");
                    is_failing = true;
                }
                Err(_still_away) => {}
            }
        }
    }

    /// Looks up the calls that are due at ElevenLabs. Failures of the store are left to the heartbeat to report.
    async fn look_for_the_unknown(&self, stop: &CancellationToken) {
        let mut ticks = ticker(TICK);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let _ = self.check_due().await;
        }
    }

    /// Renews this process's leases, takes over what other processes left behind, and removes what is old. Returns whether
    /// there may be more of that.
    async fn beat(&self, purge: bool) -> Result<bool, StoreError> {
        let calls = &self.calls;
        calls.store.renew_leases(calls.instance, calls.clock.now() + LEASE).await?;
        self.take_over_the_dead().await?;
        if purge { self.purge().await } else { Ok(false) }
    }

    /// Claims that were never dialled are freed; dials whose process is gone become unknown.
    async fn take_over_the_dead(&self) -> Result<(), StoreError> {
        let calls = &self.calls;
        let now = calls.clock.now();
        for call_id in calls.store.abandon_stale_claims(now).await? {
            tracing::warn!(%call_id, "a claim whose process is gone was never dialled; the trigger is free again");
        }
        let settle_until = now + calls.longest_doubt_about_others();
        for record in calls.store.take_over(calls.instance, now, now + LEASE, settle_until).await? {
            tracing::warn!(
                call_id = %record.call_id,
                campaign_id = record.campaign_id.get(),
                "a dial whose process is gone: looking for it in ElevenLabs' conversations"
            );
        }
        Ok(())
    }

    async fn purge(&self) -> Result<bool, StoreError> {
        let calls = &self.calls;
        let retention = TimeDelta::from_std(calls.rules.retention).unwrap_or(TimeDelta::MAX);
        let Some(before) = calls.clock.now().checked_sub_signed(retention) else { return Ok(false) };
        let removed = calls.store.purge(before, PURGED_AT_ONCE).await?;
        if removed > 0 {
            tracing::info!(removed, "calls older than CALL_RETENTION were removed from the store");
        }
        Ok(removed >= PURGED_AT_ONCE)
    }

    async fn check_due(&self) -> Result<(), StoreError> {
        let calls = &self.calls;
        let now = calls.clock.now();
        let settle_until = now + calls.longest_doubt_about_others();
        let due =
            calls.store.due_for_check(calls.instance, now, now + LEASE, settle_until, CHECKS_AT_ONCE).await?;
        let mut checks = tokio::task::JoinSet::new();
        for record in due {
            let settler = self.clone();
            checks.spawn(async move { settler.check(&record).await });
        }
        while let Some(checked) = checks.join_next().await {
            // A check that panicked is due again at the next tick; the panic is in the log.
            checked.unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    /// Looks up one call in ElevenLabs' list.
    async fn check(&self, record: &CallRecord) -> Result<(), StoreError> {
        let calls = &self.calls;
        let (now, call_id, campaign_id) = (calls.clock.now(), &record.call_id, record.campaign_id.get());
        if record.mode == Mode::Link {
            // Its answer is recorded and may have been sent, so a retry must get the same link and not another one.
            return self.settle_open(call_id, Settlement::Placed { conversation_id: None }).await.map(drop);
        }
        let is_over = record.settle_until.is_none_or(|until| now >= until);
        match calls.elevenlabs.find_conversation(&self.sought(record)).await {
            Ok(Some(conversation_id)) => {
                let placed = Settlement::Placed { conversation_id: Some(conversation_id.clone()) };
                if self.settle_open(call_id, placed).await? {
                    tracing::info!(%call_id, campaign_id, %conversation_id, "unknown call settled: it was placed");
                    calls.metrics.settled_as_placed();
                }
                Ok(())
            }
            Ok(None) if is_over => self.settle_as_not_placed(record).await,
            Ok(None) => self.postpone(record, MAX_PAUSE).await,
            Err(error) => self.leave_unknown(record, error.into()).await,
        }
    }

    /// Frees the trigger, if the list that does not show the call can be believed.
    async fn settle_as_not_placed(&self, record: &CallRecord) -> Result<(), StoreError> {
        let calls = &self.calls;
        let now = calls.clock.now();
        let agent_id = self.agent_of(record);
        let placed =
            calls.store.placed_last(agent_id, now - CONTROLS_SINCE, now - LISTED_AFTER, CONTROLS).await?;
        let placed: Vec<_> = placed.iter().map(|record| self.sought(record)).collect();
        if let Err(error) = calls.elevenlabs.shows_what_was_placed(agent_id, &placed).await {
            return self.leave_unknown(record, error).await;
        }
        if self.settle_open(&record.call_id, Settlement::NotPlaced { outcome: NOT_IN_LIST }).await? {
            tracing::warn!(
                call_id = %record.call_id,
                campaign_id = record.campaign_id.get(),
                "unknown call settled: it was not placed; the trigger may dial again"
            );
            calls.metrics.settled_as_not_placed();
        }
        Ok(())
    }

    async fn leave_unknown(&self, record: &CallRecord, why: NoProof) -> Result<(), StoreError> {
        tell_unknown(&record.call_id, record.campaign_id, self.agent_of(record), why);
        self.postpone(record, MAX_PAUSE_WITHOUT_LIST).await
    }

    fn sought<'a>(&'a self, record: &'a CallRecord) -> SoughtCall<'a> {
        SoughtCall {
            call_id: &record.call_id,
            agent_id: self.agent_of(record),
            dialled_at: record.dialled_at.unwrap_or(record.claimed_at),
        }
    }

    /// The agent that the call was dialled with; another may be configured by now.
    fn agent_of<'a>(&'a self, record: &'a CallRecord) -> &'a AgentId {
        record.agent_id.as_ref().unwrap_or(self.calls.elevenlabs.agent_id())
    }

    /// `false`: it had come out before, for instance because the dial itself was answered, and nothing was changed.
    async fn settle_open(&self, call_id: &CallId, settlement: Settlement) -> Result<bool, StoreError> {
        let calls = &self.calls;
        calls.store.settle(call_id, &settlement, calls.clock.now()).await
    }

    /// Doubles the pause each time, up to `longest`, but never past the moment at which the call can be given up.
    async fn postpone(&self, record: &CallRecord, longest: TimeDelta) -> Result<(), StoreError> {
        let calls = &self.calls;
        let now = calls.clock.now();
        let pause = TimeDelta::seconds(1 << record.checks.min(6)).min(longest);
        let mut next = now + pause;
        if let Some(until) = record.settle_until.filter(|until| *until > now) {
            next = next.min(until);
        }
        calls
            .store
            .postpone_check(&record.call_id, calls.instance, next, now + LEASE)
            .await
            .map(|_changed| ())
    }
}

fn ticker(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Two messages, because they call for different action by the operator.
fn tell_unknown(call_id: &CallId, campaign_id: CampaignId, agent_id: &AgentId, why: NoProof) {
    let campaign_id = campaign_id.get();
    match why {
        NoProof::Unreadable(error) => tracing::error!(
            %call_id,
            campaign_id,
            %agent_id,
            %error,
            "ElevenLabs' conversations cannot be read, so the call stays unknown; asking again. With status 401 or 403 the \
             API key lacks read access to Agents (convai_read)"
        ),
        NoProof::UnknownAgent(_) | NoProof::Incomplete => tracing::error!(
            %call_id,
            campaign_id,
            %agent_id,
            error = %why,
            "ElevenLabs' conversations do not show the call, which proves nothing here, so it stays unknown; asking again"
        ),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use prometheus::TextEncoder;
    use uuid::Uuid;

    use super::super::store::{Claim, NewClaim};
    use super::super::tests::{calls, trigger};
    use super::*;
    use crate::domain::{AgentPhoneNumberId, CallTarget, PhoneNumber, Trigger};
    use crate::elevenlabs::LookupError;
    use crate::sandbox::{PHONE_NUMBER_TWILIO, Sandbox};
    use crate::telemetry::Captured;
    use crate::telemetry::metrics::Instruments;

    /// The dial itself, or another instance, may be faster than the list.
    #[tokio::test]
    async fn what_was_settled_meanwhile_is_not_told_and_counted_again_or_otherwise() {
        let sandbox = Sandbox::start().await.unwrap();
        let calls = calls(&sandbox).await;
        let target = CallTarget {
            to_number: PhoneNumber::parse("030 23125001").unwrap(),
            from: AgentPhoneNumberId::parse(PHONE_NUMBER_TWILIO).unwrap(),
            from_is_default: false,
        };
        let trigger = Trigger { call: Some(target), ..trigger() };
        calls.answer(Arc::new(trigger), None).await.unwrap();
        let called = sandbox.elevenlabs.conversations().remove(0);
        let call_id =
            called.dynamic_variable(CallId::VARIABLE).and_then(|id| CallId::parse(id.as_str()?)).unwrap();
        let mut record = calls.store.find(&call_id).await.unwrap().unwrap();

        let settler = Settler::new(Arc::clone(&calls));
        let (log, _logging) = Captured::start();
        settler.check(&record).await.unwrap();
        record.settle_until = None;
        // The list shows nothing of this one.
        record.call_id = CallId::from_uuid(Uuid::new_v4());
        settler.check(&record).await.unwrap();
        assert_eq!(log.text(), "");
        let mut families: Vec<_> =
            calls.metrics.collectors().iter().flat_map(|part| part.collect()).collect();
        families.retain(|family| family.name() == "sellcruiting_unknown_calls_settled_total");
        let text = TextEncoder::new().encode_to_string(&families).unwrap();
        for verdict in ["placed", "not_placed"] {
            let line = format!("sellcruiting_unknown_calls_settled_total{{verdict=\"{verdict}\"}} 0\n");
            assert!(text.contains(&line), "{text}");
        }
    }

    #[tokio::test]
    async fn many_old_calls_are_removed_a_part_at_each_heartbeat() {
        let sandbox = Sandbox::start().await.unwrap();
        let calls = calls(&sandbox).await;
        for _ in 0..=PURGED_AT_ONCE {
            let call_id = CallId::from_uuid(Uuid::new_v4());
            let long_ago = DateTime::UNIX_EPOCH;
            let claim = NewClaim {
                call_id: call_id.clone(),
                guard: calls.guards.unguarded(&call_id),
                is_keyed: false,
                fingerprint: calls.guards.fingerprint(&trigger()),
                mode: Mode::Link,
                campaign_id: CampaignId::new(7).unwrap(),
                guarded_until: long_ago,
                owner: calls.instance,
                lease_until: long_ago,
                now: long_ago,
            };
            assert_eq!(calls.store.claim(&claim).await, Ok(Claim::Won));
            let refused = Settlement::NotPlaced { outcome: NOT_IN_LIST };
            assert_eq!(calls.store.settle(&call_id, &refused, long_ago).await, Ok(true));
        }
        let settler = Settler::new(Arc::clone(&calls));
        assert_eq!(settler.beat(false).await, Ok(false));
        assert_eq!(settler.beat(true).await, Ok(true));
        assert_eq!(settler.beat(true).await, Ok(false));
        assert_eq!(calls.store.is_empty().await, Ok(true));
    }

    #[test]
    fn only_a_list_that_cannot_be_read_sends_anybody_after_a_permission() {
        let call_id = CallId::from_uuid(Uuid::nil());
        let (campaign_id, agent_id) = (CampaignId::new(300).unwrap(), AgentId::parse("agent_x").unwrap());
        let told = |why| {
            let lines = Captured::lines(|| tell_unknown(&call_id, campaign_id, &agent_id, why));
            assert_eq!(lines.len(), 1, "{lines:?}");
            lines[0].contains("convai_read")
        };
        assert!(told(LookupError::Timeout.into()));
        assert!(!told(NoProof::Incomplete));
        assert!(!told(NoProof::UnknownAgent(LookupError::NotFound)));
    }
}
