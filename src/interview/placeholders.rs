//! Placeholders in HOC's texts: known ones are filled, unknown ones removed so that the sentence still reads.
//!
//! ElevenLabs ends a call whose texts hold a `{{variable}}` that was not sent, and a candidate must never hear one.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::addressee::Addressee;
use super::losses::Ledger;
use super::merge_field::{is_mark, is_marked};
use crate::domain::{capitalised, clean_line, clean_line_keeping};

/// Marks where an unknown placeholder stood while the sentence around it is mended. From Unicode's private use area,
/// and removed from every text first.
const GAP: char = '\u{F8FF}';

/// Marks where a filled value begins while the sentence around it is mended. No text from outside keeps it (`clean_line`).
const FILLED: char = '\u{FDEF}';

/// Where placeholders may stand. Found in one go, so that nothing that was filled in is looked through.
///
/// - `{{ name }}` and `${name}`, whatever stands inside: placeholders in any case.
/// - `{name}`: a placeholder if the name is known or that of a field; else only its braces go.
/// - `[name]`, `%name%`, `<name>`, `<<name>>`: placeholders if the name is known; else nothing happens to them.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        \$?\{\{+ (?<double>[^{}]*) \}\}+ | \$\{ (?<dollar>[^{}]*) \}
        | \{\s* (?<single>[A-Za-z_][A-Za-z0-9_.-]{0,39}) \s*\}
        | \[\[?\s* (?<square>[A-Za-z_.-]{1,40}) \s*\]\]?
        | <<?\s* (?<angle>[A-Za-z_.-]{1,40}) \s*>>?
        | % (?<percent>[A-Za-z_.-]{1,40}) %",
    )
});

/// What a text with a placeholder holds.
const BRACKETS: [char; 4] = ['{', '[', '<', '%'];

/// Writing that no German word has: `postal_code`, `lastName`.
static FIELD_WRITING: LazyLock<Regex> = LazyLock::new(|| pattern(r"_|^\p{Ll}+\p{Lu}"));

/// Normalised names of fields that could be words by their writing.
const FIELD_NAMES: &str = "address age anrede birthday birthdate city country date department education email \
    experience gender greeting mobile phone plz postalcode profession salary salutation shift state strasse street \
    surname time title town wohnort zip zipcode";

/// What a gap counts.
static UNIT_OF_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("\u{F8FF}\\s*(?:(?:Uhr|Euro|EUR|Prozent)\\b|[€%])"));

/// Gaps with nothing but punctuation between them are one gap.
static GAP_CHAIN: LazyLock<Regex> = LazyLock::new(|| pattern("\u{F8FF}(?:[\\s,;/–-]*\u{F8FF})+"));

/// A gap that is all there is in brackets or quotation marks.
static ENCLOSED_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[(\\[„“\"»‚'][\\s,;:–-]*\u{F8FF}[\\s,;:–-]*[)\\]“”\"«‘']"));

/// A gap with the little words that lead up to it and make no sense without it (`in der …`, `, Herr …`). Where a value
/// or a noun follows, they lead up to that.
static GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\b(?i:in|im|an|am|auf|aus|bei|beim|von|vom|zu|zum|zur|unter|nach|für|mit|als|über|ab|bis|seit|gegen|um|vor|der|die|das|den|dem|\
         des|und|oder|sowie|herr|frau|herrn)\\s+)+\u{F8FF}(?<next>\\s*(?:[^\\s\\p{Lu}\\p{N}\u{FDEF}(„‚]|$))",
    )
});

/// What hangs in front of a gap at the end.
static GAP_AT_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\s,;:/\p{Pd}]*\x{F8FF}\s*$"));

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
        if !raw.contains(BRACKETS) {
            // Most texts; clean_line drops a stray mark, too.
            return self.filled(&clean_line(raw), max, false);
        }
        let raw = raw.replace(|character| [GAP, FILLED].contains(&character) || is_mark(character), "");
        let filled = PLACEHOLDER.replace_all(&raw, |found: &Captures<'_>| self.value(found));
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

    /// What stands instead of a placeholder, or of what only looks like one.
    fn value(&self, found: &Captures<'_>) -> String {
        let group = |name| found.name(name).map(|part| part.as_str());
        let braced = group("double").or(group("dollar")).or(group("single"));
        let bracketed = group("square").or(group("angle")).or(group("percent"));
        let name = braced.or(bracketed).unwrap_or_default();
        if let Some(value) = self.lookup(name) {
            return format!("{FILLED}{value}");
        }
        if bracketed.is_some() {
            return found[0].to_owned();
        }
        if group("single").is_some() && !is_field(name) {
            return name.to_owned();
        }
        self.ledger.removed(name);
        GAP.to_string()
    }

    fn lookup(&self, name: &str) -> Option<&str> {
        let name = normalised(name);
        let known = self.known.iter().rev().find(|(names, _)| names.contains(&name.as_str()));
        known.map(|(_, value)| value.as_str())
    }
}

/// Whether forms have a field of this name, so that braces around it are no mere braces.
fn is_field(name: &str) -> bool {
    FIELD_WRITING.is_match(name) || FIELD_NAMES.split(' ').any(|field| field == normalised(name))
}

/// Small letters and nothing else.
fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Takes the gaps out of a sentence together with what only made sense with them.
fn mend(text: &str) -> String {
    let gap = GAP.to_string();
    let text = UNIT_OF_GAP.replace_all(text, &gap);
    let text = GAP_CHAIN.replace_all(&text, &gap);
    let text = ENCLOSED_GAP.replace_all(&text, &gap);
    let text = without_leads(GAP_CHAIN.replace_all(&text, &gap).into_owned());
    let text = GAP_AT_END.replace_all(&text, "");
    let text = text.replace([GAP, FILLED], "");
    let text = SPACE_BEFORE_MARK.replace_all(&text, "$1");
    let text = HANGING_MARK.replace_all(&text, "$1");
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ",.;:!?–-".contains(c));
    capitalised(text)
}

/// Takes away what leads up to nothing. A gap that lost its lead may be what another one leads up to, until nothing
/// changes: each turn makes the text shorter.
fn without_leads(mut text: String) -> String {
    let gap_alone = format!("{GAP}$next");
    while let Cow::Owned(shorter) = GAP_WITH_LEAD.replace_all(&text, &gap_alone) {
        text = GAP_CHAIN.replace_all(&shorter, GAP.to_string()).into_owned();
    }
    text
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
    fn a_word_that_leads_up_to_what_is_still_there_stays() {
        for (raw, expected) in [
            ("Spreche ich mit {{salutation}} {{last_name}}?", "Spreche ich mit Beispiel?"),
            ("Guten Tag, Frau {{title}} {{last_name}}, passt es?", "Guten Tag, Frau Beispiel, passt es?"),
            ("Arbeiten Sie gern im {{adjective}} Team?", "Arbeiten Sie gern im Team?"),
            ("Kommen Sie in {{count}} 3 Tagen?", "Kommen Sie in 3 Tagen?"),
            ("Arbeiten Sie bei {{city}} {{company_name}}?", "Arbeiten Sie bei Muster & Söhne GmbH?"),
            // What follows is another gap, or no noun.
            ("Wohnen Sie noch in der {{street}} in {{postal_code}} {{city}}?", "Wohnen Sie noch?"),
            ("Können Sie nach {{city}} pendeln?", "Können Sie pendeln?"),
            ("Passt Ihnen der {{date}} um {{time}} Uhr für ein Treffen?", "Passt Ihnen für ein Treffen?"),
            ("Kommen Sie mit {{a}} – oder nicht?", "Kommen Sie – oder nicht?"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
        }
    }

    #[test]
    fn a_name_that_is_written_small_is_led_up_to_as_well() {
        let mut addressee = Addressee::of(&samples::phone_trigger());
        addressee.last_name = "von der Probe".to_owned();
        let filled = Placeholders::of(&addressee).fill("Spreche ich mit {{salutation}} {{last_name}}?", 300);
        assert_eq!(filled.expect("words are left").text, "Spreche ich mit von der Probe?");
    }

    #[test]
    fn nothing_hangs_where_a_gap_ended_the_text() {
        for (raw, expected) in [
            ("Nein, {{unbekannt}}", "Nein"),
            ("Telefon: {{phone}}", "Telefon"),
            ("Teilzeit – {{hours}} ", "Teilzeit"),
            ("Ja, bei der {{employer}}", "Ja"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
        }
    }

    #[test]
    fn single_braces_around_the_name_of_a_field_are_a_placeholder_and_around_a_word_they_are_not() {
        for (raw, expected) in [
            ("Wohnen Sie noch in der {street} in {postal_code} {city}?", "Wohnen Sie noch?"),
            ("Wohnen Sie noch in der { addressLine2 }?", "Wohnen Sie noch?"),
            ("Spreche ich mit {salutation} {last_name}?", "Spreche ich mit Beispiel?"),
            ("Wohnen Sie noch in der ${strasse}?", "Wohnen Sie noch?"),
            ("Wohnen Sie noch in der ${{street}}?", "Wohnen Sie noch?"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), true), "{raw}");
        }
        for (raw, expected) in [
            ("Schicht {früh} oder {spät}?", "Schicht früh oder spät?"),
            ("In {Teilzeit} oder {Vollzeit}?", "In Teilzeit oder Vollzeit?"),
            ("Deutsch {B2} für {MitarbeiterInnen}?", "Deutsch B2 für MitarbeiterInnen?"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), false), "{raw}");
        }
    }

    #[test]
    fn other_brackets_are_filled_where_they_hold_a_known_name_and_else_left() {
        for (raw, expected) in [
            ("Sind Sie [Vorname] [Nachname]?", "Sind Sie Erika Beispiel?"),
            ("Arbeiten Sie bei [[company]]?", "Arbeiten Sie bei Muster & Söhne GmbH?"),
            ("Guten Tag %first_name%, passt es?", "Guten Tag Erika, passt es?"),
            ("Sind Sie << first_name >> <last_name>?", "Sind Sie Erika Beispiel?"),
            (
                "Hallo ${first_name}, passt es, ${company_name}?",
                "Hallo Erika, passt es, Muster & Söhne GmbH?",
            ),
            (
                "Sind 20 % [brutto] <2 Jahre oder 5% mehr > 3% [m/w/d] gut?",
                "Sind 20 % [brutto] <2 Jahre oder 5% mehr > 3% [m/w/d] gut?",
            ),
            ("Wohnen Sie in [Ort]?", "Wohnen Sie in [Ort]?"),
        ] {
            assert_eq!(filled(raw), (expected.to_owned(), false), "{raw}");
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
