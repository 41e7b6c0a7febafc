//! What the specification says to people, in German: `texts.md`, a heading a text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXTS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| parse(include_str!("texts.md")).collect());

/// Each heading with what stands below it.
fn parse(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let sections = file.split("\n## ").skip(1);
    sections.filter_map(|section| section.split_once('\n')).map(|(key, text)| (key.trim(), text.trim()))
}

/// The text with this heading. That each one is there is tested.
fn text(key: &str) -> &'static str {
    TEXTS.get(key).copied().unwrap_or_default()
}

/// What the whole is about.
pub(super) fn info() -> &'static str {
    text("info")
}

/// What the key is.
pub(super) fn security() -> &'static str {
    text("security")
}

/// A group of operations: its name for people, and what it is about.
pub(super) fn tag(id: &str) -> (&'static str, &'static str) {
    title_and_body(&format!("tag {id}"))
}

/// An operation: one line, and what is to be known of it.
pub(super) fn operation(id: &str) -> (&'static str, &'static str) {
    title_and_body(&format!("operation {id}"))
}

/// What a request's body holds.
pub(super) fn request_body(id: &str) -> &'static str {
    text(&format!("body {id}"))
}

/// A header, in a request or in an answer.
pub(super) fn header(name: &str) -> &'static str {
    text(&format!("header {name}"))
}

/// What a status means for an operation, or else for all.
pub(super) fn response(id: &str, status: &str) -> &'static str {
    let own = text(&format!("response {id} {status}"));
    if own.is_empty() { text(&format!("response {status}")) } else { own }
}

/// What may follow an answer.
pub(super) fn link(name: &str) -> &'static str {
    text(&format!("link {name}"))
}

/// A type, or a member of it (`Type.member`).
pub(super) fn schema(name: &str) -> &'static str {
    text(&format!("schema {name}"))
}

fn title_and_body(key: &str) -> (&'static str, &'static str) {
    let text = text(key);
    let (title, body) = text.split_once("\n\n").unwrap_or((text, text));
    (title.trim(), body.trim())
}

/// All of them.
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
