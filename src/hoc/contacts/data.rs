//! Marks e-mail addresses and telephone numbers.

use std::borrow::Cow;

use super::patterns::{ADDRESS, HAS_ADDRESS_SIGN, NAME_BEFORE, TELEPHONE};
use crate::hoc::sentences::DATUM;
use crate::word_list::WordList;

/// Units. A number with one of these after it is an amount, not a telephone number.
const UNITS: WordList = WordList::of(
    "km kilometer kilometern euro eur € % prozent anrufe anrufen gespräche stunden std tage wochen minuten \
    seiten stück mitarbeiter mitarbeitende mitarbeitern kunden kundinnen personen qm",
);

/// The most digits of an amount. A telephone number with its area code has more.
const MOST_DIGITS_OF_AMOUNT: usize = 7;

/// Stands before a [`DATUM`] whose owner is named just before it. A question makes no sense without such an address.
pub(super) const NAMED_OWNER: char = '\u{F8FC}';

/// The text with each address and number replaced by a mark.
pub(super) fn with_data_marked(text: &str) -> Cow<'_, str> {
    let without_mail = match with_addresses_marked(text) {
        // Removing one address may reveal another.
        Cow::Owned(once) => Cow::Owned(with_addresses_marked(&once).into_owned()),
        untouched @ Cow::Borrowed(_) => untouched,
    };
    if !without_mail.contains(char::is_numeric) || !TELEPHONE.is_match(&without_mail) {
        return without_mail;
    }
    Cow::Owned(with_numbers_marked(&without_mail))
}

fn with_numbers_marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len());
    let mut end = 0;
    for number in TELEPHONE.find_iter(text).filter(|found| !is_amount(found.as_str(), &text[found.end()..])) {
        marked.push_str(&text[end..number.start()]);
        marked.push(DATUM);
        end = number.end();
    }
    marked.push_str(&text[end..]);
    marked
}

/// Whether what looks like a telephone number is an amount: a unit follows (`Mobil 25000 km`), or it is in thousands
/// after `mobil` (`mobil, 40.000 im Jahr`). What begins with 0 or +, or has too many digits, is no amount.
fn is_amount(number: &str, rest: &str) -> bool {
    let Some(start) = number.find(|c: char| c.is_numeric() || c == '+') else { return false };
    let (word, figures) = number.split_at(start);
    let is_short = |number: &str| number.chars().filter(|c| c.is_numeric()).count() <= MOST_DIGITS_OF_AMOUNT;
    // Two short ones with a dash between them are a range.
    if figures.starts_with(['0', '+']) || !figures.split(['-', '–', '—']).all(is_short) {
        return false;
    }
    has_unit(rest) || (word.to_lowercase().contains("mobil") && is_thousands(figures))
}

fn has_unit(rest: &str) -> bool {
    let rest = rest.trim_start();
    let unit = rest.split(|c: char| !c.is_alphabetic() && !"€%".contains(c)).next().unwrap_or_default();
    UNITS.has(&unit.to_lowercase())
}

/// `40.000`, `40.000 - 50.000`.
fn is_thousands(figures: &str) -> bool {
    let is_number = |number: &str| {
        let mut groups = number.split('.');
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.clone().next().is_some()
            && groups.all(|group| group.len() == 3)
    };
    figures.split(|c: char| c != '.' && !c.is_numeric()).filter(|number| !number.is_empty()).all(is_number)
}

fn with_addresses_marked(text: &str) -> Cow<'_, str> {
    if !HAS_ADDRESS_SIGN.is_match(text) || !ADDRESS.is_match(text) {
        return Cow::Borrowed(text);
    }
    let mut marked = String::with_capacity(text.len());
    let mut end = 0;
    for address in ADDRESS.find_iter(text) {
        let before = &text[end..address.start()];
        marked.push_str(before);
        if names_owner(before, address.as_str()) {
            marked.push(NAMED_OWNER);
        }
        marked.push(DATUM);
        end = address.end();
    }
    marked.push_str(&text[end..]);
    Cow::Owned(marked)
}

/// Whether the name that an address is made of comes right before it (`Beispiel, e.beispiel@…`).
fn names_owner(before: &str, address: &str) -> bool {
    let Some(name) = NAME_BEFORE.find(before) else { return false };
    let address = folded(address);
    name.as_str()
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 2 && address.contains(&folded(word)))
}

/// Spells a text the way names are spelled in addresses.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}
