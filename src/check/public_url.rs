//! Whether candidates reach this service at its public address.

use std::time::Duration;

use reqwest::{Client, Url};
use serde_json::Value;

use super::Finding;
use crate::config::{Config, is_loopback};
use crate::domain::AgentId;
use crate::upstream::{endpoint, read_body};

const NAME: &str = "public_url";

/// How long the service may take to answer. Its health check asks nobody.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How much of an answer is read at most. The service's own has some 200 bytes.
const MAX_ANSWER: usize = 16 * 1024;

/// Who answered at the address.
enum Answerer {
    /// A service with this agent, as configured here.
    Us,
    /// A service with another agent.
    OtherAgent,
    /// Something else, with this status.
    Stranger(u16),
    /// Nobody.
    Nobody,
}

pub(super) async fn check(http: &Client, config: &Config) -> Finding {
    let Some(base) = &config.http.public_base_url else {
        // Links lead to ElevenLabs' page then: the settings refuse the own page without an address.
        return Finding::warning(
            NAME,
            "not set (PUBLIC_BASE_URL): whether HOC reaches the service was not checked, and links lead to ElevenLabs' \
             page",
        );
    };
    if base.scheme() != "https" && !is_loopback(base) {
        return Finding::failed(
            NAME,
            "PUBLIC_BASE_URL must be https: keys and names would travel unencrypted",
        );
    }
    match ask(http, base, &config.elevenlabs.agent_id).await {
        Answerer::Us if is_loopback(base) => {
            Finding::warning(NAME, "the service answers, but only this machine reaches it there")
        }
        Answerer::Us => Finding::ok(NAME, "the service answers there"),
        Answerer::OtherAgent => Finding::failed(
            NAME,
            "a service with another ELEVENLABS_AGENT_ID answers at PUBLIC_BASE_URL: deploy these settings, or correct \
             the address",
        ),
        Answerer::Stranger(status) => Finding::failed(
            NAME,
            format!(
                "something else answers at PUBLIC_BASE_URL (HTTP status {status}): check the address and what stands in \
                 front of the service"
            ),
        ),
        Answerer::Nobody => Finding::failed(
            NAME,
            "nobody answers at PUBLIC_BASE_URL: check that the service runs, the address, DNS and its certificate",
        ),
    }
}

async fn ask(http: &Client, base: &Url, agent_id: &AgentId) -> Answerer {
    let url = endpoint(base, &["webhook", "health"]);
    let Ok(response) = http.get(url).timeout(TIMEOUT).send().await else { return Answerer::Nobody };
    let status = response.status().as_u16();
    let Ok(body) = read_body(response, MAX_ANSWER).await else { return Answerer::Stranger(status) };
    let health: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status != 200 || health["service"] != crate::SERVICE {
        return Answerer::Stranger(status);
    }
    if health["agent_id"] == agent_id.as_str() { Answerer::Us } else { Answerer::OtherAgent }
}
