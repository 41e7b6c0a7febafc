//! The machine-readable words in an error answer.

use serde_json::Value;

/// The values of `detail.status`, `detail.code` and `detail.type`, as far as there are any.
///
/// ElevenLabs declares `detail` as an object, sends an array for HTTP 422 and a plain string in places. The old `status`
/// matters most: a bad key, a missing scope and used-up credits all come as 401 with the code `unauthorized`. The
/// human-readable text is not looked at; it changes and may hold personal data.
pub(super) struct ErrorDetail {
    words: Vec<String>,
}

impl ErrorDetail {
    /// Whatever `body` is, this gives an answer.
    pub(super) fn read(body: &[u8]) -> Self {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let detail = answer.get("detail");
        let words = ["status", "code", "type"]
            .iter()
            .filter_map(|member| detail?.get(member)?.as_str().map(str::to_ascii_lowercase))
            .collect();
        Self { words }
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
