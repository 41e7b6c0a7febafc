//! Doubtful settings, which do not prevent the start but should not go unnoticed.

use std::borrow::Cow;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::database_url::has_unknown_parameter;
use super::sources::RawSettings;
use super::web_address::is_loopback;
use super::{Config, DatabaseUrl, LinkPage, TraceConfig};

/// Advice for the operator about one setting. Holds no values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigWarning {
    /// The setting's name, or what was written for one.
    pub setting: Cow<'static, str>,
    /// What it leads to, and what to do about it.
    pub advice: Cow<'static, str>,
}

/// A key with at least so many characters cannot be found by brute force.
pub(super) const STRONG_SECRET_CHARS: usize = 32;

/// Fewer are enough for a key that can only be tried over the network, where attempts are slowed down. Shorter keys are
/// words, or were cut off.
const LONG_KEY_CHARS: usize = 16;

/// `raw`: what the operator wrote, for what can no longer be seen in `config`.
pub(super) fn of(config: &Config, raw: &RawSettings) -> Vec<ConfigWarning> {
    let plain = |url: &Url| url.scheme() == "http" && !is_loopback(url);
    let shows_key = |traces: &TraceConfig| !traces.headers.is_empty() && plain(&traces.endpoint);
    let own_page = config.links.page == LinkPage::Own;
    let base = config.http.public_base_url.as_ref();
    let http = &config.http;
    let is_memory = matches!(config.store.url, DatabaseUrl::SqliteMemory);
    let is_file = matches!(config.store.url, DatabaseUrl::SqliteFile(_));
    // Render sets this for every service, whatever custom domain it has.
    let is_on_render = raw.render_external_url.is_some();
    let warnings = [
        (has_shorter(&http.api_keys, LONG_KEY_CHARS), "WEBHOOK_API_KEY", SHORT_KEY),
        (has_gap(raw.webhook_api_key.as_deref()), "WEBHOOK_API_KEY", GAP),
        (has_shorter(&http.metrics_tokens, LONG_KEY_CHARS), "METRICS_TOKEN", SHORT_KEY),
        (has_gap(raw.metrics_token.as_deref()), "METRICS_TOKEN", GAP),
        (has_gap(raw.link_secret.as_deref()), "LINK_SECRET", GAP),
        (is_memory, DatabaseUrl::SETTING, FORGETS_EVERYTHING),
        (is_file && is_on_render, DatabaseUrl::SETTING, GONE_AT_EVERY_DEPLOY),
        (
            raw.database_url.as_deref().is_some_and(has_unknown_parameter),
            DatabaseUrl::SETTING,
            UNKNOWN_PARAMETER,
        ),
        (has_weak_digests(raw), "CALL_STORE_SECRET", SHORT_KEY),
        (config.store.forgets_too_early, "CALL_RETENTION", FORGETS_TOO_EARLY),
        (plain(&config.hoc.base_url), "HIRINGS_API_URL", UNENCRYPTED),
        (plain(&config.elevenlabs.base_url), "ELEVENLABS_API_URL", UNENCRYPTED),
        (!own_page && raw.link_page.is_none(), "LINK_PAGE", NO_ADDRESS),
        (own_page && base.is_some_and(plain), "PUBLIC_BASE_URL", NO_MICROPHONE),
        (own_page && has_weak_seal(config, raw), "LINK_SECRET", WEAK_SECRET),
        (own_page && config.talk.privacy_url.is_none(), "PRIVACY_URL", NO_PRIVACY_NOTICE),
        (config.traces.as_ref().is_some_and(shows_key), "OTEL_EXPORTER_OTLP_ENDPOINT", UNENCRYPTED),
        (
            config.traces.is_none() && raw.otel_exporter_otlp_headers.is_some(),
            "OTEL_EXPORTER_OTLP_HEADERS",
            NO_COLLECTOR,
        ),
    ];
    let applies = warnings.into_iter().filter(|(applies, ..)| *applies);
    let of_values =
        applies.map(|(_, setting, advice)| ConfigWarning { setting: setting.into(), advice: advice.into() });
    raw.strangers.iter().cloned().chain(of_values).collect()
}

const UNENCRYPTED: &str = "this address is http: keys and personal data travel unencrypted; use https";

const NO_ADDRESS: &str = "links lead to ElevenLabs' public page, with names and questions in the address, because this \
    service does not know its own address: set PUBLIC_BASE_URL, or LINK_PAGE=elevenlabs if that is what you want";

const NO_MICROPHONE: &str =
    "this address is http: browsers give no microphone to the candidate's page there; use https";

const WEAK_SECRET: &str = "links are sealed with a key made from WEBHOOK_API_KEY, of which one is shorter than 32 \
    characters: whoever has a link could find it by trying. Set LINK_SECRET (openssl rand -hex 32)";

const NO_PRIVACY_NOTICE: &str = "the candidate's page names no privacy notice; set this to the employer's";

const NO_COLLECTOR: &str =
    "without OTEL_EXPORTER_OTLP_ENDPOINT there are no traces, so nobody gets these headers";

const SHORT_KEY: &str =
    "a key is shorter than 16 characters and can be guessed: make another (openssl rand -hex 32)";

const GAP: &str = "nothing stands before, after or between two commas: look whether a key was lost";

const FORGETS_EVERYTHING: &str = "sqlite::memory: forgets every call when the process ends, so a retry may ring twice: use a \
    file or PostgreSQL";

const GONE_AT_EVERY_DEPLOY: &str = "a SQLite file on Render is gone at every deploy unless it lies on a disk, so a retry may \
    ring twice: use PostgreSQL";

const UNKNOWN_PARAMETER: &str = "the driver does not know a parameter behind the ? and ignores it: look for a misspelling \
    (sslmode, sslrootcert, options, …)";

const FORGETS_TOO_EARLY: &str = "shorter than DUPLICATE_CALL_WINDOW, so calls are remembered for as long as that: set it to \
    at least as much";

fn has_weak_seal(config: &Config, raw: &RawSettings) -> bool {
    raw.link_secret.is_none() && has_shorter(&config.http.api_keys, STRONG_SECRET_CHARS)
}

fn has_weak_digests(raw: &RawSettings) -> bool {
    raw.call_store_secret.as_deref().is_some_and(|secret| secret.chars().count() < LONG_KEY_CHARS)
}

fn has_shorter(keys: &[SecretString], chars: usize) -> bool {
    keys.iter().any(|key| key.expose_secret().chars().count() < chars)
}

fn has_gap(keys: Option<&str>) -> bool {
    keys.is_some_and(|keys| keys.split(',').any(|key| key.trim().is_empty()))
}
