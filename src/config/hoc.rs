//! How HOC's API is reached.

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::reader::Reader;
use super::sources::RawSettings;

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

impl HocConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self {
            base_url: reader.url_or(
                "HIRINGS_API_URL",
                raw.hirings_api_url.as_deref(),
                "https://high-office.hirings.cloud/api/v1",
            ),
            token: token(reader, raw),
            // Half a second below the promise: the answer has to travel, too.
            deadline: Duration::from_millis(9_500),
            questionnaire_ttl: reader.duration_of_at_most(
                Duration::from_hours(24),
                "QUESTIONNAIRE_TTL",
                raw.questionnaire_ttl.as_deref(),
                Duration::from_mins(1),
            ),
        }
    }
}

/// A scheme or a header's name would be sent as a part of the token, and HOC would refuse every request.
fn token(reader: &mut Reader, raw: &RawSettings) -> SecretString {
    const KEY: &str = "HIRINGS_API_TOKEN";
    let value = raw.hirings_api_token.as_deref();
    let is_mark = |c: char| matches!(c, '"' | '\'' | ':');
    let first =
        value.and_then(|value| value.split_whitespace().next()).unwrap_or_default().trim_matches(is_mark);
    if ["bearer", "authorization"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
        reader.note(KEY, "must be the bare token: leave out \"Bearer\" and the header's name");
    }
    reader.header_secret(KEY, value)
}
