//! Every text of a questionnaire passes through here on its way into the domain.

use std::borrow::Cow;

use super::contacts;
use super::internal::{is_internal, is_internal_hint, is_verdict};
use super::markup::without_markup;
use super::sentences::is_question;
use crate::domain::{SkipReason, clean_line_with_placeholders};

/// A text as one clean line: no markup, no contact data, no stray white space, no runs of exclamation marks.
///
/// `None` if nothing is left that can be spoken.
pub(super) fn line(raw: &str) -> Option<String> {
    single_line(&contacts::removed(&readable_lines(raw)))
}

/// Like [`line()`], but line by line, for texts that are lists.
pub(super) fn lines(raw: &str) -> Vec<String> {
    contacts::removed(&readable_lines(raw)).split('\n').filter_map(single_line).collect()
}

/// The text of a question or note, or why it is skipped: a note may be internal, or about nothing but a contact person.
///
/// These two are skipped without a warning. A question that is lost together with a contact person is
/// [`SkipReason::NoText`] instead, so that the preview warns.
pub(super) fn note(raw: &str) -> Result<String, SkipReason> {
    sayable(&note_lines(raw)?).ok_or(SkipReason::NoText)
}

/// Like [`note`], for a fact about the employer, which must not name any person either, nor decide about the candidate.
pub(super) fn fact(raw: &str) -> Result<String, SkipReason> {
    let text = note_lines(raw)?;
    if is_verdict(&text) {
        return Err(SkipReason::Internal);
    }
    if is_question(&text) {
        return sayable(&text).ok_or(SkipReason::NoText);
    }
    let told = contacts::without_persons(&text);
    let is_whole = told.len() == text.len();
    sayable(&told).ok_or(if is_whole { SkipReason::NoText } else { SkipReason::ContactPerson })
}

/// The text of a question or note, with its line breaks.
fn note_lines(raw: &str) -> Result<String, SkipReason> {
    let readable = readable_lines(raw);
    if readable.split('\n').any(is_internal) {
        return Err(SkipReason::Internal);
    }
    if contacts::is_contact_note(&readable) {
        return Err(SkipReason::ContactPerson);
    }
    let text = contacts::removed(&readable);
    if is_question(&readable) && !is_question(&text) {
        return Err(SkipReason::NoText);
    }
    if text.is_empty() && readable.contains(char::is_alphanumeric) {
        return Err(SkipReason::ContactPerson);
    }
    Ok(text.into_owned())
}

/// Like [`note`], for a must criterion, which is never skipped without a warning.
pub(super) fn criterion(raw: &str) -> Result<String, SkipReason> {
    note(raw).map_err(|reason| match reason {
        SkipReason::ContactPerson | SkipReason::Internal => SkipReason::NoText,
        other => other,
    })
}

/// A hint for the interviewer. `None` also if it is internal, unless it says that its question is a criterion.
pub(super) fn hint(raw: &str) -> Option<String> {
    let says_criterion = |hint: &str| ["kriterium", "zwingend"].iter().any(|mark| hint.contains(mark));
    line(raw).filter(|hint| !is_internal_hint(hint) || says_criterion(&hint.to_lowercase()))
}

/// The text as a person would see it: without markup and invisible characters, but with its line breaks, because a
/// contact person's data ends where the line ends.
pub(super) fn readable_lines(raw: &str) -> Cow<'_, str> {
    let plain = match without_markup(raw) {
        Cow::Borrowed(plain) => match clean_line_with_placeholders(plain) {
            Cow::Borrowed(clean) => return Cow::Borrowed(clean),
            Cow::Owned(_) => Cow::Borrowed(plain),
        },
        plain @ Cow::Owned(_) => plain,
    };
    let lines: Vec<_> = plain
        .split(is_line_break)
        .map(clean_line_with_placeholders)
        .filter(|line| !line.is_empty())
        .collect();
    Cow::Owned(lines.join("\n"))
}

/// `3.000 – 3.500 €` means something by itself, `39` does not.
fn sayable(text: &str) -> Option<String> {
    single_line(text).filter(|text| text.contains(|c: char| c.is_alphabetic() || "€%".contains(c)))
}

fn single_line(text: &str) -> Option<String> {
    let mut line = clean_line_with_placeholders(text).into_owned();
    while line.contains("!!") {
        line = line.replace("!!", "!");
    }
    line.chars().any(char::is_alphanumeric).then_some(line)
}

const fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_and_keeps_its_placeholders() {
        assert_eq!(
            line("\n Spreche ich\tmit {{first_name}}\r\n\r\n{{last_name}}? ").as_deref(),
            Some("Spreche ich mit {{first_name}} {{last_name}}?")
        );
    }

    #[test]
    fn runs_of_exclamation_marks_become_one() {
        assert_eq!(line("Start sofort!!!! Ja!! Gut!").as_deref(), Some("Start sofort! Ja! Gut!"));
    }

    #[test]
    fn what_cannot_be_said_is_no_text() {
        for raw in ["", " \n ", "---", "!!!", "\u{200B}", "<p> </p>", "&nbsp;", "{{}}"] {
            assert_eq!(line(raw), None, "{raw:?}");
        }
        assert_eq!(line("39").as_deref(), Some("39"), "an option may be a number");
        assert_eq!(note("39"), Err(SkipReason::NoText), "a question may not");
        assert_eq!(note("3.000–3.500 €").as_deref(), Ok("3.000–3.500 €"), "but it may offer something");
    }

    #[test]
    fn a_note_that_begins_with_a_contact_person_is_dropped_whole() {
        for raw in [
            "AP Erika Beispiel",
            "<p>AP: Frau Beispiel. Sie leitet das Haus.</p>",
            "Ansprechpartnerin vor Ort: Beispiel\nLeitung",
        ] {
            assert_eq!(note(raw), Err(SkipReason::ContactPerson), "{raw:?}");
        }
    }

    #[test]
    fn a_fact_decides_nothing_about_the_candidate() {
        assert_eq!(fact("Leider erfüllen Sie die Voraussetzungen nicht."), Err(SkipReason::Internal));
        assert_eq!(
            fact("Leider haben wir keine Parkplätze.").as_deref(),
            Ok("Leider haben wir keine Parkplätze.")
        );
    }

    #[test]
    fn a_note_with_an_internal_line_is_dropped_whole() {
        assert_eq!(note("Vollzeit\nIntern: Budget 48.000 €"), Err(SkipReason::Internal));
        assert_eq!(
            note("<p>Vollzeit</p><p>Fortbildungen (intern)</p>").as_deref(),
            Ok("Vollzeit Fortbildungen (intern)")
        );
        assert_eq!(criterion("Intern: Deutsch B2"), Err(SkipReason::NoText), "somebody hears of it");
    }

    #[test]
    fn a_question_that_is_lost_with_a_contact_person_is_no_text_so_that_somebody_hears_of_it() {
        assert_eq!(note("Kennen Sie Frau Beispiel, Tel. 030 23125001?"), Err(SkipReason::NoText));
        assert_eq!(note("Es eilt. Kennen Sie Frau Beispiel, Tel. 030 23125001?"), Err(SkipReason::NoText));
        assert_eq!(note("Erika Beispiel, Tel. 030 23125001"), Err(SkipReason::ContactPerson));
        assert_eq!(note("AP: Frau Beispiel. Wann passt es Ihnen?").as_deref(), Ok("Wann passt es Ihnen?"));
    }

    #[test]
    fn an_address_cannot_hide_behind_markup_or_invisible_characters() {
        for raw in [
            "Mail an erika<b>@</b>example.org",
            "Mail an erika&#64;example.org",
            "Mail an erika&amp;#64;example.org",
            "Mail an erika\u{200B}@\u{AD}example.org",
            "Mail an erika@<br>example.org",
        ] {
            assert!(!line(raw).unwrap_or_default().contains("example"), "{raw:?} became {:?}", line(raw));
        }
    }

    #[test]
    fn job_titles_stay_as_they_are_written() {
        for title in [
            "Kaufmann/-frau für Büromanagement (m/w/d)",
            "Erzieher*in",
            "Pflegefachfrau:mann",
            "C#-Entwickler_in & C++",
            "Leiter (d/m/w) <Region Süd>",
            "Ansprechpartner im Kundendienst (m/w/d)",
        ] {
            assert_eq!(line(title).as_deref(), Some(title));
        }
    }
}
