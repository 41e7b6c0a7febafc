//! Where settings come from: the environment over an optional `.env`, as texts.

use std::collections::HashMap;
use std::env::VarsOs;
use std::ffi::OsString;

use config::{Environment, Source, Value};
use serde::Deserialize;

use super::dotenv::Dotenv;
use super::{ConfigError, ConfigWarning, names};

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
    pub(super) questionnaire_ttl: Option<String>,
    pub(super) max_concurrent_dials: Option<String>,
    pub(super) host: Option<String>,
    pub(super) port: Option<String>,
    pub(super) trusted_proxies: Option<String>,
    pub(super) public_base_url: Option<String>,
    pub(super) render_external_url: Option<String>,
    pub(super) to_number_countries: Option<String>,
    pub(super) link_page: Option<String>,
    pub(super) link_ttl: Option<String>,
    pub(super) link_secret: Option<String>,
    pub(super) privacy_url: Option<String>,
    pub(super) max_talk_duration: Option<String>,
    pub(super) max_talks: Option<String>,
    pub(super) talk_idle_timeout: Option<String>,
    pub(super) database_url: Option<String>,
    pub(super) call_store_secret: Option<String>,
    pub(super) call_retention: Option<String>,
    pub(super) duplicate_call_window: Option<String>,
    pub(super) templates_dir: Option<String>,
    pub(super) shutdown_grace: Option<String>,
    pub(super) metrics_token: Option<String>,
    pub(super) otel_exporter_otlp_endpoint: Option<String>,
    pub(super) otel_exporter_otlp_headers: Option<String>,
    pub(super) log_format: Option<String>,
    pub(super) rust_log: Option<String>,
    /// What cannot be read, a sentence each.
    #[serde(skip)]
    pub(super) faults: Vec<String>,
    /// Names that are none of the above and look as if they were meant to be.
    #[serde(skip)]
    pub(super) strangers: Vec<ConfigWarning>,
}

impl RawSettings {
    /// Reads the process environment and `.env` in the working directory.
    pub(super) fn load() -> Result<Self, ConfigError> {
        let Dotenv { pairs: dotenv, mut faults, mut strangers } = Dotenv::load();
        let (environment, unreadable) = pairs(environment());
        faults.extend(unreadable);
        strangers.extend(names::near_misses(environment.keys()));
        let sources = [dotenv, environment].map(|pairs| Environment::default().source(Some(pairs)));
        Ok(Self { faults, strangers, ..Self::from_sources(sources)? })
    }

    /// Reads nothing but the given pairs, as if they were the environment.
    pub(super) fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let pairs: HashMap<_, _> =
            pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let strangers = names::near_misses(pairs.keys());
        Ok(Self { strangers, ..Self::from_sources([Environment::default().source(Some(pairs))])? })
    }

    /// The later source wins, except where it is blank: an empty variable in a deployment's form hides nothing.
    fn from_sources<const N: usize>(sources: [Environment; N]) -> Result<Self, ConfigError> {
        let mut settings = HashMap::new();
        for source in sources {
            let found = source.collect().map_err(|_hidden| ConfigError::unreadable("the environment"))?;
            settings.extend(found.into_iter().filter_map(|(key, value)| Some((key, not_blank(value)?))));
        }
        config::Config::builder()
            .add_source(Environment::default().source(Some(settings)))
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|_hidden| ConfigError::unreadable("the environment"))
    }
}

/// The text without white space at its ends; `None` if nothing is left.
fn not_blank(value: Value) -> Option<String> {
    let text = value.into_string().ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn environment() -> VarsOs {
    std::env::vars_os()
}

/// The variables as texts, and what is wrong with them. One that is not UTF-8 must not stop the start unless it is a
/// setting, which would silently have its default instead.
fn pairs(variables: impl Iterator<Item = (OsString, OsString)>) -> (HashMap<String, String>, Vec<String>) {
    let (mut pairs, mut faults) = (HashMap::new(), Vec::new());
    for (name, value) in variables {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => drop(pairs.insert(name, value)),
            (Ok(name), Err(_secret)) if names::is_known(&name) => faults.push(format!("{name} is not UTF-8")),
            _ => {}
        }
    }
    (pairs, faults)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn a_setting_that_is_not_utf_8_is_told_and_any_other_variable_is_left_out() {
        let latin_1 = || OsString::from_vec(b"M\xfcller".to_vec());
        let variables = [
            ("PORT".into(), "1".into()),
            ("DATABASE_URL".into(), latin_1()),
            ("USER_NAME".into(), latin_1()),
            (latin_1(), "1".into()),
        ];
        let (pairs, faults) = pairs(variables.into_iter());
        assert_eq!(pairs, HashMap::from([("PORT".to_owned(), "1".to_owned())]));
        assert_eq!(faults, ["DATABASE_URL is not UTF-8"]);
    }
}
