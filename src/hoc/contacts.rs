//! Contact persons and their data are internal to the employer: nothing of them leaves this module.
//!
//! Where a text leaves room for doubt, rather a few words too many are taken out than a name left in.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::text::pattern;

/// Words before a name.
const HONORIFIC: &str = r"(?:Frau|Herrn?|Fr\.|Hrn?\.|Dr\.|Prof\.|Dipl\.)";

/// A word that is written like a name.
const NAME: &str = r"\p{Lu}[\p{L}\p{M}'’-]*\.?";

/// `Ansprechpartner`, `Kontaktperson` and the like in all spellings of gender.
const PERSON: &str =
    r"(?i:\b(?:Ansprech|Kontakt)(?:partner|person)(?:innen|in|en)?(?:[/*:_(]-?in(?:nen)?\)?)?)";

/// `AP`, short for Ansprechpartner, though in nursing also for Altenpflege. In front of a colon it is a person.
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xm)
        (?i:\bAP|\bA\.P\.)\s*[:=]
        | \bAP\s+[–—-]\s
        | \bAP\s+{HONORIFIC}
        | {PERSON}\b?\s*{HONORIFIC}
        | {PERSON}[^\n.!?:]{{0,60}}?(?::(?:\s|$|[^\p{{Ll}}])|=|\s[–—-]\s|\b{HONORIFIC}\s*\p{{Lu}})
        | {PERSON}[^\n.!?:]{{0,60}}?\s(?:ist|sind)\s+{NAME}\s+{NAME}
        | {PERSON}\s+{NAME}\s+{NAME}\s*(?:[,;.]|$)
        | (?i:\bKontakt(?:daten|adresse)?)\s*:"
    ))
});

/// What each [`MARKER`] and [`NOTE`] holds, in any case.
const MARKER_LETTERS: &str = r"ansprech|kontakt|a\.?p";

/// Texts without them, nearly all, are spared the long pattern: its word boundaries cost far more time where a text has
/// umlauts.
static HAS_MARKER_LETTERS: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){MARKER_LETTERS}")));

/// What a note about a contact person begins with.
static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)^[^\p{{L}}\p{{N}}]*(?:
            (?i:AP|A\.P\.)\s*[:=]
            | AP\s+[–—-]\s
            | AP\s+{HONORIFIC}
            | AP\s+{NAME}(?:(?:\s+{NAME}){{1,2}}\s*(?:[,;(\n]|$)|\s*[,;(])
            | {PERSON}
            | (?i:Kontakt(?:daten|adresse)?)\s*:
        )"
    ))
});

/// A page that holds nothing but contact persons.
static PAGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^\W*(?:{PERSON}|(?i:AP|Kontakt(?:daten|adresse)?)\W*$)")));

/// An e-mail address, also with white space around its `@` or with the usual disguises.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    const LABEL: &str = r"(?:\{\{[^{}]*\}\}|[\p{L}\p{N}\p{M}_{}\u{200C}\u{200D}-])+";
    const DOT: &str = r"(?:[.．。]|\s*[(\[{]\s*(?:dot|punkt)\s*[)\]}]\s*|\s+(?:dot|punkt)\s+)";
    const AT: &str =
        r"(?:\s*[@＠﹫]\s*|\s*[(\[{<]\s*(?:at|ät|@)\s*[)\]}>]\s*|\s+(?:at|ät)\s+|[_-](?:at|ät)[_-])";
    pattern(&format!(r"(?i)[^\s@＠﹫,;:<>()\[\]|]+{AT}(?:{LABEL}{DOT})+{LABEL}(?:[@＠﹫][^\s@＠﹫]*)*"))
});

/// What each [`ADDRESS`] holds, in any case; see [`HAS_MARKER_LETTERS`].
const ADDRESS_SIGN: &str = r"[@＠﹫]|[\s(\[{<_-](?:at|ät)[\s)\]}>_-]";

static HAS_ADDRESS_SIGN: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){ADDRESS_SIGN}")));

/// What leads to an address, at the end of the text before it.
static ADDRESS_INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:
            \b(?:e-?mail|mailto|mail)(?:[-\ ]?adresse)?\s*[:=]?\s*
            | \b(?:an|bei|oder|per|unter|via)\s*:?\s+
            | [<(\[]\s*
        )+$",
    )
});

/// Words written like a name, at the end of the text before an address.
static NAME_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(?:{NAME}\s+){{0,2}}{NAME}[\s,;:(<|–-]*$")));

/// A person by name, wherever it stands.
static NAMED_PERSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b{HONORIFIC}\s*(?:{HONORIFIC}\s*)*(?:{NAME}\s+)?{NAME}")));

/// Words that introduce a telephone number.
const TELEPHONE_WORD: &str = "tel(?:efon|efax)?|mobil|handy|fax|phone|whatsapp|rufnummer|durchwahl";

/// How a number with its country code begins.
const COUNTRY_CODE: &str = r"\+[1-9]";

/// A telephone number that is introduced as one, or written with its country code.
static TELEPHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)
        (?:\b(?:oder|per|unter)[^\S\n]+)?\b(?:{TELEPHONE_WORD})(?:nummer|telefon|funk|nr)?\b
          [^\S\n]*[.:]*[^\S\n]*(?:unter|ist|lautet|:)?[^\S\n]*(?:[(]\w{{1,10}}[)])?[^\S\n]*
          [+(]*\d(?:[^\S\n]*[()/.–—-]*[^\S\n]*\d){{4,}}
        | {COUNTRY_CODE}(?:[^\S\n]*[()/.–—-]*[^\S\n]*\d){{7,14}}"
    ))
});

/// Brackets and separators that lost what they stood around.
static EMPTY_BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[(\[<][\s,;:/|–-]*[)\]>]"));
static EMPTY_SEPARATORS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^\S\n]*([,;|])(?:[^\S\n]*[,;|.])+"));
static LOOSE_ENDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^[^\S\n]*[,;:|/.)\]>]+[^\S\n]*|[\s,;:|/(\[<=–—-]+$|[^\S\n]+([.,;])"));

/// What everything holds that is taken out here. Most texts do not, so one look spares them all the others.
static SUSPICIOUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!("(?i){MARKER_LETTERS}|{ADDRESS_SIGN}|{TELEPHONE_WORD}|{COUNTRY_CODE}"))
});

/// Whether a question or note is about a contact person from its beginning on. It is dropped whole.
pub(super) fn is_contact_note(text: &str) -> bool {
    SUSPICIOUS.is_match(text) && NOTE.is_match(text)
}

/// Whether a page of notes holds nothing but contact persons.
pub(super) fn is_contact_page(name: &str) -> bool {
    PAGE.is_match(name)
}

/// The text without contact persons, e-mail addresses and telephone numbers; empty if nothing readable is left.
///
/// Expects the text with its lines, and without invisible characters.
pub(super) fn removed(text: &str) -> Cow<'_, str> {
    if !SUSPICIOUS.is_match(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(without_contacts(text))
}

fn without_contacts(text: &str) -> String {
    let marked = without_marked_persons(text);
    let anonymous = without_addresses(&marked);
    if anonymous == text {
        return anonymous;
    }
    let tidied = tidied(&anonymous);
    if (HAS_ADDRESS_SIGN.is_match(&tidied) && ADDRESS.is_match(&tidied))
        || !tidied.chars().any(char::is_alphabetic)
    {
        return String::new();
    }
    tidied
}

/// Cuts from each marker to the end of its sentence or line.
fn without_marked_persons(text: &str) -> String {
    if !HAS_MARKER_LETTERS.is_match(text) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(marker) = MARKER.find(rest) {
        let (before, after) = (&rest[..marker.start()], &rest[marker.end()..]);
        kept.push_str(before);
        kept.push(' ');
        rest = &after[end_of_person(before, after)..];
    }
    kept.push_str(rest);
    kept
}

/// Where the words about a person end, counted from the end of the marker.
fn end_of_person(before: &str, after: &str) -> usize {
    if before.trim_end().ends_with('(')
        && let Some(bracket) = after.split('\n').next().unwrap_or_default().find(')')
    {
        return bracket;
    }
    // `Ansprechpartnerin:` alone on its line has the name on the next one.
    let start = after.find(|c: char| !c.is_whitespace()).unwrap_or(after.len());
    let line = after[start..].split('\n').next().unwrap_or_default();
    start + end_of_sentence(line).unwrap_or(line.len())
}

/// Where the first sentence of a line ends. The full stop of an abbreviation (`Fr.`, `Tel.`) ends none.
fn end_of_sentence(line: &str) -> Option<usize> {
    line.match_indices(['.', '!', '?']).map(|(stop, _)| stop + 1).find(|&end| {
        let word = line[..end - 1].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let is_abbreviation =
            word.chars().count() < 4 || matches!(word, "Prof" | "Dipl" | "Mobil" | "Durchw");
        !is_abbreviation && line[end..].starts_with(char::is_whitespace)
    })
}

/// Takes out addresses and numbers, and the people who are named along with them.
fn without_addresses(text: &str) -> String {
    let without_mail = without_mail_addresses(&without_mail_addresses(text));
    if !without_mail.contains(char::is_numeric) {
        return if without_mail == text { without_mail } else { without_named_persons(&without_mail) };
    }
    let without_numbers = TELEPHONE.replace_all(&without_mail, " ");
    if without_numbers == text {
        return text.to_owned();
    }
    without_named_persons(&without_numbers)
}

fn without_named_persons(text: &str) -> String {
    NAMED_PERSON.replace_all(text, " ").into_owned()
}

fn without_mail_addresses(text: &str) -> String {
    if !HAS_ADDRESS_SIGN.is_match(text) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut end = 0;
    for address in ADDRESS.find_iter(text) {
        let before = &text[end..address.start()];
        let to_keep = without_owner(before, address.as_str());
        kept.push_str(to_keep);
        kept.push(' ');
        end = address.end();
        let opened_bracket = before[to_keep.len()..].contains(['(', '[', '<']);
        if opened_bracket && text[end..].starts_with([')', ']', '>']) {
            end += 1;
        }
    }
    kept.push_str(&text[end..]);
    kept
}

/// The text before an address without `E-Mail:` and without the name that the address is made of
/// (`Beispiel, e.beispiel@…`).
fn without_owner<'a>(before: &'a str, address: &str) -> &'a str {
    let before = ADDRESS_INTRODUCTION.find(before).map_or(before, |found| &before[..found.start()]);
    let Some(name) = NAME_BEFORE.find(before) else { return before };
    let address = folded(address);
    let is_owner = name
        .as_str()
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 2 && address.contains(&folded(word)));
    if is_owner { &before[..name.start()] } else { before }
}

/// As names are written in addresses.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}

fn tidied(text: &str) -> String {
    let text = EMPTY_BRACKETS.replace_all(text, "");
    let text = EMPTY_SEPARATORS.replace_all(&text, "$1");
    LOOSE_ENDS.replace_all(&text, "$1").into_owned()
}

#[cfg(test)]
#[path = "contacts_tests.rs"]
mod tests;
