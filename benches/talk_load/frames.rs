//! Frames of sound that carry the time at which they were sent.

use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

/// The length of a frame.
pub(crate) const LENGTH: Duration = Duration::from_millis(25);

/// At 16 kHz.
const BYTES: usize = 800;

static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A frame to be sent now.
pub(crate) fn frame() -> Vec<u8> {
    let mut pcm = vec![0; BYTES];
    let stamp = u64::try_from(BEGINNING.elapsed().as_nanos()).unwrap();
    pcm[..8].copy_from_slice(&stamp.to_le_bytes());
    pcm
}

/// How long frames took to arrive.
#[derive(Debug, Default)]
pub(crate) struct Delays(Mutex<Vec<Duration>>);

impl Delays {
    /// Records the arrival of a frame, given its beginning.
    pub(crate) fn note(&self, pcm: &[u8]) {
        let now = BEGINNING.elapsed();
        let sent = Duration::from_nanos(u64::from_le_bytes(pcm[..8].try_into().unwrap()));
        self.0.lock().unwrap().push(now.saturating_sub(sent));
    }

    /// All delays since the last call, sorted.
    pub(crate) fn take(&self) -> Vec<Duration> {
        let mut delays = std::mem::take(&mut *self.0.lock().unwrap());
        delays.sort_unstable();
        delays
    }
}
