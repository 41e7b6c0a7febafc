//! All settings of the service, read from the environment here and nowhere else, checked at start.
//!
//! Precedence: environment, then the file `.env` in the working directory, then the default. A blank value counts as
//! absent. `.env.example` documents every key.

mod connections;
mod database_url;
mod dials;
mod dotenv;
mod elevenlabs;
mod error;
mod hoc;
mod http;
mod links;
mod log;
mod names;
mod quotes;
mod reader;
mod sources;
mod store;
mod talk;
mod traces;
mod triggers;
mod warning;
mod web_address;
mod wrong_keys;

use std::path::PathBuf;
use std::time::Duration;

pub use connections::ConnectionLimits;
pub(crate) use database_url::absolute;
pub use database_url::{DatabaseUrl, PostgresUrl};
pub use dials::DialLimits;
pub use elevenlabs::{ElevenLabsConfig, Overrides};
pub use error::ConfigError;
pub use hoc::HocConfig;
pub use http::{HttpConfig, local_address};
pub use links::{LinkConfig, LinkPage, LinkSecrets};
pub use log::{LogConfig, LogFormat};
use reader::Reader;
use sources::RawSettings;
pub use store::{DuplicateRules, StoreConfig};
pub use talk::{TalkConfig, TalkLimits};
pub use traces::TraceConfig;
pub use triggers::TriggerConfig;
pub use warning::ConfigWarning;
pub(crate) use web_address::is_loopback;
pub use wrong_keys::WrongKeyLimits;

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
    /// The links that triggers without a number get.
    pub links: LinkConfig,
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
    /// How callers who keep sending wrong keys are slowed down.
    pub wrong_keys: WrongKeyLimits,
    /// Where traces are sent. `None`: nowhere.
    pub traces: Option<TraceConfig>,
    /// What the operator should know, though it keeps nothing from starting.
    pub warnings: Vec<ConfigWarning>,
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
        let mut reader = Reader::with(&raw.faults);
        quotes::refuse(&mut reader, raw);
        let http = HttpConfig::read(&mut reader, raw);
        // Read here so that problems with it and with the address are told next to each other.
        let links = LinkConfig::read(&mut reader, raw, &http);
        let mut config = Self {
            http,
            dials: DialLimits::read(&mut reader, raw),
            talk: TalkConfig::read(&mut reader, raw),
            hoc: HocConfig::read(&mut reader, raw),
            elevenlabs: ElevenLabsConfig::read(&mut reader, raw),
            triggers: TriggerConfig::read(&mut reader, raw),
            store: StoreConfig::read(&mut reader, raw),
            templates_dir: reader.directory("TEMPLATES_DIR", raw.templates_dir.as_deref()),
            shutdown_grace: reader.duration(
                "SHUTDOWN_GRACE",
                raw.shutdown_grace.as_deref(),
                Duration::from_secs(110),
            ),
            log: LogConfig::read(&mut reader, raw),
            connections: ConnectionLimits::default(),
            links,
            wrong_keys: WrongKeyLimits::default(),
            traces: TraceConfig::read(&mut reader, raw),
            warnings: Vec::new(),
        };
        config.warnings = warning::of(&config, raw);
        // A missing setting may be there under a misspelt name.
        reader.finish(config).map_err(|error| error.with(&raw.strangers))
    }
}

#[cfg(test)]
mod tests;
