//! The agent's record, and look-ups in general.

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use thiserror::Error;

use super::{ElevenLabs, MAX_RECORD_BYTES};
use crate::config::Overrides;
use crate::upstream::{BodyError, read_body};

/// Why a look-up brought nothing. Holds nothing of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LookupError {
    /// No answer in time.
    #[error("ElevenLabs did not answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("ElevenLabs could not be reached")]
    Unreachable,
    /// An answer other than 2xx.
    #[error("ElevenLabs answered with HTTP status {0}")]
    Status(u16),
    /// A body that is not what ElevenLabs declares.
    #[error("ElevenLabs' answer could not be read")]
    Unreadable,
}

/// Where an agent's record says which overrides it allows. A missing member means no.
const ALLOWED: &str = "/platform_settings/overrides/conversation_config_override/agent";

impl ElevenLabs {
    /// Which overrides the agent allows. An override that is sent and not allowed ends the call when it is answered.
    ///
    /// # Errors
    /// See [`LookupError`].
    pub async fn allowed_overrides(&self) -> Result<Overrides, LookupError> {
        let record =
            self.look_up(self.request(Method::GET, &["v1", "convai", "agents", &self.agent_id])).await?;
        let is_allowed = |name: &str| {
            record.pointer(&format!("{ALLOWED}/{name}")).and_then(Value::as_bool).unwrap_or(false)
        };
        Ok(Overrides {
            prompt: is_allowed("prompt/prompt"),
            first_message: is_allowed("first_message"),
            language: is_allowed("language"),
        })
    }

    /// The JSON object that a request without consequences brings.
    pub(super) async fn look_up(&self, request: RequestBuilder) -> Result<Value, LookupError> {
        let response = request.timeout(self.lookup_timeout).send().await.map_err(|error| failure(&error))?;
        if !response.status().is_success() {
            return Err(LookupError::Status(response.status().as_u16()));
        }
        let body = read_body(response, MAX_RECORD_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge { .. } => LookupError::Unreadable,
            BodyError::Broken(error) => failure(&error),
        })?;
        serde_json::from_slice(&body).ok().filter(Value::is_object).ok_or(LookupError::Unreadable)
    }
}

fn failure(error: &reqwest::Error) -> LookupError {
    if error.is_timeout() { LookupError::Timeout } else { LookupError::Unreachable }
}
