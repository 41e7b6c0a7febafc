//! Reads texts into types and collects everything that is wrong, so that an operator mends it in one go.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::SecretString;

use super::ConfigError;
use super::web_address::{is_base_url, is_web_address};

/// Turns texts into types. A bad text is noted and a stand-in returned; [`Reader::finish`] then fails.
pub(super) struct Reader {
    problems: Vec<String>,
}

impl Reader {
    /// Goes on where something was wrong before anything could be read.
    pub(super) fn with(problems: &[String]) -> Self {
        Self { problems: problems.to_vec() }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(value) } else { Err(ConfigError::of(self.problems)) }
    }

    pub(super) fn note(&mut self, key: &str, problem: &str) {
        let problem = format!("{key} {problem}");
        // Of several values in one setting, more than one may be wrong.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn required<'a>(&mut self, key: &str, value: Option<&'a str>) -> Option<&'a str> {
        if value.is_none() {
            self.note(key, "is required");
        }
        value
    }

    /// A required secret that is sent as a header.
    pub(super) fn header_secret(&mut self, key: &str, value: Option<&str>) -> SecretString {
        let value = self.required(key, value).unwrap_or_default();
        if HeaderValue::from_str(value).is_err() {
            self.note(key, "holds characters that no HTTP header can carry");
        }
        SecretString::from(value)
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
        if value.contains('M') {
            self.note(key, "must not hold an M, which means months: write 10m for minutes, or 30d");
            return default;
        }
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

    /// A directory that exists.
    pub(super) fn directory(&mut self, key: &str, value: Option<&str>) -> Option<PathBuf> {
        let path = PathBuf::from(value?);
        if !path.is_dir() {
            self.note(key, "must be a directory that exists");
        }
        Some(path)
    }
}

/// Keeps additions to a point in time far from any overflow.
const MAX_DURATION: Duration = Duration::from_hours(10 * 366 * 24);

/// Stands in for a URL that was noted as bad; [`Reader::finish`] never lets it out.
fn placeholder_url() -> Url {
    Url::parse("http://invalid.invalid").expect("a URL")
}
