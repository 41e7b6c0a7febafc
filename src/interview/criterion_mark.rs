//! Recognises HOC's note in a question's context that it is a must criterion.

/// Names of a must criterion.
const NOUNS: [&str; 2] = ["muss-kriterium", "musskriterium"];
/// Names of a criterion that may exclude somebody. What follows them may be what candidates must not have.
const EXCLUSIONS: [&str; 4] =
    ["ko-kriterium", "ausschlusskriterium", "ausschluss-kriterium", "pflichtkriterium"];
/// How a note begins that says what to do about an answer (`bei Nein beenden`), not what is required.
const ORDERS: [&[&str]; 9] = [
    &["bei", "nein"],
    &["bei", "ja"],
    &["wenn", "nein"],
    &["wenn", "ja"],
    &["falls", "nein"],
    &["falls", "nicht"],
    &["wenn", "nicht"],
    &["sonst"],
    &["ansonsten"],
];
/// `zwingend` and its inflected forms.
const ADJECTIVES: [&str; 5] = ["zwingend", "zwingende", "zwingender", "zwingendes", "zwingenden"];
/// Words after the adjective which say that something is required. Any other is about what to do
/// (`zwingend nachfragen`).
const REQUIRED: [&str; 9] = [
    "erforderlich",
    "notwendig",
    "nötig",
    "benötigt",
    "gefordert",
    "vorausgesetzt",
    "voraussetzung",
    "anforderung",
    "kriterium",
];
/// With one of these in the same clause, it is not a criterion.
const NEGATIONS: [&str; 8] = ["nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie"];
/// What ends a clause. `Muss-Kriterium, nicht verhandelbar` is a criterion, `Nicht zwingend, aber hilfreich` is not.
const CLAUSE_ENDS: [char; 10] = [',', '.', ';', ':', '!', '?', '(', ')', '–', '—'];

/// Whether a context notes that the question is a must criterion.
pub(super) fn is_marked(context: &str) -> bool {
    let mut clauses = context.split(CLAUSE_ENDS).enumerate().peekable();
    while let Some((index, clause)) = clauses.next() {
        // `Muss-Kriterium: nein`
        let is_denied = clauses.peek().is_some_and(|(_, next)| is_word(next.trim(), &["nein"]));
        if !is_denied && is_mark(clause, index == 0) {
            return true;
        }
    }
    false
}

/// What follows a leading mark with a colon (`Muss-Kriterium: Deutschkenntnisse B2`): the criterion in the employer's
/// words. Everything else in a context is for the interviewer.
pub(super) fn requirement(context: &str) -> Option<&str> {
    let (mark, requirement) = context.split_once(':')?;
    let is_mark = is_word(mark.trim(), &NOUNS) || is_word(mark.trim(), &ADJECTIVES[..1]);
    // `Muss-Kriterium: ja` does not say what it is.
    is_mark
        .then_some(requirement.trim())
        .filter(|requirement| !is_word(requirement, &["ja", "nein"]) && !is_order(requirement))
}

fn is_order(requirement: &str) -> bool {
    let words: Vec<_> = requirement.split_whitespace().take(2).collect();
    ORDERS.iter().any(|order| {
        words.len() >= order.len() && order.iter().zip(&words).all(|(known, word)| is_word(word, &[*known]))
    })
}

fn is_mark(clause: &str, is_first: bool) -> bool {
    let words: Vec<&str> = clause.split_whitespace().collect();
    if words.iter().any(|word| is_word(word, &NEGATIONS)) {
        return false;
    }
    words.iter().enumerate().any(|(index, word)| {
        is_word(word, &NOUNS)
            || is_word(word, &EXCLUSIONS)
            || (is_word(word, &ADJECTIVES)
                && words.get(index + 1).is_none_or(|next| {
                    // `Zwingend Deutschkenntnisse B2`
                    let is_named = is_first && index == 0 && !next.starts_with(char::is_lowercase);
                    is_named || is_word(next, &REQUIRED)
                }))
    })
}

/// Whether `word` is one of `words`, which are in lower case.
fn is_word(word: &str, words: &[&str]) -> bool {
    let word = word.trim_matches(|character: char| !character.is_alphanumeric());
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
        || words.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_name_or_says_what_is_required() {
        for context in [
            "Muss-Kriterium: Deutschkenntnisse B2",
            "Musskriterium",
            "MUSS-KRITERIUM!",
            "Muss-Kriterium: keine Vorstrafen",
            "Muss-Kriterium, nicht verhandelbar",
            "Muss-Kriterium (nicht verhandelbar)",
            "Hinweis: Muss-Kriterium",
            "Ist ein Muss-Kriterium",
            "KO-Kriterium: Deutsch B2",
            "Ausschlusskriterium: Vorstrafen",
            "zwingend",
            "Zwingend!",
            "Zwingend: Führerschein",
            "Zwingend Deutschkenntnisse B2",
            "Zwingende Voraussetzung",
            "Ein Führerschein ist zwingend erforderlich.",
            "Ein Führerschein ist zwingend.",
            "Zwingend notwendig, da viel gefahren wird, nicht nur in Bonn",
        ] {
            assert!(is_marked(context), "{context}");
        }
    }

    #[test]
    fn what_is_denied_or_only_tells_the_interviewer_what_to_do_is_no_mark() {
        for context in [
            "Nicht zwingend, aber hilfreich",
            "Wünschenswert, aber nicht zwingend erforderlich",
            "Kein Muss-Kriterium",
            "Das ist kein zwingendes Kriterium.",
            "Zwingend ist das nicht",
            "Keine zwingende Voraussetzung",
            "Muss-Kriterium: nein",
            "Zwingend: Nein",
            "Zwingend nachfragen, ob die Ausbildung noch läuft",
            "Bei Nein bitte zwingend die Gründe erfragen",
            "Die Zeit ist zwingender Bestandteil der Frage",
            "Identifikation",
            "",
        ] {
            assert!(!is_marked(context), "{context}");
        }
    }

    #[test]
    fn only_what_stands_behind_a_mark_is_the_requirement() {
        assert_eq!(requirement("Muss-Kriterium: Deutsch: B2 "), Some("Deutsch: B2"));
        assert_eq!(requirement(" muss-kriterium : Examen"), Some("Examen"));
        assert_eq!(requirement("Zwingend: Führerschein"), Some("Führerschein"));
        for context in [
            "Muss-Kriterium",
            "Muss-Kriterium: ja",
            "Muss-Kriterium: bei Nein Gespräch beenden",
            "Zwingend: Wenn nein, Absage",
            "Zwingend: sonst Absage",
            "Ausschlusskriterium: Vorstrafen",
            "Kein Muss-Kriterium: Examen",
            "Bei Nein: nachhaken",
            "Nicht zwingend: Auto",
            "Auto",
        ] {
            assert_eq!(requirement(context), None, "{context}");
        }
    }
}
