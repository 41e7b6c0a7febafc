//! An answer of the service, and what must be true of it.

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::Value;

use super::person::SECRETS;
use super::specification::{self, Asked};

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// Checks what holds for every answer, above all the specification.
    #[track_caller]
    pub(super) fn new(asked: &Asked, status: u16, headers: HeaderMap, text: String) -> Self {
        specification::check(asked, status, &headers, &text);
        let reply = Self { status, headers, text };
        let whole = format!("{:?}{}", reply.headers, reply.text);
        for secret in SECRETS {
            assert!(!whole.contains(secret), "an answer holds a secret: {whole}");
        }
        assert!(reply.header("x-request-id").is_some_and(|id| !id.is_empty()), "no X-Request-Id: {reply:?}");
        if !reply.is_file() {
            assert_eq!(reply.header("cache-control"), Some("no-store"), "answers name people: {reply:?}");
        }
        reply
    }

    /// Whether it is a style sheet or a script, which names nobody and may be cached.
    fn is_file(&self) -> bool {
        let of = |kind: &str| self.header(CONTENT_TYPE.as_str()).is_some_and(|found| found.starts_with(kind));
        self.status == 200 && (of("text/css") || of("text/javascript"))
    }

    /// Fails unless this is a page for people with this status. Returns it.
    #[track_caller]
    pub(crate) fn assert_page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header(CONTENT_TYPE.as_str()), Some("text/html; charset=utf-8"), "{self:?}");
        assert!(self.text.starts_with("<!DOCTYPE html>\n<html lang=\"de\">"), "{self:?}");
        &self.text
    }

    /// A header that occurs at most once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let only = values.next()?;
        assert!(values.next().is_none(), "{name} is there more than once: {self:?}");
        Some(only.to_str().unwrap())
    }

    /// The body, which must be JSON and be declared as such.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header(CONTENT_TYPE.as_str()), Some("application/json"), "{self:?}");
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// Whether it is marked as a repetition of an earlier answer.
    pub(crate) fn is_replayed(&self) -> bool {
        let said = self.header("idempotent-replayed");
        assert!(matches!(said, None | Some("true")), "{self:?}");
        said.is_some()
    }

    /// Fails unless the trigger became a call. Returns the id of the conversation.
    #[track_caller]
    pub(crate) fn conversation_id(&self) -> String {
        self.assert_success()["conversation_id"].as_str().unwrap().to_owned()
    }

    /// Fails unless the trigger became a call or a link. Returns `data`.
    #[track_caller]
    pub(crate) fn assert_success(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], "success", "{self:?}");
        body["data"].clone()
    }

    /// Fails unless this is the error, in the common form of all errors. Returns the whole body.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, error: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], "error", "{self:?}");
        assert_eq!(body["error"], error, "{self:?}");
        assert!(body["message"].as_str().is_some_and(|message| message.len() > 15), "{self:?}");
        assert_eq!(self.header(WWW_AUTHENTICATE.as_str()), (status == 401).then_some("Bearer"), "{self:?}");
        let may_say_when = matches!(status, 409 | 429 | 503);
        assert_eq!(self.headers.contains_key(RETRY_AFTER), may_say_when, "{self:?}");
        body
    }

    /// Fails unless the error says that exactly these fields are missing.
    #[track_caller]
    pub(crate) fn assert_missing(&self, fields: &[&str]) {
        let body = self.assert_error(400, "Missing required fields");
        assert_eq!(body["missing"], serde_json::json!(fields), "{self:?}");
    }

    /// Fails unless the error says that exactly these fields are invalid, each with a message.
    #[track_caller]
    pub(crate) fn assert_invalid(&self, fields: &[&str]) {
        let body = self.assert_error(400, "Invalid fields");
        let invalid = body["invalid"].as_array().unwrap_or_else(|| panic!("no list: {self:?}"));
        let named: Vec<_> = invalid.iter().map(|entry| entry["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{self:?}");
        for entry in invalid {
            assert_eq!(entry.as_object().unwrap().len(), 2, "{self:?}");
            assert!(entry["message"].as_str().is_some_and(|message| message.len() > 10), "{self:?}");
        }
    }
}
