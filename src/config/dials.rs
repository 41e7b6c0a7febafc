//! How many calls are dialled at once.

use std::time::Duration;

use super::reader::Reader;
use super::sources::RawSettings;

/// How many calls are dialled at once, by this process.
#[derive(Debug, Clone, Copy)]
pub struct DialLimits {
    /// `MAX_CONCURRENT_DIALS` (100; 1 to 10,000): how many requests to ElevenLabs that start a call go on at once.
    pub at_once: usize,
    /// How many may wait for their turn: ten times as many. Not a setting.
    pub waiting: usize,
    /// How long they wait. Not a setting.
    pub patience: Duration,
}

impl DialLimits {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        let at_once =
            reader.count("MAX_CONCURRENT_DIALS", raw.max_concurrent_dials.as_deref(), 1..=10_000, 100);
        Self { at_once, waiting: 10 * at_once, patience: Duration::from_secs(10) }
    }
}
