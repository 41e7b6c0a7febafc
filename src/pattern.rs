//! Regular expressions that are constants in the code, for German texts.

use std::sync::LazyLock;

use regex::Regex;

/// The characters of Latin scripts, among which letters are told apart one by one. U+1E00 and on are Vietnamese.
const LATIN: &str = r"[\x00-\u{24F}\u{1E00}-\u{1EFF}]";

/// Where most letters of other scripts are: Greek to Armenian, Hebrew to Burmese, Georgian, Greek with accents, Japanese
/// and Chinese, Korean. A few of these characters are none. The ranges must not touch: one that holds letters in two
/// cases is looked through character by character where case does not matter, which would take long for a large one.
const OTHER_LETTERS: &str =
    r"\u{370}-\u{587}\u{5D0}-\u{109F}\u{10D0}-\u{10FC}\u{1F00}-\u{1FFF}\u{3041}-\u{A48C}\u{AC00}-\u{D7FB}";

/// Digits: ASCII, Arabic, Persian, and those as wide as Chinese characters. A telephone number may be written in any.
const DIGITS: &str = r"0-9\u{660}-\u{669}\u{6F0}-\u{6F9}\u{FF10}-\u{FF19}";

/// Accents that are characters of their own.
const ACCENTS: &str = r"\u{300}-\u{36F}";

/// Compiles a pattern, which is always a constant. The tests compile all of them.
///
/// Some classes are simpler than usual, because Unicode's tables took most of the memory in use (docs/decisions.md):
/// `\d` are the digits of a few scripts, `\p{N}` these and fractions, `\p{M}` is an accent. The letters of other scripts
/// belong to `\p{L}`, `\p{Lu}` and `\w`, and none to `\p{Ll}`, so that names in other scripts are names.
pub(crate) fn pattern(source: &str) -> Regex {
    Regex::new(&with_simple_classes(source)).expect("the pattern is a constant and valid")
}

static CLASSES: LazyLock<[(&str, String); 9]> = LazyLock::new(|| {
    let letters = |class: &str| format!(r"[{class}&&{LATIN}]{OTHER_LETTERS}");
    [
        (r"\d", format!("[{DIGITS}]")),
        (r"\w", format!("[{}{ACCENTS}{DIGITS}]", letters(r"\w"))),
        (r"\W", format!("[^{}{ACCENTS}{DIGITS}]", letters(r"\w"))),
        (r"\p{L}", format!("[{}]", letters(r"\p{L}"))),
        (r"\P{L}", format!("[^{}]", letters(r"\p{L}"))),
        (r"\p{Lu}", format!("[{}]", letters(r"\p{Lu}"))),
        (r"\p{Ll}", format!(r"[\p{{Ll}}&&{LATIN}]")),
        (r"\p{N}", format!(r"[[\p{{N}}&&{LATIN}]{DIGITS}]")),
        (r"\p{M}", format!("[{ACCENTS}]")),
    ]
});

fn with_simple_classes(source: &str) -> String {
    let mut simple = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(place) = rest.find('\\') {
        let (before, escaped) = rest.split_at(place);
        let class = CLASSES.iter().find(|(name, _)| escaped.starts_with(name));
        // Else the backslash and what it escapes, which may be another backslash.
        let length =
            class.map_or_else(|| escaped.chars().take(2).map(char::len_utf8).sum(), |(name, _)| name.len());
        simple.push_str(before);
        simple.push_str(class.map_or(&escaped[..length], |(_, class)| class));
        rest = &escaped[length..];
    }
    simple.push_str(rest);
    simple
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(class: &str, text: &str) -> bool {
        pattern(&format!("^(?:{class})+$")).is_match(text)
    }

    #[test]
    fn latin_letters_are_what_they_are_and_those_of_other_scripts_may_begin_a_name() {
        for (text, is_upper, is_lower) in
            [("ÄÖÜŠŁ", true, false), ("äöüßšł", false, true), ("ễ", false, true), ("Иван", true, false)]
        {
            assert!(all(r"\p{L}", text) && all(r"\w", text), "{text}");
            assert!(!all(r"\W", text) && !all(r"\P{L}", text), "{text}");
            assert_eq!(all(r"\p{Lu}", text), is_upper, "{text}");
            assert_eq!(all(r"\p{Ll}", text), is_lower, "{text}");
        }
    }

    #[test]
    fn what_is_no_letter_is_none() {
        for text in ["–", "„", "·", " ", "€", "\u{200B}", "\u{1C}", "7"] {
            assert!(all(r"\P{L}", text) && !all(r"\p{L}", text) && !all(r"\p{Lu}", text), "{text}");
        }
        assert!(
            all(r"\d", "7７٣۳") && all(r"\p{N}", "7７٣۳½") && all(r"\w", "7_") && all(r"\p{M}", "\u{308}")
        );
        assert!(!all(r"\p{Lu}", "\u{308}") && all(r"\w", "u\u{308}"));
    }

    #[test]
    fn other_escapes_and_classes_within_brackets_stay_what_they_are() {
        assert!(pattern(r"^[\p{L}\d'-]+\s\(\\d\)$").is_match("Nguyễn-7 (\\d)"));
        assert_eq!(with_simple_classes(r"\\w\."), r"\\w\.");
    }
}
