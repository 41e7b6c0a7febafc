//! The state of the simulated ElevenLabs.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::agent_socket::{AgentFaults, LiveConversation, Setup, SignedUrls};
use super::key::KeyTrouble;
use super::troubles::DialFault;
use crate::sandbox::faults::Fault;
use crate::sandbox::recorder::Recorder;
use crate::sandbox::{AGENT_ID, PHONE_NUMBER_EXOTEL, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO};

/// Who carries a number's calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Twilio.
    Twilio,
    /// A SIP trunk.
    SipTrunk,
    /// Exotel, whose outbound calls the sandbox does not support.
    Exotel,
}

impl Provider {
    /// The `provider` in a number's record.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::SipTrunk => "sip_trunk",
            Self::Exotel => "exotel",
        }
    }

    /// The `type` in a conversation's `phone_call`, where one of them has another name.
    pub(super) fn phone_call_type(self) -> &'static str {
        match self {
            Self::SipTrunk => "sip_trunking",
            other => other.name(),
        }
    }
}

/// The kinds of read-only requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookup {
    /// The record of a phone number, or the list of them.
    PhoneNumber,
    /// The record of an agent.
    Agent,
    /// The record of a tool.
    Tool,
    /// The list of conversations.
    Listing,
    /// One conversation.
    Conversation,
    /// A signed URL for the browser.
    SignedUrl,
}

/// A conversation: a placed call, or a talk over a WebSocket.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Numbered consecutively: `conv_sandbox_0001`.
    pub conversation_id: String,
    /// The agent that speaks.
    pub agent_id: String,
    /// The call; `None` if the conversation is held over a WebSocket.
    pub phone_call: Option<PhoneCall>,
    /// `initiated`, `in-progress`, `processing`, `done` or `failed`.
    pub status: String,
    /// Why it ended, in words. Empty if it has not, or if there was no special reason.
    pub termination_reason: String,
    /// The error code of a conversation that failed.
    pub error_code: Option<u16>,
    /// When it started, in seconds since 1970.
    pub start_time_unix_secs: i64,
    /// `conversation_initiation_client_data` as it was sent; null if it was not.
    pub client_data: Value,
    /// Whether it can be listed and read.
    pub visible: bool,
}

/// The telephone side of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneCall {
    /// Who carries the call.
    pub provider: Provider,
    /// The number that calls.
    pub agent_phone_number_id: String,
    /// The number that is called.
    pub to_number: String,
    /// The provider's id of the call.
    pub call_id: String,
}

impl Conversation {
    /// The number that is called, if there is one.
    #[must_use]
    pub fn to_number(&self) -> Option<&str> {
        Some(&self.phone_call.as_ref()?.to_number)
    }

    /// A dynamic variable as sent.
    #[must_use]
    pub fn dynamic_variable(&self, name: &str) -> Option<&Value> {
        self.client_data.get("dynamic_variables")?.get(name)
    }

    /// The provider's id of the call, if this is one.
    pub(super) fn call_id(&self) -> Option<&str> {
        Some(&self.phone_call.as_ref()?.call_id)
    }

    pub(super) fn user_id(&self) -> Option<&str> {
        self.client_data.get("user_id")?.as_str()
    }

    /// Ends the conversation before it has started, with a SIP status or a WebSocket close code.
    pub(super) fn fail(&mut self, reason: &str, code: u16) {
        "failed".clone_into(&mut self.status);
        reason.clone_into(&mut self.termination_reason);
        self.error_code = Some(code);
    }
}

/// The state that the handlers share.
pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    pub(super) now: Box<dyn Fn() -> i64 + Send + Sync>,
    pub(super) requests: Recorder,
    pub(super) dials: Recorder,
    /// The conversations over a WebSocket so far, oldest first.
    pub(super) live: watch::Sender<Vec<LiveConversation>>,
    /// Ends those conversations.
    pub(super) stop: CancellationToken,
    world: Mutex<World>,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upstream").field("world", &self.world).finish_non_exhaustive()
    }
}

impl Upstream {
    pub(super) fn new(address: SocketAddr, now: Box<dyn Fn() -> i64 + Send + Sync>) -> Self {
        let (requests, dials) = (Recorder::new(), Recorder::new());
        Self {
            address,
            now,
            requests,
            dials,
            live: watch::Sender::default(),
            stop: CancellationToken::new(),
            world: Mutex::new(World::new()),
        }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The mutable state.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) agents: BTreeMap<String, Value>,
    pub(super) phone_numbers: BTreeMap<String, (Provider, Value)>,
    pub(super) key_trouble: Option<KeyTrouble>,
    pub(super) tools: BTreeMap<String, Value>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) hide_new: bool,
    pub(super) next_dials: VecDeque<DialFault>,
    pub(super) every_dial: Option<DialFault>,
    pub(super) lookup_faults: BTreeMap<Lookup, Fault>,
    pub(super) signed_urls: SignedUrls,
    pub(super) agent_setup: Setup,
    pub(super) agent_faults: AgentFaults,
}

impl World {
    fn new() -> Self {
        let mut world = Self::default();
        world.set_agent(sandbox_agent());
        world.allow_overrides(&["agent.prompt.prompt", "agent.first_message", "agent.language"]);
        world.set_phone_number(PHONE_NUMBER_TWILIO, Provider::Twilio);
        world.set_phone_number(PHONE_NUMBER_SIP, Provider::SipTrunk);
        world.set_phone_number(PHONE_NUMBER_EXOTEL, Provider::Exotel);
        world
    }

    /// Adds or replaces an agent. A record that is not an object is ignored.
    pub(super) fn set_agent(&mut self, record: Value) {
        if !record.is_object() {
            return;
        }
        let id = record.get("agent_id").and_then(Value::as_str).unwrap_or(AGENT_ID).to_owned();
        self.agents.insert(id, record);
    }

    pub(super) fn allow_overrides(&mut self, paths: &[&str]) {
        let Some(agent) = self.agents.get_mut(AGENT_ID) else { return };
        let mut allowed = json!({});
        for path in paths {
            // Indexing a JSON value mutably inserts missing members.
            let mut member = &mut allowed;
            for name in path.split('.') {
                if !member.is_object() {
                    *member = json!({});
                }
                member = &mut member[name];
            }
            *member = Value::Bool(true);
        }
        agent["platform_settings"]["overrides"]["conversation_config_override"] = allowed;
    }

    pub(super) fn set_phone_number(&mut self, phone_number_id: &str, provider: Provider) {
        let record = phone_number(phone_number_id, provider);
        self.phone_numbers.insert(phone_number_id.to_owned(), (provider, record));
    }

    pub(super) fn release(&mut self) {
        self.hide_new = false;
        for conversation in &mut self.conversations {
            conversation.visible = true;
        }
    }

    pub(super) fn set_status(&mut self, conversation_id: &str, status: &str) -> bool {
        let found = self.conversations.iter_mut().find(|found| found.conversation_id == conversation_id);
        let Some(conversation) = found else { return false };
        status.clone_into(&mut conversation.status);
        true
    }

    /// Marks a conversation as over, unless it has failed.
    pub(super) fn finish(&mut self, conversation_id: &str) {
        let found = self.conversations.iter_mut().find(|found| found.conversation_id == conversation_id);
        if let Some(conversation) = found.filter(|conversation| conversation.status != "failed") {
            "done".clone_into(&mut conversation.status);
        }
    }
}

/// An agent as the dashboard creates it. Its texts need the same variables as those of HOC's agents, so that a call
/// with too few of them fails here, too.
fn sandbox_agent() -> Value {
    json!({
        "agent_id": AGENT_ID,
        "name": "Sandbox interviewer",
        "archived": false,
        "conversation_config": {
            "agent": {
                "first_message": "Guten Tag {{candidatefirst_name}} {{candidatelast_name}}, hier spricht Susi von {{companyname}}.",
                "language": "de",
                "prompt": {
                    "prompt": "Arbeitgeber: {{companyname}}, {{companysize}}, {{companypitch}}, {{companypriorities}}\n\
                               Stelle: {{campaignrole_title}}, {{campaignlocation_label}}\n\
                               {{questionnaire_context}}\n{{gate_questions}}\n{{preference_questions}}\n{{questions}}",
                    "llm": "gemini-2.5-flash",
                },
                "dynamic_variables": { "dynamic_variable_placeholders": { "companyname": "Musterfirma" } },
            },
        },
        "platform_settings": {
            "overrides": { "conversation_config_override": {}, "custom_llm_extra_body": false },
            "auth": { "enable_auth": false, "allowlist": [], "require_origin_header": false },
            "call_limits": { "agent_concurrency_limit": -1, "daily_limit": 100_000, "bursting_enabled": true },
        },
        "phone_numbers": [],
    })
}

fn phone_number(phone_number_id: &str, provider: Provider) -> Value {
    let mut record = json!({
        "phone_number": caller_number(provider),
        "label": phone_number_id,
        "phone_number_id": phone_number_id,
        "supports_inbound": true,
        "supports_outbound": true,
        "assigned_agent": { "agent_id": AGENT_ID, "agent_name": "Sandbox interviewer" },
        "provider": provider.name(),
    });
    if provider == Provider::SipTrunk {
        let trunk = json!({
            "address": "sip.example.org",
            "transport": "tls",
            "media_encryption": "required",
            "has_auth_credentials": true,
            "has_outbound_trunk": true,
        });
        record["outbound_trunk"] = trunk.clone();
        record["provider_config"] = trunk;
        record["inbound_trunk"] = Value::Null;
        record["livekit_stack"] = json!("standard");
    }
    record
}

/// The number that a provider's calls come from, from the range reserved for fiction.
pub(super) fn caller_number(provider: Provider) -> &'static str {
    match provider {
        Provider::Twilio => "+493023125901",
        Provider::SipTrunk => "+493023125902",
        Provider::Exotel => "+493023125903",
    }
}
