//! Places a call: claimed, prepared, dialled once, settled.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use super::call_log::CallLog;
use super::claim::Claimed;
use super::dial_gate::Pass;
use super::outcome::{self, CLAIM_GIVEN_UP, SCRIPT_FAILED};
use super::store::{CallRecord, Mode, Settlement};
use super::{Answered, Briefing, CallError, Calls, IdempotencyKey, Way, replay};
use crate::domain::{CallId, CallTarget, ConversationId, Script, Trigger};
use crate::elevenlabs::{Dial, DialOutcome, OutboundCall, Provider};
use crate::telemetry::{self, Step};

/// How much time may pass between the record and the first byte. A process that slept in between (a paused container, a
/// frozen machine) may have been given up by the others, so it must not dial any more.
const MAX_WAY_TO_DIAL: TimeDelta = TimeDelta::seconds(10);

/// How long after it came a trigger is answered at the latest: `docs/api.md` tells HOC to wait for 150 s, of which the
/// way takes some.
const ANSWER_WITHIN: Duration = Duration::from_secs(145);

/// What an answer may take after the dial: writing the outcome down and, if it is unknown, reading whether it is settled.
/// Each takes that long only where the database hardly answers.
const AFTER_THE_DIAL: Duration = Duration::from_secs(12);

/// How long is dialled however late it is. A trigger is that late only if this process stood still, and then its caller
/// has gone.
const SHORTEST_DIAL: Duration = Duration::from_secs(30);

/// A call that may be dialled: everything is there, and the record says that it is about to be.
struct Prepared<'a> {
    provider: Provider,
    script: Script,
    pass: Pass<'a>,
}

impl Calls {
    /// Places the call unless an earlier trigger does or did; then returns that one's answer.
    pub(super) async fn call_once(
        &self,
        trigger: &Trigger,
        target: &CallTarget,
        key: Option<&IdempotencyKey>,
    ) -> Result<Answered, CallError> {
        let came_at = Instant::now();
        match self.claim_or_wait(Mode::Call, trigger, key, || new_call_id(self.clock.now())).await? {
            Claimed::First(call_id) => self.place(trigger, target, call_id, came_at).await,
            Claimed::After(record) => replayed(trigger, target, *record),
        }
    }

    async fn place(
        &self,
        trigger: &Trigger,
        target: &CallTarget,
        call_id: CallId,
        came_at: Instant,
    ) -> Result<Answered, CallError> {
        telemetry::record_call(&call_id, trigger.campaign_id);
        let mut log = CallLog::start(Mode::Call.as_str(), trigger, call_id.clone());
        let (prepared, briefing, answered_at) = self.prepare(trigger, target, &mut log).await?;
        let dialled = outcome::answer(self.dial(target, &log, prepared, answered_at, came_at).await);
        let conversation_id = match dialled {
            Err(CallError::Unknown) => self.settled_conversation(&call_id).await.ok_or(CallError::Unknown)?,
            known => known?,
        };
        let way = Way::Call { to_number: target.to_number.clone(), conversation_id };
        Ok(Answered { way, briefing, answered_at, replayed: false })
    }

    /// Writes the interview, waits for a free line, and records the answer that the call will get: what is told of the
    /// agent, and when.
    async fn prepare(
        &self,
        trigger: &Trigger,
        target: &CallTarget,
        log: &mut CallLog,
    ) -> Result<(Prepared<'_>, Briefing, DateTime<Utc>), CallError> {
        let (found, provider) = tokio::join!(
            self.questionnaire(trigger.campaign_id, log),
            self.elevenlabs.provider(&target.from)
        );
        let script = match self.script(trigger, found.as_ref(), log) {
            Ok(script) => script,
            Err(error) => {
                self.record(&log.call_id, Settlement::NotPlaced { outcome: SCRIPT_FAILED }).await;
                return Err(error);
            }
        };
        let briefing = Briefing::of(&script, found.map(|found| found.age_seconds));
        let pass = self.pass(log).await?;
        let answered_at = self.answer_time();
        let answer = replay::stored(trigger, &briefing, answered_at, None);
        self.begin(&log.call_id, &answer, answered_at + self.longest_doubt()).await?;
        self.check_that_nobody_gave_it_up(&log.call_id, answered_at).await?;
        Ok((Prepared { provider, script, pass }, briefing, answered_at))
    }

    async fn check_that_nobody_gave_it_up(
        &self,
        call_id: &CallId,
        begun_at: DateTime<Utc>,
    ) -> Result<(), CallError> {
        if self.clock.now() - begun_at <= MAX_WAY_TO_DIAL {
            return Ok(());
        }
        tracing::error!(%call_id, "this process was suspended before the dial; nobody is called");
        self.record(call_id, Settlement::NotPlaced { outcome: CLAIM_GIVEN_UP }).await;
        Err(CallError::ClaimLost)
    }

    /// Dials once, and records what became of it.
    async fn dial(
        &self,
        target: &CallTarget,
        log: &CallLog,
        prepared: Prepared<'_>,
        answered_at: DateTime<Utc>,
        came_at: Instant,
    ) -> DialOutcome {
        let Prepared { provider, script, pass } = prepared;
        let call_id = &log.call_id;
        let start = Instant::now();
        let awaited_for = time_to_dial(start.duration_since(came_at), self.rules.unknown_patience);
        let call = OutboundCall { target, script, call_id, awaited_for };
        let Dial { outcome, upstream_request_id } = self.elevenlabs.start_call(provider, call).await;
        pass.done(&outcome);
        log.dialled(provider, target, start.elapsed(), &outcome, upstream_request_id.as_deref());
        self.metrics.dialled(provider.code(), outcome.code(), outcome.reason().unwrap_or_default());
        let settlement =
            outcome::settlement(&outcome, |cause| self.unknown_settlement(cause.code(), answered_at));
        self.record(call_id, settlement).await;
        outcome
    }

    /// Waits for permission to dial. If it is not granted in time, nobody is called, and the trigger is free again.
    async fn pass(&self, log: &CallLog) -> Result<Pass<'_>, CallError> {
        let step = Step::begin("dial_gate").of(&log.call_id);
        let held_back = match self.dial_gate.enter().await {
            Ok(pass) => return Ok(pass),
            Err(held_back) => held_back,
        };
        step.outcome(held_back.code());
        log.held_back(held_back.code());
        self.metrics.held_back(held_back.code());
        self.record(&log.call_id, outcome::held_back_settlement(held_back)).await;
        Err(held_back.into())
    }

    /// The conversation of an unknown call that turns out to be placed, if that shows soon enough for this answer.
    async fn settled_conversation(&self, call_id: &CallId) -> Option<ConversationId> {
        let record = self.wait_until_settled(call_id, self.rules.unknown_patience).await?;
        record.conversation_id
    }
}

/// How long to dial, so that the trigger is answered in time although `spent` has passed, and an unknown outcome is
/// waited for.
fn time_to_dial(spent: Duration, unknown_patience: Duration) -> Duration {
    ANSWER_WITHIN.saturating_sub(spent + AFTER_THE_DIAL + unknown_patience).max(SHORTEST_DIAL)
}

/// The time in milliseconds, then 74 random bits, so that calls made together stand together in the store's indexes.
fn new_call_id(now: DateTime<Utc>) -> CallId {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    CallId::from_uuid(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
}

/// The answer of the trigger that placed the call.
fn replayed(trigger: &Trigger, target: &CallTarget, record: CallRecord) -> Result<Answered, CallError> {
    let (Some(conversation_id), Some(answer)) = (record.conversation_id, record.answer) else {
        tracing::error!(call_id = %record.call_id, "a placed call lacks its conversation or its answer");
        return Err(CallError::Unknown);
    };
    tracing::info!(
        call_id = %record.call_id,
        campaign_id = record.campaign_id.get(),
        %conversation_id,
        "answered with the call that an earlier trigger placed"
    );
    Ok(Answered {
        way: Way::Call { to_number: target.to_number.clone(), conversation_id },
        briefing: replay::restored(trigger, &answer),
        answered_at: answer.answered_at,
        replayed: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_long_a_trigger_waited_before_the_dial_it_is_answered_in_time() {
        let patience = Duration::from_secs(5);
        // At the end of the longest way: an earlier call that was given up, HOC, the gate and a slow database.
        for spent in [0, 8, 20, 30, 74, 98].map(Duration::from_secs) {
            let dial = time_to_dial(spent, patience);
            assert_eq!(spent + dial + patience + AFTER_THE_DIAL, ANSWER_WITHIN, "{spent:?}");
        }
        assert_eq!(time_to_dial(Duration::from_mins(10), patience), SHORTEST_DIAL);
    }

    #[test]
    fn ids_of_calls_follow_each_other_in_time_and_differ_within_a_millisecond() {
        let begin = DateTime::from_timestamp_millis(1_764_069_605_169).unwrap();
        let ids: Vec<_> = (0..1_000).map(|ms| new_call_id(begin + TimeDelta::milliseconds(ms))).collect();
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
        assert_ne!(new_call_id(begin), new_call_id(begin));
    }
}
