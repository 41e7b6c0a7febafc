//! An instance of the service in the model: the use case in small steps, any of which may be its last.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::support::{answer, begun, claim_of, instance};
use super::world::{APPEARS_AFTER, World};
use crate::calls::store::*;
use crate::domain::CallId;

/// How long a lease lasts.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// A dial that has not been sent this long after it was recorded is not sent at all: others may be looking for it by
/// then.
const SENT_WITHIN: TimeDelta = TimeDelta::seconds(10);
/// How long a call could still appear.
const SETTLES_WITHIN: TimeDelta = TimeDelta::seconds(10 + APPEARS_AFTER.num_seconds() + 5);
/// Time between two lookups.
const CHECK_PAUSE: TimeDelta = TimeDelta::seconds(7);
/// Due calls are taken in small batches, so that some are left for others.
const LOT: u32 = 2;

/// What becomes of a request to call somebody.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    /// It rings, and the answer says so.
    Placed,
    /// It rings, but the answer is lost.
    PlacedUnheard,
    /// Refused, and the answer says so.
    Refused,
    /// It does not ring, and no answer says so.
    LostUnheard,
}

/// A trigger that the instance works on.
#[derive(Debug)]
struct Work {
    guard: usize,
    call_id: CallId,
    step: Step,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Claimed,
    Noted { at: DateTime<Utc> },
    Dialled(Fate),
}

#[derive(Debug)]
pub(super) struct Instance {
    id: InstanceId,
    works: Vec<Work>,
    /// Calls it is looking for.
    checks: Vec<CallRecord>,
}

impl Instance {
    pub(super) fn start() -> Self {
        Self { id: instance(), works: Vec::new(), checks: Vec::new() }
    }

    /// A trigger comes in.
    pub(super) async fn trigger(
        &mut self,
        store: &CallStore,
        (guard, key): (usize, &GuardKey),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let new = NewClaim { lease_until: now + LEASE, ..claim_of(key, self.id, now) };
        if store.claim(&new).await? == Claim::Won {
            self.works.push(Work { guard, call_id: new.call_id, step: Step::Claimed });
        }
        Ok(())
    }

    /// Does the next step of one of its triggers.
    pub(super) async fn step(
        &mut self,
        store: &CallStore,
        world: &mut World,
        guards: &[GuardKey],
        (pick, fate): (usize, Fate),
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        if self.works.is_empty() {
            return Ok(());
        }
        let pick = pick % self.works.len();
        let work = &mut self.works[pick];
        let call_id = work.call_id.clone();
        let is_done = match work.step {
            Step::Claimed => {
                let settle_until = now + SETTLES_WITHIN;
                let noted = store
                    .begin_dial(&call_id, self.id, now, &begun(&answer(), settle_until), now + LEASE)
                    .await;
                work.step = Step::Noted { at: now };
                !noted.map_err(|error| error.to_string())?
            }
            Step::Noted { at } if now >= at + SENT_WITHIN => {
                settle(store, &call_id, Settlement::NotPlaced { outcome: "too_late" }, now).await?;
                true
            }
            Step::Noted { .. } => {
                let rings = matches!(fate, Fate::Placed | Fate::PlacedUnheard);
                world.dial(store, (work.guard, &guards[work.guard]), &call_id, rings, now).await?;
                work.step = Step::Dialled(fate);
                false
            }
            Step::Dialled(fate) => {
                settle(store, &call_id, heard(fate, world, &call_id, now), now).await?;
                true
            }
        };
        if is_done {
            self.works.remove(pick);
        }
        Ok(())
    }

    pub(super) async fn heartbeat(&self, store: &CallStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        store.renew_leases(self.id, now + LEASE).await.map(drop)
    }

    /// Takes over what others have left behind.
    pub(super) async fn take_over(&self, store: &CallStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        store.abandon_stale_claims(now).await?;
        store.take_over(self.id, now, now + LEASE, now + SETTLES_WITHIN).await.map(drop)
    }

    /// Takes the calls that are due, once the last batch is finished.
    pub(super) async fn take_due(&mut self, store: &CallStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        if self.checks.is_empty() {
            self.checks = store.due_for_check(self.id, now, now + LEASE, now + SETTLES_WITHIN, LOT).await?;
        }
        Ok(())
    }

    /// Looks for one of the calls that it took.
    pub(super) async fn check(
        &mut self,
        store: &CallStore,
        world: &World,
        list_is_readable: bool,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let Some(record) = self.checks.pop() else { return Ok(()) };
        // The time is taken before the list is read, so that what appears while it is read is not missed.
        let is_over = record.settle_until.is_none_or(|until| until <= now);
        let found = if list_is_readable { world.listed(&record.call_id, now) } else { None };
        if found.is_some() {
            let placed = Settlement::Placed { conversation_id: found };
            return settle(store, &record.call_id, placed, now).await;
        }
        if list_is_readable && is_over {
            let gone = Settlement::NotPlaced { outcome: "never_appeared" };
            return settle(store, &record.call_id, gone, now).await;
        }
        let postponed = store.postpone_check(&record.call_id, self.id, now + CHECK_PAUSE, now + LEASE).await;
        postponed.map(drop).map_err(|error| error.to_string())
    }

    pub(super) fn is_checking(&self) -> bool {
        !self.checks.is_empty()
    }

    /// Stops with calls still in flight, but releases them.
    pub(super) async fn stop(&mut self, store: &CallStore, now: DateTime<Utc>) -> Result<(), StoreError> {
        store.release_leases(self.id, now).await?;
        *self = Self::start();
        Ok(())
    }
}

fn heard(fate: Fate, world: &World, call_id: &CallId, now: DateTime<Utc>) -> Settlement {
    match fate {
        Fate::Placed => Settlement::Placed { conversation_id: world.conversation(call_id) },
        Fate::Refused => Settlement::Refused { outcome: "busy", retry_after_secs: None },
        Fate::PlacedUnheard | Fate::LostUnheard => Settlement::Unknown {
            outcome: "timeout",
            settle_until: now + SETTLES_WITHIN,
            next_check_at: now + CHECK_PAUSE,
        },
    }
}

async fn settle(
    store: &CallStore,
    call_id: &CallId,
    settlement: Settlement,
    now: DateTime<Utc>,
) -> Result<(), String> {
    store.settle(call_id, &settlement, now).await.map(drop).map_err(|error| error.to_string())
}
