//! A WebSocket with an outbox, and a watch for signs of life from the other side.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::config::TalkLimits;

/// What a line needs from its message type.
pub(super) trait Frame {
    /// A message that asks the other side for a sign of life.
    fn ping() -> Self;

    /// The size of the payload in bytes.
    fn size(&self) -> usize;
}

/// A WebSocket that is read and written at the same time.
///
/// Nothing here waits for one direction alone, so a side that does not read can still be heard. Callers bound the
/// queue: while a line [is full](Self::is_full), they must not read anything more that would go to it.
pub(super) struct Line<S, M> {
    socket: S,
    outbox: VecDeque<Queued<M>>,
    /// The sum of the costs of what is in the outbox.
    queued_bytes: usize,
    was_full: bool,
    /// Whether the socket may still buffer some of what it was given.
    unflushed: bool,
    /// Since when sending has made no progress.
    stalled_since: Option<Instant>,
    /// Why nothing can be sent any more. What the other side sent before can still be read, above all a goodbye.
    unsendable: Option<Gone>,
    last_heard: Instant,
    heartbeat: Interval,
    /// Every second beat sends a ping; each one checks the other side's signs of life.
    ping_next: bool,
    limits: TalkLimits,
}

struct Queued<M> {
    message: M,
    /// The event to which a chunk of the agent's speech belongs.
    speech: Option<i64>,
}

impl<M: Frame> Queued<M> {
    /// What it counts for in the outbox. The overhead is included, so that empty messages are not free.
    fn cost(&self) -> usize {
        self.message.size() + size_of::<Self>()
    }
}

/// An event on a line.
#[derive(Debug)]
pub(super) enum Incoming<M> {
    /// A message.
    Message(M),
    /// The outbox has room again.
    Room,
    /// The line is gone.
    Gone(Gone),
}

/// Why a line is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// The connection was closed or broke.
    Closed,
    /// The other side violated the WebSocket protocol or sent too large a message.
    BrokenRules,
    /// There was no sign of life for too long.
    Silent,
    /// The other side has not read anything for too long.
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

/// Tells a broken connection from a violated protocol.
pub(super) trait SocketError {
    /// What the error says about the line.
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

    /// Sends a message after everything that is queued.
    pub(super) fn queue(&mut self, message: M) {
        self.push(Queued { message, speech: None });
    }

    /// Sends a chunk of the agent's speech after everything that is queued.
    pub(super) fn queue_speech(&mut self, message: M, event_id: i64) {
        self.push(Queued { message, speech: Some(event_id) });
    }

    /// Sends a message before everything that is queued.
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

    /// Drops everything that is queued.
    pub(super) fn clear(&mut self) {
        self.outbox.clear();
        self.queued_bytes = 0;
    }

    /// Waits for the next event, and meanwhile sends what is queued. Reads messages only if `reading`. Cancel-safe:
    /// nothing is lost.
    pub(super) async fn next(&mut self, reading: bool) -> Incoming<M> {
        poll_fn(|cx| self.poll_next(reading, cx)).await
    }

    /// Sends everything that is queued, for as long as the other side accepts it.
    ///
    /// Incoming messages are discarded, not left unread: a side that is not read might stop reading, too.
    pub(super) async fn flush(&mut self) -> Result<(), Gone> {
        poll_fn(|cx| self.poll_flush(cx)).await
    }

    /// Reads and discards messages until the connection is closed.
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
            // Sends what the beat has queued.
            let _ = self.poll_send(cx);
        }
        if self.was_full && !self.is_full() {
            self.was_full = false;
            return Poll::Ready(Incoming::Room);
        }
        if !reading {
            // While this side does not read, it cannot see signs of life.
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

    /// Hands the queue to the socket, as far as it accepts it. After a failure, nothing is tried again.
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

    /// One step of sending. Records since when there has been no progress.
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

    /// Checks the other side's signs of life, and asks for one on every second beat.
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
mod tests;
