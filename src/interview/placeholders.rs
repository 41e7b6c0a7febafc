//! Placeholders in HOC's texts: known ones are filled, unknown ones removed so that the sentence still reads.
//!
//! ElevenLabs ends a call whose texts hold a `{{variable}}` that was not sent, and a candidate must never hear one.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::addressee::Addressee;
use super::losses::Ledger;
use super::merge_field::{is_mark, is_marked};
use crate::domain::{clean_line, clean_line_keeping};

/// Marks where an unknown placeholder stood while the sentence around it is mended. From Unicode's private use area,
/// and removed from every text first.
const GAP: char = '\u{F8FF}';

/// `{{ name }}`, whatever stands inside; or `{name}`, which is filled where the name is known, while else only its braces
/// go. Found in one go, so that nothing that was filled in is looked through.
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\{\{+(?<double>[^{}]*)\}\}+|\{(?<single>[A-Za-z_]{1,40})\}"));

/// Gaps with nothing but punctuation between them are one gap.
static GAP_CHAIN: LazyLock<Regex> = LazyLock::new(|| pattern("\u{F8FF}(?:[\\s,;/–-]*\u{F8FF})+"));

/// A gap that is all there is in brackets or quotation marks.
static ENCLOSED_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[(\\[„“\"»‚'][\\s,;:–-]*\u{F8FF}[\\s,;:–-]*[)\\]“”\"«‘']"));

/// A gap with the little words that lead up to it and make no sense without it (`in der …`, `, Herr …`).
static GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?i)(?:\\b(?:in|im|an|am|auf|aus|bei|beim|von|vom|zu|zum|zur|unter|nach|für|mit|als|über|ab|bis|seit|gegen|um|vor|der|die|das|den|dem|\
         des|und|oder|sowie|herr|frau|herrn)\\s+)*\u{F8FF}",
    )
});

/// White space before a mark that belongs to the word before it.
static SPACE_BEFORE_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+([,.;:!?])"));

/// A comma or colon with nothing between it and the next mark.
static HANGING_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:](?:\s*[,;:])*\s*([,.;:!?])"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a valid pattern")
}

/// What is known of this call, by normalised names of the placeholder.
pub(super) struct Placeholders {
    /// Few, and hardly ever looked for. Of two the later counts.
    known: Vec<(&'static [&'static str], String)>,
    /// What is lost while texts are filled.
    pub(super) ledger: Ledger,
}

/// A text without placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filled {
    /// One clean line.
    pub(super) text: String,
    /// Whether something unknown had to be removed.
    pub(super) gap: bool,
}

impl Placeholders {
    /// Names and company, in all spellings seen.
    pub(super) fn of(addressee: &Addressee) -> Self {
        let mut placeholders = Self { known: Vec::new(), ledger: Ledger::default() };
        placeholders.know(&["firstname", "candidatefirstname", "vorname"], &addressee.first_name);
        placeholders.know(&["lastname", "candidatelastname", "nachname"], &addressee.last_name);
        placeholders.know(&["name", "fullname", "candidatename", "candidate"], &addressee.full_name());
        placeholders.know(&["company", "companyname", "firma", "unternehmen"], &addressee.company);
        placeholders
    }

    /// Adds a value under normalised names (lower case, letters only); an empty one stays unknown.
    pub(super) fn know(&mut self, names: &'static [&'static str], value: &str) {
        if !value.is_empty() {
            self.known.push((names, value.to_owned()));
        }
    }

    /// `raw` as one clean line of at most `max` characters; `None` if no word is left of it.
    pub(super) fn fill(&self, raw: &str, max: usize) -> Option<Filled> {
        if !raw.contains('{') {
            // Most texts; clean_line drops a stray mark, too.
            return self.filled(&clean_line(raw), max, false);
        }
        let raw = raw.replace(|character| character == GAP || is_mark(character), "");
        let filled = PLACEHOLDER.replace_all(&raw, |found: &Captures<'_>| match found.name("single") {
            Some(name) => self.lookup(name.as_str()).unwrap_or(name.as_str()).to_owned(),
            None => self.value(&found["double"]),
        });
        let gap = filled.contains(GAP);
        let text = if gap { Cow::Owned(mend(&filled)) } else { filled };
        let text = clean_line_keeping(&text, is_mark);
        // Whether a name is a word, and how it is written at the beginning, only the name tells.
        if is_marked(&text) && (gap || !has_words(&text)) {
            self.ledger.depends_on_names();
        }
        self.filled(&text, max, gap)
    }

    fn filled(&self, text: &str, max: usize, gap: bool) -> Option<Filled> {
        has_words(text).then(|| Filled { text: self.ledger.shorten(text, max), gap })
    }

    /// As [`Placeholders::fill`], for sentences where a gap needs no remark.
    pub(super) fn fill_sentence(&self, raw: Option<&str>, max: usize) -> Option<String> {
        self.fill(raw?, max).map(|filled| filled.text)
    }

    /// As [`Placeholders::fill`], for texts that are compared with others or searched: what comes of that depends on the
    /// names in it.
    pub(super) fn fill_text(&self, raw: Option<&str>, max: usize) -> Option<String> {
        let text = self.fill_sentence(raw, max)?;
        if is_marked(&text) {
            self.ledger.depends_on_names();
        }
        Some(text)
    }

    fn value(&self, name: &str) -> String {
        if let Some(value) = self.lookup(name) {
            return value.to_owned();
        }
        self.ledger.removed(name);
        GAP.to_string()
    }

    fn lookup(&self, name: &str) -> Option<&str> {
        let name: String = name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        let known = self.known.iter().rev().find(|(names, _)| names.contains(&name.as_str()));
        known.map(|(_, value)| value.as_str())
    }
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Takes the gaps out of a sentence together with what only made sense with them.
fn mend(text: &str) -> String {
    let gap = GAP.to_string();
    let text = GAP_CHAIN.replace_all(text, &gap);
    let text = ENCLOSED_GAP.replace_all(&text, &gap);
    let text = GAP_CHAIN.replace_all(&text, &gap);
    let text = GAP_WITH_LEAD.replace_all(&text, "");
    let text = SPACE_BEFORE_MARK.replace_all(&text, "$1");
    let text = HANGING_MARK.replace_all(&text, "$1");
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ",.;:!?–-".contains(c));
    capitalised(text)
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::samples;

    fn filled(raw: &str) -> (String, bool) {
        let filled = Placeholders::of(&Addressee::of(&samples::phone_trigger()))
            .fill(raw, 300)
            .expect("words are left");
        (filled.text, filled.gap)
    }

    #[test]
    fn known_placeholders_are_filled_in_every_spelling() {
        for raw in [
            "Spreche ich mit {{first_name}} {{last_name}}?",
            "Spreche ich mit {{ candidatefirst_name }} {{candidatelast_name}}?",
            "Spreche ich mit {{Candidate_First_Name}} {{candidate.last_name}}?",
            "Spreche ich mit {first_name} {last_name}?",
            "Spreche ich mit {{{full_name}}}?",
        ] {
            assert_eq!(filled(raw), ("Spreche ich mit Erika Beispiel?".to_owned(), false), "{raw}");
        }
        assert_eq!(filled("Was reizt Sie an {{companyname}}?").0, "Was reizt Sie an Muster & Söhne GmbH?");
    }

    #[test]
    fn unknown_placeholders_are_removed_and_the_sentence_still_reads() {
        for (raw, expected) in [
            ("Wohnen Sie noch in der {{street}} in {{postal_code}} {{city}}?", "Wohnen Sie noch?"),
            (
                "Ist Ihre Adresse ({{street}}, {{postal_code}} {{city}}) noch aktuell?",
                "Ist Ihre Adresse noch aktuell?",
            ),
            ("Guten Tag, Frau {{title}}, darf ich fragen?", "Guten Tag, darf ich fragen?"),
            ("{{greeting}}, wie geht es Ihnen?", "Wie geht es Ihnen?"),
            ("Sie sind als „{{current_job}}“ tätig, richtig?", "Sie sind tätig, richtig?"),
            ("Kommen Sie aus {{city}}, {{country}}?", "Kommen Sie?"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
        }
    }

    #[test]
    fn stray_braces_and_programs_do_not_survive() {
        assert_eq!(filled("Schicht {früh} oder }} spät {{?").0, "Schicht früh oder spät ?");
        assert_eq!(filled("{% if x %}Ja{% endif %}").0, "% if x %Ja% endif %");
    }

    #[test]
    fn a_text_of_nothing_but_placeholders_is_dropped() {
        let placeholders = Placeholders::of(&Addressee::of(&samples::phone_trigger()));
        assert_eq!(placeholders.fill("{{street}}, {{city}}?", 300), None);
        assert_eq!(placeholders.fill(" \n ", 300), None);
    }
}
