//! Parses HOC's response into a questionnaire, whatever is wrapped around it.

use std::borrow::Cow;

use serde_json::Value;

use super::entries::Entries;
use super::loose::{Object, items, member};
use super::{HocError, lenient_json, pages_form, profile, questions_form};
use crate::byte_order_mark::without_byte_order_mark;
use crate::domain::Questionnaire;

/// Members that may wrap a questionnaire.
const WRAPPERS: [&str; 2] = ["data", "questionnaire"];

/// How many levels of wrapping are removed (`{"data": {"questionnaire": [{"questions": …}]}}` has three).
const MAX_WRAPPERS: usize = 3;

/// Parses a questionnaire in either of HOC's forms.
///
/// # Errors
/// Only [`HocError::NotJson`], [`HocError::NotAQuestionnaire`] or [`HocError::NoUsableQuestion`]. A problem with a
/// single entry or member affects nothing else.
pub fn parse_questionnaire(bytes: &[u8]) -> Result<Questionnaire, HocError> {
    let text = json_text(bytes);
    let mut root = lenient_json::read(&text).ok_or(HocError::NotJson)?;
    // HOC is known to send the document inside a JSON string.
    if let Value::String(inner) = &root {
        root = lenient_json::read(inner).ok_or(HocError::NotAQuestionnaire)?;
    }
    read(&root)
}

/// UTF-8 without a byte order mark. Invalid bytes are replaced; they do not make the questionnaire unreadable.
fn json_text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(without_byte_order_mark(bytes))
}

fn read(root: &Value) -> Result<Questionnaire, HocError> {
    let mut value = root;
    let mut around: Vec<&Object> = Vec::new();
    for _ in 0..=MAX_WRAPPERS {
        match value {
            Value::Array(entries) => {
                match entries.iter().find(|entry| entry.as_object().is_some_and(has_a_form)) {
                    Some(entry) => value = entry,
                    None => return questionnaire(bare_list(value), &around),
                }
            }
            Value::Object(object) if has_a_form(object) => {
                around.insert(0, object);
                return questionnaire(of_object(object), &around);
            }
            Value::Object(object) => {
                around.insert(0, object);
                value = member(object, &WRAPPERS).ok_or(HocError::NotAQuestionnaire)?;
            }
            _ => return Err(HocError::NotAQuestionnaire),
        }
    }
    Err(HocError::NotAQuestionnaire)
}

fn has_a_form(object: &Object) -> bool {
    object.contains_key("questions") || object.contains_key("pages")
}

fn of_object(object: &Object) -> Entries {
    let questions = object.get("questions").map(questions_form::entries).unwrap_or_default();
    if !questions.questions.is_empty() {
        return questions;
    }
    object.get("pages").map(pages_form::entries).unwrap_or_default()
}

/// A list without an object around it: pages if one of its entries has prompts, else questions.
fn bare_list(list: &Value) -> Entries {
    let is_page = |entry: &Value| entry.as_object().is_some_and(|entry| pages_form::prompts(entry).is_some());
    if items(list).into_iter().any(is_page) {
        pages_form::entries(list)
    } else {
        questions_form::entries(list)
    }
}

fn questionnaire(entries: Entries, around: &[&Object]) -> Result<Questionnaire, HocError> {
    if entries.questions.is_empty() {
        return Err(HocError::NoUsableQuestion);
    }
    Ok(profile::questionnaire(entries, around))
}
