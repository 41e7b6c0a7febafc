//! Placeholders in HOC's texts: known ones are filled in, unknown ones are removed so that the sentence still reads
//! well.
//!
//! ElevenLabs ends a call whose texts contain a `{{variable}}` that was not sent, and a candidate must never hear one.

mod mending;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::addressee::Addressee;
use super::losses::Ledger;
use super::merge_field::{is_mark, is_marked};
use crate::domain::{clean_line, clean_line_keeping};
use crate::pattern::pattern;
use crate::word_list::WordList;
use mending::{FILLED, GAP, TIME_GAP, mend};

/// What may be a placeholder. Found in a single pass, so that filled-in values are not searched again.
///
/// - `{{ name }}` and `${name}` are always placeholders, whatever is inside.
/// - `{name}`, `#{name}`: placeholders if the name is known or that of a form field; otherwise only the name is kept.
/// - `[name]`, `%name%`, `<name>`, `<<name>>`, `«name»`: likewise, but otherwise they are left as they are.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        \$?\{\{+ (?<double>[^{}]*) \}\}+ | \$\{ (?<dollar>[^{}]*) \}
        | (?:\B\#)?\{\s* (?<single>[A-Za-zÄÖÜäöüß_][A-Za-zÄÖÜäöüß0-9_.-]*) \s*\}
        | \[\[?\s* (?<square>[A-Za-zÄÖÜäöüß_.-][A-Za-zÄÖÜäöüß_.\x20-]*?) \s*\]\]?
        | (?:<<?|«)\s* (?<angle>[A-Za-zÄÖÜäöüß_.-][A-Za-zÄÖÜäöüß_.\x20-]*?) \s*(?:>>?|»)
        | %%? (?<percent>[A-Za-z_.-]{1,40}) %%?",
    )
});

/// The longest name of a field, in characters.
const MAX_NAME_CHARS: usize = 40;

/// Every text with a placeholder contains one of these.
const BRACKETS: [char; 5] = ['{', '[', '<', '«', '%'];

/// Spelling that no German word has: `postal_code`, `lastName`. `iPad` does not match.
static FIELD_WRITING: LazyLock<Regex> = LazyLock::new(|| pattern(r"_|^\p{Ll}{2,}\p{Lu}"));

/// Normalised names of fields that are spelled like ordinary words.
const FIELD_NAMES: WordList = WordList::of(
    "address age anrede birthday birthdate city country date datum department education \
    email experience gender greeting mobile phone plz postalcode profession salary salutation shift stadt state strasse straße street \
    hausnummer jobtitel stellenbezeichnung stellentitel geburtsdatum \
    surname time title town uhrzeit wohnort zip zipcode",
);

/// Endings of normalised names that stand for a day or an hour.
const TIME_ENDINGS: [&str; 6] = ["date", "datum", "time", "uhrzeit", "termin", "monat"];

/// Normalised names of the placeholders for the candidate's whole name and for the company.
const FULL_NAME: &[&str] = &[
    "name",
    "fullname",
    "candidatename",
    "candidate",
    "vornamenachname",
    "vorundnachname",
    "bewerbername",
    "kandidatenname",
    "namedesbewerbers",
    "namederbewerberin",
    "namedeskandidaten",
];
const COMPANY: &[&str] = &[
    "company",
    "companyname",
    "firma",
    "unternehmen",
    "firmenname",
    "unternehmensname",
    "namederfirma",
    "namedesunternehmens",
];

/// What is known about this call, by normalised placeholder names.
pub(super) struct Placeholders {
    /// Few, and rarely looked up. Of two values for a name, the later one counts.
    known: Vec<(&'static [&'static str], String)>,
    /// Records what is lost while texts are filled in.
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
    /// Names and company, under all placeholder names seen so far.
    pub(super) fn of(addressee: &Addressee) -> Self {
        let mut placeholders = Self { known: Vec::new(), ledger: Ledger::default() };
        placeholders.know(&["firstname", "candidatefirstname", "vorname"], &addressee.first_name);
        placeholders.know(&["lastname", "candidatelastname", "nachname"], &addressee.last_name);
        placeholders.know(FULL_NAME, &addressee.full_name());
        placeholders.know(COMPANY, &addressee.company);
        placeholders
    }

    /// Adds a value under normalised names (lower case, letters only); an empty one is not added.
    pub(super) fn know(&mut self, names: &'static [&'static str], value: &str) {
        if !value.is_empty() {
            self.known.push((names, value.to_owned()));
        }
    }

    /// `raw` as one clean line of at most `max` characters; `None` if no word is left of it.
    pub(super) fn fill(&self, raw: &str, max: usize) -> Option<Filled> {
        if !raw.contains(BRACKETS) {
            // Most texts. `clean_line` drops a stray mark, too.
            return self.filled(&clean_line(raw), max, false);
        }
        let raw =
            raw.replace(|character| [GAP, TIME_GAP, FILLED].contains(&character) || is_mark(character), "");
        let filled = PLACEHOLDER.replace_all(&raw, |found: &Captures<'_>| self.value(found));
        let gap = filled.contains([GAP, TIME_GAP]);
        let text = if gap { Cow::Owned(mend(&filled)) } else { filled };
        let text = clean_line_keeping(&text, is_mark);
        // Only the name itself tells whether it is a word, and how it is written at the beginning of a sentence.
        if is_marked(&text) && (gap || !has_words(&text)) {
            self.ledger.depends_on_names();
        }
        self.filled(&text, max, gap)
    }

    fn filled(&self, text: &str, max: usize, gap: bool) -> Option<Filled> {
        has_words(text).then(|| Filled { text: self.ledger.shorten(text, max), gap })
    }

    /// Like [`Placeholders::fill`], for sentences in which a gap needs no remark.
    pub(super) fn fill_sentence(&self, raw: Option<&str>, max: usize) -> Option<String> {
        self.fill(raw?, max).map(|filled| filled.text)
    }

    /// Like [`Placeholders::fill_sentence`], for texts that are compared or searched: what comes of that depends on the
    /// names in them, which is recorded.
    pub(super) fn fill_text(&self, raw: Option<&str>, max: usize) -> Option<String> {
        let text = self.fill_sentence(raw, max)?;
        if is_marked(&text) {
            self.ledger.depends_on_names();
        }
        Some(text)
    }

    /// The replacement for a placeholder, or for what only looks like one.
    fn value(&self, found: &Captures<'_>) -> String {
        let group = |name| found.name(name).map(|part| part.as_str());
        let braced = group("double").or(group("dollar")).or(group("single"));
        let bracketed = group("square").or(group("angle")).or(group("percent"));
        let name = braced.or(bracketed).unwrap_or_default();
        if let Some(value) = self.lookup(name) {
            return format!("{FILLED}{value}");
        }
        let is_certain = group("double").or(group("dollar")).is_some();
        if !is_certain && !is_field(name) {
            return if bracketed.is_some() { found[0].to_owned() } else { name.to_owned() };
        }
        self.ledger.removed(name);
        let name = normalised(name);
        let is_time = TIME_ENDINGS.iter().any(|ending| name.ends_with(ending));
        if is_time { TIME_GAP } else { GAP }.to_string()
    }

    fn lookup(&self, name: &str) -> Option<&str> {
        let name = normalised(name);
        let known = self.known.iter().rev().find(|(names, _)| names.contains(&name.as_str()));
        known.map(|(_, value)| value.as_str())
    }
}

/// Whether forms have a field of this name, so that the brackets around it mark a placeholder.
fn is_field(name: &str) -> bool {
    // Longer ones are remarks. Counted here, because a pattern that counts letters takes up a lot of memory.
    if name.chars().count() > MAX_NAME_CHARS {
        return false;
    }
    FIELD_WRITING.is_match(name) || FIELD_NAMES.has(&normalised(name))
}

/// The name in lower case, letters only.
fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests;
