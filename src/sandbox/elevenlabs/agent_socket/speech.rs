//! A single utterance of the agent, on its way to the client.

use std::time::Duration;

use tokio::time::Instant;

use super::audio_format::AudioFormat;
use super::voice::{count, voice};

/// How much sound one `audio` event holds.
const CHUNK: Duration = Duration::from_millis(250);

/// The time between two of them. Sound is sent two and a half times as fast as it is played, so that the client has a
/// buffer and an interruption has something to flush.
const PACE: Duration = Duration::from_millis(100);

/// A text, its sound, and how much of that was sent.
#[derive(Debug)]
pub(super) struct Speech {
    pub(super) text: String,
    /// The event id of its `agent_response`.
    pub(super) response_id: u64,
    /// Whether the agent hangs up afterwards.
    pub(super) is_last: bool,
    format: AudioFormat,
    samples: Vec<i16>,
    sent: usize,
    began: Instant,
    next_at: Instant,
}

impl Speech {
    pub(super) fn new(
        text: String,
        is_last: bool,
        format: AudioFormat,
        response_id: u64,
        now: Instant,
    ) -> Self {
        let samples = voice(&text, format.sample_rate());
        Self { text, response_id, is_last, format, samples, sent: 0, began: now, next_at: now }
    }

    /// When the next chunk is due. `None` if all were sent.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.is_sent()).then_some(self.next_at)
    }

    pub(super) fn is_sent(&self) -> bool {
        self.sent == self.samples.len()
    }

    /// The next chunk, encoded for sending.
    pub(super) fn next_chunk(&mut self) -> Vec<u8> {
        let rest = &self.samples[self.sent..];
        let chunk = &rest[..rest.len().min(count(CHUNK, self.format.sample_rate()) as usize)];
        self.sent += chunk.len();
        self.next_at += PACE;
        self.format.encode(chunk)
    }

    /// When a client that plays without gaps has played everything.
    pub(super) fn played_at(&self) -> Instant {
        self.began + self.length()
    }

    /// What a client has played by now, in whole words, formatted as the real agent does when it is interrupted.
    pub(super) fn said_until(&self, now: Instant) -> String {
        let share = now.duration_since(self.began).as_secs_f64() / self.length().as_secs_f64();
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let said = words.iter().zip(1_u32..).take_while(|(_, number)| {
            f64::from(*number) <= share * f64::from(u32::try_from(words.len()).unwrap_or(u32::MAX))
        });
        let said: Vec<&str> = said.map(|(word, _)| *word).collect();
        format!("{}...", said.join(" "))
    }

    fn length(&self) -> Duration {
        let samples = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(samples) / f64::from(self.format.sample_rate()))
    }
}
