//! The agent, and each override that is sent.

use super::Finding;
use super::elevenlabs::{is_passing, told_by};
use crate::config::{Config, LinkPage};
use crate::elevenlabs::{Agent, LookupError};

pub(super) const NAME: &str = "agent";

/// The checks of the overrides, in the order of [`by_name`](crate::config::Overrides::by_name).
const OVERRIDES: [&str; 3] = ["override_prompt", "override_first_message", "override_language"];

/// `told`: what the checks of ElevenLabs' address and the key have found.
pub(super) fn check(agent: &Result<Agent, LookupError>, told: &[Finding], config: &Config) -> Vec<Finding> {
    let sent = config.elevenlabs.overrides;
    let mut findings = vec![match agent {
        Ok(agent) => existing(agent, config.links.page),
        Err(LookupError::NotFound) => Finding::failed(
            NAME,
            "ElevenLabs does not know it: check ELEVENLABS_AGENT_ID, and that the agent belongs to the key's workspace \
             and region",
        ),
        Err(error) => unreadable(*error, told),
    }];
    for (check, (name, is_sent)) in OVERRIDES.into_iter().zip(sent.by_name()) {
        if !is_sent {
            continue;
        }
        findings.push(match agent {
            Ok(agent) => {
                let is_refused = sent.not_in(agent.allowed).any(|refused| refused == name);
                override_finding(name, check, !is_refused)
            }
            Err(error) => Finding::not_checked(check, unread(*error, told)),
        });
    }
    findings
}

/// The check to mend first where the agent's record could not be read.
pub(super) fn unread(error: LookupError, told: &[Finding]) -> &'static str {
    told_by(error, told).unwrap_or(NAME)
}

/// Without the record nobody knows whether calls would end at once: unless that passes, it is no mere warning.
fn unreadable(error: LookupError, told: &[Finding]) -> Finding {
    if let Some(other) = told_by(error, told) {
        return Finding::not_checked(NAME, other);
    }
    if is_passing(error) {
        return Finding::warning(
            NAME,
            format!("its record could not be read: {error}; try again, and look at ElevenLabs' status page"),
        );
    }
    let advice = match error {
        LookupError::Status(400 | 422) => "check ELEVENLABS_AGENT_ID",
        _ => "try again, and look at ElevenLabs' status page",
    };
    Finding::failed(NAME, format!("its record cannot be read: {error}; {advice}"))
}

fn existing(agent: &Agent, link_page: LinkPage) -> Finding {
    if agent.archived {
        return Finding::failed(
            NAME,
            "it is archived: restore it at ElevenLabs, or change ELEVENLABS_AGENT_ID",
        );
    }
    match link_page {
        LinkPage::ElevenLabs if !agent.is_public => Finding::warning(
            NAME,
            "it exists, but is not public, so links to ElevenLabs' page lead nowhere: switch authentication off in its \
             security settings if links are used",
        ),
        LinkPage::Own | LinkPage::ElevenLabs => Finding::ok(NAME, "it exists"),
    }
}

fn override_finding(name: &str, check: &'static str, is_allowed: bool) -> Finding {
    if !is_allowed {
        return Finding::failed(
            check,
            format!(
                "not allowed, so every call ends when the candidate picks up: allow it in the agent's security settings \
                 at ElevenLabs, or leave {name} out of ELEVENLABS_OVERRIDES"
            ),
        );
    }
    Finding::ok(check, "allowed")
}
