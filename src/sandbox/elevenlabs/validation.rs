//! The schema of an outbound call. Where the real service merely ignores an unknown member, this one refuses it: an
//! ignored member is a client's mistake that nobody would notice.

use serde_json::{Map, Value};

use super::refusals::problem;
use super::world::Provider;

const REQUIRED: [&str; 3] = ["agent_id", "agent_phone_number_id", "to_number"];

/// Members of `conversation_initiation_client_data` that may be null or a string.
const OPTIONAL_TEXTS: [&str; 4] = ["user_id", "branch_id", "environment", "starting_workflow_node_id"];

/// Members of `conversation_initiation_client_data` that are objects and never null.
const OBJECTS: [&str; 2] = ["custom_llm_extra_body", "source_info"];

/// The nested objects of `conversation_config_override`.
const OVERRIDE_GROUPS: [&str; 7] =
    ["agent", "agent.prompt", "tts", "turn", "turn.soft_timeout_config", "conversation", "asr"];

/// The members of `conversation_config_override` that are strings.
const OVERRIDE_TEXTS: [&str; 10] = [
    "agent.first_message",
    "agent.language",
    "agent.max_conversation_duration_message",
    "agent.prompt.prompt",
    "agent.prompt.llm",
    "agent.prompt.reasoning_effort",
    "tts.voice_id",
    "tts.model_id",
    "turn.noisy_environment_message",
    "turn.soft_timeout_config.message",
];

/// The other members of `conversation_config_override`.
const OVERRIDE_OTHERS: [&str; 14] = [
    "agent.prompt.tool_ids",
    "agent.prompt.native_mcp_server_ids",
    "agent.prompt.knowledge_base",
    "agent.prompt.tool_ids_strict",
    "tts.stability",
    "tts.speed",
    "tts.similarity_boost",
    "tts.clone_strength",
    "tts.supported_voices",
    "tts.pronunciation_dictionary_locators",
    "turn.soft_timeout_config.additional_soft_timeout_messages",
    "conversation.text_only",
    "conversation.max_duration_seconds",
    "asr.keywords",
];

/// Everything that is wrong with the body; empty if it is well-formed.
pub(super) fn problems(body: &Value, provider: Provider) -> Vec<Value> {
    let mut check = Check::default();
    match body.as_object() {
        Some(members) => check.request(members, provider),
        None => check.add("model_attributes_type", &[], "Input should be a valid dictionary", body),
    }
    check.problems
}

/// Everything that is wrong with the first frame of a WebSocket: its members are those of the client data, plus its
/// type.
pub(super) fn initiation_problems(frame: &Value) -> Vec<Value> {
    let mut client_data = frame.clone();
    if let Some(members) = client_data.as_object_mut() {
        members.remove("type");
    }
    let mut check = Check::default();
    check.client_data(&client_data);
    check.problems
}

/// The paths (`agent.prompt.prompt`) of all members that an override sets.
pub(super) fn override_paths(overrides: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect_paths(overrides, "", &mut paths);
    paths
}

fn collect_paths(value: &Value, path: &str, paths: &mut Vec<String>) {
    let is_group = path.is_empty() || OVERRIDE_GROUPS.contains(&path);
    match value.as_object() {
        Some(members) if is_group => {
            for (name, value) in members {
                collect_paths(value, &join(path, name), paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[derive(Default)]
struct Check {
    problems: Vec<Value>,
}

impl Check {
    fn add(&mut self, kind: &str, location: &[&str], message: &str, input: &Value) {
        let location: Vec<&str> = std::iter::once("body").chain(location.iter().copied()).collect();
        self.problems.push(problem(kind, &location, message, input));
    }

    fn extra(&mut self, location: &[&str], input: &Value) {
        self.add("extra_forbidden", location, "Extra inputs are not permitted", input);
    }

    fn text(&mut self, location: &[&str], value: &Value) {
        if !value.is_string() {
            self.add("string_type", location, "Input should be a valid string", value);
        }
    }

    fn object(&mut self, location: &[&str], value: &Value) {
        if !value.is_object() {
            self.add("dict_type", location, "Input should be a valid dictionary", value);
        }
    }

    fn request(&mut self, members: &Map<String, Value>, provider: Provider) {
        for name in REQUIRED {
            match members.get(name) {
                Some(value) => self.text(&[name], value),
                None => self.add("missing", &[name], "Field required", &Value::Object(members.clone())),
            }
        }
        for (name, value) in members {
            match name.as_str() {
                name if REQUIRED.contains(&name) => {}
                "conversation_initiation_client_data" => self.client_data(value),
                "telephony_call_config" => self.object(&[name], value),
                "call_recording_enabled" if provider == Provider::Twilio => {
                    if !value.is_boolean() && !value.is_null() {
                        self.add("bool_type", &[name], "Input should be a valid boolean", value);
                    }
                }
                name => self.extra(&[name], value),
            }
        }
    }

    fn client_data(&mut self, value: &Value) {
        const NAME: &str = "conversation_initiation_client_data";
        if value.is_null() {
            return;
        }
        let Some(members) = value.as_object() else { return self.object(&[NAME], value) };
        for (name, value) in members {
            match name.as_str() {
                "conversation_config_override" => self.overrides(value, ""),
                "dynamic_variables" => self.dynamic_variables(value),
                name if OBJECTS.contains(&name) => self.object(&[NAME, name], value),
                name if OPTIONAL_TEXTS.contains(&name) && value.is_null() => {}
                name if OPTIONAL_TEXTS.contains(&name) => self.text(&[NAME, name], value),
                name => self.extra(&[NAME, name], value),
            }
        }
    }

    fn overrides(&mut self, value: &Value, path: &str) {
        let mut location = vec!["conversation_initiation_client_data", "conversation_config_override"];
        location.extend(path.split('.').filter(|part| !part.is_empty()));
        if is_empty(value) {
            return self.add("value_error", &location, "Omit what is not overridden", value);
        }
        if path.is_empty() || OVERRIDE_GROUPS.contains(&path) {
            let Some(members) = value.as_object() else { return self.object(&location, value) };
            for (name, value) in members {
                self.overrides(value, &join(path, name));
            }
            return;
        }
        if OVERRIDE_TEXTS.contains(&path) {
            return self.text(&location, value);
        }
        if !OVERRIDE_OTHERS.contains(&path) {
            self.extra(&location, value);
        }
    }

    fn dynamic_variables(&mut self, value: &Value) {
        let location = ["conversation_initiation_client_data", "dynamic_variables"];
        let Some(variables) = value.as_object() else { return self.object(&location, value) };
        for (name, value) in variables {
            if !(value.is_string() || value.is_number() || value.is_boolean()) {
                let location = [location[0], location[1], name];
                self.add("scalar_type", &location, "Input should be a string, a number or a boolean", value);
            }
        }
    }
}

/// Null, an empty string or an empty object: an override must omit the member instead.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_object().is_some_and(Map::is_empty)
}
