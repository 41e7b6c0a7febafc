//! Tells a talk that goes on from one of which only the connection is left.

use std::time::Duration;

use tokio::time::Instant;

/// The mean amplitude (of 32,768; about -44 dB) from which a microphone counts as hearing somebody. Browsers level
/// speech to some -20 dB and suppress noise to below -60 dB.
const AUDIBLE: u64 = 200;

/// How long the candidate has been silent, not counting the time during which the agent speaks.
///
/// A transcript of the candidate counts as speech, and so does any audible sound, because an agent may be configured
/// not to send transcripts.
#[derive(Debug)]
pub(super) struct IdleClock {
    patience: Duration,
    deadline: Instant,
    /// When everything the agent has sent so far will have been played.
    spoken_until: Instant,
}

impl IdleClock {
    pub(super) fn new(patience: Duration, now: Instant) -> Self {
        Self { patience, deadline: now + patience, spoken_until: now }
    }

    /// When the talk counts as idle if nothing more happens.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The candidate has said something.
    pub(super) fn candidate_heard(&mut self, now: Instant) {
        self.deadline = now.max(self.spoken_until) + self.patience;
    }

    /// The agent has sent this much speech, faster than it is spoken.
    pub(super) fn agent_speaks(&mut self, length: Duration, now: Instant) {
        self.spoken_until = now.max(self.spoken_until) + length;
        self.deadline += length;
    }

    /// The agent was interrupted: the rest of what it sent is not played.
    pub(super) fn agent_interrupted(&mut self, now: Instant) {
        self.spoken_until = now;
        self.deadline = now + self.patience;
    }
}

/// Whether 16-bit little-endian PCM holds more than background noise.
pub(super) fn is_audible(pcm: &[u8]) -> bool {
    let (samples, _half) = pcm.as_chunks::<2>();
    let sum: u64 = samples.iter().map(|le| u64::from(i16::from_le_bytes(*le).unsigned_abs())).sum();
    sum > AUDIBLE * samples.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn silence_counts_only_while_nobody_speaks() {
        let start = Instant::now();
        let mut clock = IdleClock::new(60 * SECOND, start);
        assert_eq!(clock.deadline(), start + 60 * SECOND);
        // Thirty seconds of speech arrive within one.
        clock.agent_speaks(20 * SECOND, start);
        clock.agent_speaks(10 * SECOND, start + SECOND);
        assert_eq!(clock.deadline(), start + 90 * SECOND);
        clock.candidate_heard(start + 5 * SECOND);
        assert_eq!(clock.deadline(), start + 90 * SECOND);
        clock.candidate_heard(start + 40 * SECOND);
        assert_eq!(clock.deadline(), start + 100 * SECOND);
        // An agent that keeps asking does not keep the talk alive.
        clock.agent_speaks(2 * SECOND, start + 50 * SECOND);
        assert_eq!(clock.deadline(), start + 102 * SECOND);
    }

    #[tokio::test]
    async fn what_is_not_heard_any_more_does_not_count() {
        let start = Instant::now();
        let mut clock = IdleClock::new(60 * SECOND, start);
        clock.agent_speaks(100 * SECOND, start);
        clock.agent_interrupted(start + 10 * SECOND);
        assert_eq!(clock.deadline(), start + 70 * SECOND);
        clock.candidate_heard(start + 11 * SECOND);
        assert_eq!(clock.deadline(), start + 71 * SECOND);
    }

    fn tone(amplitude: i16) -> Vec<u8> {
        [amplitude, -amplitude].repeat(200).iter().flat_map(|sample| sample.to_le_bytes()).collect()
    }

    #[test]
    fn a_voice_is_audible_and_a_quiet_room_is_not() {
        assert!(is_audible(&tone(3_000)) && is_audible(&tone(i16::MAX)));
        assert!(!is_audible(&tone(30)) && !is_audible(&tone(0)) && !is_audible(&[]) && !is_audible(&[0xFF]));
    }
}
