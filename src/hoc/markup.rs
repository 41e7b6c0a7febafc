//! HTML in texts that are meant to be spoken.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Markup that HOC escaped before it stored it is found in the second round; nobody escapes more often than twice.
const ROUNDS: usize = 3;

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    super::text::pattern(
        r"(?isx)
        <!--.*?-->
        | <(?:script|style)\b[^<>]*>.*?</(?:script|style)\s*>
        | </?(?P<block>p|br|div|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|h[1-6]|hr|blockquote|pre|section|article)\b[^<>]*>
        | </?(?:a|abbr|b|big|code|del|em|font|i|img|ins|label|mark|s|small|span|strike|strong|sub|sup|u|td|th|o:p)
          (?:\s[^<>]*)?/?>",
    )
});

static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    super::text::pattern(r"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>\w{2,8}));")
});

/// The text without tags, entities decoded. Text that only looks a little like markup (`<2 Jahre`, `R&D`) stays.
///
/// Tags of blocks become line breaks; all others vanish, because a word may stand around them.
pub(super) fn without_markup(raw: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(raw);
    for _ in 0..ROUNDS {
        if !has_markup(&text) {
            break;
        }
        let untagged =
            TAG.replace_all(&text, |tag: &Captures<'_>| if tag.name("block").is_some() { "\n" } else { "" });
        text = Cow::Owned(ENTITY.replace_all(&untagged, decoded).into_owned());
    }
    text
}

fn has_markup(text: &str) -> bool {
    (text.contains('<') && TAG.is_match(text)) || (text.contains('&') && ENTITY.is_match(text))
}

/// The character an entity stands for; an unknown one stays as it is.
fn decoded(entity: &Captures<'_>) -> String {
    let code = entity
        .name("dec")
        .map(|digits| digits.as_str().parse().ok())
        .or_else(|| entity.name("hex").map(|digits| u32::from_str_radix(digits.as_str(), 16).ok()));
    let character = match code {
        Some(code) => code.and_then(char::from_u32),
        None => entity.name("name").and_then(|name| named(name.as_str())),
    };
    character.map_or_else(|| entity[0].to_owned(), String::from)
}

/// The entities that editors of German text produce.
fn named(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "commat" => '@',
        "period" => '.',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "euro" => '€',
        "sect" => '§',
        "deg" => '°',
        "sup2" => '²',
        "frac12" => '½',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "bdquo" => '„',
        "ldquo" => '“',
        "rdquo" => '”',
        "sbquo" => '‚',
        "lsquo" => '‘',
        "rsquo" => '’',
        "laquo" => '«',
        "raquo" => '»',
        "reg" => '®',
        "trade" => '™',
        "copy" => '©',
        "shy" | "zwnj" | "zwj" => '\u{200B}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_vanish_and_blocks_become_lines() {
        assert_eq!(without_markup("<p>Arbeiten <b>Sie</b> gern?</p>"), "\nArbeiten Sie gern?\n");
        assert_eq!(without_markup("Früh<br/>Spät<BR>Nacht"), "Früh\nSpät\nNacht");
        assert_eq!(without_markup(r#"<a href="https://example.org">Mehr</a>"#), "Mehr");
        assert_eq!(without_markup("<style>p { color: red }</style>Ja<!-- nein -->"), "Ja");
    }

    #[test]
    fn entities_are_decoded_also_when_escaped_twice() {
        assert_eq!(without_markup("K&uuml;che&nbsp;&amp; Service &#8364; &#x20AC;"), "Küche & Service € €");
        assert_eq!(without_markup("&lt;p&gt;Text&lt;/p&gt;"), "\nText\n");
        assert_eq!(without_markup("K&amp;uuml;che"), "Küche");
    }

    #[test]
    fn text_that_only_looks_like_markup_stays() {
        for text in
            ["<2 Jahre und >1 Jahr", "R&D; Team", "a < b > c", "&#99999999; &unknown;", "<Region Süd>"]
        {
            assert_eq!(without_markup(text), text);
        }
    }
}
