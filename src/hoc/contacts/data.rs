//! Marks e-mail addresses and telephone numbers.

use std::borrow::Cow;

use super::patterns::{ADDRESS, DATUM, HAS_ADDRESS_SIGN, NAME_BEFORE, TELEPHONE};

/// Stands before a [`DATUM`] whose owner was named, whom no question can do without.
pub(super) const NAMED_OWNER: char = '\u{F8FC}';

/// The text with a mark for each address and number.
pub(super) fn with_data_marked(text: &str) -> Cow<'_, str> {
    let without_mail = match with_addresses_marked(text) {
        // An address may become visible only when another one is gone.
        Cow::Owned(once) => Cow::Owned(with_addresses_marked(&once).into_owned()),
        untouched @ Cow::Borrowed(_) => untouched,
    };
    if !without_mail.contains(char::is_numeric) || !TELEPHONE.is_match(&without_mail) {
        return without_mail;
    }
    Cow::Owned(TELEPHONE.replace_all(&without_mail, DATUM.to_string()).into_owned())
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

/// Whether the name that an address is made of stands before it (`Beispiel, e.beispiel@…`).
fn names_owner(before: &str, address: &str) -> bool {
    let Some(name) = NAME_BEFORE.find(before) else { return false };
    let address = folded(address);
    name.as_str()
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().count() > 2 && address.contains(&folded(word)))
}

/// As names are written in addresses.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss")
}
