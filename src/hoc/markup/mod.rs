//! HTML, Markdown and links in texts that are meant to be spoken.

mod entities;
mod links;
mod markdown;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::pattern::pattern;

use entities::{decoded, has_entity};
use links::without_links;
use markdown::without_markdown;

/// Markup that HOC escaped before storing it is found in the second round; nobody escapes more than twice.
const ROUNDS: usize = 3;

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?isx)
        <!--.*?-->
        | <(?:script|style)\b[^<>]*>.*?</(?:script|style)\s*>
        | (?P<item><li\b[^<>]*>)
        | (?P<cell></?t[dh](?:\s[^<>]*)?>)
        | </?(?P<block>p|br|div|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|caption|h[1-6]|hr|blockquote|pre
            |section|article|address|aside|body|center|details|summary|dialog|fieldset|legend|figure|figcaption|footer
            |form|head|header|html|main|menu|nav|title|select|optgroup|option|datalist|textarea)\b[^<>]*>
        | </?(?:a|abbr|acronym|audio|b|bdi|bdo|big|button|canvas|cite|code|col|colgroup|data|del|dfn|em|embed|font|i
            |iframe|img|input|ins|kbd|label|link|map|mark|meta|meter|noscript|object|output|picture|progress|q|rp|rt
            |ruby|s|samp|small|source|span|strike|strong|sub|sup|svg|template|time|track|tt|u|var|video|wbr|o:p)
          (?:\s[^<>]*)?/?>",
    )
});

/// The text without tags, Markdown and links, with its entities decoded. Text that only resembles markup (`<2 Jahre`,
/// `R&D`) stays.
///
/// Tags of blocks become line breaks, items of lists begin with a dash, and cells of tables have a space between them.
/// All other tags vanish without one, because they may stand inside a word.
pub(super) fn without_markup(raw: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(raw);
    for _ in 0..ROUNDS {
        if !has_markup(&text) {
            break;
        }
        let untagged = TAG.replace_all(&text, replacement);
        text = Cow::Owned(decoded(&untagged));
    }
    without_links(without_markdown(text))
}

fn replacement(tag: &Captures<'_>) -> &'static str {
    let is = |name| tag.name(name).is_some();
    if is("item") {
        "\n– "
    } else if is("cell") {
        " "
    } else if is("block") {
        "\n"
    } else {
        ""
    }
}

fn has_markup(text: &str) -> bool {
    (text.contains('<') && TAG.is_match(text)) || has_entity(text)
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
    fn items_of_lists_and_cells_of_tables_stay_apart() {
        let words = |raw| without_markup(raw).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(
            words("Welche Klinik? <ul><li>Klinik Nord</li><li class='x'>Klinik Süd</li></ul>"),
            "Welche Klinik? – Klinik Nord – Klinik Süd"
        );
        assert_eq!(words("<ul><li>Vollzeit</li></ul>"), "Vollzeit");
        assert_eq!(
            words(
                "<table><tr><th>Früh</th><td>6-14 Uhr</td></tr><tr><td>Spät</td><td>14-22 Uhr</td></tr></table>"
            ),
            "Früh 6-14 Uhr Spät 14-22 Uhr"
        );
    }

    #[test]
    fn every_tag_of_html_vanishes() {
        assert_eq!(without_markup("<center>Können Sie <u>heben</u>?</center>").trim(), "Können Sie heben?");
        assert_eq!(without_markup("<main>Seit 1990</main>").trim(), "Seit 1990");
        assert_eq!(without_markup("<kbd>Ja</kbd> <q>nein</q><wbr>"), "Ja nein");
        let list =
            without_markup("<select name=\"x\"><option value=1>Ja</option><option>Nein</option></select>");
        assert_eq!(list.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>(), ["Ja", "Nein"]);
    }

    #[test]
    fn marks_of_markdown_vanish_within_markup_and_without() {
        assert_eq!(without_markup("<b>**Ja**</b>"), "Ja");
        assert_eq!(
            without_markup("<p>1. Haben Sie Zeit?</p>Mehr: <a href='x'>https://example.org</a>"),
            "Haben Sie Zeit?\n"
        );
        assert!(matches!(without_markup("Erzieher*in (m/w/d)"), Cow::Borrowed(_)));
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
