//! A clock that stands.

use chrono::{DateTime, Utc};
use sellcruiting_webhook::clock::Clock;

/// The time of every test's service, as its answers write it.
pub(crate) const NOW: &str = "2025-11-25T11:20:05.169000";

/// Always [`NOW`].
#[derive(Debug)]
pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        format!("{NOW}Z").parse().unwrap()
    }
}
