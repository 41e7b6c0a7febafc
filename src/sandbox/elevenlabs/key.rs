//! The API key: which one is valid, and for what.

use super::refusals;
use super::world::Upstream;
use crate::sandbox::ELEVENLABS_API_KEY;
use crate::sandbox::faults::Answer;
use crate::sandbox::recorder::Recorded;

/// The permission that a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `convai_read`: records and lists.
    Read,
    /// `convai_write`: calls, and links for the browser.
    Write,
}

/// A way in which the sandbox's own key can be rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTrouble {
    /// It belongs to another region's servers.
    OtherRegion,
    /// It lacks `convai_read`.
    WithoutRead,
    /// It lacks `convai_write`.
    WithoutWrite,
    /// Its account has no credits left.
    OutOfCredits,
}

/// What is wrong with the key, if anything. Without a scope, any valid key will do.
pub(super) fn key_refusal(upstream: &Upstream, request: &Recorded, scope: Option<Scope>) -> Option<Answer> {
    match request.header("xi-api-key") {
        None => Some(refusals::missing_api_key()),
        Some(ELEVENLABS_API_KEY) => upstream.world().key_trouble?.refusal(scope),
        Some(_) => Some(refusals::invalid_api_key()),
    }
}

impl KeyTrouble {
    fn refusal(self, scope: Option<Scope>) -> Option<Answer> {
        match (self, scope) {
            (Self::OtherRegion, _) => Some(refusals::other_region()),
            (Self::OutOfCredits, _) => Some(refusals::quota_exceeded()),
            (Self::WithoutRead, Some(Scope::Read)) => Some(refusals::missing_permission("convai_read")),
            (Self::WithoutWrite, Some(Scope::Write)) => Some(refusals::missing_permission("convai_write")),
            (Self::WithoutRead | Self::WithoutWrite, _) => None,
        }
    }
}
