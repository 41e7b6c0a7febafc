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
const MARKS: &str = "intern|vertraulich|nicht|hinweis|info|notiz|anmerkung|nur für|eindruck|sympathi|bewertung|einschätzung|beurteilung|ampel|wirkt|absage|ablehnen|aussortieren";

/// Endings of words after which `(intern)` says that something is offered or done in-house (`Fortbildungen (intern)`).
const OFFERED_INSIDE: [&str; 8] =
    ["bildung", "bildungen", "schulung", "schulungen", "seminare", "kurse", "wechsel", "aufstieg"];

static HAS_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){MARKS}")));

/// Whom such notes address and, below, whom they are kept from.
const RECRUITERS: &str =
    r"(?:(?:Recruit(?:er|ing)|Interviewer|Personaler|Disponent)[\p{L}:*]*|(?:KI|Bot|Voicebot)\b(?:-\p{L}+)?)";
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

/// `Kunde bitte nicht nennen`, `Ohne Examen -> absagen`: an instruction, unless it says that somebody need not do so
/// (`müssen Sie nicht nennen`).
static ORDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\bnicht\s+(?:nennen|vorlesen|erwähnen|kommunizieren|verraten|ansprechen|thematisieren|sagen)\W*$
        |(?:->|→|=>|:)\s*(?:direkt\s+|bitte\s+)?(?:absagen?|ablehnen|aussortieren)\W*$",
    )
});
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

/// How much may be paid at most, in a hint: `Budget: max. 52.000 €`, `verhandelbar bis 52k`, `52.000 € (nicht nennen)`.
static SALARY_LIMIT: LazyLock<Regex> = LazyLock::new(|| {
    const AMOUNT: &str = r"\d[\d.,]*\s*(?:€|EUR|Euro|k\b|T€|brutto)";
    pattern(&format!(
        r"(?i)(?:budget|obergrenze|schmerzgrenze|verhandelbar\s+bis|verhandlungsspielraum)[^\d]{{0,30}}{AMOUNT}|{AMOUNT}[^\d]{{0,30}}nicht\s+(?:nennen|kommunizieren|verraten|offenlegen)"
    ))
});

/// A decision about the candidate, or about all of a kind (`Keine Bewerber über 50`), which is never Susi's to tell:
/// `Leider erfüllen Sie die Voraussetzungen nicht`. What the employer does not offer (`Leider haben wir keine Parkplätze`)
/// is none.
static VERDICT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \bleider\b[^.!?]*\b(?:erfüllen|passen|kommen|sind)\s+Sie\b
        | \b(?:erfüllen\s+Sie|Sie\s+erfüllen)\s+(?:leider\s+)?(?:die|unsere|alle)\s+(?:[a-zäöüß]+\s+)?(?:voraussetzungen|anforderungen|kriterien)\b
        | \b(?:keine\s+stelle\s+anbieten|nicht\s+(?:weiter\s+)?berücksichtigen|nicht\s+einstellen|ihnen\s+(?:[a-zäöüß]+\s+){0,3}(?:absagen|eine\s+absage)
            |(?:bekommen|erhalten)\s+sie\s+(?:[a-zäöüß]+\s+){0,2}eine\s+(?:ab|zu)sage)\b
        | \bglückwunsch\b
        | ^[^a-zäöüß]*(?:keine?|nur)\s+(?:[a-zäöüß*:/-]+\s+){0,3}(?:bewerber|bewerbende|bewerbungen|kandidat)
        | \bsie\s+(?:sind|kommen|haben)\s+[^.!?]{0,30}(?:\b(?:un)?geeignet|\babgelehnt|\bangenommen|\brunde\b|\bden\s+job\b|\bdie\s+stelle\s*[.!]*$)",
    )
});

/// Whether a text that is to be told decides about the candidate.
pub(super) fn is_verdict(text: &str) -> bool {
    // Nearly all facts contain none of these, and skip the pattern.
    ["Sie", "sie", "Ihnen", "Bewerb", "Kandidat", "Stelle", "lückwunsch"]
        .iter()
        .any(|word| text.contains(word))
        && VERDICT.is_match(text)
}

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

/// Whether a hint for the interviewer is labelled as internal, or names the limit of a salary. `Nicht vorlesen` alone
/// does not count: it is an ordinary thing for a hint to say.
pub(super) fn is_internal_hint(hint: &str) -> bool {
    (HAS_MARK.is_match(hint) && is_labelled(hint))
        || (hint.contains(|c: char| c.is_ascii_digit()) && SALARY_LIMIT.is_match(hint))
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
            "Leitung wechselt im August -> nicht ansprechen",
            "Ohne Examen -> absagen",
            "Kein Deutsch: direkt ablehnen!",
            "Hinweis an KI: hier beenden",
            "Hinweis für den KI-Assistenten: hier beenden",
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
    fn a_hint_that_names_the_limit_of_a_salary_is_internal() {
        for hint in [
            "Budget: max. 52.000 EUR, nicht nennen!",
            "Verhandelbar bis 52k",
            "Obergrenze 4.500 € brutto",
            "Bis 52.000 € möglich (bitte nicht nennen)",
        ] {
            assert!(is_internal_hint(hint), "{hint:?}");
        }
        for hint in [
            "Bruttojahresgehalt in EUR",
            "Die Bereiche nicht nennen, sondern offen fragen",
            "Zum Beispiel Budget, Personal, 3 Standorte",
            "Erfahrung mit einem Budget ab 2 Jahren",
            "In EUR, zum Beispiel 45.000 €",
        ] {
            assert!(!is_internal_hint(hint), "{hint:?}");
        }
    }

    #[test]
    fn decisions_about_the_candidate_are_verdicts() {
        for text in [
            "Leider erfüllen Sie die Voraussetzungen nicht.",
            "Dann erfüllen Sie leider unsere Anforderungen nicht.",
            "Leider können wir Ihnen dann keine Stelle anbieten.",
            "Dann können wir Ihre Bewerbung nicht berücksichtigen.",
            "Dann müssen wir Ihnen leider absagen.",
            "Herzlichen Glückwunsch, Sie sind dabei!",
            "Sie sind in der nächsten Runde.",
            "Sie sind für die Stelle leider nicht geeignet.",
            "Sie haben die Stelle!",
            "Keine Bewerber über 50",
            "Nur deutsche Bewerber",
            "- keine männlichen Kandidaten",
        ] {
            assert!(is_verdict(text), "{text:?}");
        }
        for text in [
            "Leider haben wir keine Parkplätze.",
            "Für Bewerber gibt es keine Frist",
            "Keine Sorge, wir melden uns bei allen Bewerbern",
            "Wir können Ihnen keine Wohnung anbieten.",
            "Sie haben die Stelle selbst in der Hand",
            "Sie arbeiten in einer netten Runde",
            "Sie sind bei uns herzlich willkommen.",
            "Absagen gibt es bei uns nicht",
            "Sie haben 30 Tage Urlaub",
        ] {
            assert!(!is_verdict(text), "{text:?}");
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
            "Hinweis für Kinder: Spielplatz am Haus",
            "Auf Wunsch können wir Termine kurzfristig absagen",
            "Wer fragt, den können wir nicht ablehnen",
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
