//! A clock that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sellcruiting_webhook::clock::Clock;

/// The time at which every test's service starts, in the format of its answers.
pub(crate) const NOW: &str = "2025-11-25T11:20:05.169000";

/// Stands at [`NOW`] until it is advanced. Clones share the time, so that several instances agree.
#[derive(Debug, Clone, Default)]
pub(crate) struct ManualClock {
    /// Milliseconds since [`NOW`].
    passed: Arc<AtomicI64>,
}

impl ManualClock {
    /// Sets the time to this long after [`NOW`].
    pub(crate) fn set(&self, since_now: Duration) {
        self.passed.store(i64::try_from(since_now.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Advances the time for everybody who has this clock.
    pub(crate) fn advance(&self, time: Duration) {
        self.passed.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        let start: DateTime<Utc> = format!("{NOW}Z").parse().unwrap();
        start + TimeDelta::milliseconds(self.passed.load(Ordering::SeqCst))
    }
}
