//! ElevenLabs' address, the key and its permissions.

use chrono::{DateTime, Utc};

use super::{Finding, Verdict};
use crate::clock::Clock;
use crate::config::Config;
use crate::elevenlabs::{Agent, AgentNumber, ElevenLabs, LookupError};

/// The names of the checks here, by which others refer to them.
pub(super) const ADDRESS: &str = "elevenlabs_url";
pub(super) const KEY: &str = "elevenlabs_key";
pub(super) const READ: &str = "elevenlabs_read";
const WRITE: &str = "elevenlabs_write";
const LIST: &str = "conversations";

/// What ElevenLabs answered to everything that can be asked without consequences.
pub(super) struct Answers {
    pub(super) agent: Result<Agent, LookupError>,
    /// `None`: no number is configured.
    pub(super) number: Option<Result<AgentNumber, LookupError>>,
    /// The time by ElevenLabs' clock.
    pub(super) time: Option<DateTime<Utc>>,
    /// A signed link for the browser, which needs write access, costs nothing and is thrown away.
    write: Result<(), LookupError>,
    /// The list from which unknown outcomes are settled.
    list: Result<(), LookupError>,
}

impl Answers {
    pub(super) async fn ask(client: &ElevenLabs, config: &Config, clock: &dyn Clock) -> Self {
        let number = async {
            match &config.triggers.default_phone_number {
                Some(number) => Some(client.number(number).await),
                None => None,
            }
        };
        let list = client.probe_conversations(clock.now());
        let (agent, number, time, write, list) =
            tokio::join!(client.agent(), number, client.time(), client.probe_write(), list);
        Self { agent, number, time, write, list }
    }

    pub(super) fn check(&self, config: &Config) -> Vec<Finding> {
        let host = config.elevenlabs.base_url.host_str().unwrap_or_default();
        if let Some(error) = self.errors().find(|error| is_about_address(*error)) {
            let failed = Finding::failed(ADDRESS, about_address(host, error));
            return [vec![failed], not_checked(&[KEY, READ, WRITE, LIST], ADDRESS)].concat();
        }
        let address = Finding::ok(ADDRESS, format!("{host} answers"));
        if let Some(refused) = self.errors().find_map(about_key) {
            let failed = Finding::failed(KEY, refused);
            return [vec![address, failed], not_checked(&[READ, WRITE, LIST], KEY)].concat();
        }
        vec![address, self.key(), self.read(), self.write(), self.list()]
    }

    /// Of the two requests that anybody's key answers for.
    fn errors(&self) -> impl Iterator<Item = LookupError> {
        [self.agent.as_ref().err(), self.write.as_ref().err()].into_iter().flatten().copied()
    }

    /// An answer that something does not exist, or that a permission is missing, proves that the key itself is good.
    fn key(&self) -> Finding {
        let unclear = self
            .errors()
            .find(|error| !matches!(error, LookupError::NotFound | LookupError::MissingPermission));
        match unclear {
            Some(error) if self.errors().count() == 2 => {
                Finding::warning(KEY, format!("could not be told: {error}; try again"))
            }
            _ => Finding::ok(KEY, "accepted"),
        }
    }

    fn read(&self) -> Finding {
        if self.lacks_read() {
            return Finding::failed(
                READ,
                "the key lacks read access: give it convai_read (Agents: read) at ElevenLabs, or an unknown outcome can \
                 never be settled",
            );
        }
        match self.agent {
            Ok(_) | Err(LookupError::NotFound) => Finding::ok(READ, "the key may read agents (convai_read)"),
            // Nothing is wrong with the key or the address then, so the agent's own line says what.
            Err(_) => Finding::not_checked(READ, super::agent::NAME),
        }
    }

    fn write(&self) -> Finding {
        match &self.write {
            Ok(()) => Finding::ok(WRITE, "the key may start conversations (convai_write)"),
            Err(LookupError::MissingPermission) => Finding::failed(
                WRITE,
                "the key lacks write access, so every call is refused: give it convai_write (Agents: write) at \
                 ElevenLabs",
            ),
            Err(LookupError::NotFound) => Finding::not_checked(WRITE, super::agent::NAME),
            Err(error) => Finding::warning(WRITE, format!("could not be told: {error}; try again")),
        }
    }

    fn list(&self) -> Finding {
        match &self.list {
            Ok(()) => Finding::ok(LIST, "ElevenLabs' list can be read, so unknown outcomes can be settled"),
            Err(LookupError::MissingPermission) if self.lacks_read() => Finding::not_checked(LIST, READ),
            Err(error) if is_passing(*error) => {
                Finding::warning(LIST, format!("could not be told: {error}; try again"))
            }
            Err(error) => Finding::failed(
                LIST,
                format!(
                    "ElevenLabs' list cannot be read, so unknown outcomes stay unknown: {}",
                    about_list(*error)
                ),
            ),
        }
    }

    /// Whether the records of the agent or the number are refused for want of a permission.
    fn lacks_read(&self) -> bool {
        [self.agent.as_ref().err(), self.number.as_ref().and_then(|number| number.as_ref().err())]
            .contains(&Some(&LookupError::MissingPermission))
    }
}

fn not_checked(names: &[&'static str], because: &'static str) -> Vec<Finding> {
    names.iter().map(|name| Finding::not_checked(name, because)).collect()
}

/// The check among `findings` that tells of this error already, and is not green: the one to mend first.
pub(super) fn told_by(error: LookupError, findings: &[Finding]) -> Option<&'static str> {
    let name = match error {
        LookupError::MissingPermission => READ,
        error if is_about_address(error) => ADDRESS,
        error if about_key(error).is_some() => KEY,
        _ => return None,
    };
    let tells = |finding: &&Finding| finding.name == name && finding.verdict != Verdict::Ok;
    findings.iter().find(tells).map(|finding| finding.name)
}

/// Whether waiting may help, and nothing here is set wrong.
pub(super) const fn is_passing(error: LookupError) -> bool {
    matches!(error, LookupError::Timeout | LookupError::Unreachable | LookupError::Status(429 | 500..))
}

const fn is_about_address(error: LookupError) -> bool {
    matches!(
        error,
        LookupError::Timeout
            | LookupError::Unreachable
            | LookupError::Unreadable
            | LookupError::Status(300..=399 | 404 | 405)
    )
}

fn about_address(host: &str, error: LookupError) -> String {
    match error {
        LookupError::Timeout | LookupError::Unreachable => {
            format!("{error} at {host}: check ELEVENLABS_API_URL, the network and ElevenLabs' status page")
        }
        error => {
            format!("{host} does not answer as ElevenLabs' API does ({error}): check ELEVENLABS_API_URL")
        }
    }
}

fn about_list(error: LookupError) -> String {
    match error {
        LookupError::MissingPermission => {
            format!("{error}: give it convai_read (Agents: read) at ElevenLabs")
        }
        error => about_key(error).unwrap_or_else(|| format!("{error}; try again")),
    }
}

/// What is wrong with the key, if that is what an error is about.
fn about_key(error: LookupError) -> Option<String> {
    let advice = match error {
        LookupError::InvalidKey => {
            "check ELEVENLABS_API_KEY, and that it was made in the region of ELEVENLABS_API_URL"
        }
        LookupError::WrongRegion => {
            "set ELEVENLABS_API_URL to the key's region (https://api.eu.residency.elevenlabs.io, \
             https://api.elevenlabs.io), or use a key of this region"
        }
        LookupError::NoAccess => {
            "check that ELEVENLABS_API_KEY and ELEVENLABS_AGENT_ID belong to the same workspace and region"
        }
        LookupError::OutOfCredits => "check the subscription at ElevenLabs",
        LookupError::Status(401) => "check ELEVENLABS_API_KEY",
        _ => return None,
    };
    Some(format!("{error}: {advice}"))
}
