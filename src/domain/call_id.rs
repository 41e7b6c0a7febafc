//! The service's own id of a call.

use std::fmt;

use uuid::Uuid;

/// The service's own id of a call.
///
/// Sent along with the call, so that ElevenLabs' list of conversations can be asked for
/// it when nobody knows whether the call was placed. Not personal data, so it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallId(Uuid);

impl CallId {
    /// Randomness comes in as an argument.
    #[must_use]
    pub const fn from_uuid(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call_{}", self.0.simple())
    }
}
