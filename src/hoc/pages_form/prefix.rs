//! The word in front of a note that says how much it weighs.

use std::sync::LazyLock;

use regex::Regex;

use crate::hoc::text::pattern;

/// How a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// `Zwingend:`, `Muss:`.
    Must,
    /// `Wünschenswert:`, `Optional:`.
    Wanted,
    /// `Alternativ:`.
    Alternative,
}

/// A colon, or a dash that stands by itself or at the word's end (`Zwingend -`, `Zwingend- `), but not one inside a
/// word (`Muss-Kriterien`).
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^[\s\p{Pd}•*·‣▪▸►✓>]*
        (?:(?P<must>zwingend(?:\s+(?:erforderlich|notwendig))?|muss(?:[\s-]?kriterium)?)
          |(?P<wanted>w(?:ü|ue|u\u{308})nschenswert|optional)
          |(?P<alternative>alternativ))
        (?:\s*:|\s+\p{Pd}\s|\p{Pd}\s)[\s:]*",
    )
});

/// Splits a note into its prefix and what it says.
pub(super) fn split(note: &str) -> (Option<Prefix>, &str) {
    let Some(found) = PREFIX.captures(note) else { return (None, note) };
    let prefix = if found.name("must").is_some() {
        Prefix::Must
    } else if found.name("wanted").is_some() {
        Prefix::Wanted
    } else {
        Prefix::Alternative
    };
    (Some(prefix), &note[found[0].len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("Optional: Führerschein", Prefix::Wanted),
            ("Alternativ: Führerschein", Prefix::Alternative),
        ] {
            assert_eq!(split(note), (Some(prefix), "Führerschein"), "{note:?}");
        }
    }

    #[test]
    fn words_that_only_begin_like_a_prefix_stay() {
        for note in [
            "Muss-Kriterien kennen",
            "Alternativmedizin: Kenntnisse",
            "Optionale Zusatzrente",
            "Zwingender Grund: ja",
        ] {
            assert_eq!(split(note), (None, note));
        }
    }
}
