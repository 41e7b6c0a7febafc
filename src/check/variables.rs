//! Whether the agent's own texts and tools get every variable that they ask for.

use std::collections::BTreeSet;

use super::Finding;
use super::agent::unread;
use crate::config::Config;
use crate::elevenlabs::{Agent, LookupError};
use crate::interview::Interview;

const NAME: &str = "variables";

pub(super) fn check(
    agent: &Result<Agent, LookupError>,
    told: &[Finding],
    config: &Config,
    interview: Option<&Interview>,
) -> Finding {
    let agent = match agent {
        Ok(agent) => agent,
        Err(error) => return Finding::not_checked(NAME, unread(*error, told)),
    };
    let Some(sent) = interview.and_then(|interview| interview.variable_names().ok()) else {
        return Finding::not_checked(NAME, "templates");
    };
    let overrides = config.elevenlabs.overrides;
    let missing = |wanted: &BTreeSet<String>| -> Vec<String> {
        wanted.iter().filter(|name| !sent.contains(name.as_str())).cloned().collect()
    };
    let places = [
        ("first message", missing(&agent.first_message_wants), overrides.first_message),
        ("prompt", missing(&agent.prompt_wants), overrides.prompt),
        ("tools", missing(&agent.tools_want), false),
    ];
    let told = |is_replaced: bool| -> Vec<String> {
        let places =
            places.iter().filter(|(_, names, replaced)| *replaced == is_replaced && !names.is_empty());
        places.map(|(place, names, _)| format!("{} (in its {place})", names.join(", "))).collect()
    };
    let (fatal, harmless) = (told(false), told(true));
    if !fatal.is_empty() {
        return Finding::failed(
            NAME,
            format!(
                "the agent asks for variables that are not sent, which ends every conversation after a second: {}. Take \
                 them out there",
                fatal.join("; ")
            ),
        );
    }
    if !harmless.is_empty() {
        return Finding::warning(
            NAME,
            format!(
                "the agent's own texts ask for variables that are not sent: {}. Calls replace these texts, but a \
                 conversation that keeps them (a link to ElevenLabs' page) would end. Take them out there",
                harmless.join("; ")
            ),
        );
    }
    if !agent.tools_read {
        return Finding::warning(NAME, "not all of the agent's tools could be read; they may ask for others");
    }
    Finding::ok(NAME, format!("all that the agent asks for are among the {} that are sent", sent.len()))
}
