//! Slots for connections: only so many at once, and which one is closed when none is free.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::telemetry::metrics::ConnectionMetrics;

/// How often whoever waits for a slot looks for a connection that could be closed: those that are being answered will be
/// idle, and one that was asked may have become busy.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// As many slots as there may be connections, and who has them.
#[derive(Debug)]
pub(super) struct ConnectionSlots {
    at_most: usize,
    /// See [`ConnectionLimits::time_to_ask`](crate::config::ConnectionLimits::time_to_ask).
    time_to_ask: Duration,
    open: Mutex<OpenConnections>,
    slot_freed: Notify,
    metrics: ConnectionMetrics,
}

#[derive(Debug, Default)]
struct OpenConnections {
    next: u64,
    by_age: BTreeMap<u64, Arc<Activity>>,
}

/// What a connection is doing.
#[derive(Debug)]
pub(super) struct Activity {
    since: Instant,
    answering: AtomicUsize,
    was_answered: AtomicBool,
    is_asked_to_close: AtomicBool,
    close_requested: Notify,
}

/// A connection's slot; freed when it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<ConnectionSlots>,
    number: u64,
    pub(super) activity: Arc<Activity>,
}

/// While a request is being answered.
#[derive(Debug)]
pub(super) struct Answering(Arc<Activity>);

impl ConnectionSlots {
    pub(super) fn new(at_most: usize, time_to_ask: Duration, metrics: ConnectionMetrics) -> Self {
        Self { at_most, time_to_ask, open: Mutex::default(), slot_freed: Notify::new(), metrics }
    }

    /// A slot for one more connection. While none is free, a connection that is not being answered is asked to close.
    pub(super) async fn take(self: &Arc<Self>) -> Slot {
        loop {
            let freed = self.slot_freed.notified();
            if let Some(slot) = self.try_take() {
                return slot;
            }
            let _ = timeout(LOOK_AGAIN, freed).await;
        }
    }

    fn try_take(self: &Arc<Self>) -> Option<Slot> {
        let mut open = self.open();
        if open.by_age.len() >= self.at_most {
            open.ask_one_to_close(self.time_to_ask);
            return None;
        }
        let number = open.next;
        open.next += 1;
        let activity = Arc::new(Activity::new());
        open.by_age.insert(number, Arc::clone(&activity));
        self.metrics.open(open.by_age.len());
        Some(Slot { slots: Arc::clone(self), number, activity })
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenConnections {
    /// The first to go is the oldest connection that had time to send a request and sent none; then the oldest idle one
    /// that was answered before, because a caller that keeps its connection for the next trigger may be closed before a
    /// newcomer whose request is on its way; then the oldest idle one.
    fn ask_one_to_close(&self, time_to_ask: Duration) {
        if self.by_age.values().any(|activity| activity.is_asked_to_close() && activity.is_idle()) {
            return;
        }
        let idle = || self.by_age.values().filter(|activity| activity.is_idle());
        let silent =
            idle().find(|activity| !activity.was_answered() && activity.since.elapsed() >= time_to_ask);
        let answered = || idle().find(|activity| activity.was_answered());
        if let Some(activity) = silent.or_else(answered).or_else(|| idle().next()) {
            activity.is_asked_to_close.store(true, Ordering::Relaxed);
            activity.close_requested.notify_one();
        }
    }
}

impl Activity {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            answering: AtomicUsize::default(),
            was_answered: AtomicBool::default(),
            is_asked_to_close: AtomicBool::default(),
            close_requested: Notify::new(),
        }
    }

    /// Whether no request is being answered.
    pub(super) fn is_idle(&self) -> bool {
        self.answering.load(Ordering::Relaxed) == 0
    }

    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.answering.fetch_add(1, Ordering::Relaxed);
        self.was_answered.store(true, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    /// Returns when its slot is needed.
    pub(super) async fn asked_to_close(&self) {
        self.close_requested.notified().await;
        // Whoever is busy again by now may be asked again.
        self.is_asked_to_close.store(false, Ordering::Relaxed);
    }

    fn was_answered(&self) -> bool {
        self.was_answered.load(Ordering::Relaxed)
    }

    fn is_asked_to_close(&self) -> bool {
        self.is_asked_to_close.load(Ordering::Relaxed)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Slot {
    /// The connection ended by itself: it was closed in order, or by an error such as a head or an answer that took too
    /// long.
    pub(super) fn ended(self, in_error: bool) {
        if in_error {
            self.slots.metrics.cut("error");
        }
    }

    /// It was closed from this side, for this reason.
    pub(super) fn cut(self, reason: &'static str) {
        self.slots.metrics.cut(reason);
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.slots.open();
        open.by_age.remove(&self.number);
        self.slots.metrics.open(open.by_age.len());
        drop(open);
        self.slots.slot_freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    const TIME_TO_ASK: Duration = Duration::from_secs(2);

    /// Takes a slot for a connection that is answered once and then kept.
    async fn kept(slots: &Arc<ConnectionSlots>) -> Slot {
        let slot = slots.take().await;
        drop(slot.activity.answering());
        slot
    }

    /// Which of these connections is asked to close by one that finds no slot.
    async fn closed_for_another(slots: &Arc<ConnectionSlots>, open: &[&Slot]) -> Vec<bool> {
        assert!(timeout(Duration::from_millis(1), slots.take()).await.is_err(), "no slot is free");
        open.iter().map(|slot| slot.activity.is_asked_to_close()).collect()
    }

    fn slots(at_most: usize) -> Arc<ConnectionSlots> {
        Arc::new(ConnectionSlots::new(at_most, TIME_TO_ASK, ConnectionMetrics::default()))
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_just_come_is_not_closed_for_the_next_one() {
        let slots = slots(3);
        let (kept_first, kept_second) = (kept(&slots).await, kept(&slots).await);
        advance(Duration::from_mins(1)).await;
        let newcomer = slots.take().await;
        let closed = closed_for_another(&slots, &[&kept_first, &kept_second, &newcomer]).await;
        assert_eq!(closed, [true, false, false], "the oldest kept one");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_nothing_is_closed_before_those_that_were_answered() {
        let slots = slots(3);
        let (kept, silent) = (kept(&slots).await, slots.take().await);
        advance(TIME_TO_ASK).await;
        let newcomer = slots.take().await;
        let closed = closed_for_another(&slots, &[&kept, &silent, &newcomer]).await;
        assert_eq!(closed, [false, true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_takes_the_place_of_the_first_that_has_its_answer() {
        let slots = slots(2);
        let (first, second) = (slots.take().await, slots.take().await);
        let (_answering, answered) = (first.activity.answering(), second.activity.answering());
        let taking = tokio::spawn({
            let slots = Arc::clone(&slots);
            async move { slots.take().await }
        });
        sleep(Duration::from_secs(1)).await;
        drop(answered);
        timeout(Duration::from_secs(1), second.activity.asked_to_close()).await.expect("it is idle");
        // It has become busy before it heard of that.
        let answered = second.activity.answering();
        sleep(Duration::from_secs(1)).await;
        drop(answered);
        timeout(Duration::from_secs(1), second.activity.asked_to_close()).await.expect("it is idle again");
        assert!(!taking.is_finished());
        drop(second);
        taking.await.expect("a slot");
    }

    #[tokio::test(start_paused = true)]
    async fn of_newcomers_alone_the_oldest_is_closed_and_nobody_that_is_being_answered() {
        let slots = slots(3);
        let (busy, first, second) = (slots.take().await, slots.take().await, slots.take().await);
        let _answering = busy.activity.answering();
        let closed = closed_for_another(&slots, &[&busy, &first, &second]).await;
        assert_eq!(closed, [false, true, false]);
    }
}
