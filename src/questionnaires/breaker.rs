//! A circuit breaker: decides whether something that has failed again and again is asked at all.
//!
//! ```text
//! closed ── failures in a row reach the limit ──▶ open ── REST is over ──▶ half-open: one probe
//!    ▲                                             ▲ │                        │        │
//!    ├──────────── a success ──────────────────────┼─┼────────────────────────┘        │
//!    │                                             ├─┼──────────── a failure ──────────┘
//!    │                                             │ └ MEMORY is over ──▶ doubtful: everybody asks
//!    └──────────── a success ──────────────────────┼─────────────────────────┘ │
//!                                                  └────────── a failure ──────┘
//! ```

use chrono::{DateTime, TimeDelta, Utc};

/// How long nobody asks. Short: at worst, the first trigger after it waits in vain, while each trigger during it gets
/// an interview without questions.
pub(super) const REST: TimeDelta = TimeDelta::seconds(5);

/// How long a failure is believed. Nobody asked since, or there would have been a newer one: the first triggers of the
/// morning must not lose their questions, all but one, to an outage of last night.
pub(super) const MEMORY: TimeDelta = TimeDelta::seconds(15);

/// How long a probe may go without an outcome before it is given up and another is sent.
pub(super) const PROBE_PATIENCE: TimeDelta = TimeDelta::seconds(15);

/// What an outcome changed, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// From now on nobody asks.
    Opened,
    /// Everybody asks again.
    Closed,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { since: DateTime<Utc> },
    HalfOpen { since: DateTime<Utc> },
    Doubtful,
}

/// The breaker. It knows nothing about what it guards.
#[derive(Debug, Clone)]
pub(super) struct Breaker {
    state: State,
    limit: u32,
}

impl Breaker {
    /// Starts closed; opens after `limit` failures in a row.
    pub(super) const fn new(limit: u32) -> Self {
        Self { state: State::Closed { failures: 0 }, limit }
    }

    /// Whether a request may begin now. Whoever makes it must say so with [`Breaker::begin`].
    pub(super) fn admits(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Closed { .. } | State::Doubtful => true,
            State::Open { since } => is_over(since, REST, now),
            State::HalfOpen { since } => is_over(since, PROBE_PATIENCE, now),
        }
    }

    /// A request begins. If the breaker was open until now, it is the probe, and no other is admitted meanwhile, unless
    /// the last failure was long ago.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) {
        self.state = match self.state {
            State::Open { since } if is_over(since, MEMORY, now) => State::Doubtful,
            State::Open { .. } | State::HalfOpen { .. } => State::HalfOpen { since: now },
            unchanged @ (State::Closed { .. } | State::Doubtful) => unchanged,
        };
    }

    /// A request succeeded. Closes from any state: even a request from before the opening shows that all is well.
    pub(super) const fn succeeded(&mut self) -> Option<Change> {
        let was_closed = self.is_closed();
        self.state = State::Closed { failures: 0 };
        if was_closed { None } else { Some(Change::Closed) }
    }

    /// A request failed.
    pub(super) const fn failed(&mut self, now: DateTime<Utc>) -> Option<Change> {
        match self.state {
            State::Closed { failures } if failures + 1 < self.limit => {
                self.state = State::Closed { failures: failures + 1 };
                None
            }
            State::Closed { .. } => {
                self.state = State::Open { since: now };
                Some(Change::Opened)
            }
            State::HalfOpen { .. } | State::Doubtful => {
                self.state = State::Open { since: now };
                None
            }
            // A request from before the opening tells nothing new.
            State::Open { .. } => None,
        }
    }

    pub(super) const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    /// Whether it keeps requests away, but for probes.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Closed { .. } | State::Doubtful => false,
            State::Open { since } => !is_over(since, MEMORY, now),
            State::HalfOpen { .. } => true,
        }
    }
}

/// Also true if the clock was set back: better to ask too early than not for hours.
fn is_over(since: DateTime<Utc>, time: TimeDelta, now: DateTime<Utc>) -> bool {
    let passed = now - since;
    passed >= time || passed < TimeDelta::zero()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_069_605 + seconds, 0).unwrap()
    }

    /// Open since second 0.
    fn open() -> Breaker {
        let mut breaker = Breaker::new(3);
        assert_eq!([breaker.failed(at(0)), breaker.failed(at(0))], [None, None]);
        assert!(breaker.admits(at(0)));
        assert_eq!(breaker.failed(at(0)), Some(Change::Opened));
        breaker
    }

    #[test]
    fn opens_after_failures_in_a_row_only() {
        let mut breaker = Breaker::new(3);
        for _ in 0..10 {
            assert_eq!([breaker.failed(at(0)), breaker.failed(at(0)), breaker.succeeded()], [None; 3]);
            assert!(breaker.admits(at(0)));
        }
    }

    #[test]
    fn rests_and_then_admits_one_probe_at_a_time() {
        let mut breaker = open();
        assert!(!breaker.admits(at(4)));
        assert!(breaker.admits(at(5)));
        breaker.begin(at(5));
        assert!(!breaker.admits(at(5)));
        assert!(!breaker.admits(at(19)));
        // The probe was lost.
        assert!(breaker.admits(at(20)));
    }

    #[test]
    fn a_probe_that_fails_starts_the_rest_anew_and_says_nothing() {
        let mut breaker = open();
        breaker.begin(at(5));
        assert_eq!(breaker.failed(at(9)), None);
        assert!(!breaker.admits(at(13)));
        assert!(breaker.admits(at(14)));
    }

    #[test]
    fn a_failure_of_long_ago_keeps_nobody_away_but_the_next_one_does() {
        let mut breaker = open();
        assert!(breaker.is_open(at(14)));
        assert!(!breaker.is_open(at(15)), "nobody has asked for so long that nobody knows");
        for _ in 0..3 {
            assert!(breaker.admits(at(15)));
            breaker.begin(at(15));
        }
        assert!(!breaker.is_open(at(15)));
        assert_eq!(breaker.failed(at(16)), None);
        assert!(breaker.is_open(at(16)) && !breaker.admits(at(16)));

        breaker.begin(at(40));
        assert_eq!(breaker.succeeded(), Some(Change::Closed));
    }

    #[test]
    fn a_success_closes_and_the_count_begins_anew() {
        let mut breaker = open();
        breaker.begin(at(5));
        assert_eq!(breaker.succeeded(), Some(Change::Closed));
        assert_eq!([breaker.failed(at(6)), breaker.failed(at(6))], [None, None]);
        assert!(breaker.admits(at(6)));
    }

    #[test]
    fn stragglers_of_before_the_opening_do_not_lengthen_the_rest() {
        let mut breaker = open();
        assert_eq!(breaker.failed(at(4)), None);
        assert!(breaker.admits(at(5)));
        assert_eq!(breaker.succeeded(), Some(Change::Closed));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_away() {
        assert!(open().admits(at(-3_600)));
    }
}
