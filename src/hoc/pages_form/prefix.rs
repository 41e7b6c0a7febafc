//! The word in front of a note, or at its end, that says how important it is.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::pattern;

/// How important a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// `Zwingend:`, `Muss:`.
    Must,
    /// `Wünschenswert:`.
    Wanted,
    /// `Optional:`, which may also be something that is offered.
    Optional,
    /// `Alternativ:`.
    Alternative,
}

/// A prefix ends with a colon, or with a dash that stands by itself or at the end of the word (`Zwingend -`,
/// `Zwingend- `), but not with one inside a word (`Muss-Kriterien`). Brackets may come before it (`Zwingend (!):`).
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^[\s\p{Pd}•*·‣▪▸►✓>]*
        (?:(?P<must>zwingend(?:\s+(?:erforderlich|notwendig))?|muss(?:[\s-]?kriterium)?|pflicht)
          |(?P<exclusion>k\.?\s?o\.?(?:[\s-]?kriterium)?|ausschluss(?:[\s-]?kriterium)?)
          |(?P<wanted>w(?:ü|ue|u\u{308})nschenswert)
          |(?P<optional>optional)
          |(?P<alternative>alternative?|(?:alternativ|oder)(?:\s+(?:auch|dazu))?))
        (?:\s*[(\[][^()\[\]\n]{0,20}[)\]])?
        (?:\s*:|\s+\p{Pd}\s|\p{Pd}\s)[\s:]*",
    )
});

/// `zwingend Staplerschein`: the requirement follows at once, with a capital letter, a number or `mindestens`. A
/// sentence would go on in lower case (`Zwingend ist …`).
static WITHOUT_COLON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s\p{Pd}•*·‣▪▸►✓>]*(?:(?P<must>(?i:zwingend))|(?i:w(?:ü|ue|u\u{308})nschenswert))\s+(?P<note>\p{Lu}|\d|mind\.|mindestens\s)",
    )
});

/// `Staplerschein (zwingend)`, `Staplerschein ist zwingend erforderlich`.
static MUST_AT_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:
            \s*[(\[]\s*(?:zwingend(?:\s+(?:erforderlich|notwendig))?|muss(?:[\s-]?kriterium)?|pflicht
              |k\.?\s?o\.?(?:[\s-]?kriterium)?)\s*!*\s*[)\]]
            |(?:\s\p{Pd}|,)?\s(?:(?:ist|sind)\s+)?zwingend(?:\s+(?:erforderlich|notwendig))?
            |\s(?:ist|sind)\s+ein\s+muss
        )[\s.!]*$",
    )
});

/// `oder vergleichbare Ausbildung`, `Alternativ eine Ausbildung`: only a note that goes on with the one before it begins
/// like this.
static ALTERNATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\s\p{Pd}•*·‣▪▸►✓>]*(?i:oder|alternativ)(?:\s+(?i:auch|dazu))?\s+(?P<note>[\p{L}\d])")
});

/// Words that turn a mark into its opposite, wherever in the note they are.
const NEGATIONS: [&str; 6] = ["nicht", "kein", "keine", "keinen", "keiner", "keinerlei"];

/// Splits a note into its prefix and its text. An exclusion keeps its prefix in the text: `KO: keine Vorstrafen` names
/// what candidates must have, `Ausschluss: Vorstrafen` what they must not have.
pub(super) fn split(note: &str) -> (Option<Prefix>, &str) {
    let Some(found) = PREFIX.captures(note) else { return split_without_colon(note) };
    if let Some(word) = found.name("exclusion") {
        return (Some(Prefix::Must), &note[word.start()..]);
    }
    let prefix = if found.name("must").is_some() {
        Prefix::Must
    } else if found.name("wanted").is_some() {
        Prefix::Wanted
    } else if found.name("optional").is_some() {
        Prefix::Optional
    } else {
        Prefix::Alternative
    };
    (Some(prefix), &note[found[0].len()..])
}

fn split_without_colon(note: &str) -> (Option<Prefix>, &str) {
    let Some(found) = WITHOUT_COLON.captures(note) else { return (None, note) };
    let prefix = if found.name("must").is_some() { Prefix::Must } else { Prefix::Wanted };
    let start = found.name("note").map_or(0, |note| note.start());
    (Some(prefix), &note[start..])
}

/// Like [`split`], for what counts only in notes that are asked: a mark at the end (`Staplerschein (zwingend)`), and an
/// alternative without a colon.
pub(super) fn split_asked(note: &str) -> (Option<Prefix>, &str) {
    if let Some(alternative) = ALTERNATIVE.captures(note).and_then(|found| found.name("note")) {
        return (Some(Prefix::Alternative), &note[alternative.start()..]);
    }
    let Some(mark) = MUST_AT_END.find(note) else { return (None, note) };
    let is_denied =
        note.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| NEGATIONS.contains(&word));
    let before = &note[..mark.start()];
    if is_denied || !before.contains(char::is_alphabetic) {
        return (None, note);
    }
    (Some(Prefix::Must), before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_must_may_stand_at_the_end() {
        for note in [
            "Führerschein (zwingend)",
            "Führerschein (zwingend erforderlich!)",
            "Führerschein (Muss)",
            "Führerschein [Pflicht]",
            "Führerschein (K.O.-Kriterium)",
            "Führerschein zwingend",
            "Führerschein – zwingend!",
            "Führerschein, zwingend",
            "Führerschein ist zwingend erforderlich.",
            "Führerschein zwingend notwendig",
            "Führerschein ist ein Muss!",
        ] {
            assert_eq!(split_asked(note), (Some(Prefix::Must), "Führerschein"), "{note:?}");
        }
        for note in [
            "Führerschein",
            "Führerschein nicht zwingend erforderlich",
            "Führerschein ist kein Muss",
            "Kein Führerschein zwingend",
            "Deutsch zwingend, Englisch wünschenswert",
            "Führerschein (nicht zwingend)",
            "Dienst am Wochenende Pflicht",
            "Zwingend",
            "(Muss)",
        ] {
            assert_eq!(split_asked(note), (None, note));
        }
    }

    #[test]
    fn an_alternative_goes_on_with_the_note_before_it() {
        for note in [
            "Alternativ Führerschein",
            "alternativ auch Führerschein",
            "oder Führerschein",
            "- ODER Führerschein",
        ] {
            assert_eq!(split_asked(note), (Some(Prefix::Alternative), "Führerschein"), "{note:?}");
            assert_eq!(split(note), (None, note), "where notes are told, it may be anything");
        }
        assert_eq!(split_asked("oder vergleichbare Ausbildung").1, "vergleichbare Ausbildung");
        for note in ["Alternative Wohnformen", "Alternativmedizin", "Oder-Spree-Kreis", "Oder"] {
            assert_eq!(split_asked(note), (None, note));
        }
    }

    #[test]
    fn every_spelling_of_a_prefix_is_taken_off() {
        for (note, prefix) in [
            ("Zwingend: Führerschein", Prefix::Must),
            ("ZWINGEND : Führerschein", Prefix::Must),
            ("- zwingend: Führerschein", Prefix::Must),
            ("• Zwingend - Führerschein", Prefix::Must),
            ("Zwingend – Führerschein", Prefix::Must),
            ("Zwingend- Führerschein", Prefix::Must),
            ("Zwingend erforderlich: Führerschein", Prefix::Must),
            ("Muss: Führerschein", Prefix::Must),
            ("Muss-Kriterium: Führerschein", Prefix::Must),
            ("Wünschenswert:Führerschein", Prefix::Wanted),
            ("Wu\u{308}nschenswert: Führerschein", Prefix::Wanted),
            ("WÜNSCHENSWERT: Führerschein", Prefix::Wanted),
            ("Optional: Führerschein", Prefix::Optional),
            ("Alternativ: Führerschein", Prefix::Alternative),
            ("Alternativ dazu: Führerschein", Prefix::Alternative),
            ("Alternative: Führerschein", Prefix::Alternative),
            ("ODER: Führerschein", Prefix::Alternative),
            ("oder auch - Führerschein", Prefix::Alternative),
            ("zwingend Führerschein", Prefix::Must),
            ("Zwingend (!): Führerschein", Prefix::Must),
            ("Zwingend [wichtig] - Führerschein", Prefix::Must),
            ("Pflicht: Führerschein", Prefix::Must),
            ("Wünschenswert Führerschein", Prefix::Wanted),
            ("Wünschenswert (kein Muss): Führerschein", Prefix::Wanted),
        ] {
            assert_eq!(split(note), (Some(prefix), "Führerschein"), "{note:?}");
        }
    }

    #[test]
    fn what_excludes_is_a_must_and_keeps_its_word() {
        for note in [
            "KO: keine Vorstrafen",
            "K.O.: Vorstrafen",
            "K.O.-Kriterium: Vorstrafen",
            "Ausschluss: Vorstrafen",
        ] {
            assert_eq!(split(&format!("- {note}")), (Some(Prefix::Must), note));
        }
    }

    #[test]
    fn words_that_only_begin_like_a_prefix_stay() {
        for note in [
            "Muss-Kriterien kennen",
            "Alternativmedizin: Kenntnisse",
            "Optionale Zusatzrente",
            "Zwingender Grund: ja",
            "Zwingend ist ein Führerschein",
            "Zwingend müssen Bewerber stehen können",
            "Wünschenswert wäre Englisch",
            "Pflichtpraktikum: ja",
            "Pflicht Bewusstsein",
            "Koch: Vollzeit",
            "KO",
        ] {
            assert_eq!(split(note), (None, note));
        }
    }
}
