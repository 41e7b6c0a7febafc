//! The settings with which every test starts, for the service in the test's process and for the binary.

use std::collections::BTreeMap;

use sellcruiting_webhook::sandbox::{self, Sandbox};

/// The key that tests use.
pub(crate) const API_KEY: &str = "it-webhook-key-one";

/// Another key that is valid at the same time.
pub(crate) const SECOND_API_KEY: &str = "it-webhook-key-two";

/// The address at which candidates reach the service, according to its links. No test connects to it.
pub(crate) const PUBLIC_BASE_URL: &str = "https://sellcruiting-webhook.example.org";

/// Names and values as in the environment.
pub(crate) type Settings = BTreeMap<&'static str, String>;

/// Everything a service needs to work with the simulated upstreams, on any free port.
pub(super) fn settings(sandbox: &Sandbox) -> Settings {
    [
        ("WEBHOOK_API_KEY", format!("{API_KEY},{SECOND_API_KEY}")),
        ("HIRINGS_API_URL", sandbox.hoc.base_url()),
        ("HIRINGS_API_TOKEN", sandbox::HOC_TOKEN.to_owned()),
        ("ELEVENLABS_API_URL", sandbox.elevenlabs.base_url()),
        ("ELEVENLABS_API_KEY", sandbox::ELEVENLABS_API_KEY.to_owned()),
        ("ELEVENLABS_AGENT_ID", sandbox::AGENT_ID.to_owned()),
        ("PUBLIC_BASE_URL", PUBLIC_BASE_URL.to_owned()),
        ("DATABASE_URL", "sqlite::memory:".to_owned()),
        ("HOST", "127.0.0.1".to_owned()),
        ("PORT", "0".to_owned()),
    ]
    .into()
}
