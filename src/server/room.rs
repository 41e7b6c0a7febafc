//! The room for connections: only so many at once, and who leaves when it is full.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::telemetry::metrics::ConnectionMetrics;

/// All connections, by age.
#[derive(Debug)]
pub(super) struct Room {
    at_most: usize,
    guests: Mutex<Guests>,
    somebody_left: Notify,
    metrics: ConnectionMetrics,
}

#[derive(Debug, Default)]
struct Guests {
    next: u64,
    by_age: BTreeMap<u64, Arc<Activity>>,
}

/// What a connection is doing.
#[derive(Debug, Default)]
pub(super) struct Activity {
    answering: AtomicUsize,
    was_answered: AtomicBool,
    is_asked_to_leave: AtomicBool,
    please_leave: Notify,
}

/// A connection's place; dropped with it.
#[derive(Debug)]
pub(super) struct Guest {
    room: Arc<Room>,
    number: u64,
    pub(super) activity: Arc<Activity>,
}

/// While a request is being answered.
#[derive(Debug)]
pub(super) struct Answering(Arc<Activity>);

impl Room {
    pub(super) fn new(at_most: usize, metrics: ConnectionMetrics) -> Self {
        Self { at_most, guests: Mutex::default(), somebody_left: Notify::new(), metrics }
    }

    /// A place for one more connection. While there is none, one that is not being answered is asked to leave.
    pub(super) async fn enter(self: &Arc<Self>) -> Guest {
        loop {
            let left = self.somebody_left.notified();
            if let Some(guest) = self.take_place() {
                return guest;
            }
            left.await;
        }
    }

    fn take_place(self: &Arc<Self>) -> Option<Guest> {
        let mut guests = self.guests();
        if guests.by_age.len() >= self.at_most {
            guests.ask_one_to_leave();
            return None;
        }
        let number = guests.next;
        guests.next += 1;
        let activity = Arc::<Activity>::default();
        guests.by_age.insert(number, Arc::clone(&activity));
        self.metrics.open(guests.by_age.len());
        Some(Guest { room: Arc::clone(self), number, activity })
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guests {
    /// The oldest of those that were never answered, else the oldest idle one: a caller who keeps its connection for the
    /// next trigger is worth more than one who has not said yet what it wants.
    fn ask_one_to_leave(&self) {
        if self.by_age.values().any(|activity| activity.is_asked_to_leave() && activity.is_idle()) {
            return;
        }
        let idle = || self.by_age.values().filter(|activity| activity.is_idle());
        let silent = idle().find(|activity| !activity.was_answered.load(Ordering::Relaxed));
        if let Some(activity) = silent.or_else(|| idle().next()) {
            activity.is_asked_to_leave.store(true, Ordering::Relaxed);
            activity.please_leave.notify_one();
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

    /// Ends when its place is needed.
    pub(super) async fn asked_to_leave(&self) {
        self.please_leave.notified().await;
        // Whoever is busy again by now may be asked again later.
        self.is_asked_to_leave.store(false, Ordering::Relaxed);
    }

    fn is_asked_to_leave(&self) -> bool {
        self.is_asked_to_leave.load(Ordering::Relaxed)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Guest {
    /// Ended by its own or the client's will, or by an error: a head or an answer that took too long, a broken line.
    pub(super) fn ended(self, in_error: bool) {
        if in_error {
            self.room.metrics.cut("error");
        }
    }

    /// Ended here, for this reason.
    pub(super) fn cut(self, reason: &'static str) {
        self.room.metrics.cut(reason);
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.room.guests();
        guests.by_age.remove(&self.number);
        self.room.metrics.open(guests.by_age.len());
        drop(guests);
        self.room.somebody_left.notify_one();
    }
}
