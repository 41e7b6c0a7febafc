//! The candidate's page, and what the talks on it may take.

use std::time::Duration;

use reqwest::Url;

use super::reader::Reader;
use super::sources::RawSettings;

/// The candidate's page and the talks on it.
#[derive(Debug, Clone)]
pub struct TalkConfig {
    /// `PRIVACY_URL`: the employer's privacy notice, to which the page leads.
    pub privacy_url: Option<Url>,
    /// `MAX_TALK_DURATION` (45 minutes; at least 1): how long a talk may last.
    pub max_duration: Duration,
    /// `MAX_TALKS` (100; 1 to 10,000): how many talks may go on at once.
    pub max_talks: usize,
    /// `TALK_IDLE_TIMEOUT` (60 s; at least 10 s): how long a talk may go on without a word.
    pub idle_timeout: Duration,
    /// What else bounds a talk. Not settings.
    pub limits: TalkLimits,
}

impl TalkConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self {
            privacy_url: reader.page_url("PRIVACY_URL", raw.privacy_url.as_deref()),
            max_duration: reader.duration_of_at_least(
                Duration::from_mins(1),
                "MAX_TALK_DURATION",
                raw.max_talk_duration.as_deref(),
                Duration::from_mins(45),
            ),
            max_talks: reader.count("MAX_TALKS", raw.max_talks.as_deref(), 1..=10_000, 100),
            idle_timeout: reader.duration_of_at_least(
                Duration::from_secs(10),
                "TALK_IDLE_TIMEOUT",
                raw.talk_idle_timeout.as_deref(),
                Duration::from_mins(1),
            ),
            limits: TalkLimits::default(),
        }
    }
}

/// What bounds a talk. No settings: they follow from what browsers and networks do.
#[derive(Debug, Clone, Copy)]
pub struct TalkLimits {
    /// How often each side is asked for a sign of life.
    pub ping_period: Duration,
    /// Who has given none for this long is gone.
    pub silence: Duration,
    /// Who has not read for this long is gone.
    pub stall: Duration,
    /// Once so many bytes wait to be sent to one side, nothing more is read from the other. The last message may exceed
    /// it.
    pub outbox_bytes: usize,
    /// How far ahead of playback the agent's speech is sent to a browser.
    pub speech_ahead: Duration,
    /// How much of the agent's speech is held back at most, in bytes, as it arrives faster than it is spoken. The last
    /// message may exceed it.
    pub held_speech_bytes: usize,
    /// The largest message of a browser, in bytes. It sends some 2 KiB at a time.
    pub message_bytes: usize,
    /// How many messages a second a browser may send in the long run. It sends some 40.
    pub messages_per_second: u32,
    /// How many seconds' worth of messages and audio may arrive at once, as they do after a gap in the network.
    pub burst_seconds: u32,
    /// How often one link may be talked on in a row; each talk beyond that takes [`Self::start_pause`].
    pub starts: u32,
    /// See [`Self::starts`].
    pub start_pause: Duration,
    /// How long a farewell may take on either side.
    pub farewell: Duration,
}

impl Default for TalkLimits {
    fn default() -> Self {
        Self {
            ping_period: Duration::from_secs(10),
            silence: Duration::from_secs(25),
            stall: Duration::from_secs(15),
            outbox_bytes: 256 * 1024,
            // How late a network may be before the candidate hears a gap.
            speech_ahead: Duration::from_secs(1),
            // A minute at 16 kHz. Where more is waiting, an interruption takes effect a little later.
            held_speech_bytes: 2 * 1024 * 1024,
            message_bytes: 64 * 1024,
            messages_per_second: 100,
            burst_seconds: 30,
            starts: 10,
            start_pause: Duration::from_secs(30),
            farewell: Duration::from_secs(2),
        }
    }
}
