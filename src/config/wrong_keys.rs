//! How wrong keys are slowed down.

use std::time::Duration;

/// How those are slowed down who send wrong keys again and again. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct WrongKeyLimits {
    /// So many wrong keys from an address are answered at once.
    pub free: u32,
    /// After so long, one more is.
    pub forgiven_after: Duration,
    /// How long the answer to each further one is held back.
    pub pause: Duration,
    /// How many answers to an address are held back at once; beyond, one more is answered at once.
    pub held_of_address: usize,
    /// How many are in all: each keeps a connection.
    pub held: usize,
}

impl Default for WrongKeyLimits {
    fn default() -> Self {
        Self {
            // A key that was changed on one side only shows itself so often before anybody waits.
            free: 10,
            forgiven_after: Duration::from_secs(30),
            pause: Duration::from_secs(5),
            held_of_address: 4,
            held: 256,
        }
    }
}
