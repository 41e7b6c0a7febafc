//! How callers with wrong keys are slowed down.

use std::time::Duration;

/// How callers who keep sending wrong keys are slowed down. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct WrongKeyLimits {
    /// How many wrong keys from one address are answered at once.
    pub free: u32,
    /// How long it takes until one more is.
    pub forgiven_after: Duration,
    /// How long the answer to each further one is held back.
    pub pause: Duration,
    /// How many answers to one address are held back at the same time; any further one is sent at once.
    pub held_of_address: usize,
    /// The same for all addresses together, because each held answer occupies a connection.
    pub held: usize,
}

impl Default for WrongKeyLimits {
    fn default() -> Self {
        Self {
            // Enough to notice a key that was changed on one side only before anybody has to wait.
            free: 10,
            forgiven_after: Duration::from_secs(30),
            pause: Duration::from_secs(5),
            held_of_address: 4,
            held: 256,
        }
    }
}
