//! The agent's record: what it allows, and which variables it wants.

use std::collections::BTreeSet;
use std::fmt;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::{ElevenLabs, LookupError, wanted};
use crate::config::Overrides;
use crate::domain::AgentId;

/// Where an agent's record says which overrides it allows. A missing member means no.
const ALLOWED: &str = "/platform_settings/overrides/conversation_config_override/agent";

/// How many tools are read one by one. Of an agent with more, only the first ones are checked.
const MAX_TOOLS: usize = 20;

/// The part of an agent's record that decides whether a conversation can go well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Which of its own texts may be replaced. An override that is sent and not allowed ends the call when it is
    /// answered.
    pub allowed: Overrides,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether anybody may talk to it without a signed link, as ElevenLabs' public page requires.
    pub is_public: bool,
    /// The variables that its own first message wants.
    pub first_message_wants: BTreeSet<String>,
    /// The variables that its own prompt wants.
    pub prompt_wants: BTreeSet<String>,
    /// The variables that its tools want.
    pub tools_want: BTreeSet<String>,
    /// Whether the record of every tool could be read.
    pub tools_read: bool,
}

/// A part of the agent that uses variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentPart {
    /// Its own first message.
    FirstMessage,
    /// Its own prompt.
    Prompt,
    /// Its tools.
    Tools,
}

impl fmt::Display for AgentPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FirstMessage => "first message",
            Self::Prompt => "prompt",
            Self::Tools => "set of tools",
        })
    }
}

/// The variables that a part of the agent wants. One that is not sent ends the conversation after a second, unless the
/// part is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedVariables<'a> {
    /// The part.
    pub part: AgentPart,
    /// The variables' names.
    pub names: &'a BTreeSet<String>,
    /// Whether a text of ours replaces the part.
    pub is_replaced: bool,
}

impl ElevenLabs {
    /// The agent, with its tools.
    ///
    /// # Errors
    /// See [`LookupError`]. Tools that cannot be read are not an error.
    pub async fn agent(&self) -> Result<Agent, LookupError> {
        let record = self.agent_record(&self.agent_id).await?;
        let mut agent = Agent::of(&record);
        let ids = separate_tools(&record);
        if ids.is_empty() {
            return Ok(agent);
        }
        let reading = tokio::time::timeout(self.lookup_timeout, self.tools(&ids)).await;
        match reading {
            Ok(Ok(tools)) => {
                agent.tools_want.extend(wanted::in_tools(&tools.iter().collect::<Vec<_>>()));
            }
            Ok(Err(_)) | Err(_) => agent.tools_read = false,
        }
        Ok(agent)
    }

    /// Which overrides the agent allows.
    ///
    /// # Errors
    /// See [`LookupError`].
    pub async fn allowed_overrides(&self) -> Result<Overrides, LookupError> {
        self.agent_record(&self.agent_id).await.map(|record| allowed(&record))
    }

    pub(super) async fn agent_record(&self, agent_id: &AgentId) -> Result<Value, LookupError> {
        self.look_up("agent", self.agent_request(agent_id)).await
    }

    pub(super) fn agent_request(&self, agent_id: &AgentId) -> RequestBuilder {
        self.request(Method::GET, &["v1", "convai", "agents", agent_id.as_str()])
    }

    async fn tools(&self, ids: &[&str]) -> Result<Vec<Value>, LookupError> {
        let mut tools = Vec::new();
        for id in ids {
            tools
                .push(self.look_up("tool", self.request(Method::GET, &["v1", "convai", "tools", id])).await?);
        }
        Ok(tools)
    }
}

impl Agent {
    fn of(record: &Value) -> Self {
        let text = |path: &str| record.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let is_set = |path: &str| record.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let prompt = "/conversation_config/agent/prompt";
        let tools: Vec<&Value> = ["tools", "built_in_tools"]
            .iter()
            .filter_map(|member| record.pointer(&format!("{prompt}/{member}")))
            .collect();
        Self {
            allowed: allowed(record),
            archived: is_set("/archived"),
            is_public: !is_set("/platform_settings/auth/enable_auth"),
            first_message_wants: wanted::in_text(text("/conversation_config/agent/first_message")),
            prompt_wants: wanted::in_text(text(&format!("{prompt}/prompt"))),
            tools_want: wanted::in_tools(&tools),
            tools_read: true,
        }
    }

    /// What each of its parts wants in a conversation where `sent` are the texts that replace its own.
    #[must_use]
    pub fn wants(&self, sent: Overrides) -> [WantedVariables<'_>; 3] {
        let part = |part, names, is_replaced| WantedVariables { part, names, is_replaced };
        [
            part(AgentPart::FirstMessage, &self.first_message_wants, sent.first_message),
            part(AgentPart::Prompt, &self.prompt_wants, sent.prompt),
            part(AgentPart::Tools, &self.tools_want, false),
        ]
    }
}

fn allowed(record: &Value) -> Overrides {
    let is_allowed =
        |name: &str| record.pointer(&format!("{ALLOWED}/{name}")).and_then(Value::as_bool).unwrap_or(false);
    Overrides {
        prompt: is_allowed("prompt/prompt"),
        first_message: is_allowed("first_message"),
        language: is_allowed("language"),
    }
}

/// The ids of the tools, if the agent's record lists only ids and does not contain the tools' own records.
fn separate_tools(record: &Value) -> Vec<&str> {
    let prompt = "/conversation_config/agent/prompt";
    let list = |member: &str| record.pointer(&format!("{prompt}/{member}")).and_then(Value::as_array);
    if list("tools").is_some_and(|tools| !tools.is_empty()) {
        return Vec::new();
    }
    let ids = list("tool_ids").into_iter().flatten().filter_map(Value::as_str);
    ids.take(MAX_TOOLS).collect()
}
