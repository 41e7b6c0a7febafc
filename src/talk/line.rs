//! A WebSocket with what is still to be sent on it, and the signs of life of whoever is at its other end.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::config::TalkLimits;

/// What a line needs to know of its messages.
pub(super) trait Frame {
    /// A question for a sign of life.
    fn ping() -> Self;

    /// How much it holds, in bytes.
    fn size(&self) -> usize;
}

/// A WebSocket that is read while it is written.
///
/// Nothing here waits for one direction alone, so that a side that does not read can still be heard. What is queued is
/// bounded by whoever queues: while a line [is full](Self::is_full), nothing more may be read for it.
pub(super) struct Line<S, M> {
    socket: S,
    outbox: VecDeque<Queued<M>>,
    /// The sum of what is in the outbox.
    queued_bytes: usize,
    was_full: bool,
    /// Given to the socket, but perhaps still in its buffer.
    unflushed: bool,
    /// Since when nothing could be sent of what is queued.
    stalled_since: Option<Instant>,
    /// Why nothing can be sent any more. What the other side sent before can still be read, a goodbye above all.
    unsendable: Option<Gone>,
    last_heard: Instant,
    heartbeat: Interval,
    /// Every second beat is a ping; each is a look at the other side's signs of life.
    ping_next: bool,
    limits: TalkLimits,
}

struct Queued<M> {
    message: M,
    /// The event that a piece of the agent's speech belongs to.
    speech: Option<i64>,
}

impl<M: Frame> Queued<M> {
    /// What it takes of the outbox's room, so that empty messages are not free.
    fn cost(&self) -> usize {
        self.message.size() + size_of::<Self>()
    }
}

/// What happens on a line.
#[derive(Debug)]
pub(super) enum Incoming<M> {
    /// A message.
    Message(M),
    /// There is room in the outbox again.
    Room,
    /// Nothing more will come.
    Gone(Gone),
}

/// Why nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// The connection is closed, or broke.
    Closed,
    /// What came broke the rules of WebSockets, or was too large.
    BrokenRules,
    /// There was no sign of life for too long.
    Silent,
    /// The other side has not read for too long.
    Stalled,
}

impl Gone {
    /// A short word for the log.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::BrokenRules => "broken_rules",
            Self::Silent => "silent",
            Self::Stalled => "stalled",
        }
    }
}

/// Tells a broken connection from broken rules.
pub(super) trait SocketError {
    /// What the error says of the other side.
    fn gone(&self) -> Gone;
}

impl<S, M, E> Line<S, M>
where
    S: Stream<Item = Result<M, E>> + Sink<M, Error = E> + Unpin,
    M: Frame,
    E: SocketError,
{
    pub(super) fn new(socket: S, limits: TalkLimits) -> Self {
        let beat = limits.ping_period / 2;
        let mut heartbeat = interval_at(Instant::now() + beat, beat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            socket,
            outbox: VecDeque::new(),
            queued_bytes: 0,
            was_full: false,
            unflushed: false,
            stalled_since: None,
            unsendable: None,
            last_heard: Instant::now(),
            heartbeat,
            ping_next: true,
            limits,
        }
    }

    /// Whether so much is queued that nothing more should be.
    pub(super) fn is_full(&self) -> bool {
        self.queued_bytes >= self.limits.outbox_bytes
    }

    /// Sends this after all that is queued.
    pub(super) fn queue(&mut self, message: M) {
        self.push(Queued { message, speech: None });
    }

    /// Sends a piece of the agent's speech after all that is queued.
    pub(super) fn queue_speech(&mut self, message: M, event_id: i64) {
        self.push(Queued { message, speech: Some(event_id) });
    }

    /// Sends this before all that is queued.
    pub(super) fn queue_first(&mut self, message: M) {
        if self.unsendable.is_some() {
            return;
        }
        let queued = Queued { message, speech: None };
        self.queued_bytes += queued.cost();
        self.outbox.push_front(queued);
    }

    /// Drops queued speech that belongs to an earlier event than this.
    pub(super) fn drop_speech_before(&mut self, event_id: i64) {
        self.outbox.retain(|queued| queued.speech.is_none_or(|speech| speech >= event_id));
        self.queued_bytes = self.outbox.iter().map(Queued::cost).sum();
    }

    /// Drops all that is queued.
    pub(super) fn clear(&mut self) {
        self.outbox.clear();
        self.queued_bytes = 0;
    }

    /// What happens next; meanwhile sends what is queued. Messages are taken only if `reading`. May be given up at any
    /// time; nothing is lost by it.
    pub(super) async fn next(&mut self, reading: bool) -> Incoming<M> {
        poll_fn(|cx| self.poll_next(reading, cx)).await
    }

    /// Sends all that is queued, for as long as the other side takes it. What comes meanwhile is thrown away: a side that
    /// is not read might stop reading, too.
    pub(super) async fn flush(&mut self) -> Result<(), Gone> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Reads until the connection is closed, and throws away what comes.
    pub(super) async fn wait_until_closed(&mut self) {
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    fn push(&mut self, queued: Queued<M>) {
        if self.unsendable.is_some() {
            return;
        }
        self.queued_bytes += queued.cost();
        self.outbox.push_back(queued);
        self.was_full |= self.is_full();
    }

    fn poll_next(&mut self, reading: bool, cx: &mut Context<'_>) -> Poll<Incoming<M>> {
        let _ = self.poll_send(cx);
        while self.heartbeat.poll_tick(cx).is_ready() {
            if let Some(gone) = self.beat(Instant::now()) {
                return Poll::Ready(Incoming::Gone(gone));
            }
            // What the beat has queued.
            let _ = self.poll_send(cx);
        }
        if self.was_full && !self.is_full() {
            self.was_full = false;
            return Poll::Ready(Incoming::Room);
        }
        if !reading {
            // Who is not listened to cannot give a sign of life.
            self.last_heard = Instant::now();
            return Poll::Pending;
        }
        let Poll::Ready(received) = self.socket.poll_next_unpin(cx) else { return Poll::Pending };
        self.last_heard = Instant::now();
        Poll::Ready(match received {
            Some(Ok(message)) => Incoming::Message(message),
            Some(Err(error)) => Incoming::Gone(error.gone()),
            None => Incoming::Gone(Gone::Closed),
        })
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        if let Poll::Ready(sent) = self.poll_send(cx) {
            return Poll::Ready(sent);
        }
        while self.heartbeat.poll_tick(cx).is_ready() {
            if self.is_stalled(Instant::now()) {
                return Poll::Ready(Err(Gone::Stalled));
            }
        }
        while let Some(received) = ready!(self.socket.poll_next_unpin(cx)) {
            received.map_err(|error| error.gone())?;
        }
        Poll::Ready(Err(Gone::Closed))
    }

    /// Gives what is queued to the socket, as far as it takes it. After a failure nothing is tried any more.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        if let Some(gone) = self.unsendable {
            return Poll::Ready(Err(gone));
        }
        let sent = self.poll_outbox(cx);
        if let Poll::Ready(Err(gone)) = sent {
            self.unsendable = Some(gone);
            self.clear();
        }
        sent
    }

    fn poll_outbox(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Gone>> {
        while !self.outbox.is_empty() {
            if self.poll_socket(cx, <S as SinkExt<M>>::poll_ready_unpin)?.is_pending() {
                return Poll::Pending;
            }
            let Some(queued) = self.outbox.pop_front() else { break };
            self.queued_bytes -= queued.cost();
            self.socket.start_send_unpin(queued.message).map_err(|error| error.gone())?;
            self.unflushed = true;
        }
        if self.unflushed {
            if self.poll_socket(cx, <S as SinkExt<M>>::poll_flush_unpin)?.is_pending() {
                return Poll::Pending;
            }
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    /// One step of sending; notes since when none succeeds.
    fn poll_socket(
        &mut self,
        cx: &mut Context<'_>,
        step: impl FnOnce(&mut S, &mut Context<'_>) -> Poll<Result<(), E>>,
    ) -> Poll<Result<(), Gone>> {
        let done = step(&mut self.socket, cx).map_err(|error| error.gone());
        if done.is_pending() {
            self.stalled_since.get_or_insert_with(Instant::now);
        } else {
            self.stalled_since = None;
        }
        done
    }

    fn is_stalled(&self, now: Instant) -> bool {
        self.stalled_since.is_some_and(|since| now - since >= self.limits.stall)
    }

    /// Looks at the other side's signs of life, and asks for one.
    fn beat(&mut self, now: Instant) -> Option<Gone> {
        if self.is_stalled(now) {
            return Some(Gone::Stalled);
        }
        if now - self.last_heard >= self.limits.silence {
            return Some(Gone::Silent);
        }
        if self.ping_next && !self.is_full() {
            self.queue(M::ping());
        }
        self.ping_next = !self.ping_next;
        None
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
