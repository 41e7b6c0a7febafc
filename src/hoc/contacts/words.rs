//! Words that are written like a name but are not one.

use crate::hoc::sentences::QUESTION_WORDS;
use crate::word_list::WordList;

/// People one works for or with. None of these is a common surname.
const GROUPS: WordList = WordList::of(
    "Kunden Kundinnen Lieferanten Lieferantinnen Angehörige Angehörigen Patienten Patientinnen Bewohner \
    Bewohnerinnen Behörden Ämter Ämtern Eltern Mitarbeiter Mitarbeitende Mitarbeitenden Kollegen Kolleginnen \
    Gäste Gästen Ärzte Ärzten Dienstleister Auftraggeber Klienten Krankenkassen Fachabteilungen",
);

/// Words for how one is in touch (`Kontakt: direkt zum Kunden`). None says through whom.
const MANNERS: WordList = WordList::of(
    "direkt direkter täglich täglicher regelmäßig regelmäßiger häufig häufiger viel intensiv zu zum zur",
);

const PRONOUNS: WordList =
    WordList::of("Sie Ihr Ihre Ihrer Ihren Ihrem Ihres Ihnen Wir Uns Der Die Das Ein Eine Bitte Und");

/// Capitalised words that are not names: they begin a question, address somebody, or mean a group of people.
pub(super) fn is_common(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    PRONOUNS.has(word) || QUESTION_WORDS.has(word) || GROUPS.has(word)
}

/// Whether the text after `Kontakt:` or `Ansprechpartner:` says with whom or how one works. The caller checks it for a
/// full name.
pub(super) fn is_about_work_with_others(behind: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric();
    let first = behind.split_whitespace().next().unwrap_or_default().trim_matches(|c| !is_inside(c));
    GROUPS.has(first) || MANNERS.has(&first.to_lowercase())
}

/// Whether two words in a row are written like a name.
pub(super) fn has_full_name(text: &str) -> bool {
    let words: Vec<_> = text.split_whitespace().collect();
    words.windows(2).any(|pair| {
        // Punctuation ends a name, too.
        !pair[0].ends_with([',', ';', ':', '.'])
            && pair.iter().all(|word| {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric());
                word.starts_with(char::is_uppercase) && !is_common(word)
            })
    })
}
