//! Whether a note asks something. Not every question has a question mark.

use std::sync::LazyLock;

use regex::Regex;

use crate::hoc::sentences::is_one_sentence;
use crate::pattern::pattern;
use crate::word_list::WordList;

/// `Haben Sie einen Führerschein`. None of these verbs can give an instruction (as in `Sprechen Sie uns an`).
static VERB_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:Haben|Hätten|Sind|Wären|Können|Könnten|Dürfen|Möchten|Wollen|Würden|Sollen|Müssen|Besitzen|Verfügen|Kennen|Beherrschen)\s+Sie\s+[^:]+$",
    )
});

/// `Wie hoch ist Ihr Gehaltswunsch`, `Wann können Sie anfangen`; not `Was Sie erwartet` or `Was wir Ihnen bieten`.
static WORD_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:Ab|Bis|Seit|Für|In|Mit)\s+)?(?i:wie|was|wo|wann|warum|weshalb|wieso|woher|wohin|womit|welche[rsnm]?)\s+[^,:]{0,60}?\b(?:\p{Ll}+(?:en|ern)\s+Sie|sind\s+Sie|(?:ist|sind|war|waren|wäre|lautet|sieht)\s+Ihre?)\b[^:]*$",
    )
});

/// `Haben Sie ein Studium?`. With `oder`, it may be a choice.
static YES_OR_NO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:Haben|Hätten|Sind|Wären|Können|Könnten|Dürfen|Möchten|Wollen|Würden|Besitzen|Verfügen|Kennen|Beherrschen|Sprechen)\s+Sie\s",
    )
});

/// What candidates are to say, as recruiters write it down: alone, it tells nothing.
static TOPIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^\P{L}*(?:(?:aktuelles|gewünschtes|bisheriges)\s+gehalt|gehalts(?:vorstellung(?:en)?|wunsch)
            |(?:ihre\s+)?kündigungsfrist(?:en)?|(?:frühest(?:er|möglicher)\s+)?eintritts(?:termin|datum))[\s:.!]*$",
    )
});

/// What turns a leading verb into a condition: `Haben Sie Fragen, rufen Sie an`.
static CONSEQUENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r",\s*(?:dann|so|bitte|(?:\p{Ll}{3,}(?:en|ern|t)|sind|ist)\s+(?:Sie|wir|uns|das|es|unser\p{Ll}*))\b",
    )
});

/// `Kündigungsfrist abfragen`, `Nach dem Kündigungsgrund fragen`.
static TO_ASK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\P{L}*\p{L}[^,:.;]*\s(?:abfragen|erfragen)[\s.!]*$|^(?i:bitte\s+)?(?i:nach)\s[^,:.;]*\sfragen[\s.!]*$",
    )
});

/// `Nennen Sie mir bitte Ihre Stärken`. An instruction to do something besides talking is not a question
/// (`Nennen Sie bei der Bewerbung …`).
static TELL_US: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i:bitte\s+)?(?i:nennen|erzählen|beschreiben|schildern)\s+Sie\s+(?:bitte\s+|kurz\s+)*(?:mir|uns|Ihre[mnrs]?)\b",
    )
});

/// Brackets behind a question mark: `Rauchen Sie? (Nichtraucherbetrieb)`.
static ASKED_BEFORE_BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\?\s*\([^()]*\)$"));

/// Words of sentences in which `fragen` does not tell the interviewer to ask: they say whom candidates may ask, or what
/// is queried at work (`Datenbanken abfragen`).
const MAY_ASK: WordList = WordList::of(
    "Sie wir uns man können kann zu beim gern gerne jederzeit dürfen darf Kunden Daten Datenbanken",
);

/// `Keine Berufserfahrung erforderlich`, in a note that names nothing else which may be.
static NOT_NEEDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\P{L}*(?:keine?|keinerlei)\s[^,;.:]*\b(?:erforderlich|notwendig|nötig|benötigt|vorausgesetzt|voraussetzung)[\s.!]*$|^[^,;.:]*\b(?:nicht|keine)\s+(?:zwingend\s+|unbedingt\s+)?(?:erforderlich|notwendig|nötig|benötigt|vorausgesetzt|voraussetzung)[\s.!]*$",
    )
});

/// Every note that [`NOT_NEEDED`] matches contains one of these.
const NEEDED: [&str; 6] =
    ["erforderlich", "notwendig", "nötig", "benötigt", "vorausgesetzt", "voraussetzung"];

/// Words that show that something is needed or wanted all the same.
const UNLESS: [&str; 8] = [" aber ", " sondern ", " jedoch ", " und ", "vorteil", "wünsch", "hilfreich", "–"];

/// The sentence to say or the topic to ask about, if a note asks. `orders`: whether a verb at the end tells the
/// interviewer to ask.
pub(super) fn asks(note: &str, orders: bool) -> Option<String> {
    if TOPIC.is_match(note) {
        return Some(note.trim_end_matches([':', '.', '!', ' ']).to_owned());
    }
    if note.ends_with('?') || ASKED_BEFORE_BRACKETS.is_match(note) || (orders && is_order(note)) {
        return Some(note.to_owned());
    }
    if note.contains(" Sie ") && TELL_US.is_match(note) && is_one_sentence(note) {
        return Some(note.to_owned());
    }
    let is_question = note.contains(" Sie") || note.contains(" Ihr");
    (is_question && is_unmarked_question(note)).then(|| format!("{}?", note.trim_end_matches(['.', ' '])))
}

/// Whether a question can be answered with no, so that something else may be asked instead.
pub(super) fn is_yes_or_no(question: &str) -> bool {
    YES_OR_NO.is_match(question) && !question.contains(" oder ") && is_one_sentence(question)
}

fn is_unmarked_question(note: &str) -> bool {
    let is_verb_first = VERB_FIRST.is_match(note) && !CONSEQUENCE.is_match(note);
    (is_verb_first || WORD_FIRST.is_match(note)) && is_one_sentence(note)
}

fn is_order(note: &str) -> bool {
    note.contains("fragen")
        && TO_ASK.is_match(note)
        && !note.split(|c: char| !c.is_alphabetic()).any(|word| MAY_ASK.has(word))
}

/// Whether a note reassures candidates that something is not needed. It is told rather than asked.
pub(super) fn tells_that_nothing_is_needed(note: &str) -> bool {
    let lower = note.to_lowercase();
    let has_exception = UNLESS.iter().any(|word| lower.contains(word));
    NEEDED.iter().any(|word| lower.contains(word)) && !has_exception && NOT_NEEDED.is_match(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_without_its_mark_is_asked() {
        for (note, sentence) in [
            ("Dürfen Sie in Deutschland arbeiten", "Dürfen Sie in Deutschland arbeiten?"),
            ("Sind Sie bereit, ca. drei Tage zu reisen.", "Sind Sie bereit, ca. drei Tage zu reisen?"),
            ("Haben Sie einen Führerschein", "Haben Sie einen Führerschein?"),
            ("Möchten Sie lernen, mit uns zu reisen", "Möchten Sie lernen, mit uns zu reisen?"),
            ("Wie hoch ist Ihr Gehaltswunsch", "Wie hoch ist Ihr Gehaltswunsch?"),
            ("Ab wann können Sie anfangen", "Ab wann können Sie anfangen?"),
            ("Welche Ausbildung haben Sie", "Welche Ausbildung haben Sie?"),
            ("Wo arbeiten Sie aktuell", "Wo arbeiten Sie aktuell?"),
            ("Was verdienen Sie?", "Was verdienen Sie?"),
            ("Haben Sie einen Hund? (Büro)", "Haben Sie einen Hund? (Büro)"),
            ("Nennen Sie mir bitte drei Stärken.", "Nennen Sie mir bitte drei Stärken."),
            ("Bitte beschreiben Sie Ihre Tätigkeit", "Bitte beschreiben Sie Ihre Tätigkeit"),
            ("Erzählen Sie uns von sich", "Erzählen Sie uns von sich"),
            ("Kündigungsfrist abfragen", "Kündigungsfrist abfragen"),
            ("Gehaltswunsch bitte erfragen", "Gehaltswunsch bitte erfragen"),
            ("Nach dem Kündigungsgrund fragen", "Nach dem Kündigungsgrund fragen"),
            ("Gehaltsvorstellung", "Gehaltsvorstellung"),
            ("Frühester Eintrittstermin:", "Frühester Eintrittstermin"),
        ] {
            assert_eq!(asks(note, true).as_deref(), Some(sentence), "{note:?}");
        }
    }

    #[test]
    fn what_only_begins_or_ends_like_a_question_is_told() {
        for note in [
            "Haben Sie Fragen, rufen Sie uns an",
            "Sind Sie flexibel, passt das zu uns",
            "Möchten Sie mehr erfahren, dann besuchen Sie uns",
            "Haben Sie Mut. Wir freuen uns",
            "Sprechen Sie uns an",
            "Bitte nennen Sie bei der Bewerbung die Kennziffer 5",
            "Nennen Sie das Stichwort 5 bei der Bewerbung",
            "Erzählen Sie es weiter! Wir zahlen 500 €",
            "Noch unsicher? (Wir helfen gern.) Bis bald",
            "Arbeiten Sie in einem tollen Team",
            "Wer Nachtdienste übernimmt, erhält Zuschläge",
            "Was uns auszeichnet: flache Hierarchien",
            "Was Sie erwartet",
            "Was wir Ihnen bieten",
            "Wo andere aufhören, fangen wir an",
            "Wo arbeiten Sie: Haus Nord",
            "Wie Sie sehen, ist viel los",
            "Bei Fragen",
            "Noch offene Fragen",
            "Sie können uns jederzeit alles fragen",
            "Dienstplan ist beim Team zu erfragen",
            "Details können Sie im Gespräch erfragen",
            "Kündigungsfrist: vier Wochen",
            "Gehalt nach Tarif",
        ] {
            assert_eq!(asks(note, true), None, "{note:?}");
        }
        assert_eq!(asks("Lagerbestand abfragen", false), None, "a task");
    }

    #[test]
    fn what_is_not_needed_is_told() {
        for note in [
            "Keine Berufserfahrung erforderlich",
            "Berufserfahrung ist nicht zwingend erforderlich.",
            "Führerschein nicht notwendig",
            "Deutsch ist keine Voraussetzung",
        ] {
            assert!(tells_that_nothing_is_needed(note), "{note:?}");
        }
        for note in [
            "Berufserfahrung erforderlich",
            "Keine Vorstrafen",
            "Vorkenntnisse von Vorteil – nicht erforderlich",
            "Englisch wünschenswert (nicht erforderlich)",
            "Keine Angst vor Höhe erforderlich, Führerschein",
            "Keine Erfahrung nötig, aber Führerschein",
            "Deutsch ist erforderlich, Englisch nicht notwendig",
            "Keine Berufserfahrung und Führerschein erforderlich",
        ] {
            assert!(!tells_that_nothing_is_needed(note), "{note:?}");
        }
    }
}
