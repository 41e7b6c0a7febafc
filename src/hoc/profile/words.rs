//! The words in the names of members, and which of them say that the content is not told.

use crate::word_list::WordList;

/// Parts of the names of members that hold people and their contact data.
const CONTACT_MEMBERS: [&str; 12] = [
    "contact", "kontakt", "ansprech", "recruit", "mail", "phone", "telefon", "mobil", "handy", "fax",
    "author", "user",
];

/// Words in the names of members whose content is not meant for candidates, or says nothing.
const SILENT_WORDS: WordList = WordList::of(
    "absage absagegrund absagegründe absagegruende anweisung anweisungen budget ceo cfo created geschäftsführer \
    geschäftsführerin geschaeftsfuehrer geschaeftsfuehrerin hr id \
    ids inhaber inhaberin instruction instructions intern internal interne interner internes link links max maximum meta \
    metadata min minimum modified note notes notiz notizen owner prompt prompts strategie strategy todo todos updated url \
    urls uuid website",
);

/// Whole names of members that say nothing to candidates. In a longer name, the same words may
/// (`language_requirements`).
const SILENT_NAMES: WordList = WordList::of(
    "active aktiv archived confidential deleted draft enabled key lang language locale slug status tags \
    type typ version vertraulich",
);

/// The words of a member's name (`internal_notes`, `internalNotes`), in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || (after_lower && character.is_uppercase()) {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.extend(character.to_lowercase()));
        }
        after_lower = character.is_lowercase();
    }
    words
}

/// Whether one of the words is among these.
pub(super) fn has_any(words: &[String], of: &[&str]) -> bool {
    words.iter().any(|word| of.contains(&word.as_str()))
}

/// Whether what a member with this name holds is not told.
pub(super) fn is_silent(words: &[String]) -> bool {
    words.iter().any(|word| SILENT_WORDS.has(word)) || SILENT_NAMES.has(&words.join(" "))
}

/// Whether a member with this name holds people or their contact data.
pub(super) fn is_contact_member(name: &str) -> bool {
    let name = name.to_lowercase();
    CONTACT_MEMBERS.iter().any(|part| name.contains(part))
}
