//! A long-term rate limit that allows bursts.

use std::time::Duration;

use tokio::time::Instant;

/// A token bucket: as much as it holds may be taken at once, and it refills at a constant rate.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    capacity: f64,
    per_second: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    /// Starts full.
    pub(crate) fn new(capacity: f64, per_second: f64) -> Self {
        Self { capacity, per_second, level: capacity, at: Instant::now() }
    }

    /// Takes `amount`, or nothing if there is less.
    pub(crate) fn take(&mut self, amount: f64, now: Instant) -> bool {
        self.fill(now);
        if self.level < amount {
            return false;
        }
        self.level -= amount;
        true
    }

    /// Whether the bucket is filled to capacity.
    pub(crate) fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level >= self.capacity
    }

    /// How long until `amount` is there.
    pub(crate) fn wait(&mut self, amount: f64, now: Instant) -> Duration {
        self.fill(now);
        Duration::try_from_secs_f64((amount - self.level).max(0.0) / self.per_second).unwrap_or(Duration::MAX)
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.capacity);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_is_taken_at_once_and_the_rest_as_time_passes() {
        let start = Instant::now();
        let mut bucket = Bucket::new(3.0, 2.0);
        let after = |seconds| start + Duration::from_secs_f64(seconds);
        assert_eq!([(); 4].map(|()| bucket.take(1.0, start)), [true, true, true, false]);
        assert!(bucket.wait(1.0, start) <= Duration::from_millis(500));
        assert!(!bucket.take(1.0, after(0.4)));
        assert!(bucket.take(1.0, after(0.6)));
        assert!(!bucket.is_full(after(1.5)));
        assert!(bucket.is_full(after(2.6)));
        // It does not overflow.
        assert_eq!([(); 4].map(|()| bucket.take(1.0, after(600.0))), [true, true, true, false]);
    }
}
