//! Whether the agent's own texts and tools get every variable that they ask for.

use std::collections::BTreeSet;

use super::agent::unread;
use super::{Finding, templates};
use crate::config::Config;
use crate::elevenlabs::{Agent, LookupError, WantedVariables};
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
        return Finding::not_checked(NAME, templates::NAME);
    };
    let told = |is_replaced: bool| -> Vec<String> {
        let parts = agent.wants(config.elevenlabs.overrides).into_iter();
        parts
            .filter(|wanted| wanted.is_replaced == is_replaced)
            .filter_map(|wanted| unsent(&wanted, &sent))
            .collect()
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

/// The variables of a part that are not sent, and which part it is.
fn unsent(wanted: &WantedVariables<'_>, sent: &BTreeSet<&str>) -> Option<String> {
    let names: Vec<&str> =
        wanted.names.iter().map(String::as_str).filter(|name| !sent.contains(name)).collect();
    (!names.is_empty()).then(|| format!("{} (in its {})", names.join(", "), wanted.part))
}
