//! The agent's own pings, with which it measures the round trip to the client.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

/// The time between pings.
const EVERY: Duration = Duration::from_secs(2);

/// With more unanswered pings than this, the client counts as gone. This rule is the sandbox's own: what the real
/// service does is unknown.
const MAX_UNANSWERED: usize = 10;

#[derive(Debug)]
pub(super) struct Pinger {
    pub(super) next_at: Instant,
    unanswered: BTreeMap<u64, Instant>,
    /// The round-trip time in milliseconds of the last ping that was answered.
    pub(super) round_trip: Option<u64>,
}

impl Pinger {
    pub(super) fn new(now: Instant) -> Self {
        Self { next_at: now + EVERY, unanswered: BTreeMap::new(), round_trip: None }
    }

    /// Records that a ping was sent. False if too many are unanswered.
    pub(super) fn sent(&mut self, event_id: u64, now: Instant) -> bool {
        self.next_at = now + EVERY;
        self.unanswered.insert(event_id, now);
        self.unanswered.len() <= MAX_UNANSWERED
    }

    /// Records an answer. False if no ping with this id is open.
    pub(super) fn answered(&mut self, event_id: u64, now: Instant) -> bool {
        let Some(sent) = self.unanswered.remove(&event_id) else { return false };
        self.round_trip = u64::try_from(now.duration_since(sent).as_millis()).ok();
        true
    }
}
