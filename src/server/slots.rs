//! Slots for connections: only so many at once, and which one is closed when none is free.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::telemetry::metrics::ConnectionMetrics;

/// As many slots as there may be connections, and who has them.
#[derive(Debug)]
pub(super) struct ConnectionSlots {
    at_most: usize,
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
#[derive(Debug, Default)]
pub(super) struct Activity {
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
    pub(super) fn new(at_most: usize, metrics: ConnectionMetrics) -> Self {
        Self { at_most, open: Mutex::default(), slot_freed: Notify::new(), metrics }
    }

    /// A slot for one more connection. While none is free, a connection that is not being answered is asked to close.
    pub(super) async fn take(self: &Arc<Self>) -> Slot {
        loop {
            let freed = self.slot_freed.notified();
            if let Some(slot) = self.try_take() {
                return slot;
            }
            freed.await;
        }
    }

    fn try_take(self: &Arc<Self>) -> Option<Slot> {
        let mut open = self.open();
        if open.by_age.len() >= self.at_most {
            open.ask_one_to_close();
            return None;
        }
        let number = open.next;
        open.next += 1;
        let activity = Arc::<Activity>::default();
        open.by_age.insert(number, Arc::clone(&activity));
        self.metrics.open(open.by_age.len());
        Some(Slot { slots: Arc::clone(self), number, activity })
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenConnections {
    /// The oldest of those that were never answered, else the oldest idle one: a caller who keeps its connection for the
    /// next trigger is worth more than one who has not said yet what it wants.
    fn ask_one_to_close(&self) {
        if self.by_age.values().any(|activity| activity.is_asked_to_close() && activity.is_idle()) {
            return;
        }
        let idle = || self.by_age.values().filter(|activity| activity.is_idle());
        let silent = idle().find(|activity| !activity.was_answered.load(Ordering::Relaxed));
        if let Some(activity) = silent.or_else(|| idle().next()) {
            activity.is_asked_to_close.store(true, Ordering::Relaxed);
            activity.close_requested.notify_one();
        }
    }
}

impl Activity {
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
        // Whoever is busy again by now may be asked again later.
        self.is_asked_to_close.store(false, Ordering::Relaxed);
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
    /// Ended by its own or the client's will, or by an error: a head or an answer that took too long, a broken line.
    pub(super) fn ended(self, in_error: bool) {
        if in_error {
            self.slots.metrics.cut("error");
        }
    }

    /// Ended here, for this reason.
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
