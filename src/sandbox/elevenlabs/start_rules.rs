//! The conditions for a conversation to start, by telephone or over a WebSocket: the agent allows the overrides, and
//! all variables that its texts need are present.

use std::collections::BTreeSet;

use serde_json::Value;

use super::validation::override_paths;

/// The WebSocket close code for a policy violation.
pub(super) const POLICY_VIOLATION: u16 = 1008;

/// The trigger's campaign, as a number or as digits.
pub(super) fn campaign_id(client_data: &Value) -> Option<u64> {
    let id = client_data.get("dynamic_variables")?.get("campaign_id")?;
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}

/// Why the conversation ends right after its start, if it does.
pub(super) fn failure(agent: &Value, client_data: &Value) -> Option<String> {
    let overrides = client_data.get("conversation_config_override");
    let allowed = &agent["platform_settings"]["overrides"]["conversation_config_override"];
    for path in overrides.map(override_paths).unwrap_or_default() {
        if at(allowed, &path) != Some(&Value::Bool(true)) {
            let field = path.rsplit('.').next().unwrap_or(&path);
            return Some(format!("Override for field '{field}' is not allowed by config."));
        }
    }
    [("first message", "agent.first_message"), ("prompt", "agent.prompt.prompt")].iter().find_map(
        |(name, path)| {
            let own = at(&agent["conversation_config"], path);
            let spoken = overrides.and_then(|overrides| at(overrides, path)).or(own)?.as_str()?;
            missing_variables(spoken, client_data.get("dynamic_variables"))
                .map(|missing| format!("Missing required dynamic variables in {name}: {{{missing}}}"))
        },
    )
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

/// The agent's opening: the client's text or its own, with the variables filled in.
pub(super) fn first_message(agent: &Value, client_data: &Value) -> String {
    const PATH: &str = "agent.first_message";
    let overrides = client_data.get("conversation_config_override");
    let own = at(&agent["conversation_config"], PATH);
    let text = overrides.and_then(|overrides| at(overrides, PATH)).or(own).and_then(Value::as_str);
    let mut text = text.unwrap_or_default().to_owned();
    let variables = client_data.get("dynamic_variables").and_then(Value::as_object);
    for (name, value) in variables.into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text = text.replace(&format!("{{{{{name}}}}}"), &value);
    }
    text
}

/// The placeholders of a text that have no variable, formatted as the real service does.
fn missing_variables(text: &str, variables: Option<&Value>) -> Option<String> {
    let missing: BTreeSet<String> = placeholders(text)
        .filter(|name| !name.starts_with("system__"))
        .filter(|name| variables.and_then(|variables| variables.get(name)).is_none())
        .map(|name| format!("'{name}'"))
        .collect();
    if missing.is_empty() {
        return None;
    }
    Some(missing.into_iter().collect::<Vec<_>>().join(", "))
}

/// The names between `{{` and the next `}}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
}
