//! Where settings come from: the environment over an optional `.env`, as texts.

use std::collections::HashMap;
use std::io::ErrorKind;

use config::Environment;
use serde::Deserialize;

use super::ConfigError;

/// Every key this service knows, as it was written. Blank values are absent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawSettings {
    pub(super) webhook_api_key: Option<String>,
    pub(super) elevenlabs_api_key: Option<String>,
    pub(super) elevenlabs_agent_id: Option<String>,
    pub(super) elevenlabs_api_url: Option<String>,
    pub(super) elevenlabs_agent_phone_number_id: Option<String>,
    pub(super) elevenlabs_overrides: Option<String>,
    pub(super) hirings_api_token: Option<String>,
    pub(super) hirings_api_url: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<String>,
    pub(super) public_base_url: Option<String>,
    pub(super) render_external_url: Option<String>,
    pub(super) to_number_countries: Option<String>,
    pub(super) link_page: Option<String>,
    pub(super) link_ttl: Option<String>,
    pub(super) database_url: Option<String>,
    pub(super) call_retention: Option<String>,
    pub(super) duplicate_call_window: Option<String>,
    pub(super) templates_dir: Option<String>,
    pub(super) shutdown_grace: Option<String>,
    pub(super) log_format: Option<String>,
    pub(super) rust_log: Option<String>,
}

impl RawSettings {
    /// Reads the process environment and `.env` in the working directory.
    pub(super) fn load() -> Result<Self, ConfigError> {
        Self::from_sources([Environment::default().source(Some(dotenv_pairs()?)), Environment::default()])
    }

    /// Reads nothing but the given pairs.
    pub(super) fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let pairs = pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Self::from_sources([Environment::default().source(Some(pairs))])
    }

    /// The later source wins.
    fn from_sources<const N: usize>(sources: [Environment; N]) -> Result<Self, ConfigError> {
        let mut builder = config::Config::builder();
        for source in sources {
            builder = builder.add_source(source.ignore_empty(true));
        }
        let raw: Self = builder
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|_hidden| ConfigError::unreadable("the environment"))?;
        Ok(raw.without_blanks())
    }

    /// `ignore_empty` keeps values of white space; this drops them and trims the rest.
    fn without_blanks(mut self) -> Self {
        for value in [
            &mut self.webhook_api_key,
            &mut self.elevenlabs_api_key,
            &mut self.elevenlabs_agent_id,
            &mut self.elevenlabs_api_url,
            &mut self.elevenlabs_agent_phone_number_id,
            &mut self.elevenlabs_overrides,
            &mut self.hirings_api_token,
            &mut self.hirings_api_url,
            &mut self.host,
            &mut self.port,
            &mut self.public_base_url,
            &mut self.render_external_url,
            &mut self.to_number_countries,
            &mut self.link_page,
            &mut self.link_ttl,
            &mut self.database_url,
            &mut self.call_retention,
            &mut self.duplicate_call_window,
            &mut self.templates_dir,
            &mut self.shutdown_grace,
            &mut self.log_format,
            &mut self.rust_log,
        ] {
            *value = value.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        self
    }
}

/// The pairs of `.env`; none if there is no such file. A broken line is an error, but is not shown: it may be a secret.
fn dotenv_pairs() -> Result<HashMap<String, String>, ConfigError> {
    let lines = match dotenvy::from_path_iter(".env") {
        Ok(lines) => lines,
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(_) => return Err(ConfigError::unreadable("the file .env")),
    };
    lines.collect::<Result<_, _>>().map_err(|_hidden| ConfigError::unreadable("the file .env"))
}
