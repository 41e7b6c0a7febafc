//! Notes that recruiters write for each other, and what they want to record about a candidate. Neither is told, asked
//! or sent: an agent that knows the upper limit of a salary might say it.
//!
//! A mark counts only where marks usually stand, in front, at the end or in brackets:
//! `Ihre Bewerbung wird vertraulich behandelt` and `Interne Fortbildungen` are meant for candidates.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::pattern;
use crate::word_list::WordList;

/// Every internal text contains one of these, in upper or lower case. Nearly all texts contain none, and skip the
/// patterns.
const MARKS: &str = "intern|vertraulich|nicht|hinweis|info|notiz|anmerkung|nur für|eindruck|sympathi|bewertung|einschätzung|beurteilung|ampel|wirkt";

/// Endings of words after which `(intern)` says that something is offered or done in-house (`Fortbildungen (intern)`).
const OFFERED_INSIDE: [&str; 8] =
    ["bildung", "bildungen", "schulung", "schulungen", "seminare", "kurse", "wechsel", "aufstieg"];

static HAS_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){MARKS}")));

/// Whom such notes address and, below, whom they are kept from.
const RECRUITERS: &str = r"(?:Recruit(?:er|ing)|Interviewer|Personaler|Disponent)[\p{L}:*]*";
const CANDIDATES: &str = r"(?:Bewerb(?:er|ende)|Kandidat)[\p{L}:*]*";

/// `Intern:`, `Interne Hinweise`, `Hinweis für Recruiter`. As the name of a page, a label stands alone.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)^\W*(?:
            (?:(?:nur|streng|rein)\s+)?(?:interna|intern(?:e[rns]?)?|vertraulich(?:e[rns]?)?)
              (?:\s+(?:info|information(?:en)?|hinweise?|notiz(?:en)?|anmerkung(?:en)?|bemerkung(?:en)?|vermerke?|details?
                 |bewertung|einschätzung|beurteilung|budget|vorgaben?))?
            | (?:(?:wichtige[rs]?|nur)\s+)?(?:hinweise?|infos?|information(?:en)?|notiz(?:en)?|anmerkung(?:en)?)\s+(?:für|an)
              \s+(?:(?:den|die|das|unsere?)\s+)?{RECRUITERS}
            | nur\s+für\s+(?:(?:den|die|das)\s+)?{RECRUITERS}
        )\s*(?:\([^()]*\)\s*)?(?P<end>$|[:!]|[–—-]\s)"
    ))
});

/// `(vertraulich)`, `(nicht für Bewerber)`, `- bitte nicht nennen!`.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)
        (?:^|[–—,;:.!(\[]|\s-)\s*(?:bitte\s+|noch\s+|auf\s+keinen\s+fall\s+)*
          (?:nicht\s+(?:nennen|vorlesen|erwähnen|kommunizieren|verraten|weitersagen|aussprechen|offenlegen)|nicht\s+für\s+(?:(?:den|die)\s+)?{CANDIDATES})
          \s*(?:[!.:)\]]|$)
        | [(\[]\s*(?:nur\s+intern|(?:streng\s+)?vertraulich|intern!|intern\s*[,;–-][^()]*)\s*!*\s*[)\]]
        | (?P<house>\S*)\s*[(\[]\s*intern\s*[)\]][\s.!]*$"
    ))
});

/// `Kunde bitte nicht nennen`: an instruction, unless it says that somebody need not do so (`müssen Sie nicht nennen`).
static ORDER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bnicht\s+(?:nennen|vorlesen|erwähnen|kommunizieren|verraten)\W*$"));
const NO_ORDER: WordList =
    WordList::of("Sie sie wir Wir man müssen muss brauchen möchten wollen können dürfen");

/// What the recruiter is to judge, which candidates cannot answer about themselves. A scale takes more than a number:
/// `Bewertung: 4,5 Sterne` is praise for the employer.
static JUDGEMENT: LazyLock<Regex> = LazyLock::new(|| {
    const ONE: &str = r"(?:Bewerber(?:s|in)?|Kandidat(?:en|in)?)";
    const RANGE: &str = r"\d{1,2}\s*(?:[-–/]|bis)\s*\d{1,3}";
    pattern(&format!(
        r"(?ix)
        \bwirkt\s+(?:der|die|unsere?)\s+{CANDIDATES}
        | \b(?:eindruck|einschätzung|bewertung|beurteilung)\s+
          (?:des\s+(?:bewerbers|kandidaten)|(?:von\s+)?der\s+(?:bewerberin|kandidatin)|(?:vom|von\s+dem|zum)\s+{ONE})\b
        | \b{ONE}\s+(?:(?:ist|war|erscheint)\s+)?(?:sehr\s+)?sympathisch
        | \b(?:ist|war)\s+(?:der|die)\s+{ONE}\s+(?:\w+\s+)?sympathisch
        | ^\W*(?:(?:gesamt|erster\s+|persönlicher\s+|allgemeiner\s+)?eindruck|sympathie|(?:gesamt)?(?:bewertung|einschätzung|beurteilung))
          \s*[:–-]?\s*(?:[(\[]?\s*(?:ampel|punkte|(?:(?:schul)?noten?|skala)?(?:\s*von)?\s*(?:{RANGE})?(?:\s*punkte)?))?[\s.)\]]*$
        | ^\W*ampel(?:bewertung|status|farbe)?\W*(?:$|[:(])"
    ))
});

/// Whether the name of a page, or a heading, says that everything below it is internal.
pub(super) fn is_internal_heading(name: &str) -> bool {
    HAS_MARK.is_match(name)
        && (LABEL
            .captures(name)
            .is_some_and(|found| found["end"].is_empty() || name.trim_end().ends_with([':', '!']))
            || is_marked(name))
}

/// Whether a note is meant for recruiters, or asks for a judgement of the candidate.
pub(super) fn is_internal(note: &str) -> bool {
    if !HAS_MARK.is_match(note) {
        return false;
    }
    // In a question, `nicht vorlesen` refers to the answers, and `vertraulich` is a promise to the candidate.
    let is_marked = if note.contains('?') {
        is_labelled(note) && !note.to_lowercase().contains("vertraulich")
    } else {
        is_labelled(note) || is_marked(note) || is_order(note)
    };
    is_marked || JUDGEMENT.is_match(note)
}

/// Whether a hint for the interviewer is labelled as internal. `Nicht vorlesen` does not count: it is an ordinary thing
/// for a hint to say.
pub(super) fn is_internal_hint(hint: &str) -> bool {
    HAS_MARK.is_match(hint) && is_labelled(hint)
}

fn is_labelled(note: &str) -> bool {
    LABEL.captures(note).is_some_and(|found| !found["end"].is_empty())
}

fn is_marked(text: &str) -> bool {
    MARK.captures_iter(text).any(|found| {
        let house = found.name("house").map_or("", |house| house.as_str()).to_lowercase();
        !OFFERED_INSIDE.iter().any(|offer| house.ends_with(offer))
    })
}

fn is_order(note: &str) -> bool {
    ORDER.is_match(note) && !note.split(|c: char| !c.is_alphabetic()).any(|word| NO_ORDER.has(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_between_recruiters_are_internal() {
        for note in [
            "INTERN: Budget max. 48.000 €",
            "Intern - Budget max. 48.000 €",
            "Nur intern: Vorgänger gekündigt",
            "Vertraulich: neuer Standort geplant",
            "Streng vertraulich! Neuer Standort geplant",
            "Interne Notiz: zweiter Anlauf",
            "Kunde: Beispiel Logistik SE (nicht nennen!)",
            "Kunde: Beispiel Logistik SE - bitte nicht nennen",
            "Kunde bitte nicht nennen!",
            "Bitte nicht vorlesen: Vorgänger wurde gekündigt",
            "Max. 52.000 € (intern)",
            "Max. 52.000 € (vertraulich)",
            "Max. 52.000 € (nicht für Bewerber)",
            "Hinweis für Recruiter: Kandidaten nach Kündigungsgrund fragen",
            "Hinweis an die Recruiterin: schnell zurückrufen",
            "Info für Interviewer: Gehalt steht fest",
        ] {
            assert!(is_internal(note), "{note:?}");
        }
    }

    #[test]
    fn judgements_of_the_candidate_are_internal() {
        for note in [
            "Wirkt der Kandidat sympathisch?",
            "Wie wirkt die Bewerberin?",
            "Gesamteindruck (1-10)",
            "Gesamteindruck",
            "Erster Eindruck: Note 1-6",
            "Interne Bewertung: Ampel",
            "Bewertung des Kandidaten",
            "Wie ist Ihr Eindruck von dem Bewerber?",
            "Ist der Kandidat sympathisch?",
            "Einschätzung (Ampel)",
            "Bewertung: Schulnote",
            "Sympathie (Skala von 1 bis 5)",
            "Ampel: grün, gelb, rot",
        ] {
            assert!(is_internal(note), "{note:?}");
        }
    }

    #[test]
    fn what_is_for_candidates_stays() {
        for note in [
            "Ihre Bewerbung wird vertraulich behandelt.",
            "Umgang mit vertraulichen Daten",
            "Interne Fortbildungen",
            "Interne Fortbildungen: zwei im Jahr",
            "Fortbildungen (intern)",
            "Schulungen (intern und extern)",
            "Internationales Team: 12 Länder",
            "Interner Vertrieb",
            "Internet: Glasfaser",
            "Internist: Facharzt",
            "Intern oder extern?",
            "Wie haben Sie von der Stelle erfahren (intern)?",
            "Wie hoch ist Ihr Gehalt (vertraulich)?",
            "Welche Bereiche interessieren Sie? (nicht vorlesen)",
            "Wie heißt Ihr Arbeitgeber? Muss man nicht nennen!",
            "Vertraulich: Wie hoch ist Ihr Gehalt?",
            "Den Grund müssen Sie nicht nennen.",
            "Wenn Sie Ihren Arbeitgeber nicht nennen möchten, ist das in Ordnung.",
            "Ihren Arbeitgeber brauchen Sie nicht zu nennen",
            "Diese Stelle ist nicht für Berufseinsteiger",
            "Hinweis: Schichtzulagen werden gezahlt",
            "Hinweis für Bewerber: Parkplätze am Haus",
            "Informationen für Recruiter aufbereiten",
            "Erfahrung in der Bewertung von Immobilien",
            "Bewerber hat Erfahrung in der Bewertung von Immobilien",
            "Bewertung auf kununu: 4,5 Sterne",
            "Bewertung: 4,5 Sterne",
            "Bewertung 4/5 auf kununu",
            "Erfahrung in der Bewertung von Bewerbern",
            "Interviews und Einschätzung der Kandidaten",
            "Selbsteinschätzung (1-10)",
            "Wie war Ihr erster Eindruck von unserem Haus?",
            "Erster Eindruck: wie gefällt Ihnen unser Haus?",
            "Ampelanlagen warten",
            "Sympathisches Team",
            "Bewerber über Probezeit informieren",
        ] {
            assert!(!is_internal(note), "{note:?}");
        }
    }

    #[test]
    fn headings_of_internal_pages_are_recognised() {
        for name in [
            "Interne Hinweise (nicht für Bewerber)",
            "Intern",
            "Interna",
            "Nur intern:",
            "Vertraulich!",
            "Interne Informationen",
            "Hinweise für Recruiter",
            "Weitere Informationen (intern)",
            "Weitere Informationen - nicht für Kandidaten",
        ] {
            assert!(is_internal_heading(name), "{name:?}");
        }
        for name in [
            "Weitere Informationen",
            "Interne Fortbildungen",
            "Fortbildungen (intern)",
            "Internationales",
            "Hinweise für Bewerber",
            "Vertrauliche Daten",
            "Bewertungskriterien",
            "Der Bewerber erfüllt folgende Kriterien:",
        ] {
            assert!(!is_internal_heading(name), "{name:?}");
        }
    }
}
