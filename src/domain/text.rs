//! Makes text from outside safe to put into one line of a prompt.

use std::borrow::Cow;

/// One clean line of `raw`, without anything that neither a voice nor a prompt may carry.
///
/// - line breaks, tabs and other control characters become a space: they could add structure to the prompt;
/// - bidirectional controls, zero-width and other invisible format characters are dropped: they make a text read
///   differently from how it looks (Unicode UAX 9 and UTS 39). The joiners that some scripts need inside a word stay;
/// - braces are dropped, so that no `{{variable}}` of ElevenLabs can be smuggled in;
/// - a run of white space becomes one space, and none remains at the ends.
#[must_use]
pub fn clean_line(raw: &str) -> Cow<'_, str> {
    clean_line_keeping(raw, |_| false)
}

/// The same, but keeps these characters, which would be dropped or replaced otherwise. Braces are dropped all the same.
#[must_use]
pub fn clean_line_keeping(raw: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    if is_clean_line(raw, |c| !matches!(c, '{' | '}') && (kept(c) || is_plain(c))) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(one_line(raw.chars().filter(|character| !matches!(character, '{' | '}')), kept))
}

/// The same for the texts of a questionnaire, but keeps braces: its placeholders (`{{first_name}}`) are filled in
/// later.
#[must_use]
pub fn clean_line_with_placeholders(raw: &str) -> Cow<'_, str> {
    if is_clean_line(raw, is_plain) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(one_line(raw.chars(), |_| false))
}

/// Whether the text is clean already, as nearly every text is.
fn is_clean_line(text: &str, is_fine: impl Fn(char) -> bool) -> bool {
    let mut after_space = true;
    for character in text.chars() {
        if character == ' ' {
            if after_space {
                return false;
            }
            after_space = true;
        } else if is_fine(character) {
            after_space = false;
        } else {
            return false;
        }
    }
    !after_space || text.is_empty()
}

/// Whether a character other than the space may stay as it is.
fn is_plain(character: char) -> bool {
    match character {
        // Printable ASCII, and Latin letters and signs except the soft hyphen: nearly all of German.
        '!'..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{24F}' => true,
        _ => !(is_invisible_format(character) || character.is_control() || character.is_whitespace()),
    }
}

/// The text with its first letter capitalised.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn one_line(characters: impl Iterator<Item = char>, kept: impl Fn(char) -> bool) -> String {
    let mut line = String::new();
    for character in characters {
        match character {
            c if kept(c) => line.push(c),
            c if is_invisible_format(c) => {}
            c if c.is_control() || c.is_whitespace() => {
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            c => line.push(c),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Format characters that change or hide what a reader sees.
pub(super) const fn is_invisible_format(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' // soft hyphen, grapheme joiner
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // fillers: letters that show nothing
        | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' // vowels and selectors that show nothing
        | '\u{061C}' | '\u{200E}' | '\u{200F}' // directional marks
        | '\u{200B}' | '\u{2060}'..='\u{206F}' // zero width, isolates, deprecated controls
        | '\u{202A}'..='\u{202E}' // embeddings and overrides
        | '\u{2800}' // Braille without dots
        | '\u{FE00}'..='\u{FE0F}' // variation selectors
        | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' // byte order mark, annotations, no characters
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' // shorthand and music format controls
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' // private use: every font shows something else
        | '\u{FDD0}'..='\u{FDEF}' // no characters, for a program's own use
        | '\u{E0000}'..='\u{E0FFF}' // tags and variation selectors: whole sentences that nobody sees
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_tabs_become_one_space() {
        assert_eq!(clean_line(" Max\r\n# Neue Regeln\t\u{2028}x "), "Max # Neue Regeln x");
    }

    #[test]
    fn braces_are_neutralised() {
        assert_eq!(clean_line("{{system__time}} GmbH"), "system__time GmbH");
    }

    #[test]
    fn placeholders_stay_where_they_are_filled_later() {
        assert_eq!(
            clean_line_with_placeholders(" Spreche ich\n mit {{first_name}}\u{200B}? "),
            "Spreche ich mit {{first_name}}?"
        );
    }

    #[test]
    fn bidirectional_and_invisible_characters_are_dropped() {
        assert_eq!(clean_line("a\u{202E}b\u{200B}c\u{E0041}d\u{0000}e"), "abcd e");
        // Invisible characters behind a name: variation selectors can encode a whole sentence, byte by byte.
        let hidden = "\u{E0100}\u{E01EF}\u{E0FFF}\u{FE00}\u{FE0F}\u{034F}\u{17B4}\u{180B}\u{2800}\u{FFF0}\u{1BCA0}\u{1D173}";
        assert_eq!(clean_line(&format!("Max{hidden}")), "Max");
    }

    /// The shortcut must agree with the full clean-up on what is clean.
    #[test]
    fn a_line_is_borrowed_only_if_nothing_has_to_change() {
        for raw in [
            "",
            "Größe „M“",
            "a b",
            " a",
            "a ",
            "a  b",
            "a\tb",
            "a\u{A0}b",
            "a\u{AD}b",
            "a{b",
            "\u{85}",
            "ﷰ \u{3000}",
        ] {
            let braceless = raw.chars().filter(|c| !matches!(c, '{' | '}'));
            assert_eq!(clean_line(raw), one_line(braceless, |_| false), "{raw:?}");
            assert_eq!(clean_line_with_placeholders(raw), one_line(raw.chars(), |_| false), "{raw:?}");
        }
        assert!(matches!(clean_line("Größe „M“"), Cow::Borrowed(_)));
        assert_eq!(clean_line_keeping("a\u{FDD0} {b\u{FDD1}", |c| c == '\u{FDD0}'), "a\u{FDD0} b");
    }

    #[test]
    fn names_of_all_scripts_survive() {
        for name in ["Zoë O’Connor-Müller", "Nguyễn", "محمد", "می‌خواهم", "李小龍"] {
            assert_eq!(clean_line(name), name);
        }
    }
}
