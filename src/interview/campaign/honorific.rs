//! People who are named where a place or a position should be: `Köln, Frau Beispiel`. They are contact persons, and a
//! candidate must not hear that they applied "für den Standort Köln, Frau Beispiel".

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::pattern;

/// A part of a text that is a person's name. A leading `Dr.` may begin the name of a practice, and inside a part,
/// things are named after people (`Klinik Dr. Muster`).
static PERSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        (?:
            (?:^|\s*[,;(]\s*|\s+[-–|]\s+) (?:Frau|Herrn?|Fr\.|Hr\.)
            |(?:\s*[,;(]\s*|\s+[-–|]\s+) (?:Dr|Prof)\.
        )
        \s+\p{Lu}[^,;()0-9]*",
    )
});

/// A person's name anywhere.
static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:Frau|Herrn?|Fr\.|Hr\.|Dr\.)\s+\p{Lu}"));

/// Titles before a name. Looked for first, because a pattern is slower.
const HONORIFICS: [&str; 6] = ["Frau", "Herr", "Fr.", "Hr.", "Dr.", "Prof."];

/// The fairy-tale character that day-care centres are named after.
const FAIRY_TALE: &str = "Frau Holle";

/// Whether a person's name is a part of `text`, between commas or the like.
pub(super) fn is_part_of(text: &str) -> bool {
    people(text).next().is_some()
}

/// Whether anybody is named anywhere in `text`.
pub(super) fn is_in(text: &str) -> bool {
    may_be_in(text) && ANYWHERE.is_match(&text.replace(FAIRY_TALE, ""))
}

/// `text` without the parts of it that name people.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut start = 0;
    for (person, end) in people(text) {
        kept.push_str(&text[start..person]);
        start = end;
    }
    if start == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[start..]);
    Cow::Owned(kept.trim_matches([',', ';', ' ']).to_owned())
}

/// The start of each name, and the start of what follows it. Before a number, it is a street or a room named after
/// somebody.
fn people(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let found = may_be_in(text).then(|| PERSON.find_iter(text));
    found.into_iter().flatten().filter_map(|person| {
        let rest = &text[person.end()..];
        let is_number = rest.starts_with(|next: char| next.is_ascii_digit());
        let is_person = !is_number && !person.as_str().contains(FAIRY_TALE);
        let bracket = usize::from(person.as_str().contains('(') && rest.starts_with(')'));
        is_person.then(|| (person.start(), person.end() + bracket))
    })
}

fn may_be_in(text: &str) -> bool {
    HONORIFICS.iter().any(|honorific| text.contains(honorific))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_left_out_of_places_and_what_is_called_for_them_is_not() {
        for (text, rest) in [
            ("Köln, Frau Beispiel", "Köln"),
            ("Köln - Herr Muster", "Köln"),
            ("Köln (Hr. Muster)", "Köln"),
            ("Köln, Fr. Dr. Beispiel, Herr Muster, Musterweg 1", "Köln, Musterweg 1"),
            ("Köln, Prof. Muster", "Köln"),
            ("Frau Beispiel, Musterweg 1", "Musterweg 1"),
            ("Frau Beispiel", ""),
            ("Kita Frau Holle", "Kita Frau Holle"),
            ("Köln, Frau Holle", "Köln, Frau Holle"),
            ("Klinik Dr. Muster, Köln", "Klinik Dr. Muster, Köln"),
            ("Dr. Muster Zahnmedizin", "Dr. Muster Zahnmedizin"),
            ("Köln, Prof. Muster Str. 5", "Köln, Prof. Muster Str. 5"),
            ("Haus Nord, Herrenweg 5", "Haus Nord, Herrenweg 5"),
        ] {
            assert_eq!(without(text), rest, "{text}");
        }
    }
}
