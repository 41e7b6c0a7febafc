//! The client for ElevenLabs' agents API: starts calls, looks up numbers and the agent, makes talk-to links, speaks
//! with the agent.
//!
//! The API has no idempotency key, so a call that is requested twice rings twice. Nothing here retries a call, and
//! every answer becomes one of the four [`DialOutcome`]s.

mod agent;
pub mod agent_socket;
mod client_data;
mod conversations;
mod error_detail;
mod lookup;
mod outbound_call;
mod outcome;
mod phone_numbers;
mod retry_after;
mod talk_to_link;
#[cfg(test)]
mod tests;
mod wanted;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Url};
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};

use crate::config::{ElevenLabsConfig, Overrides};
use crate::domain::{AgentId, AgentPhoneNumberId};
use crate::telemetry::metrics::UpstreamMetrics;
use crate::upstream::endpoint;

pub use agent::{Agent, AgentPart, WantedVariables};
pub use conversations::{NoProof, SoughtCall};
pub use lookup::LookupError;
pub use outbound_call::OutboundCall;
pub use outcome::{Dial, DialOutcome, Refusal, UnknownCause};
pub use phone_numbers::{AgentNumber, CannotDial, Provider};
pub use talk_to_link::MAX_URL_CHARS;

/// How much is read at most of an answer to a dial, of a signed URL and of a refusal. Real ones have less than 1 KiB.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// How much of a look-up's answer is read at most: an agent's record has some 10 KiB, a conversation's grows with its
/// transcript.
const MAX_RECORD_BYTES: usize = 4 * 1024 * 1024;

/// ElevenLabs' agents API with one key and one agent.
pub struct ElevenLabs {
    http: Client,
    tls: Arc<ClientConfig>,
    base_url: Url,
    api_key: SecretString,
    agent_id: AgentId,
    overrides: Overrides,
    dial_timeout: Duration,
    lookup_timeout: Duration,
    conversation_timeout: Duration,
    /// Providers looked up so far.
    providers: Cache<AgentPhoneNumberId, Provider>,
    /// Measures its answers.
    pub metrics: UpstreamMetrics,
}

impl ElevenLabs {
    /// `http` must come from [`crate::upstream::client`], which neither follows redirects nor retries requests; `tls`
    /// from [`crate::upstream::tls`].
    #[must_use]
    pub fn new(http: Client, tls: Arc<ClientConfig>, config: &ElevenLabsConfig) -> Self {
        Self {
            http,
            tls,
            base_url: config.base_url.clone(),
            api_key: config.api_key.clone(),
            agent_id: config.agent_id.clone(),
            overrides: config.overrides,
            dial_timeout: config.dial_timeout,
            lookup_timeout: config.lookup_timeout,
            conversation_timeout: config.conversation_timeout,
            providers: Cache::new(phone_numbers::MAX_REMEMBERED),
            metrics: UpstreamMetrics::elevenlabs(),
        }
    }

    /// Which of the agent's own texts a conversation replaces.
    #[must_use]
    pub const fn overrides(&self) -> Overrides {
        self.overrides
    }

    /// The agent that makes the calls.
    #[must_use]
    pub const fn agent_id(&self) -> &AgentId {
        &self.agent_id
    }

    /// How long a dial may take in total.
    #[must_use]
    pub const fn dial_timeout(&self) -> Duration {
        self.dial_timeout
    }

    /// A request with the key, in the header that ElevenLabs names `xi-api-key`.
    fn request(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        let request =
            self.http.request(method, endpoint(&self.base_url, segments)).header(ACCEPT, "application/json");
        match HeaderValue::from_str(self.api_key.expose_secret()) {
            Ok(mut key) => {
                key.set_sensitive(true);
                request.header("xi-api-key", key)
            }
            // The configuration has checked the key. Without one the request is refused like any with a wrong key.
            Err(_) => request,
        }
    }
}

impl fmt::Debug for ElevenLabs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ElevenLabs")
            .field("base_url", &self.base_url.as_str())
            .field("agent_id", &self.agent_id.as_str())
            .field("overrides", &self.overrides)
            .finish_non_exhaustive()
    }
}
