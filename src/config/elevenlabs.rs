//! How ElevenLabs' API is reached, and what of the agent is replaced.

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::reader::Reader;
use super::sources::RawSettings;
use crate::domain::AgentId;

/// ElevenLabs' API.
#[derive(Debug, Clone)]
pub struct ElevenLabsConfig {
    /// `ELEVENLABS_API_URL`, without a slash at the end.
    pub base_url: Url,
    /// `ELEVENLABS_API_KEY`.
    pub api_key: SecretString,
    /// `ELEVENLABS_AGENT_ID`.
    pub agent_id: AgentId,
    /// `ELEVENLABS_OVERRIDES` (all): which of the agent's own texts are replaced for a call.
    pub overrides: Overrides,
    /// How long a call may take to be answered or refused. Not a setting: a SIP call answers only when the phone is
    /// picked up, and the ringing timeout is 60 s by default.
    pub dial_timeout: Duration,
    /// How long a look-up (number, agent) may take. Not a setting.
    pub lookup_timeout: Duration,
    /// How long the connection to the agent's WebSocket may take, and then the agent's first answer. Not a setting.
    pub conversation_timeout: Duration,
}

impl ElevenLabsConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self {
            base_url: base_url(reader, raw),
            api_key: reader.header_secret("ELEVENLABS_API_KEY", raw.elevenlabs_api_key.as_deref()),
            agent_id: agent_id(reader, raw),
            overrides: Overrides::read(reader, raw),
            dial_timeout: Duration::from_mins(2),
            lookup_timeout: Duration::from_secs(5),
            conversation_timeout: Duration::from_secs(10),
        }
    }
}

/// Which of the agent's own texts are replaced. An override that the agent does not allow ends the call when the
/// candidate picks up, so an operator can switch each one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overrides {
    /// The prompt.
    pub prompt: bool,
    /// The first sentence.
    pub first_message: bool,
    /// The language, always German.
    pub language: bool,
}

impl Overrides {
    /// Every override is sent.
    pub const ALL: Self = Self { prompt: true, first_message: true, language: true };
    /// The agent keeps its own texts.
    pub const NONE: Self = Self { prompt: false, first_message: false, language: false };

    /// Each with its name in `ELEVENLABS_OVERRIDES`, and whether it is sent.
    #[must_use]
    pub const fn by_name(self) -> [(&'static str, bool); 3] {
        [("prompt", self.prompt), ("first_message", self.first_message), ("language", self.language)]
    }

    /// Those of these that are not among `others`, by their names in `ELEVENLABS_OVERRIDES`.
    pub fn not_in(self, others: Self) -> impl Iterator<Item = &'static str> {
        let both = self.by_name().into_iter().zip(others.by_name());
        both.filter(|((_, is_here), (_, is_there))| *is_here && !is_there).map(|((name, _), _)| name)
    }

    fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        let Some(value) = &raw.elevenlabs_overrides else { return Self::ALL };
        let mut overrides = Self::NONE;
        let names: Vec<_> = value.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        for name in &names {
            match name.as_str() {
                "prompt" => overrides.prompt = true,
                "first_message" => overrides.first_message = true,
                "language" => overrides.language = true,
                "none" if names.len() == 1 => {}
                _ => reader
                    .note("ELEVENLABS_OVERRIDES", "must be none, or any of prompt, first_message, language"),
            }
        }
        overrides
    }
}

/// The version of the API is part of each request's path, so it must not be part of the address, too.
fn base_url(reader: &mut Reader, raw: &RawSettings) -> Url {
    const KEY: &str = "ELEVENLABS_API_URL";
    let value = raw.elevenlabs_api_url.as_deref();
    let url = reader.url_or(KEY, value, "https://api.eu.residency.elevenlabs.io");
    if url.path().ends_with("/v1") {
        reader.note(KEY, "must not end with /v1, which is added to it");
    }
    url
}

fn agent_id(reader: &mut Reader, raw: &RawSettings) -> AgentId {
    const KEY: &str = "ELEVENLABS_AGENT_ID";
    let Some(id) = reader.required(KEY, raw.elevenlabs_agent_id.as_deref()) else { return placeholder_id() };
    AgentId::parse(id).unwrap_or_else(|| {
        reader.note(KEY, "must consist of letters, digits, _ and -");
        placeholder_id()
    })
}

/// Stands in for an id that is missing or wrong, until [`Reader::finish`] refuses the settings.
fn placeholder_id() -> AgentId {
    AgentId::parse("placeholder").expect("a plain id")
}
