//! Removes what Markdown, and the habit of writing it, leave in texts that are meant to be spoken.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::hoc::sentences::QUESTION_WORDS;
use crate::pattern::pattern;
use crate::word_list::WordList;

/// What Markdown puts around words: `**…**`, backticks, and a link with an address behind it.
static AROUND_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\*\*(?P<bold>[^*\s][^*\n]*)\*\*|`+(?P<code>[^`\n]+)`+|!?\[(?P<link>[^\[\]\n]+)\]\((?:https?:|mailto:|tel:|www\.|/)[^()\s]*\)",
    )
});

/// The less distinctive marks, only where no word touches them on the outside, so that `Erzieher*in, Lehrer*in` and
/// `first__name` stay.
static QUIET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x)
        \B\*(?P<star>[\p{L}\p{N}„“"{(](?:[^*\n]*[\p{L}\p{N}.,:;!?“”"})])?)\*\B
        | \b__(?P<under>[^_\s](?:[^\n]*?[^_\s])?)__\b
        | ~~(?P<struck>[^~\n]+)~~"#,
    )
});

/// What a line may begin with that is more than plain words.
const LINE_MARKS: [char; 9] = ['#', '*', '•', '·', '|', '-', '–', '_', '='];

/// List bullets. A dash in front of any line but the first is a pause, and stays.
const BULLETS: [char; 5] = ['*', '•', '·', '-', '–'];
const SPOKEN_BULLETS: [char; 3] = ['*', '•', '·'];

/// Further words that begin a question. `1. Haben Sie …?` is a numbered question, `1. Ausbildungsjahr` and `2. Stock`
/// are not.
const FIRST_WORDS: WordList = WordList::of(
    "Ab An Arbeiten Auf Aus Bei Besitzen Bis Bringen Darf Dürfte Für Gab Gibt Hatten Hätten Im In Kommen \
    Könnten Mit Nach Passt Seit Sprechen Suchen Unter Verfügen Waren Weshalb Wieso Wieviel Wieviele \
    Wohnen Wollen Wären Zu Zum Zur",
);

/// The text without Markdown, with its line breaks.
pub(super) fn without_markdown(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = without_marks_of_lines(text);
    let text = replaced(text, &["**", "`", "]("], &AROUND_WORDS, "$bold$code$link");
    // A placeholder has single underscores.
    let text = replaced(text, &["*", "__", "~~"], &QUIET, "$star$under$struck");
    without_number(text)
}

/// Nearly all texts contain none of the `marks`, and skip the pattern.
fn replaced<'t>(text: Cow<'t, str>, marks: &[&str], pattern: &Regex, by: &str) -> Cow<'t, str> {
    if !marks.iter().any(|mark| text.contains(mark)) || !pattern.is_match(&text) {
        return text;
    }
    Cow::Owned(pattern.replace_all(&text, by).into_owned())
}

fn without_marks_of_lines(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.split('\n').any(|line| line.trim_start().starts_with(LINE_MARKS)) {
        return text;
    }
    let lines: Vec<_> =
        text.split('\n').map(str::trim).filter(|line| !line.is_empty() && !is_rule(line)).collect();
    let last = lines.len().saturating_sub(1);
    let plain = lines.iter().enumerate().map(|(index, line)| plain_line(line, index == 0, index == last));
    Cow::Owned(plain.collect::<Vec<_>>().join("\n"))
}

/// `---`, and the line below a table's head.
fn is_rule(line: &str) -> bool {
    line.len() > 2 && line.chars().all(|c| "|:-–=_* ".contains(c))
}

fn plain_line(line: &str, is_first: bool, is_last: bool) -> Cow<'_, str> {
    if let Some(row) = line.strip_prefix('|').and_then(|rest| rest.strip_suffix('|')) {
        return Cow::Owned(row_as_sentence(row));
    }
    let unhashed = line.trim_start_matches('#');
    if unhashed.len() < line.len() && unhashed.starts_with(' ') {
        let heading = unhashed.trim_start();
        let leads_on = !is_last && heading.ends_with(char::is_alphanumeric);
        return if leads_on { Cow::Owned(format!("{heading}:")) } else { Cow::Borrowed(heading) };
    }
    let rest = |bullets: &[char]| line.strip_prefix(bullets).filter(|rest| rest.starts_with(' '));
    match (rest(&BULLETS), rest(&SPOKEN_BULLETS)) {
        (Some(rest), _) if is_first => Cow::Borrowed(rest.trim_start()),
        (_, Some(rest)) => Cow::Owned(format!("–{rest}")),
        _ => Cow::Borrowed(line),
    }
}

/// `Früh | 6-14` as `Früh, 6-14.`
fn row_as_sentence(row: &str) -> String {
    let cells: Vec<_> = row.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let end = if cells.len() > 1 && row.trim_end().ends_with(char::is_alphanumeric) { "." } else { "" };
    format!("{}{end}", cells.join(", "))
}

/// The text without a number at its beginning, because the interview numbers the questions itself.
fn without_number(text: Cow<'_, str>) -> Cow<'_, str> {
    let start = text.trim_start();
    match labelled(start).or_else(|| numbered(start)) {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => text,
    }
}

/// What follows `Frage 3:`.
fn labelled(text: &str) -> Option<&str> {
    let label = text.get(..5).filter(|label| label.eq_ignore_ascii_case("frage"))?;
    let number = text[label.len()..].trim_start();
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = number.len() - rest.len();
    let mark = rest.trim_start();
    let words = mark.strip_prefix([':', '.', ')']).or_else(|| {
        // `Frage 1 - 3` is a range.
        mark.strip_prefix(['-', '–']).filter(|words| words.trim_start().starts_with(char::is_uppercase))
    })?;
    ((1..4).contains(&digits) && (words.is_empty() || words.starts_with(char::is_whitespace)))
        .then(|| words.trim_start())
}

/// What follows `3)`, or `3.` if it is a question.
fn numbered(text: &str) -> Option<&str> {
    let mark = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if !(1..3).contains(&(text.len() - mark.len())) {
        return None;
    }
    let bracket = mark.strip_prefix('.').unwrap_or(mark).strip_prefix(')');
    let rest = bracket.or_else(|| mark.strip_prefix('.').filter(|rest| begins_question(rest)))?;
    let words = rest.trim_start();
    (!words.is_empty() && words.len() < rest.len()).then_some(words)
}

fn begins_question(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    text.contains('?') && (QUESTION_WORDS.has(first) || FIRST_WORDS.has(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> String {
        without_markdown(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn marks_around_words_vanish() {
        assert_eq!(without("**Wichtig:** Haben Sie `Word`?"), "Wichtig: Haben Sie Word?");
        assert_eq!(without("Mehr: [hier](https://a.example)"), "Mehr: hier");
        assert_eq!(
            without("Haben Sie __mindestens__ *drei* ~~vier~~ Jahre?"),
            "Haben Sie mindestens drei vier Jahre?"
        );
        assert_eq!(without("***Ja*** (*nein*), *{{first_name}}*"), "Ja (nein), {{first_name}}");
        assert_eq!(without("__Hallo {{first_name}}__!"), "Hallo {{first_name}}!");
    }

    #[test]
    fn marks_of_lines_vanish() {
        assert_eq!(
            without("## Führerschein?\n* Klasse B\n* Klasse C"),
            "Führerschein?\n– Klasse B\n– Klasse C"
        );
        assert_eq!(without("## Über uns\n\nWir kochen."), "Über uns:\nWir kochen.");
        assert_eq!(without("# Koch"), "Koch");
        assert_eq!(without("- Haben Sie Zeit?"), "Haben Sie Zeit?");
        assert_eq!(
            without("| Schicht | Zeit |\n|---|:--|\n| Früh | 6-14 |\nGut.\n***"),
            "Schicht, Zeit.\nFrüh, 6-14.\nGut."
        );
    }

    #[test]
    fn a_number_at_the_beginning_vanishes() {
        for numbered in [
            "Frage 3: Haben Sie Zeit?",
            "FRAGE 12. Haben Sie Zeit?",
            "**Frage 1:** Haben Sie Zeit?",
            "1. Haben Sie Zeit?",
            "2) Haben Sie Zeit?",
            "## 3.) Haben Sie Zeit?",
            "Frage 4) Haben Sie Zeit?",
            "Frage 5 – Haben Sie Zeit?",
        ] {
            assert_eq!(without(numbered), "Haben Sie Zeit?", "{numbered}");
        }
        assert_eq!(without("Frage 3:"), "");
    }

    #[test]
    fn what_only_looks_like_markdown_stays() {
        for text in [
            "Erzieher*in",
            "Erzieher*in, Lehrer*in und *innen",
            "Kauffrau/*mann oder Koch/*Köchin",
            "2 ** 3",
            "2 * 3 * 4",
            "Gehalt* ab 3.000 Euro*",
            "Leitung [optional] (m/w/d)",
            "Es war` so",
            "{{first_name}} {{__x}}",
            "first__name",
            "Ich bin ____ Jahre",
            "C#",
            "#1 der Region",
            "a | b",
            "-5 Grad",
            "Früh\n- Spät",
            "1. Ausbildungsjahr",
            "1. Lehrjahr: Passt das?",
            "2. Stock",
            "1. Hilfe-Kurs vorhanden?",
            "3.000 Euro?",
            "Frage nach dem Gehalt: offen?",
            "Frage 3 nur stellen, wenn Frage 2 bejaht wurde.",
            "Frage 3.1",
            "Frage 1 - 3 nur Fachkräfte",
            "1)",
            "24 Stunden",
        ] {
            assert!(
                matches!(without_markdown(Cow::Borrowed(text)), Cow::Borrowed(same) if same == text)
                    || without(text) == text,
                "{text} became {}",
                without(text)
            );
        }
    }
}
