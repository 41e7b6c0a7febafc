//! `GET /v1/convai/conversation`: an agent's WebSocket, as a browser with a signed URL would open it.
//!
//! The lively agent is for people: it greets, listens, says how loudly it was spoken to, can be interrupted, and says
//! goodbye. The scripted one is for tests: it does only what a [`LiveConversation`] is told to do.

mod audio_format;
mod client_frames;
mod conversing;
mod ear;
mod events;
mod faults;
mod interviewer;
mod live;
mod pinger;
mod session;
mod signed_urls;
mod speech;
#[cfg(test)]
mod tests;
mod ulaw;
mod voice;
mod wire;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::{IntoResponse, Response};

pub use self::audio_format::AudioFormat;
pub use self::faults::AgentFault;
pub use self::live::{LiveConversation, SocketEnd};
pub use self::voice::voice;

pub(super) use self::signed_urls::SignedUrls;

use super::refusals;
use super::world::Upstream;
use crate::sandbox::recorder::Recorded;

/// The subprotocol of the official clients.
const SUBPROTOCOL: &str = "convai";

/// More than the real one is known to send or accept in one message.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// What an agent does on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentManner {
    /// It leads a conversation by itself.
    Lively {
        /// How long it tolerates silence before it asks, and again before it says goodbye.
        patience: Duration,
        /// The number of answers after which it says goodbye.
        turns: usize,
    },
    /// After its metadata, it does only what it is told.
    Scripted,
}

impl Default for AgentManner {
    fn default() -> Self {
        Self::Lively { patience: Duration::from_secs(12), turns: 6 }
    }
}

/// How the next conversations are held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup {
    pub(super) manner: AgentManner,
    /// `None` if the format is not announced.
    pub(super) input: Option<AudioFormat>,
    pub(super) output: AudioFormat,
}

impl Default for Setup {
    fn default() -> Self {
        let format = AudioFormat::Pcm16000;
        Self { manner: AgentManner::default(), input: Some(format), output: format }
    }
}

/// What goes wrong with the next conversations.
#[derive(Debug, Default)]
pub(super) struct AgentFaults {
    pub(super) next: VecDeque<AgentFault>,
    pub(super) every: Option<AgentFault>,
}

/// Refuses a URL without a valid signature before the upgrade, as a server does that checks before it accepts. A
/// missing signature is refused, too, although the real service would let it pass to a public agent.
pub(super) async fn connect(
    State(upstream): State<Arc<Upstream>>,
    Extension(request): Extension<Recorded>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let now = (upstream.now)();
    let (url, fault) = {
        let mut world = upstream.world();
        let Some(url) = world.signed_urls.redeem(&request, now) else {
            return refusals::bad_signature().into_response();
        };
        let faults = &mut world.agent_faults;
        (url, faults.next.pop_front().or_else(|| faults.every.clone()))
    };
    let fault = match fault {
        Some(AgentFault::NoUpgrade(fault)) => match fault.answer().await {
            Some(refusal) => return refusal,
            None => None,
        },
        fault => fault,
    };
    // Only now, when it is certain: hyper hands the connection over, whatever the status of the answer.
    upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(move |socket| session::hold(socket, upstream, url, fault))
}
