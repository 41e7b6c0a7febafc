//! The specification's German texts, from `texts.md`: one per heading.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXTS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| parse(include_str!("texts.md")).collect());

/// Each heading with the text below it.
fn parse(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = file.split("\n## ").skip(1);
    sections.filter_map(|section| section.split_once('\n')).map(|(key, text)| (key.trim(), text.trim()))
}

/// The text below this heading. A test checks that none is missing.
fn text(key: &str) -> &'static str {
    TEXTS.get(key).copied().unwrap_or_default()
}

/// The introduction.
pub(super) fn info() -> &'static str {
    text("info")
}

/// The description of the key.
pub(super) fn security() -> &'static str {
    text("security")
}

/// A group of operations: its display name and its description.
pub(super) fn tag(id: &str) -> (&'static str, &'static str) {
    title_and_body(&format!("tag {id}"))
}

/// An operation: its summary and its description.
pub(super) fn operation(id: &str) -> (&'static str, &'static str) {
    title_and_body(&format!("operation {id}"))
}

/// The description of a request body.
pub(super) fn request_body(id: &str) -> &'static str {
    text(&format!("body {id}"))
}

/// The description of a header, in a request or in an answer.
pub(super) fn header(name: &str) -> &'static str {
    text(&format!("header {name}"))
}

/// What a status means for an operation, else what it means for all.
pub(super) fn response(id: &str, status: &str) -> &'static str {
    let own = text(&format!("response {id} {status}"));
    if own.is_empty() { text(&format!("response {status}")) } else { own }
}

/// The description of a link.
pub(super) fn link(name: &str) -> &'static str {
    text(&format!("link {name}"))
}

/// The description of a type, or of one of its members (`Type.member`).
pub(super) fn schema(name: &str) -> &'static str {
    text(&format!("schema {name}"))
}

fn title_and_body(key: &str) -> (&'static str, &'static str) {
    let text = text(key);
    let (title, body) = text.split_once("\n\n").unwrap_or((text, text));
    (title.trim(), body.trim())
}

/// All texts.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXTS.iter().map(|(key, text)| (*key, *text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_stands_twice_and_none_is_empty() {
        let all: Vec<_> = parse(include_str!("texts.md")).collect();
        assert_eq!(all.len(), TEXTS.len());
        assert!(all.iter().all(|(_, text)| !text.is_empty()));
    }
}
