//! HTML's character references (`&uuml;`).

use std::sync::LazyLock;

use html_escape::NAMED_ENTITIES;
use regex::{Captures, Regex};

use crate::pattern::pattern;

static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));")
});

/// Whether the text holds what looks like an entity.
pub(super) fn has_entity(text: &str) -> bool {
    text.contains('&') && ENTITY.is_match(text)
}

/// The text with its entities decoded once; unknown ones stay as they are.
pub(super) fn decoded(text: &str) -> String {
    ENTITY.replace_all(text, character).into_owned()
}

fn character(entity: &Captures<'_>) -> String {
    if let Some(name) = entity.name("name") {
        return named(name.as_str()).unwrap_or(&entity[0]).to_owned();
    }
    let code = match (entity.name("dec"), entity.name("hex")) {
        (Some(digits), _) => digits.as_str().parse().ok(),
        (None, digits) => digits.and_then(|digits| u32::from_str_radix(digits.as_str(), 16).ok()),
    };
    code.and_then(char::from_u32).map_or_else(|| entity[0].to_owned(), String::from)
}

fn named(name: &str) -> Option<&'static str> {
    match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => Some(" "),
        // In German, these only keep the parts of a word together or apart. They become a character that is removed
        // everywhere, so that nothing can hide behind them.
        "shy" | "zwnj" | "zwj" => Some("\u{200B}"),
        _ => {
            let place = NAMED_ENTITIES.binary_search_by(|(known, _)| (*known).cmp(name.as_bytes())).ok()?;
            NAMED_ENTITIES.get(place).map(|(_, characters)| *characters)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_of_html_is_known() {
        assert_eq!(decoded("Zo&euml;, Fran&ccedil;ois, 2&times; &Oslash;"), "Zoë, François, 2× Ø");
        assert_eq!(decoded("&NotEqualTilde;"), "≂̸");
        assert_eq!(decoded("&#8364;&#x20AC;&#X20ac;"), "€€€");
        for (name, characters) in NAMED_ENTITIES {
            let name = std::str::from_utf8(name).expect("names are ASCII");
            let special = matches!(name, "nbsp" | "ensp" | "emsp" | "thinsp" | "shy" | "zwnj" | "zwj");
            assert!(special || decoded(&format!("&{name};")) == characters, "{name}");
        }
    }

    #[test]
    fn spaces_are_spaces_and_what_is_invisible_is_dropped_later() {
        assert_eq!(decoded("a&nbsp;b&thinsp;c"), "a b c");
        assert_eq!(decoded("Ar&shy;beit"), "Ar\u{200B}beit");
    }

    #[test]
    fn what_is_no_entity_stays() {
        for text in ["R&D; Team", "&#99999999; &unknown;", "&#xD800;", "A & B;", "&;", "&Euml"] {
            assert_eq!(decoded(text), text);
        }
    }
}
