//! Which dynamic variables an agent's own texts and tools want.
//!
//! A variable that is wanted but not sent ends the conversation after a second, for a tool as well as for a text. Left
//! out are those that ElevenLabs fills itself (`system__…`), and those that a tool fills from its answer.

use std::collections::BTreeSet;

use serde_json::Value;

/// The prefix of ElevenLabs' own variables.
const SYSTEM: &str = "system__";

/// The variables between double braces.
pub(super) fn in_text(text: &str) -> BTreeSet<String> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
        .filter(|name| is_wanted(name))
        .map(str::to_owned)
        .collect()
}

/// The variables of tools, wherever they occur in their records: between braces, as a parameter's value
/// (`dynamic_variable`), or as a header's (`variable_name`).
pub(super) fn in_tools(tools: &[&Value]) -> BTreeSet<String> {
    let (mut wanted, mut filled) = (BTreeSet::new(), BTreeSet::new());
    for tool in tools {
        collect(tool, &mut wanted, &mut filled);
    }
    wanted.difference(&filled).cloned().collect()
}

fn collect(value: &Value, wanted: &mut BTreeSet<String>, filled: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => wanted.extend(in_text(text)),
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, wanted, filled)),
        Value::Object(members) => {
            for (member, value) in members {
                match (member.as_str(), value) {
                    ("assignments", assignments) => filled.extend(assigned(assignments)),
                    ("dynamic_variable" | "variable_name", Value::String(name)) if is_wanted(name) => {
                        wanted.insert(name.clone());
                    }
                    _ => collect(value, wanted, filled),
                }
            }
        }
        _ => {}
    }
}

/// The variables that a tool's answer sets.
fn assigned(assignments: &Value) -> impl Iterator<Item = String> {
    let assignments = assignments.as_array().into_iter().flatten();
    assignments.filter_map(|assignment| assignment.get("dynamic_variable")?.as_str().map(str::to_owned))
}

fn is_wanted(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(SYSTEM)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_text_wants_what_stands_between_double_braces() {
        assert_eq!(
            in_text("Hallo {{ first_name }}, {{companyname}}! {{system__time}} {{}} {einfach} {{offen"),
            names(&["companyname", "first_name"])
        );
    }

    #[test]
    fn a_tool_wants_its_parameters_and_headers_and_not_what_another_one_fills() {
        let lookup = json!({
            "type": "webhook",
            "description": "Termine von {{companyname}}",
            "api_schema": {
                "url": "https://calendar.example.org/{{calendar_id}}",
                "request_headers": { "authorization": { "variable_name": "secret__token" }, "accept": "text/plain" },
                "request_body_schema": { "properties": {
                    "conversation": { "type": "string", "dynamic_variable": "system__conversation_id" },
                    "applicant": { "type": "string", "dynamic_variable": "applicant_id" },
                    "free": { "type": "string", "dynamic_variable": "" },
                } },
            },
            "assignments": [{ "source": "response", "dynamic_variable": "slot", "value_path": "slot" }],
        });
        let book = json!({ "api_schema": { "url": "https://calendar.example.org/{{slot}}" } });
        assert_eq!(
            in_tools(&[&lookup, &book]),
            names(&["applicant_id", "calendar_id", "companyname", "secret__token"])
        );
    }
}
