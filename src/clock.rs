//! Time as an argument, so that no test has to wait.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// A clock that several parts share.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The form of every timestamp in an answer: UTC, six decimals, no offset. HOC's clients parse it with Python 3.10's
/// `datetime.fromisoformat`, which takes no `Z`.
#[must_use]
pub fn timestamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// The seconds in a time to wait, rounded up: whoever comes back after so many must not be too early.
#[must_use]
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_always_has_six_decimals_and_no_offset() {
        let time = DateTime::from_timestamp(1_764_069_605, 0).unwrap();
        assert_eq!(timestamp(time), "2025-11-25T11:20:05.000000");
        let time = DateTime::from_timestamp(1_764_069_605, 169_839_999).unwrap();
        assert_eq!(timestamp(time), "2025-11-25T11:20:05.169839");
    }
}
