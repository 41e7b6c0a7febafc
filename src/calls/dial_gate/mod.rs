//! Limits how many dials go on at once, and how fast they follow each other while ElevenLabs has no free line.
//!
//! Dials beyond the limit wait in a bounded queue, first come, first served, for a bounded time. While ElevenLabs says
//! that no line is free, one dial at a time probes, and after each probe that fails nobody dials for longer and longer:
//! requests that are bound to fail help no candidate, and may cost the account its good standing.
//!
//! Each process has its own gate, so every further instance dials as many again.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::config::DialLimits;
use crate::elevenlabs::DialOutcome;

/// The pause after the second dial in a row that found no free line, unless ElevenLabs names one; each further dial
/// doubles it. After the first, the next dial tries at once: one busy line may be chance.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause, even where ElevenLabs asks for a longer one: lines become free one by one.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How long the others wait for a probe. ElevenLabs says at once that no line is free; a probe that has not been
/// refused by then has a line, and may ring for a minute. So it opens the gate.
const PROBE_TIME: Duration = Duration::from_secs(2);

/// How long a dial that found no free line is held against the next ones: as long as a telephone rings. A whole burst of
/// triggers must not wait for one probe after the other because a line was busy last night.
const MEMORY: Duration = Duration::from_mins(1);

/// When to retry if the queue is full, or moved too slowly.
const WHILE_AT_LIMIT: Duration = Duration::from_secs(5);

/// Lets dials through. See the module's documentation.
#[derive(Debug)]
pub(super) struct DialGate {
    limits: DialLimits,
    free: Semaphore,
    waiting: AtomicUsize,
    backoff: Mutex<Backoff>,
    /// Notified when a probe is back.
    probe_back: Notify,
}

/// What is known about ElevenLabs' lines.
#[derive(Debug, Default)]
struct Backoff {
    /// Dials in a row that found no free line.
    failures: u32,
    /// When the last of them did.
    failed_at: Option<Instant>,
    /// Nobody dials before this time.
    not_before: Option<Instant>,
    /// A probe is in flight, until this time at most.
    probed_until: Option<Instant>,
}

/// Whose turn it is.
enum Turn {
    /// This dial's. It is a probe if no line was free.
    Go { is_probe: bool },
    /// Another one's, until this time at most.
    Wait { probed_until: Instant },
}

/// Why a call is not dialled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldBack {
    /// As many dials as allowed are in flight, and the queue is full or moved too slowly.
    AtLimit {
        /// When to try again.
        retry_after: Duration,
    },
    /// ElevenLabs had no free line a moment ago.
    NoFreeLine {
        /// When to try again.
        retry_after: Duration,
    },
}

impl HeldBack {
    /// A stable word for logs and metrics.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::AtLimit { .. } => "at_limit",
            Self::NoFreeLine { .. } => "no_free_line",
        }
    }
}

/// Permission to dial once. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    gate: &'a DialGate,
    /// Whether this is the one dial that probes while no line is free.
    is_probe: bool,
    _permit: SemaphorePermit<'a>,
}

impl DialGate {
    /// Starts open.
    #[must_use]
    pub(super) fn new(limits: DialLimits) -> Self {
        Self {
            free: Semaphore::new(limits.at_once),
            limits,
            waiting: AtomicUsize::new(0),
            backoff: Mutex::default(),
            probe_back: Notify::new(),
        }
    }

    /// How many dials wait in the queue.
    #[must_use]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits for a pass.
    pub(super) async fn enter(&self) -> Result<Pass<'_>, HeldBack> {
        let deadline = Instant::now() + self.limits.patience;
        // Nobody should queue only to be told in the end what is known now.
        self.backoff().check_pause()?;
        let permit = self.permit(deadline).await.ok_or(HeldBack::AtLimit { retry_after: WHILE_AT_LIMIT })?;
        let is_probe = self.turn(deadline).await?;
        Ok(Pass { gate: self, is_probe, _permit: permit })
    }

    /// Waits for the probe in flight, if there is one. Returns whether this dial is the next probe.
    async fn turn(&self, deadline: Instant) -> Result<bool, HeldBack> {
        loop {
            let mut back = pin!(self.probe_back.notified());
            // Listens from here on, so that no probe comes back unnoticed between the check and the wait.
            back.as_mut().enable();
            let probed_until = match self.backoff().turn()? {
                Turn::Go { is_probe } => return Ok(is_probe),
                Turn::Wait { probed_until } => probed_until,
            };
            let _ = timeout_at(probed_until.min(deadline), back).await;
            if Instant::now() >= deadline {
                return Err(HeldBack::NoFreeLine { retry_after: FIRST_PAUSE });
            }
        }
    }

    async fn permit(&self, deadline: Instant) -> Option<SemaphorePermit<'_>> {
        if let Ok(permit) = self.free.try_acquire() {
            return Some(permit);
        }
        let _place = self.stand_in_line()?;
        timeout_at(deadline, self.free.acquire()).await.ok()?.ok()
    }

    fn stand_in_line(&self) -> Option<Place<'_>> {
        let place = Place(&self.waiting);
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        (before < self.limits.waiting).then_some(place)
    }

    fn backoff(&self) -> MutexGuard<'_, Backoff> {
        // Every change is a single step, so a panic leaves nothing half done.
        self.backoff.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, given up on drop.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pass<'_> {
    /// Reports what became of the dial.
    pub(super) fn done(self, outcome: &DialOutcome) {
        let mut backoff = self.gate.backoff();
        // A dial that was already in flight when the lines ran out tells nothing new.
        if !self.is_probe && backoff.failures > 0 {
            return;
        }
        match outcome {
            DialOutcome::Placed { .. } => *backoff = Backoff::default(),
            DialOutcome::Busy { retry_after } => backoff.grow(*retry_after),
            DialOutcome::Refused(_) | DialOutcome::Unknown(_) => {}
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.gate.backoff().probed_until = None;
            self.gate.probe_back.notify_waiters();
        }
    }
}

impl Backoff {
    fn check_pause(&self) -> Result<(), HeldBack> {
        let pause = self.not_before.map(|end| end.saturating_duration_since(Instant::now()));
        match pause.filter(|pause| !pause.is_zero()) {
            Some(retry_after) => Err(HeldBack::NoFreeLine { retry_after }),
            None => Ok(()),
        }
    }

    fn turn(&mut self) -> Result<Turn, HeldBack> {
        self.check_pause()?;
        let now = Instant::now();
        match self.probed_until {
            Some(probed_until) if probed_until > now => return Ok(Turn::Wait { probed_until }),
            Some(_it_rings) => *self = Self::default(),
            None if self.failed_at.is_some_and(|failed_at| failed_at + MEMORY <= now) => {
                *self = Self::default();
            }
            None => {}
        }
        let is_probe = self.failures > 0;
        if is_probe {
            self.probed_until = Some(now + PROBE_TIME);
        }
        Ok(Turn::Go { is_probe })
    }

    fn grow(&mut self, retry_after: Option<Duration>) {
        let pause = self.failures.checked_sub(1).map(|doublings| {
            let own = FIRST_PAUSE * 2_u32.saturating_pow(doublings.min(8));
            retry_after.unwrap_or(own).min(LONGEST_PAUSE)
        });
        self.failures += 1;
        self.failed_at = Some(Instant::now());
        self.not_before = pause.map(|pause| Instant::now() + pause);
    }
}

#[cfg(test)]
mod tests;
