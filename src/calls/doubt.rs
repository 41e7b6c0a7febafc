//! How long a call may still turn up at ElevenLabs after nobody knows what became of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::Calls;
use super::store::Settlement;

/// How long a telephone rings. ElevenLabs' default, which the service does not change.
const RINGING: TimeDelta = TimeDelta::seconds(60);

/// How long after that a call may still appear in ElevenLabs' list.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// How long after its timeout a dial has certainly ended.
const DIAL_SLACK: TimeDelta = TimeDelta::seconds(15);

impl Calls {
    /// How long after it was recorded a dial may still turn up if its process is gone: for as long as the telephone may
    /// ring, and at least until the dial itself has timed out. Otherwise this process would take over its own dial.
    pub(super) fn longest_doubt(&self) -> TimeDelta {
        let dial = TimeDelta::from_std(self.elevenlabs.dial_timeout()).unwrap_or(TimeDelta::zero());
        (RINGING + MARGIN).max(dial + DIAL_SLACK)
    }

    /// The same for a dial of a process that seems gone, from the moment that is noticed: the process may still be
    /// there, and still be dialling.
    pub(super) fn longest_doubt_about_others(&self) -> TimeDelta {
        self.longest_doubt() + MARGIN
    }

    /// How an unknown outcome is settled: by checking ElevenLabs' list for as long as the call could still appear.
    pub(super) fn unknown_settlement(&self, reason: &'static str, dialled_at: DateTime<Utc>) -> Settlement {
        let now = self.clock.now();
        Settlement::Unknown {
            outcome: reason,
            settle_until: (dialled_at + RINGING + MARGIN).max(now + RINGING),
            next_check_at: now,
        }
    }
}
