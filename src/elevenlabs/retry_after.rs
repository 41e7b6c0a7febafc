//! How long ElevenLabs asks to wait.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The longest wait that is passed on, in seconds.
const MAX_SECONDS: u64 = 300;

/// Reads `Retry-After` in either of its forms (RFC 9110, 10.2.3): seconds, or a date. A date counts from the response's
/// own `Date`, so that the two machines' clocks need not agree; without a `Date` it is ignored.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = in_digits(text(headers, RETRY_AFTER)?).or_else(|| until_date(headers))?;
    Some(Duration::from_secs(seconds.clamp(1, MAX_SECONDS)))
}

/// Takes any number of digits: what is too large for a number is too long to wait.
fn in_digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn until_date(headers: &HeaderMap) -> Option<u64> {
    let wait = date(headers, RETRY_AFTER)? - date(headers, DATE)?;
    // A date in the past means at once.
    Some(wait.num_seconds().try_into().unwrap_or(0))
}

/// The time that a header tells, in the form of RFC 9110, 5.6.7.
pub(super) fn date(headers: &HeaderMap, name: HeaderName) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc2822(text(headers, name)?).ok()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn seconds(said: &str, date: Option<&'static str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(said).expect("a value"));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_limited_however_many_there_are() {
        for (said, passed_on) in [
            ("17", 17),
            (" 17 ", 17),
            ("0", 1),
            ("301", 300),
            ("99999", 300),
            ("99999999999999999999999", 300),
        ] {
            assert_eq!(seconds(said, None), Some(passed_on), "{said}");
        }
        for said in ["", " ", "-1", "1.5", "soon", "1e3", "5 s"] {
            assert_eq!(seconds(said, Some("Wed, 21 Oct 2026 07:28:00 GMT")), None, "{said}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn a_date_counts_from_the_answer_s_own() {
        let now = "Wed, 21 Oct 2026 07:28:00 GMT";
        for (said, passed_on) in [
            ("Wed, 21 Oct 2026 07:28:40 GMT", 40),
            ("Thu, 22 Oct 2026 07:28:00 GMT", 300),
            ("Wed, 21 Oct 2026 07:28:00 GMT", 1),
            ("Wed, 21 Oct 2026 07:27:00 GMT", 1),
        ] {
            assert_eq!(seconds(said, Some(now)), Some(passed_on), "{said}");
            assert_eq!(seconds(said, None), None, "{said}");
            assert_eq!(seconds(said, Some("yesterday")), None, "{said}");
        }
        assert_eq!(seconds("Wed, 21 Okt 2026 07:28:40 GMT", Some(now)), None);
    }
}
