//! Holds speech back until it is almost time to play it.
//!
//! The agent sends faster than it speaks, even a long answer all at once. What is already on the network when the
//! candidate interrupts cannot be called back, and the news of the interruption arrives behind it. So only a little is
//! ever in flight.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Bytes;

use crate::config::TalkLimits;

/// Long speech is split into pieces of this many bytes. Each is either sent or dropped as a whole.
const PIECE_BYTES: usize = 8 * 1024;

/// A piece of speech.
#[derive(Debug)]
pub(super) struct Piece {
    /// The agent's event to which it belongs.
    pub(super) event_id: i64,
    /// Its samples.
    pub(super) pcm: Bytes,
    length: Duration,
}

/// Releases speech bit by bit. Nothing here waits; the caller passes in the time.
#[derive(Debug)]
pub(super) struct Pacer {
    held: VecDeque<Piece>,
    held_bytes: usize,
    /// When everything that was released will have been played, if it is played at once.
    played_until: Instant,
    limits: TalkLimits,
}

impl Pacer {
    pub(super) fn new(limits: TalkLimits, now: Instant) -> Self {
        Self { held: VecDeque::new(), held_bytes: 0, played_until: now, limits }
    }

    /// Adds speech of this length.
    pub(super) fn hold(&mut self, event_id: i64, mut pcm: Bytes, length: Duration) {
        self.held_bytes += pcm.len();
        let total = pcm.len().max(1);
        while !pcm.is_empty() {
            let piece = pcm.split_to(pcm.len().min(PIECE_BYTES));
            #[expect(clippy::cast_precision_loss, reason = "a message has at most 1 MiB")]
            let share = piece.len() as f64 / total as f64;
            self.held.push_back(Piece { event_id, pcm: piece, length: length.mul_f64(share) });
        }
    }

    /// The next piece, if it is due.
    pub(super) fn next(&mut self, now: Instant) -> Option<Piece> {
        if !self.wait(now)?.is_zero() {
            return None;
        }
        let piece = self.held.pop_front()?;
        self.held_bytes -= piece.pcm.len();
        self.played_until = self.played_until.max(now) + piece.length;
        Some(piece)
    }

    /// How long until the next piece is due. `None` if nothing is held.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let ahead = self.played_until.saturating_duration_since(now);
        (!self.held.is_empty()).then(|| ahead.saturating_sub(self.limits.speech_ahead))
    }

    /// Whether so much is held that nothing more should be added.
    pub(super) fn is_full(&self) -> bool {
        self.held_bytes >= self.limits.held_speech_bytes
    }

    /// Drops what belongs to an earlier event than this. What was already released will not be played either.
    pub(super) fn interrupt(&mut self, event_id: i64, now: Instant) {
        self.held.retain(|piece| piece.event_id >= event_id);
        self.held_bytes = self.held.iter().map(|piece| piece.pcm.len()).sum();
        self.played_until = now;
    }

    /// Takes everything that is held, due or not.
    pub(super) fn take_all(&mut self) -> VecDeque<Piece> {
        self.held_bytes = 0;
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pacer(now: Instant) -> Pacer {
        Pacer::new(TalkLimits::default(), now)
    }

    /// Speech at 16 kHz.
    fn speech(seconds: u32) -> (Bytes, Duration) {
        (vec![0; 32_000 * seconds as usize].into(), SECOND * seconds)
    }

    /// How much is released at this time, in seconds at 16 kHz.
    fn handed_on(pacer: &mut Pacer, now: Instant) -> f64 {
        let pieces = std::iter::from_fn(|| pacer.next(now));
        #[expect(clippy::cast_precision_loss, reason = "small")]
        pieces.map(|piece| piece.pcm.len() as f64 / 32_000.0).sum()
    }

    #[tokio::test]
    async fn a_long_answer_is_handed_on_a_second_ahead_of_its_being_played() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        let (pcm, length) = speech(10);
        pacer.hold(1, pcm, length);
        let mut sum = 0.0;
        for passed in 0..12 {
            sum += handed_on(&mut pacer, start + SECOND * passed);
            // Up to one piece more than the second ahead may have been released.
            let expected = f64::from(passed + 1).min(10.0);
            assert!((expected..expected + 0.27).contains(&(sum + 1e-9)), "{sum} s after {passed} s");
        }
        assert_eq!(pacer.wait(start), None);
    }

    #[tokio::test]
    async fn what_comes_as_it_is_spoken_is_not_held_up() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        for n in 0..100 {
            let now = start + Duration::from_millis(25) * n;
            pacer.hold(1, vec![0; 800].into(), Duration::from_millis(25));
            assert!(pacer.next(now).is_some() && pacer.next(now).is_none());
        }
    }

    #[tokio::test]
    async fn it_says_when_the_next_piece_is_due() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        assert_eq!(pacer.wait(start), None);
        let (pcm, length) = speech(3);
        pacer.hold(1, pcm, length);
        assert_eq!(pacer.wait(start), Some(Duration::ZERO));
        handed_on(&mut pacer, start);
        let wait = pacer.wait(start).unwrap();
        assert!(!wait.is_zero() && wait <= Duration::from_millis(256), "{wait:?}");
        assert!(pacer.next(start + wait).is_some());
    }

    #[tokio::test]
    async fn what_is_interrupted_is_dropped_and_what_follows_goes_at_once() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        for event_id in [1, 2, 3] {
            let (pcm, length) = speech(5);
            pacer.hold(event_id, pcm, length);
        }
        handed_on(&mut pacer, start);
        pacer.interrupt(3, start);
        assert_eq!(pacer.next(start).map(|piece| piece.event_id), Some(3));
        let rest: usize = pacer.take_all().iter().map(|piece| piece.pcm.len()).sum();
        assert_eq!(rest, 5 * 32_000 - PIECE_BYTES);
    }

    #[tokio::test]
    async fn no_more_is_held_than_it_may() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        let (pcm, length) = speech(66);
        pacer.hold(1, pcm, length);
        assert!(pacer.is_full());
        while pacer.is_full() {
            pacer.next(start + SECOND * 100).unwrap();
            pacer.played_until = start;
        }
        pacer.take_all();
        assert!(!pacer.is_full() && pacer.held_bytes == 0);
    }
}
