//! Removes contact persons and their data, which are internal to the employer: none of it leaves this module.
//!
//! Whole sentences are removed, so that no fragments remain that nobody would say. In a note, it is better to remove
//! too much than to leave a name. A question is kept if it makes sense without the name or number; otherwise it is
//! removed, too. A word such as `Ansprechpartner` with no name, number or address nearby is ordinary German.

mod data;
mod labels;
mod patterns;
mod persons;
mod words;

use std::borrow::Cow;

use regex::Captures;

use data::{NAMED_OWNER, with_data_marked};
use labels::{found_at, has_label, is_ap_with_name, label, wordy_ap};
use patterns::{
    ADDRESS, BARE_LABEL, BRACKET, DATA, EMPTY_BRACKETS, EMPTY_SEPARATORS, GET_IN_TOUCH, HAS_ADDRESS_SIGN,
    HAS_MARKER_LETTERS, INTRODUCED, LEADING, LOOSE_ENDS, NAMED, NAMED_PERSON, NOTE, NURSING, ONLY_NAME,
    OWNER, PAGE, PART_END, PLACE, PLAIN_ROLE, SUSPICIOUS,
};
pub(super) use persons::without_persons;
use persons::without_trailing_persons;
use words::is_common;

use super::sentences::{DATUM, is_question, sentences};

/// Whether a note begins with a contact person. All of it is dropped then. A question never counts as such a note.
pub(super) fn is_contact_note(text: &str) -> bool {
    SUSPICIOUS.is_match(text) && !is_question(text) && begins_with_contact(text)
}

fn begins_with_contact(text: &str) -> bool {
    let is_leading = |start: usize| LEADING.is_match(&text[..start]);
    let first_line = text.split('\n').next().unwrap_or_default();
    label(text).is_some_and(is_leading)
        || INTRODUCED.find(text).is_some_and(|found| is_leading(found.start()))
        || NOTE.captures(text).is_some_and(|found| !has_common_name(&found))
        || is_ap_with_name(first_line)
        || wordy_ap(text).is_some_and(is_leading)
        || NAMED.captures(text).is_some_and(|found| is_person(&found) && is_leading(found_at(&found)))
}

/// Whether a page of this name holds nothing but contact persons.
pub(super) fn is_contact_page(name: &str) -> bool {
    PAGE.is_match(name)
}

/// Whether a note only announces a contact person (`AP:`), who is named in the next one.
pub(super) fn is_bare_label(text: &str) -> bool {
    BARE_LABEL.is_match(text)
}

/// Whether a text is nothing but a person's name.
pub(super) fn is_only_name(text: &str) -> bool {
    ONLY_NAME.is_match(text) && !PLACE.is_match(text) && !text.split_whitespace().any(is_common)
}

/// The text without contact persons, e-mail addresses and telephone numbers; empty if nothing readable is left.
///
/// Expects a text with its line breaks and without invisible characters.
pub(super) fn removed(text: &str) -> Cow<'_, str> {
    match without_contacts(text) {
        Cow::Borrowed(text) => without_trailing_persons(text),
        Cow::Owned(kept) => Cow::Owned(without_trailing_persons(&kept).into_owned()),
    }
}

fn without_contacts(text: &str) -> Cow<'_, str> {
    if !SUSPICIOUS.is_match(text) {
        return Cow::Borrowed(text);
    }
    let marked = with_data_marked(text);
    let unbracketed = without_labelled_brackets(&marked);
    match without_contact_sentences(&unbracketed, unbracketed != marked) {
        Some(kept) => Cow::Owned(readable(&kept)),
        None => Cow::Borrowed(text),
    }
}

/// Tidies what was kept. Empty if an address remains, or if no letter does.
fn readable(kept: &str) -> String {
    let tidied = tidied(kept);
    if (HAS_ADDRESS_SIGN.is_match(&tidied) && ADDRESS.is_match(&tidied))
        || !tidied.chars().any(char::is_alphabetic)
    {
        return String::new();
    }
    tidied
}

/// What came before the current sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Something,
    /// More about the same person may follow.
    Contact,
    /// The person is named next.
    BareLabel,
}

/// `None` if there is nothing to remove.
fn without_contact_sentences(text: &str, had_bracket: bool) -> Option<String> {
    let sentences = sentences(text);
    let is_contact: Vec<_> =
        sentences.iter().enumerate().map(|(index, sentence)| is_contact(sentence, index == 0)).collect();
    if !had_bracket && !is_contact.contains(&true) {
        return None;
    }
    let mut kept: Vec<Cow<'_, str>> = Vec::with_capacity(sentences.len());
    let mut after = if had_bracket { After::Contact } else { After::Something };
    for (sentence, is_contact) in sentences.into_iter().zip(is_contact) {
        if sentence.trim().is_empty() {
            kept.push(Cow::Borrowed(sentence));
            continue;
        }
        if is_contact && !is_question(sentence) {
            drop_announcement(&mut kept);
        }
        let rest;
        (rest, after) = rest_of(sentence, is_contact, after);
        match rest {
            Some(rest) => kept.push(rest),
            // Consecutive removed sentences leave a single break, so that looking back stays cheap.
            None => match kept.last_mut() {
                Some(last) if last.trim().is_empty() => *last = Cow::Borrowed("\n"),
                _ => kept.push(Cow::Borrowed(end_of(sentence))),
            },
        }
    }
    Some(kept.concat())
}

/// What is kept of a sentence, and what the next one comes after.
fn rest_of(sentence: &str, is_contact: bool, after: After) -> (Option<Cow<'_, str>>, After) {
    if is_question(sentence) {
        let question = if is_contact {
            mended(sentence).map(|whole| Cow::Owned(whole + end_of(sentence)))
        } else {
            Some(Cow::Borrowed(sentence))
        };
        return (question, After::Something);
    }
    if is_contact {
        let after = if is_bare_label(sentence) { After::BareLabel } else { After::Contact };
        let place = place_before_contact(sentence);
        return (place.map(|place| Cow::Owned(format!("{place}{}", end_of(sentence)))), after);
    }
    if after == After::BareLabel || (after == After::Contact && is_only_name(sentence)) {
        return (None, After::Contact);
    }
    let is_about_person = NAMED_PERSON.is_match(sentence) || GET_IN_TOUCH.is_match(sentence);
    ((!is_about_person).then_some(Cow::Borrowed(sentence)), After::Something)
}

fn end_of(sentence: &str) -> &'static str {
    if sentence.ends_with('\n') { "\n" } else { " " }
}

/// A name or `Rückfragen unter:` right before a contact sentence belongs to it, and goes with it.
fn drop_announcement(kept: &mut [Cow<'_, str>]) {
    let Some(last) = kept.iter_mut().rfind(|piece| !piece.trim().is_empty()) else { return };
    if is_only_name(last) || (last.trim_end().ends_with(':') && !PLACE.is_match(last)) {
        *last = Cow::Borrowed("\n");
    }
}

/// Whether a sentence is about a contact person.
fn is_contact(sentence: &str, is_first: bool) -> bool {
    if sentence.contains(DATUM) {
        return true;
    }
    if !HAS_MARKER_LETTERS.is_match(sentence) {
        return false;
    }
    let is_named = INTRODUCED.captures(sentence).is_some_and(|found| !has_common_name(&found))
        || NAMED.captures_iter(sentence).any(|found| is_person(&found));
    if is_question(sentence) {
        return is_named;
    }
    // The first sentence may be a job title, with `AP` as the job.
    is_named || has_label(sentence) || (!is_first && is_ap_with_name(sentence))
}

/// Whether the words after a role are a name. After an honorific they are; otherwise it takes two, neither of them an
/// ordinary word.
fn is_person(found: &Captures<'_>) -> bool {
    if found.name("honorific").is_some() {
        return true;
    }
    let is_ap_of_nursing = found["role"].starts_with('A') && NURSING.is_match(&found["names"]);
    PLAIN_ROLE.is_match(&found["role"])
        && !is_ap_of_nursing
        && found["names"].contains(char::is_whitespace)
        && !has_common_name(found)
}

fn has_common_name(found: &Captures<'_>) -> bool {
    found.name("names").is_some_and(|names| names.as_str().split_whitespace().take(2).any(is_common))
}

/// The beginning of a sentence, as far as it only says where something is (`Haus Nord, Musterweg 1, Tel. …`).
fn place_before_contact(sentence: &str) -> Option<&str> {
    let mut end = 0;
    let mut start = 0;
    for separator in PART_END.find_iter(sentence) {
        let part = &sentence[start..separator.start()];
        if !PLACE.is_match(part) || part.contains(DATUM) || has_label(part) || NAMED_PERSON.is_match(part) {
            break;
        }
        (start, end) = (separator.end(), separator.start());
    }
    Some(&sentence[..end]).filter(|place| place.trim().contains(' '))
}

/// A question without the name and number in it; `None` if it makes no sense without them.
fn mended(question: &str) -> Option<String> {
    let nameless = NAMED.replace_all(question, without_name);
    let is_still_named = NAMED_PERSON.is_match(&nameless)
        || INTRODUCED.captures(&nameless).is_some_and(|found| !has_common_name(&found))
        || OWNER.captures(&nameless).is_some_and(|found| !has_common_name(&found));
    if is_still_named || nameless.contains(NAMED_OWNER) {
        return None;
    }
    let bare = DATA.replace_all(nameless.trim_end(), " ");
    bare.split_whitespace().nth(1).is_some().then(|| tidied(&bare))
}

/// `unserer Ansprechpartnerin Erika Beispiel` without the name.
fn without_name(found: &Captures<'_>) -> String {
    if !is_person(found) {
        return found[0].to_owned();
    }
    let names = found["names"].split_whitespace();
    let words: Vec<_> = names.skip_while(|word| !is_common(word)).collect();
    let trail = found.name("trail").map_or("", |trail| trail.as_str());
    let trail = if found["lead"].contains([',', '(']) { "" } else { trail };
    let space = if words.is_empty() { "" } else { " " };
    format!("{}{space}{}{trail}", &found["role"], words.join(" "))
}

fn without_labelled_brackets(text: &str) -> Cow<'_, str> {
    if !text.contains('(') || !HAS_MARKER_LETTERS.is_match(text) {
        return Cow::Borrowed(text);
    }
    BRACKET.replace_all(
        text,
        |bracket: &Captures<'_>| {
            if has_label(&bracket[0]) { String::new() } else { bracket[0].to_owned() }
        },
    )
}

fn tidied(text: &str) -> String {
    let text = EMPTY_BRACKETS.replace_all(text, "");
    let text = EMPTY_SEPARATORS.replace_all(&text, "$1");
    LOOSE_ENDS.replace_all(&text, "$1").into_owned()
}

#[cfg(test)]
mod tests;
