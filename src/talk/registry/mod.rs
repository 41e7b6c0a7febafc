//! Which talks are live. There is a limit on talks at the same time, one talk per link, and a limit on starts in a row
//! per link.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::bucket::Bucket;
use crate::config::TalkLimits;
use crate::domain::{CallId, is_plain_id};

/// Once this many links are tracked, those that have been quiet for long are forgotten.
const MANY_LINKS: usize = 1_024;

/// It takes some 25 seconds to notice that a browser's connection broke; until then its link is taken.
const BUSY_LINK_PAUSE: Duration = Duration::from_secs(30);

/// Talks last minutes, so it would be luck if a place became free within seconds.
const FULL_PAUSE: Duration = Duration::from_mins(1);

/// After a shutdown, another instance answers.
const STOPPING_PAUSE: Duration = Duration::from_secs(10);

/// The id that a page gives itself, so that it can take over its own talk after losing its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabId(String);

impl TabId {
    /// The longest id, in characters.
    pub const MAX_CHARS: usize = 64;

    /// `None` unless it consists of 1 to [`Self::MAX_CHARS`] letters, digits, `-` or `_`.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        (is_plain_id(raw) && raw.len() <= Self::MAX_CHARS).then(|| Self(raw.to_owned()))
    }
}

/// Why no talk can start, and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatRefusal {
    /// As many talks are live as there may be.
    TooMany(Duration),
    /// Talks on this link were started too often in a row.
    TooManyStarts(Duration),
    /// The service is shutting down.
    Stopping(Duration),
    /// Another page is talking on this link.
    InProgress(Duration),
}

impl SeatRefusal {
    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooMany(_) => "too_many",
            Self::TooManyStarts(_) => "too_many_starts",
            Self::Stopping(_) => "stopping",
            Self::InProgress(_) => "in_progress",
        }
    }
}

/// All live talks.
#[derive(Debug)]
pub(super) struct Registry {
    most: usize,
    limits: TalkLimits,
    state: Mutex<State>,
    /// Tracks every seat. Closed when the service shuts down.
    seats: TaskTracker,
}

#[derive(Debug, Default)]
struct State {
    live: HashMap<CallId, LiveTalk>,
    /// How many more talks may be started on each link for now.
    starts: HashMap<CallId, Bucket>,
    next_number: u64,
}

#[derive(Debug)]
struct LiveTalk {
    number: u64,
    tab: TabId,
    taken_over: CancellationToken,
    /// Cancelled once nothing of the talk is left.
    over: CancellationToken,
}

/// The right to one live talk. It is returned on drop, however the talk ends.
#[derive(Debug)]
pub struct Seat {
    registry: Arc<Registry>,
    link_id: CallId,
    number: u64,
    taken_over: CancellationToken,
    predecessor: Option<CancellationToken>,
    _over: DropGuard,
    _token: TaskTrackerToken,
}

impl Registry {
    pub(super) fn new(most: usize, limits: TalkLimits) -> Self {
        Self { most, limits, state: Mutex::default(), seats: TaskTracker::new() }
    }

    /// Starts a talk on a link. An older one of the same page is told to end, and its place is taken over.
    pub(super) fn take_seat(self: &Arc<Self>, link_id: &CallId, tab: &TabId) -> Result<Seat, SeatRefusal> {
        let mut state = self.state();
        self.check(&state, link_id, tab)?;
        state.take_start(link_id, &self.limits).map_err(SeatRefusal::TooManyStarts)?;
        let number = state.next_number;
        state.next_number += 1;
        let (taken_over, over) = (CancellationToken::new(), CancellationToken::new());
        let talk = LiveTalk { number, tab: tab.clone(), taken_over: taken_over.clone(), over: over.clone() };
        let predecessor = state.live.insert(link_id.clone(), talk);
        if let Some(predecessor) = &predecessor {
            predecessor.taken_over.cancel();
        }
        Ok(Seat {
            registry: Arc::clone(self),
            link_id: link_id.clone(),
            number,
            taken_over,
            predecessor: predecessor.map(|predecessor| predecessor.over),
            _over: over.drop_guard(),
            _token: self.seats.token(),
        })
    }

    /// Whether a talk could start now.
    pub(super) fn could_take_seat(&self, link_id: &CallId, tab: &TabId) -> Result<(), SeatRefusal> {
        let mut state = self.state();
        self.check(&state, link_id, tab)?;
        state.start_wait(link_id).map_or(Ok(()), |wait| Err(SeatRefusal::TooManyStarts(wait)))
    }

    /// Lets no further talk start.
    pub(super) fn close(&self) {
        self.seats.close();
    }

    /// Waits until every talk is over. Does not complete before [`Self::close`] was called.
    pub(super) async fn wait(&self) {
        self.seats.wait().await;
    }

    /// How many talks are live, including those that are about to end.
    pub(super) fn live(&self) -> usize {
        self.seats.len()
    }

    fn check(&self, state: &State, link_id: &CallId, tab: &TabId) -> Result<(), SeatRefusal> {
        if self.seats.is_closed() {
            return Err(SeatRefusal::Stopping(STOPPING_PAUSE));
        }
        match state.live.get(link_id) {
            Some(live) if live.tab != *tab => Err(SeatRefusal::InProgress(BUSY_LINK_PAUSE)),
            None if state.live.len() >= self.most => Err(SeatRefusal::TooMany(FULL_PAUSE)),
            _ => Ok(()),
        }
    }

    /// A poisoned lock is fine: no code that holds it can leave the state inconsistent.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts one start on a link, or says how long to wait before the next one.
    fn take_start(&mut self, link_id: &CallId, limits: &TalkLimits) -> Result<(), Duration> {
        let now = Instant::now();
        if self.starts.len() >= MANY_LINKS {
            self.starts.retain(|_, starts| !starts.is_full(now));
        }
        let starts = self.starts.entry(link_id.clone()).or_insert_with(|| starts(limits));
        if starts.take(1.0, now) { Ok(()) } else { Err(starts.wait(1.0, now)) }
    }

    /// How long a link must wait before its next start, if at all.
    fn start_wait(&mut self, link_id: &CallId) -> Option<Duration> {
        let wait = self.starts.get_mut(link_id)?.wait(1.0, Instant::now());
        (!wait.is_zero()).then_some(wait)
    }
}

fn starts(limits: &TalkLimits) -> Bucket {
    Bucket::new(f64::from(limits.starts), 1.0 / limits.start_pause.as_secs_f64())
}

impl Seat {
    /// Waits until the same page has started another talk.
    pub(super) async fn taken_over(&self) {
        self.taken_over.cancelled().await;
    }

    /// Waits until the talk that this one replaces is over, so that a link never has two conversations.
    pub(super) async fn predecessor_over(&self) {
        if let Some(over) = &self.predecessor {
            over.cancelled().await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.registry.state();
        if state.live.get(&self.link_id).is_some_and(|live| live.number == self.number) {
            state.live.remove(&self.link_id);
        }
    }
}

#[cfg(test)]
mod tests;
