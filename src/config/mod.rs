//! All settings of the service, read from the environment here and nowhere else, checked at start.
//!
//! Precedence: environment, then the file `.env` in the working directory, then the default. A blank value counts as
//! absent. `.env.example` documents every key.

mod database_url;
mod error;
mod reader;
mod sources;
mod warning;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use crate::domain::{AgentPhoneNumberId, CountryCode};

pub use database_url::{DatabaseUrl, PostgresUrl};
pub use error::ConfigError;
use reader::Reader;
use sources::RawSettings;
pub use warning::ConfigWarning;
use warning::Named;
pub(crate) use warning::is_loopback;

/// Everything the service can be told. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the service listens and how it is reached.
    pub http: HttpConfig,
    /// HOC's API.
    pub hoc: HocConfig,
    /// ElevenLabs' API.
    pub elevenlabs: ElevenLabsConfig,
    /// What triggers may do.
    pub triggers: TriggerConfig,
    /// The candidate's page and the talks on it.
    pub talk: TalkConfig,
    /// Where calls are remembered, and for how long.
    pub store: StoreConfig,
    /// `TEMPLATES_DIR`: a directory whose files replace the built-in templates of the same name.
    pub templates_dir: Option<PathBuf>,
    /// `SHUTDOWN_GRACE` (110 s): how long calls in flight may take to finish after SIGTERM.
    pub shutdown_grace: Duration,
    /// What is logged, and how.
    pub log: LogConfig,
    /// How many calls are dialled at once.
    pub dials: DialLimits,
    /// What slow clients may do.
    pub connections: ConnectionLimits,
    /// How those are slowed down who send wrong keys.
    pub wrong_keys: WrongKeyLimits,
    /// Where traces are sent. `None`: nowhere.
    pub traces: Option<TraceConfig>,
    /// What the operator should know, though it keeps nothing from starting.
    pub warnings: Vec<ConfigWarning>,
}

/// Where the service listens and who may call it.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// `HOST` (`0.0.0.0`).
    pub host: String,
    /// `PORT` (8080).
    pub port: u16,
    /// `WEBHOOK_API_KEY`: the keys that HOC may use, never empty.
    pub api_keys: Vec<SecretString>,
    /// `TRUSTED_PROXIES` (0; at most 10): how many proxies in front of the service are believed what they add to
    /// `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// `METRICS_TOKEN`: the keys that `GET /metrics` asks for. None: there is no such path.
    pub metrics_tokens: Vec<SecretString>,
    /// `PUBLIC_BASE_URL`, else `RENDER_EXTERNAL_URL`: where candidates reach this service. Known if links lead to
    /// [`LinkPage::Own`].
    pub public_base_url: Option<Url>,
}

/// How those are slowed down who send wrong keys again and again. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct WrongKeyLimits {
    /// So many wrong keys from an address are answered at once.
    pub free: u32,
    /// After so long, one more is.
    pub forgiven_after: Duration,
    /// How long the answer to each further one is held back.
    pub pause: Duration,
    /// How many answers to an address are held back at once; beyond, wrong keys from there are refused.
    pub held_of_address: usize,
    /// How many are in all: each keeps a connection.
    pub held: usize,
}

impl Default for WrongKeyLimits {
    fn default() -> Self {
        Self {
            // A key that was changed on one side only shows itself so often before anybody waits.
            free: 10,
            forgiven_after: Duration::from_secs(30),
            pause: Duration::from_secs(5),
            held_of_address: 4,
            held: 256,
        }
    }
}

/// What slow clients may do. Not settings.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How long the head of a request may take, from the connection's begin or the answer before: the time, too, for which
    /// an idle connection is kept.
    pub head: Duration,
    /// How long half a request may take when the service stops.
    pub head_while_draining: Duration,
    /// How long a client may read nothing of its answer.
    pub unread_answer: Duration,
    /// How many connections there may be. Each further one takes the place of one that is not being answered.
    pub at_most: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            // As long as nginx keeps an idle connection, so that a proxy in front ends it first: a request that meets a
            // closing connection would be lost.
            head: Duration::from_secs(75),
            head_while_draining: Duration::from_secs(3),
            unread_answer: Duration::from_secs(30),
            at_most: 4_096,
        }
    }
}

/// HOC's API.
#[derive(Debug, Clone)]
pub struct HocConfig {
    /// `HIRINGS_API_URL`, without a slash at the end.
    pub base_url: Url,
    /// `HIRINGS_API_TOKEN`, sent bare.
    pub token: SecretString,
    /// How long a questionnaire may take in all, retry included. Not a setting: the contract promises HOC's trouble
    /// never costs more than 10 seconds.
    pub deadline: Duration,
    /// `QUESTIONNAIRE_TTL` (60 s; at most 24 hours): how long a questionnaire is used before HOC is asked again. Zero: HOC
    /// is asked for every call and every talk.
    pub questionnaire_ttl: Duration,
}

/// ElevenLabs' API.
#[derive(Debug, Clone)]
pub struct ElevenLabsConfig {
    /// `ELEVENLABS_API_URL`, without a slash at the end.
    pub base_url: Url,
    /// `ELEVENLABS_API_KEY`.
    pub api_key: SecretString,
    /// `ELEVENLABS_AGENT_ID`.
    pub agent_id: String,
    /// `ELEVENLABS_OVERRIDES` (all): which of the agent's own texts are replaced for a call.
    pub overrides: Overrides,
    /// How long a call may take to be answered or refused. Not a setting: a SIP call answers only when the phone is
    /// picked up, and the ringing timeout is 60 s by default.
    pub dial_timeout: Duration,
    /// How long a look-up (number, agent) may take. Not a setting.
    pub lookup_timeout: Duration,
    /// How long the connection to the agent's WebSocket may take, and then the agent's first answer. Not a setting.
    pub conversation_timeout: Duration,
}

/// How many calls are dialled at once, by this process.
#[derive(Debug, Clone, Copy)]
pub struct DialLimits {
    /// `MAX_CONCURRENT_DIALS` (100; 1 to 10,000): how many requests to ElevenLabs that start a call go on at once.
    pub at_once: usize,
    /// How many may wait for their turn: ten times as many. Not a setting.
    pub waiting: usize,
    /// How long they wait. Not a setting.
    pub patience: Duration,
}

/// What triggers may do.
#[derive(Debug, Clone)]
pub struct TriggerConfig {
    /// `ELEVENLABS_AGENT_PHONE_NUMBER_ID`: where calls come from if the trigger does not say.
    pub default_phone_number: Option<AgentPhoneNumberId>,
    /// `TO_NUMBER_COUNTRIES` (all): the countries that may be dialled.
    pub countries: Option<BTreeSet<CountryCode>>,
    /// `LINK_PAGE`: where links lead. This service's own page, unless nobody knows its address.
    pub link_page: LinkPage,
    /// `LINK_TTL` (7 days; at least 1 minute): how long a link is offered.
    pub link_ttl: Duration,
}

/// The candidate's page and the talks on it.
#[derive(Debug, Clone)]
pub struct TalkConfig {
    /// `LINK_SECRET` (the webhook keys): what links are sealed with.
    pub link_secrets: LinkSecrets,
    /// `PRIVACY_URL`: the employer's privacy notice, to which the page leads.
    pub privacy_url: Option<Url>,
    /// `MAX_TALK_DURATION` (45 minutes; at least 1): how long a talk may last.
    pub max_duration: Duration,
    /// `MAX_TALKS` (100; 1 to 10,000): how many talks may go on at once.
    pub max_talks: usize,
    /// `TALK_IDLE_TIMEOUT` (60 s; at least 10 s): how long a talk may go on without a word.
    pub idle_timeout: Duration,
    /// What else bounds a talk. Not settings.
    pub limits: TalkLimits,
}

/// What bounds a talk. No settings: they follow from what browsers and networks do.
#[derive(Debug, Clone, Copy)]
pub struct TalkLimits {
    /// How often each side is asked for a sign of life.
    pub ping_period: Duration,
    /// Who has given none for this long is gone.
    pub silence: Duration,
    /// Who has not read for this long is gone.
    pub stall: Duration,
    /// Beyond so many bytes for a side, nothing more is read from the other. One message more may come.
    pub outbox_bytes: usize,
    /// How far ahead of its being played the agent's speech is sent to a browser.
    pub speech_ahead: Duration,
    /// The agent sends faster than it speaks: so much of its speech is held back, in bytes. One message more may come.
    pub held_speech_bytes: usize,
    /// The largest message of a browser, in bytes. It sends some 2 KiB at a time.
    pub message_bytes: usize,
    /// How many messages a second a browser may send in the long run. It sends some 40.
    pub messages_per_second: u32,
    /// How many seconds' worth of messages and audio may come at once: a network that was away brings all it has kept.
    pub burst_seconds: u32,
    /// How often one link may be talked on in a row; each talk beyond that takes [`Self::start_pause`].
    pub starts: u32,
    /// See [`Self::starts`].
    pub start_pause: Duration,
    /// How long a farewell may take on either side.
    pub farewell: Duration,
}

impl Default for TalkLimits {
    fn default() -> Self {
        Self {
            ping_period: Duration::from_secs(10),
            silence: Duration::from_secs(25),
            stall: Duration::from_secs(15),
            outbox_bytes: 256 * 1024,
            // What a network may be late by without a gap.
            speech_ahead: Duration::from_secs(1),
            // A minute at 16 kHz. Whoever is interrupted beyond that is so a little later.
            held_speech_bytes: 2 * 1024 * 1024,
            message_bytes: 64 * 1024,
            messages_per_second: 100,
            burst_seconds: 30,
            starts: 10,
            start_pause: Duration::from_secs(30),
            farewell: Duration::from_secs(2),
        }
    }
}

/// What links are sealed with.
#[derive(Debug, Clone)]
pub struct LinkSecrets {
    /// The first: it seals, and opens.
    pub sealing: SecretString,
    /// The others: they seal no more, but still open.
    pub retired: Vec<SecretString>,
}

/// Where calls are remembered, and for how long.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `DATABASE_URL` (a SQLite file in the working directory).
    pub url: DatabaseUrl,
    /// `CALL_STORE_SECRET` (the ElevenLabs key): keys the digests by which a trigger is recognised.
    pub secret: SecretString,
    /// `CALL_RETENTION` (30 days): how long a finished call is remembered; at least for the duplicate window.
    pub retention: Duration,
    /// `DUPLICATE_CALL_WINDOW` (10 minutes): how long a placed call keeps the same candidate of the same campaign from
    /// being called again without an `Idempotency-Key`. Zero: not at all.
    pub duplicate_window: Duration,
    /// How long a duplicate waits for the call it duplicates. Not a setting: the contract says 30 s.
    pub patience: Duration,
    /// How long an answer waits for an unknown outcome to be settled. Not a setting: most calls that were placed stand in
    /// ElevenLabs' list at once, and the others take longer than a caller waits.
    pub unknown_patience: Duration,
}

/// Which of the agent's own texts are replaced. An override that the agent does not allow ends the call when the
/// candidate picks up, so an operator can switch each one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overrides {
    /// The prompt.
    pub prompt: bool,
    /// The first sentence.
    pub first_message: bool,
    /// The language, always German.
    pub language: bool,
}

impl Overrides {
    /// Every override is sent.
    pub const ALL: Self = Self { prompt: true, first_message: true, language: true };
    /// The agent keeps its own texts.
    pub const NONE: Self = Self { prompt: false, first_message: false, language: false };

    /// Those of these that are not among `others`, by their names in `ELEVENLABS_OVERRIDES`.
    pub fn not_in(self, others: Self) -> impl Iterator<Item = &'static str> {
        let missing = [
            ("prompt", self.prompt && !others.prompt),
            ("first_message", self.first_message && !others.first_message),
            ("language", self.language && !others.language),
        ];
        missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| name)
    }
}

/// The page on which a candidate talks in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPage {
    /// This service's: nothing of the interview reaches the browser but sound and what is said.
    Own,
    /// ElevenLabs' public talk-to page.
    ElevenLabs,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// `LOG_FORMAT`. `None`: text on a terminal, else JSON.
    pub format: Option<LogFormat>,
    /// `RUST_LOG` (`info`).
    pub filter: String,
}

/// Where traces are sent, by OTLP over HTTP.
#[derive(Debug, Clone)]
pub struct TraceConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: the collector's base, to which `/v1/traces` is added.
    pub endpoint: Url,
    /// `OTEL_EXPORTER_OTLP_HEADERS`: what the collector wants to see, such as a key.
    pub headers: Vec<(String, SecretString)>,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Reads the environment and an optional `.env`.
    ///
    /// # Errors
    /// One error that names every setting that is missing or wrong. It holds no values.
    pub fn load() -> Result<Self, ConfigError> {
        Self::from_raw(&RawSettings::load()?)
    }

    /// The same for those who ask no upstream: what is required gets a stand-in where it is missing.
    ///
    /// # Errors
    /// As [`Config::load`], for settings that are there and wrong.
    pub fn load_offline() -> Result<Self, ConfigError> {
        let mut raw = RawSettings::load()?;
        let required = [
            &mut raw.webhook_api_key,
            &mut raw.elevenlabs_api_key,
            &mut raw.elevenlabs_agent_id,
            &mut raw.hirings_api_token,
        ];
        for setting in required {
            setting.get_or_insert_with(|| "offline".to_owned());
        }
        Self::from_raw(&raw)
    }

    /// The same from given pairs, for the sandbox and for tests.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ConfigError> {
        Self::from_raw(&RawSettings::from_pairs(pairs)?)
    }

    fn from_raw(raw: &RawSettings) -> Result<Self, ConfigError> {
        let mut read = Reader::default();
        let named = Named { link_page: raw.link_page.is_some(), link_secret: raw.link_secret.is_some() };
        let http = HttpConfig {
            host: raw.host.clone().unwrap_or_else(|| "0.0.0.0".to_owned()),
            port: read.port("PORT", raw.port.as_deref(), 8080),
            api_keys: read.keys("WEBHOOK_API_KEY", raw.webhook_api_key.as_deref()),
            trusted_proxies: read.count("TRUSTED_PROXIES", raw.trusted_proxies.as_deref(), 0..=10, 0),
            metrics_tokens: read.optional_keys("METRICS_TOKEN", raw.metrics_token.as_deref()),
            public_base_url: read
                .url("PUBLIC_BASE_URL", raw.public_base_url.as_deref())
                .or_else(|| read.url("RENDER_EXTERNAL_URL", raw.render_external_url.as_deref())),
        };
        let link_page = read.link_page("LINK_PAGE", raw.link_page.as_deref(), http.public_base_url.as_ref());
        let mut config = Self {
            talk: TalkConfig {
                link_secrets: read.link_secrets("LINK_SECRET", raw.link_secret.as_deref(), &http.api_keys),
                privacy_url: read.page_url("PRIVACY_URL", raw.privacy_url.as_deref()),
                max_duration: read.duration_of_at_least(
                    Duration::from_mins(1),
                    "MAX_TALK_DURATION",
                    raw.max_talk_duration.as_deref(),
                    Duration::from_mins(45),
                ),
                max_talks: read.count("MAX_TALKS", raw.max_talks.as_deref(), 1..=10_000, 100),
                idle_timeout: read.duration_of_at_least(
                    Duration::from_secs(10),
                    "TALK_IDLE_TIMEOUT",
                    raw.talk_idle_timeout.as_deref(),
                    Duration::from_mins(1),
                ),
                limits: TalkLimits::default(),
            },
            http,
            hoc: HocConfig {
                base_url: read.url_or(
                    "HIRINGS_API_URL",
                    raw.hirings_api_url.as_deref(),
                    "https://high-office.hirings.cloud/api/v1",
                ),
                token: read.header_secret("HIRINGS_API_TOKEN", raw.hirings_api_token.as_deref()),
                // Half a second below the promise: the answer has to travel, too.
                deadline: Duration::from_millis(9_500),
                questionnaire_ttl: read.duration_of_at_most(
                    Duration::from_hours(24),
                    "QUESTIONNAIRE_TTL",
                    raw.questionnaire_ttl.as_deref(),
                    Duration::from_mins(1),
                ),
            },
            elevenlabs: ElevenLabsConfig {
                base_url: read.url_or(
                    "ELEVENLABS_API_URL",
                    raw.elevenlabs_api_url.as_deref(),
                    "https://api.eu.residency.elevenlabs.io",
                ),
                api_key: read.header_secret("ELEVENLABS_API_KEY", raw.elevenlabs_api_key.as_deref()),
                agent_id: read.plain_id("ELEVENLABS_AGENT_ID", raw.elevenlabs_agent_id.as_deref()),
                overrides: read.overrides("ELEVENLABS_OVERRIDES", raw.elevenlabs_overrides.as_deref()),
                dial_timeout: Duration::from_mins(2),
                lookup_timeout: Duration::from_secs(5),
                conversation_timeout: Duration::from_secs(10),
            },
            triggers: TriggerConfig {
                default_phone_number: read.phone_number_id(
                    "ELEVENLABS_AGENT_PHONE_NUMBER_ID",
                    raw.elevenlabs_agent_phone_number_id.as_deref(),
                ),
                countries: read.countries("TO_NUMBER_COUNTRIES", raw.to_number_countries.as_deref()),
                link_page,
                link_ttl: read.duration_of_at_least(
                    Duration::from_mins(1),
                    "LINK_TTL",
                    raw.link_ttl.as_deref(),
                    Duration::from_hours(7 * 24),
                ),
            },
            store: read.store(
                raw.database_url.as_deref(),
                raw.call_store_secret.as_deref().or(raw.elevenlabs_api_key.as_deref()),
                raw.call_retention.as_deref(),
                raw.duplicate_call_window.as_deref(),
            ),
            templates_dir: read.directory("TEMPLATES_DIR", raw.templates_dir.as_deref()),
            shutdown_grace: read.duration(
                "SHUTDOWN_GRACE",
                raw.shutdown_grace.as_deref(),
                Duration::from_secs(110),
            ),
            log: LogConfig {
                format: read.log_format("LOG_FORMAT", raw.log_format.as_deref()),
                filter: read.log_filter("RUST_LOG", raw.rust_log.as_deref()),
            },
            dials: read.dials(raw.max_concurrent_dials.as_deref()),
            connections: ConnectionLimits::default(),
            wrong_keys: WrongKeyLimits::default(),
            traces: read.traces(
                raw.otel_exporter_otlp_endpoint.as_deref(),
                raw.otel_exporter_otlp_headers.as_deref(),
            ),
            warnings: Vec::new(),
        };
        config.warnings = warning::of(&config, named);
        read.finish(config)
    }
}

/// The port that a service on this machine listens on, for the health check inside the container.
///
/// # Errors
/// When `PORT` is not a port.
pub fn local_port() -> Result<u16, ConfigError> {
    let raw = RawSettings::load()?;
    let mut read = Reader::default();
    let port = read.port("PORT", raw.port.as_deref(), 8080);
    read.finish(port)
}

#[cfg(test)]
mod tests;
