//! What is logged once, soon after the start. The start does not wait for it and cannot fail because of it.

use std::sync::Arc;

use crate::calls::Calls;
use crate::config::Overrides;

/// Where calls are recorded, and whether there is one yet.
pub(super) async fn tell_record(calls: Arc<Calls>, record: String) {
    match calls.store.is_empty().await {
        Ok(true) => {
            tracing::info!(record, is_new = true, "calls are recorded here; there is none yet");
        }
        Ok(false) => {
            tracing::info!(record, is_new = false, "calls are recorded here; there are some already");
        }
        Err(error) => {
            tracing::info!(record, %error, "calls are to be recorded here; it cannot be read yet");
        }
    }
}

/// If the list cannot be read now, no unknown outcome could be settled later.
pub(super) async fn warn_of_unreadable_conversations(calls: Arc<Calls>) {
    let asked = calls.probe_conversations().await;
    let Err(error) = asked else { return };
    if error.lacks_permission() {
        tracing::warn!(
            %error,
            "ElevenLabs' conversations cannot be read: a call with an unknown outcome would stay unknown. Give the API \
             key read access to Agents (convai_read)"
        );
    } else {
        tracing::warn!(
            %error,
            "ElevenLabs' conversations could not be asked at start: a call with an unknown outcome stays unknown until \
             they can be"
        );
    }
}

/// Reads the agent's record once and warns of each override that would end a call when the candidate picks up.
pub(super) async fn warn_of_refused_overrides(calls: Arc<Calls>, wanted: Overrides) {
    if wanted == Overrides::NONE {
        return;
    }
    let allowed = match calls.elevenlabs.allowed_overrides().await {
        Ok(allowed) => allowed,
        Err(error) => {
            tracing::warn!(%error, "the agent's record could not be read, so its overrides are not checked");
            return;
        }
    };
    for name in wanted.not_in(allowed) {
        tracing::warn!(
            r#override = name,
            "the agent does not allow this override: every call will end when the candidate picks up. Allow it in the \
             agent's security settings at ElevenLabs, or leave it out of ELEVENLABS_OVERRIDES"
        );
    }
}
