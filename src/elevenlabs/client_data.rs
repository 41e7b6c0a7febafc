//! The data that a conversation begins with: the same for a call and for a talk in the browser.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Overrides;
use crate::domain::{CallId, Script};

/// ElevenLabs' `conversation_initiation_client_data`. Members that are not sent are omitted: ElevenLabs takes null and
/// empty overrides for values.
#[derive(Serialize)]
pub(super) struct ClientData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_config_override: Option<ConfigOverride<'a>>,
    user_id: &'a str,
    dynamic_variables: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct ConfigOverride<'a> {
    agent: AgentOverride<'a>,
}

#[derive(Serialize)]
struct AgentOverride<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<PromptOverride<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
}

/// ElevenLabs wants an object here; a bare string is refused.
#[derive(Serialize)]
struct PromptOverride<'a> {
    prompt: &'a str,
}

impl<'a> ClientData<'a> {
    /// The parts of the script whose overrides are switched on, all variables, and the service's own call id as
    /// `user_id`.
    pub(super) fn new(overrides: Overrides, script: &'a Script, call_id: &'a CallId) -> Self {
        let variables = script.variables.iter();
        Self {
            conversation_config_override: config_override(overrides, script),
            user_id: call_id.as_str(),
            dynamic_variables: variables.map(|(name, value)| (*name, value.reveal().as_str())).collect(),
        }
    }
}

fn config_override(overrides: Overrides, script: &Script) -> Option<ConfigOverride<'_>> {
    if overrides == Overrides::NONE {
        return None;
    }
    let agent = AgentOverride {
        prompt: overrides.prompt.then(|| PromptOverride { prompt: script.prompt.reveal() }),
        first_message: overrides.first_message.then(|| script.first_message.reveal().as_str()),
        language: overrides.language.then_some("de"),
    };
    Some(ConfigOverride { agent })
}
