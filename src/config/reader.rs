//! Reads texts into types and collects everything that is wrong, so that an operator mends it in one go.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

use super::warning::STRONG_SECRET_CHARS;
use super::{
    ConfigError, DatabaseUrl, DialLimits, LinkPage, LinkSecrets, LogFormat, Overrides, StoreConfig,
    TraceConfig,
};
use crate::domain::{AgentPhoneNumberId, CountryCode};

/// Turns texts into types. A bad text is noted and a stand-in returned; [`Reader::finish`] then fails.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<String>,
}

impl Reader {
    pub(super) fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(value) } else { Err(ConfigError::of(self.problems)) }
    }

    fn note(&mut self, key: &str, problem: &str) {
        self.problems.push(format!("{key} {problem}"));
    }

    fn required<'a>(&mut self, key: &str, value: Option<&'a str>) -> Option<&'a str> {
        if value.is_none() {
            self.note(key, "is required");
        }
        value
    }

    /// Keys separated by commas; at least one.
    pub(super) fn keys(&mut self, key: &str, value: Option<&str>) -> Vec<SecretString> {
        let value = self.required(key, value);
        self.optional_keys(key, value)
    }

    /// Keys separated by commas; none if there is no value at all.
    pub(super) fn optional_keys(&mut self, key: &str, value: Option<&str>) -> Vec<SecretString> {
        let Some(value) = value else { return Vec::new() };
        let keys: Vec<_> = value.split(',').map(str::trim).filter(|k| !k.is_empty()).collect();
        if keys.is_empty() {
            self.note(key, "must be one key or several, separated by commas");
        }
        if keys.iter().any(|k| k.chars().any(|c| !c.is_ascii_graphic())) {
            self.note(key, "must consist of visible ASCII characters without spaces");
        }
        keys.into_iter().map(SecretString::from).collect()
    }

    /// A required secret that is sent as a header.
    pub(super) fn header_secret(&mut self, key: &str, value: Option<&str>) -> SecretString {
        let value = self.required(key, value).unwrap_or_default();
        if HeaderValue::from_str(value).is_err() {
            self.note(key, "holds characters that no HTTP header can carry");
        }
        SecretString::from(value)
    }

    /// A required id that is safe in a URL.
    pub(super) fn plain_id(&mut self, key: &str, value: Option<&str>) -> String {
        let value = self.required(key, value).unwrap_or_default();
        if !value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            self.note(key, "must consist of letters, digits, _ and -");
        }
        value.to_owned()
    }

    pub(super) fn port(&mut self, key: &str, value: Option<&str>, default: u16) -> u16 {
        let Some(value) = value else { return default };
        value.parse().unwrap_or_else(|_| {
            self.note(key, "must be a port number from 0 to 65535");
            default
        })
    }

    /// An absolute http or https URL without query, its trailing slash removed.
    pub(super) fn url(&mut self, key: &str, value: Option<&str>) -> Option<Url> {
        let url = Url::parse(value?.trim_end_matches('/')).ok().filter(is_base_url);
        if url.is_none() {
            self.note(key, "must be a URL such as https://example.org, without user, query or fragment");
        }
        url
    }

    pub(super) fn url_or(&mut self, key: &str, value: Option<&str>, default: &str) -> Url {
        self.url(key, Some(value.unwrap_or(default))).unwrap_or_else(placeholder_url)
    }

    pub(super) fn phone_number_id(&mut self, key: &str, value: Option<&str>) -> Option<AgentPhoneNumberId> {
        let id = AgentPhoneNumberId::parse(value?);
        if id.is_none() {
            self.note(key, "must be an ElevenLabs id such as phnum_…, not a telephone number");
        }
        id
    }

    pub(super) fn countries(&mut self, key: &str, value: Option<&str>) -> Option<BTreeSet<CountryCode>> {
        let countries: Option<BTreeSet<_>> = value?.split(',').map(CountryCode::parse).collect();
        if countries.is_none() {
            self.note(key, "must be country codes of two letters, separated by commas, such as DE,AT,CH");
        }
        countries
    }

    pub(super) fn overrides(&mut self, key: &str, value: Option<&str>) -> Overrides {
        let Some(value) = value else { return Overrides::ALL };
        let mut overrides = Overrides::NONE;
        let names: Vec<_> = value.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        for name in &names {
            match name.as_str() {
                "prompt" => overrides.prompt = true,
                "first_message" => overrides.first_message = true,
                "language" => overrides.language = true,
                "none" if names.len() == 1 => {}
                _ => self.note(key, "must be none, or any of prompt, first_message, language"),
            }
        }
        overrides
    }

    /// The service's own page, unless the operator wants ElevenLabs', or nobody knows where this service is.
    pub(super) fn link_page(&mut self, key: &str, value: Option<&str>, base: Option<&Url>) -> LinkPage {
        let default = if base.is_some() { LinkPage::Own } else { LinkPage::ElevenLabs };
        let Some(value) = value else { return default };
        match value.to_ascii_lowercase().as_str() {
            "own" if base.is_none() => {
                self.note(
                    key,
                    "can be own only where PUBLIC_BASE_URL says how candidates reach this service",
                );
                default
            }
            "own" => LinkPage::Own,
            "elevenlabs" => LinkPage::ElevenLabs,
            _ => {
                self.note(key, "must be own or elevenlabs");
                default
            }
        }
    }

    /// Secrets separated by commas. Candidates get what they seal, and may try keys on it as long as they like, so weak
    /// ones are refused. Without any, the webhook keys stand in.
    pub(super) fn link_secrets(
        &mut self,
        key: &str,
        value: Option<&str>,
        stand_in: &[SecretString],
    ) -> LinkSecrets {
        let Some(value) = value else { return link_secrets(stand_in.to_vec()) };
        let secrets: Vec<_> = value.split(',').map(str::trim).filter(|secret| !secret.is_empty()).collect();
        if secrets.is_empty() || secrets.iter().any(|secret| secret.chars().count() < STRONG_SECRET_CHARS) {
            self.note(key, "must be one secret of at least 32 characters or several, separated by commas");
        }
        link_secrets(secrets.into_iter().map(SecretString::from).collect())
    }

    /// The address of a page that people open.
    pub(super) fn page_url(&mut self, key: &str, value: Option<&str>) -> Option<Url> {
        let url = Url::parse(value?).ok().filter(is_web_address);
        if url.is_none() {
            self.note(key, "must be a URL such as https://example.org/datenschutz, without user");
        }
        url
    }

    /// A whole number within a range.
    pub(super) fn count(
        &mut self,
        key: &str,
        value: Option<&str>,
        range: RangeInclusive<usize>,
        default: usize,
    ) -> usize {
        let Some(value) = value else { return default };
        let count = value.parse().ok().filter(|count| range.contains(count));
        count.unwrap_or_else(|| {
            self.note(key, &format!("must be a whole number from {} to {}", range.start(), range.end()));
            default
        })
    }

    /// Seconds, or a duration with units such as `10m`, `2h 30m`, `7days`.
    pub(super) fn duration(&mut self, key: &str, value: Option<&str>, default: Duration) -> Duration {
        let Some(value) = value else { return default };
        let seconds = value.parse().map(Duration::from_secs).ok();
        let Some(duration) =
            seconds.or_else(|| humantime::parse_duration(value).ok()).filter(|d| *d <= MAX_DURATION)
        else {
            self.note(key, "must be a duration of at most 10 years, such as 90s, 10m, 2h or 7d");
            return default;
        };
        duration
    }

    /// The same, for what makes no sense if it is shorter.
    pub(super) fn duration_of_at_least(
        &mut self,
        least: Duration,
        key: &str,
        value: Option<&str>,
        default: Duration,
    ) -> Duration {
        let duration = self.duration(key, value, default);
        if duration < least {
            self.note(key, &format!("must be at least {}", humantime::format_duration(least)));
        }
        duration
    }

    /// The same, for what makes no sense if it is longer.
    pub(super) fn duration_of_at_most(
        &mut self,
        most: Duration,
        key: &str,
        value: Option<&str>,
        default: Duration,
    ) -> Duration {
        let duration = self.duration(key, value, default);
        if duration > most {
            self.note(key, &format!("must be at most {}", humantime::format_duration(most)));
        }
        duration
    }

    pub(super) fn store(
        &mut self,
        url: Option<&str>,
        secret: Option<&str>,
        retention: Option<&str>,
        duplicate_window: Option<&str>,
    ) -> StoreConfig {
        let url = url.unwrap_or(DatabaseUrl::DEFAULT);
        let url = DatabaseUrl::parse(url).unwrap_or_else(|| {
            self.note(
                "DATABASE_URL",
                "must be sqlite:path/to/file.db, sqlite::memory: or postgres://user@host/database",
            );
            DatabaseUrl::SqliteMemory
        });
        let retention = self.duration("CALL_RETENTION", retention, Duration::from_hours(30 * 24));
        let duplicate_window =
            self.duration("DUPLICATE_CALL_WINDOW", duplicate_window, Duration::from_mins(10));
        StoreConfig {
            url,
            secret: SecretString::from(secret.unwrap_or_default()),
            // What is forgotten no longer guards against a second call.
            retention: retention.max(duplicate_window),
            duplicate_window,
            patience: Duration::from_secs(30),
            unknown_patience: Duration::from_secs(5),
        }
    }

    pub(super) fn dials(&mut self, at_once: Option<&str>) -> DialLimits {
        let at_once = self.count("MAX_CONCURRENT_DIALS", at_once, 1..=10_000, 100);
        DialLimits { at_once, waiting: 10 * at_once, patience: Duration::from_secs(10) }
    }

    /// The collector, and headers as `name=value` separated by commas.
    pub(super) fn traces(&mut self, endpoint: Option<&str>, headers: Option<&str>) -> Option<TraceConfig> {
        let endpoint = self.url("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
        let headers: Option<Vec<_>> = headers.unwrap_or_default().split_terminator(',').map(header).collect();
        if headers.is_none() {
            self.note("OTEL_EXPORTER_OTLP_HEADERS", "must be headers as name=value, separated by commas");
        }
        Some(TraceConfig { endpoint: endpoint?, headers: headers? })
    }

    /// A directory that exists.
    pub(super) fn directory(&mut self, key: &str, value: Option<&str>) -> Option<PathBuf> {
        let path = PathBuf::from(value?);
        if !path.is_dir() {
            self.note(key, "must be a directory that exists");
        }
        Some(path)
    }

    pub(super) fn log_format(&mut self, key: &str, value: Option<&str>) -> Option<LogFormat> {
        match value?.to_ascii_lowercase().as_str() {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => {
                self.note(key, "must be text or json");
                None
            }
        }
    }

    pub(super) fn log_filter(&mut self, key: &str, value: Option<&str>) -> String {
        let filter = value.unwrap_or("info");
        if EnvFilter::try_new(filter).is_err() {
            self.note(key, "must be a level (error, warn, info, debug) or a tracing filter");
        }
        filter.to_owned()
    }
}

/// `name=value`, the value percent-encoded (OpenTelemetry's specification of the exporter).
fn header(pair: &str) -> Option<(String, SecretString)> {
    let (name, value) = pair.split_once('=')?;
    let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8().ok()?;
    HeaderName::try_from(name.trim()).ok()?;
    HeaderValue::from_str(&value).ok()?;
    Some((name.trim().to_owned(), SecretString::from(value.into_owned())))
}

/// Keeps additions to a point in time far from any overflow.
const MAX_DURATION: Duration = Duration::from_hours(10 * 366 * 24);

/// The first seals. Where there is none, that was noted, and [`Reader::finish`] never lets the empty stand-in out.
fn link_secrets(mut secrets: Vec<SecretString>) -> LinkSecrets {
    let retired = secrets.split_off(secrets.len().min(1));
    LinkSecrets { sealing: secrets.pop().unwrap_or_default(), retired }
}

fn is_base_url(url: &Url) -> bool {
    is_web_address(url) && url.query().is_none() && url.fragment().is_none()
}

fn is_web_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Stands in for a URL that was noted as bad; [`Reader::finish`] never lets it out.
fn placeholder_url() -> Url {
    Url::parse("http://invalid.invalid").expect("a URL")
}
