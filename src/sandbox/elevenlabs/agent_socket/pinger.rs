//! The agent's own pings, by which it measures how far away the client is.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

/// The time between two pings.
const EVERY: Duration = Duration::from_secs(2);

/// Pings without a pong after which the client counts as gone. The sandbox's own rule: what the real one does is unknown.
const MAX_UNANSWERED: usize = 10;

#[derive(Debug)]
pub(super) struct Pinger {
    pub(super) next_at: Instant,
    unanswered: BTreeMap<u64, Instant>,
    /// The way there and back, in milliseconds, of the last ping that was answered.
    pub(super) round_trip: Option<u64>,
}

impl Pinger {
    pub(super) fn new(now: Instant) -> Self {
        Self { next_at: now + EVERY, unanswered: BTreeMap::new(), round_trip: None }
    }

    /// Notes that a ping goes out. False if too many are unanswered.
    pub(super) fn sent(&mut self, event_id: u64, now: Instant) -> bool {
        self.next_at = now + EVERY;
        self.unanswered.insert(event_id, now);
        self.unanswered.len() <= MAX_UNANSWERED
    }

    /// Notes an answer. False if nothing was asked under this id.
    pub(super) fn answered(&mut self, event_id: u64, now: Instant) -> bool {
        let Some(sent) = self.unanswered.remove(&event_id) else { return false };
        self.round_trip = u64::try_from(now.duration_since(sent).as_millis()).ok();
        true
    }
}
