//! The machine-readable words in an error response.

use reqwest::StatusCode;
use serde_json::Value;

use crate::byte_order_mark::without_byte_order_mark;

/// ElevenLabs' words for having no free line, over HTTP and over a WebSocket. Over HTTP they belong to status 429, but
/// which status the outbound calls return is documented nowhere.
const BUSY: [&str; 3] = ["concurrent_limit_exceeded", "too_many_concurrent_requests", "system_busy"];

/// Too many requests. With a payment due it may instead be the plan's own limit, which does not pass by waiting.
const TOO_OFTEN: &str = "rate_limit_exceeded";

/// Whether a word says that there is no free line, and nothing worse.
pub(super) fn is_busy(word: &str) -> bool {
    BUSY.contains(&word) || word == TOO_OFTEN
}

/// The values of `detail.status`, `detail.code` and `detail.type`, as far as they are present.
///
/// ElevenLabs declares `detail` as an object, but sends an array for HTTP 422 and a plain string in places. The old
/// `status` matters most: a bad key, a missing scope and used-up credits all come as 401 with the code `unauthorized`.
/// The human-readable text changes and may contain personal data. It is searched for one thing only, and not kept: that
/// a key belongs to another region, which nothing else says.
pub(super) struct ErrorDetail {
    words: Vec<String>,
    is_about_region: bool,
}

impl ErrorDetail {
    /// Never fails, whatever `body` is. That of a refused WebSocket still has its byte order mark.
    pub(super) fn read(body: &[u8]) -> Self {
        let answer: Value = serde_json::from_slice(without_byte_order_mark(body)).unwrap_or_default();
        let detail = answer.get("detail");
        let words = ["status", "code", "type"]
            .iter()
            .filter_map(|member| detail?.get(member)?.as_str().map(str::to_ascii_lowercase))
            .collect();
        let text = detail.and_then(|detail| detail.as_str().or_else(|| detail.get("message")?.as_str()));
        let is_about_region = text.is_some_and(|text| text.to_ascii_lowercase().contains("residency"));
        Self { words, is_about_region }
    }

    /// Whether any of the three words is present.
    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// Whether the text mentions data residency, that is, the region that a key is for.
    pub(super) fn is_about_region(&self) -> bool {
        self.is_about_region
    }

    /// Whether the key lacks a scope. ElevenLabs' documentation and its responses differ in the word's ending.
    pub(super) fn lacks_permission(&self) -> bool {
        self.is_any(&["missing_permissions", "missing_permission"])
    }

    /// Whether credits are used up or a payment is due.
    pub(super) fn is_about_payment(&self) -> bool {
        self.is_any(&["quota_exceeded", "payment_required", "insufficient_credits"])
    }

    /// Whether the only trouble is that there is no free line. False if another word names trouble that does not pass
    /// by waiting.
    pub(super) fn is_about_busy_lines(&self, status: StatusCode) -> bool {
        if self.is_about_payment() || self.lacks_permission() {
            return false;
        }
        self.is_any(&BUSY) || (status != StatusCode::PAYMENT_REQUIRED && self.is_any(&[TOO_OFTEN]))
    }

    /// Whether one of the words is among `expected`.
    pub(super) fn is_any(&self, expected: &[&str]) -> bool {
        self.words.iter().any(|word| expected.contains(&word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_body_is_read_without_complaint() {
        for body in
            ["", "null", "[]", "{}", r#"{"detail":"x"}"#, r#"{"detail":[{"type":"x"}]}"#, "<html>", "{\"det"]
        {
            assert!(!ErrorDetail::read(body.as_bytes()).is_any(&["x"]), "{body}");
        }
    }

    #[test]
    fn status_code_and_type_count() {
        let detail =
            ErrorDetail::read(br#"{"detail":{"status":"A","code":"b","type":"c","message":"d","param":7}}"#);
        for word in ["a", "b", "c"] {
            assert!(detail.is_any(&[word]), "{word}");
        }
        assert!(!detail.is_any(&["d"]));
    }
}
