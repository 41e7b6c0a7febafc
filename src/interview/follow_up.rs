//! Questions that say nothing without what HOC has before them: `Wenn ja, wie lange?`, `Passt das für Sie?`

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Question, QuestionKind};
use crate::pattern::pattern;

/// Every follow-up contains one of these. Hardly any question does.
const SIGNS: [&str; 8] = ["enn ", "alls ", "das", "dies", "damit", "dazu", "dafür", "davon"];

/// `Wenn ja, seit wann?`, or a short sentence in which `das` is what was said before. With a noun after it (`Ist das
/// Gehalt in Ordnung?`), it is an article.
static FOLLOW_UP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        ^(?i:und\s+)?(?i:wenn|falls)\s+(?:ja|nein|nicht|doch)\b
        | ^(?:Und\s+)?(?i:passt|ist|wäre|geht|kommt|klingt|trifft|gefällt|interessiert|reizt)\s+(?:(?:Ihnen|Sie)\s+)?(?:das|dies)
          (?:\s+(?:Sie|Ihnen|Ordnung|Frage|[a-zäöüß]+)){0,6}\?$
        | ^(?:Können|Könnten)\s+Sie\s+sich\s+das\s+(?:[a-zäöüß]+\s+)?vorstellen\?$
        | ^(?:Sind|Wären)\s+Sie\s+(?:damit|dazu|dafür)(?:\s+[a-zäöüß]+){0,2}\?$",
    )
});

/// Whether a question refers to the entry before it in HOC's list. One with a place of its own does not.
pub(super) fn is_follow_up(question: &Question) -> bool {
    question.kind != QuestionKind::Info
        && question.phase.is_none()
        && SIGNS.iter().any(|sign| question.text.contains(sign))
        && FOLLOW_UP.is_match(&question.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_says_nothing_alone() {
        let is_follow_up = |text: &str| is_follow_up(&Question::new("q", text, QuestionKind::YesNo));
        for text in [
            "Wenn ja, wie lange und wo?",
            "Falls nicht: Warum?",
            "Und wenn nein, bis wann?",
            "Passt das für Sie?",
            "Ist das für Sie in Ordnung?",
            "Wäre das okay?",
            "Kommt das für Sie infrage?",
            "Passt Ihnen das so?",
            "Können Sie sich das vorstellen?",
            "Sind Sie damit einverstanden?",
        ] {
            assert!(is_follow_up(text), "{text}");
        }
        for text in [
            "Ist das Gehalt für Sie in Ordnung?",
            "Wenn Sie wählen könnten: Früh oder Spät?",
            "Passt das Arbeitszeitmodell für Sie?",
            "Haben Sie das Examen?",
            "Die Stelle ist in Vollzeit. Ist das für Sie passend?",
            "Sind Sie damit einverstanden, dass wir Ihre Daten speichern?",
            "Wie wichtig ist Ihnen das Team?",
        ] {
            assert!(!is_follow_up(text), "{text}");
        }
    }
}
