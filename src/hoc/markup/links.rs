//! Addresses of web pages, which nobody wants to hear.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::pattern::pattern;
use crate::word_list::WordList;

/// Every link contains one of these. Nearly all texts contain neither, and skip the longer pattern.
static SIGN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)://|www\."));

static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"<?\b(?i:https?://|www\.)[^\s<>()\[\]"„“”»«]+>?"#));

static BRACKET_WITH_LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\s*\([^()\n]*(?i:https?://|www\.)[^()\n]*\)"));

/// Where a sentence within a line ends.
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^\s].*?(?:[.!?](?:\s+|$)|$)"));

/// Words that only lead up to a link. A sentence of nothing else says nothing without the link.
const LEADING_WORDS: WordList = WordList::of(
    "alle alles anzeige auch auf ausschreibung besuchen bitte das dazu den der details die es finden \
    findest gibt hier hierzu homepage im in info informationen infos internet internetseite karriereseite lesen link \
    links mehr oder online s seite sie siehe stehen steht stellenanzeige stellenausschreibung stellenbeschreibung über \
    und uns unser unsere unserer unter url web webseite website weitere weiteres zu zum zur",
);

/// The text without links. A sentence that only points to a link is removed with it. In any other, the link's domain
/// stays (`Haben Sie sich bei example.org beworben?`), so that the sentence remains complete.
pub(super) fn without_links(text: Cow<'_, str>) -> Cow<'_, str> {
    if !has_link(&text) {
        return text;
    }
    let mut kept: Vec<Cow<'_, str>> = Vec::new();
    for line in text.split('\n') {
        if !LINK.is_match(line) {
            kept.push(Cow::Borrowed(line));
            continue;
        }
        let rest = line_without_links(line);
        if rest.is_empty() && kept.last().is_some_and(|last| leads_on(last)) {
            kept.pop();
        }
        kept.push(Cow::Owned(rest));
    }
    Cow::Owned(kept.join("\n"))
}

fn has_link(text: &str) -> bool {
    SIGN.is_match(text) && LINK.is_match(text)
}

/// Whether a line only leads up to something on the next one (`Mehr dazu:`).
fn leads_on(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with(|c: char| c == ':' || c.is_alphabetic()) && only_leads(line)
}

fn line_without_links(line: &str) -> String {
    let sentences = SENTENCE.find_iter(line).map(|sentence| sentence.as_str());
    sentences.filter_map(sentence_without_links).collect::<String>().trim_end().to_owned()
}

fn sentence_without_links(sentence: &str) -> Option<Cow<'_, str>> {
    if !LINK.is_match(sentence) {
        return Some(Cow::Borrowed(sentence));
    }
    if !sentence.trim_end().ends_with('?') && only_leads(&LINK.replace_all(sentence, " ")) {
        return None;
    }
    let unbracketed = BRACKET_WITH_LINK.replace_all(sentence, |bracket: &Captures<'_>| {
        let says_nothing = only_leads(&LINK.replace_all(&bracket[0], " "));
        if says_nothing { String::new() } else { bracket[0].to_owned() }
    });
    Some(Cow::Owned(
        LINK.replace_all(&unbracketed, |link: &Captures<'_>| domain_and_marks(&link[0])).into_owned(),
    ))
}

fn only_leads(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| LEADING_WORDS.has(&word.to_lowercase()))
}

/// `https://www.example.org/jobs?id=7.` as one says it: `example.org.`
fn domain_and_marks(link: &str) -> String {
    let link = link.trim_matches(['<', '>']);
    let address = link.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let marks = &link[address.len()..];
    format!("{}{marks}", domain(address).unwrap_or_default())
}

fn domain(address: &str) -> Option<&str> {
    let place = address.split_once("://").map_or(address, |(_, place)| place);
    let host = place.split(['/', '?', '#', ':']).next()?;
    let host = host.get(..4).filter(|start| start.eq_ignore_ascii_case("www.")).map_or(host, |_| &host[4..]);
    let is_domain = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || "-.".contains(c));
    is_domain.then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        without_links(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn a_sentence_that_only_points_to_a_page_goes_with_it() {
        for text in [
            "Mehr: https://www.example.org",
            "Mehr unter https://www.example.org/jobs?id=7",
            "Siehe auch www.example.org.",
            "Weitere Infos finden Sie hier: <https://example.org/a-b>.",
            "https://example.org",
            "Besuchen Sie uns auf HTTPS://example.org!",
        ] {
            assert!(!without(text).contains(char::is_alphanumeric), "{text} became {}", without(text));
        }
        assert_eq!(
            without("Wir kochen. Mehr: https://example.org. Täglich frisch."),
            "Wir kochen. Täglich frisch."
        );
        assert_eq!(without("Wir kochen.\nMehr dazu unter:\nhttps://example.org"), "Wir kochen.\n");
        assert_eq!(without("Kennen Sie das Haus (siehe https://example.org/haus)?"), "Kennen Sie das Haus?");
    }

    #[test]
    fn of_a_link_within_a_sentence_the_domain_stays() {
        for (text, expected) in [
            (
                "Haben Sie sich über https://www.example.org/jobs?id=7 beworben?",
                "Haben Sie sich über example.org beworben?",
            ),
            ("Unter www.example.org finden Sie unseren Film.", "Unter example.org finden Sie unseren Film."),
            ("Kennen Sie unsere Seite https://example.org?", "Kennen Sie unsere Seite example.org?"),
            ("Finden Sie die Seite www.example.org?", "Finden Sie die Seite example.org?"),
            ("Kamen Sie über https://erika@example.org/x zu uns?", "Kamen Sie über  zu uns?"),
        ] {
            assert_eq!(without(text), expected);
        }
    }

    #[test]
    fn a_text_without_links_stays_as_it_is() {
        for text in [
            "Haben Sie Erfahrung bei example.de?",
            "Mehr unter uns. Siehe Anhang.",
            "Kennen Sie das WWW?",
            "Mehr dazu:\nWir kochen.",
            "C:/Daten",
        ] {
            assert!(matches!(without_links(Cow::Borrowed(text)), Cow::Borrowed(same) if same == text));
        }
    }
}
