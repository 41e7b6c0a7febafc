//! Which part of the conversation a question belongs to.

mod heading;

use self::heading::{CAREER, CLOSING, IDENTITY, LOCATION, OPENING, has};
use super::criterion_mark;
use super::small_talk::SmallTalk;
use crate::domain::{Importance, Question, QuestionKind, Wording};

/// The parts of the conversation, in order. All but the first are HOC's phases 1 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Who is speaking, before anything else is said.
    Identity,
    /// Consent, how to reach the candidate.
    Opening,
    /// The employer in brief.
    Employer,
    /// Must criteria.
    Criteria,
    /// Wishes and working conditions.
    Wishes,
    /// Employers so far, availability.
    Career,
    /// Summary and farewell.
    Closing,
}

/// Words of ids that show that a question is about the place of work, unlike `standortleitung`.
const LOCATION_IDS: [&str; 6] =
    ["standort", "standorte", "standortwahl", "standortwunsch", "arbeitsort", "arbeitsorte"];

/// The part of the conversation that a question belongs to: who is speaking comes first in any case, else its own
/// `phase` decides, else what it is about. An alternative belongs with its criterion, which is up to the caller.
pub(super) fn phase_of(question: &Question) -> Phase {
    let is_info = question.kind == QuestionKind::Info;
    match question.phase {
        _ if !is_info && is_about_identity(question) => Phase::Identity,
        Some(1) => Phase::Opening,
        Some(3) => Phase::Criteria,
        Some(4) => Phase::Wishes,
        Some(5) => Phase::Career,
        Some(6) => Phase::Closing,
        // Includes HOC's phase 2: nothing is asked while the employer is introduced.
        _ if is_info => Phase::Employer,
        _ if is_criterion(question) => Phase::Criteria,
        _ => own_phase(question),
    }
}

/// Whether the question is a must criterion: a gate, marked as one in its context, or a yes-or-no question of the
/// highest priority about the person (not about the place of work, contact details, availability or the like).
pub(super) fn is_criterion(question: &Question) -> bool {
    if question.kind == QuestionKind::Info || question.gate.is_alternative {
        return false;
    }
    let is_marked = question.gate.is_gate
        || question.context.as_deref().is_some_and(criterion_mark::is_marked)
        || (question.importance == Importance::Must
            && question.kind == QuestionKind::YesNo
            && question.wording != Wording::WorkingCondition
            && own_phase(question) == Phase::Wishes
            && !is_about_location(question));
    // Whatever HOC marks: nobody is selected for being who they are, or for having a minute.
    is_marked && SmallTalk::of(question).is_none()
}

/// Whether the question is about the place of work.
pub(super) fn is_about_location(question: &Question) -> bool {
    has(question, LOCATION) || is_about_location_by_id(&question.id)
}

fn is_about_location_by_id(id: &str) -> bool {
    let id = id.to_lowercase();
    // `wunschstandort_2`
    id.split(|character: char| !character.is_alphabetic())
        .any(|word| LOCATION_IDS.iter().any(|key| word.ends_with(key)))
}

/// Whether the question is about who is speaking, how to reach them or whether now is a good time, not about what they
/// want.
pub(super) fn is_about_contact(question: &Question) -> bool {
    has(question, OPENING) || has(question, IDENTITY) || SmallTalk::of(question).is_some()
}

fn is_about_identity(question: &Question) -> bool {
    has(question, IDENTITY) || SmallTalk::of(question) == Some(SmallTalk::Identity)
}

/// Where the question belongs by its own text and its headings.
fn own_phase(question: &Question) -> Phase {
    match SmallTalk::of(question) {
        Some(SmallTalk::Identity) => return Phase::Identity,
        Some(SmallTalk::Time) => return Phase::Opening,
        Some(SmallTalk::Farewell) => return Phase::Closing,
        None => {}
    }
    let keys = [
        (IDENTITY, Phase::Identity),
        (OPENING, Phase::Opening),
        (CAREER, Phase::Career),
        (CLOSING, Phase::Closing),
    ];
    keys.into_iter().find(|(keys, _)| has(question, keys)).map_or(Phase::Wishes, |(_, phase)| phase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Gate;

    fn question(kind: QuestionKind, importance: Importance, category: &str) -> Question {
        Question { importance, category: Some(category.to_owned()), ..Question::new("q", "Frage?", kind) }
    }

    #[test]
    fn a_must_question_about_the_person_is_a_criterion_but_one_about_place_or_contact_is_not() {
        let phase = |kind, category| phase_of(&question(kind, Importance::Must, category));
        assert_eq!(phase(QuestionKind::YesNo, "standardqualifikationen"), Phase::Criteria);
        assert_eq!(phase(QuestionKind::YesNo, "standort"), Phase::Wishes);
        assert_eq!(phase(QuestionKind::YesNo, "identifikation"), Phase::Identity);
        assert_eq!(phase(QuestionKind::YesNo, "kontaktinformationen"), Phase::Opening);
        assert_eq!(phase(QuestionKind::Choice, "einsatzbereiche"), Phase::Wishes);
        assert_eq!(phase(QuestionKind::YesNo, "Verfügbarkeit"), Phase::Career);
    }

    #[test]
    fn an_id_is_about_the_place_only_with_a_whole_word_of_it() {
        for (id, expected) in [
            ("standort", true),
            ("wunschstandort_2", true),
            ("frage-standorte", true),
            ("standortleitung_erfahrung", false),
        ] {
            let question = Question::new(id, "Frage?", QuestionKind::YesNo);
            assert_eq!(is_about_location(&question), expected, "{id}");
        }
    }

    #[test]
    fn gates_and_noted_criteria_are_criteria_whatever_else_they_say() {
        let mut gate = question(QuestionKind::Open, Importance::Unknown, "standort");
        gate.gate = Gate { is_gate: true, ..Gate::default() };
        assert_eq!(phase_of(&gate), Phase::Criteria);
        let mut noted = question(QuestionKind::Number, Importance::Wanted, "rahmen");
        noted.context = Some("Muss-Kriterium: 3 Jahre".to_owned());
        assert_eq!(phase_of(&noted), Phase::Criteria);
    }

    #[test]
    fn the_phase_that_hoc_gives_wins_and_facts_are_told_with_the_employer() {
        let mut late = question(QuestionKind::YesNo, Importance::Must, "standardqualifikationen");
        late.phase = Some(6);
        assert_eq!(phase_of(&late), Phase::Closing);
        assert_eq!(phase_of(&question(QuestionKind::Info, Importance::Must, "kontakt")), Phase::Employer);
        late.phase = Some(9);
        assert_eq!(phase_of(&late), Phase::Criteria);
    }

    #[test]
    fn a_part_of_a_word_is_no_heading() {
        for heading in [
            "Identitätsmanagement",
            "Kundenkontakt",
            "Kunden-Kontakt",
            "Kontakt mit Kunden",
            "Kontaktlinsen",
            "Hochverfügbarkeit",
            "Kündigungsschutz",
            "Eintritt und Kasse",
        ] {
            let question = question(QuestionKind::YesNo, Importance::Must, heading);
            assert_eq!(phase_of(&question), Phase::Criteria, "{heading}");
            assert!(is_criterion(&question) && !is_about_contact(&question), "{heading}");
        }
        for (heading, phase) in [
            ("Identität/Identifikation", Phase::Identity),
            ("Kontakt & Anschrift", Phase::Opening),
            ("kontakt_daten", Phase::Opening),
            ("Ihre Kontaktdaten", Phase::Opening),
            ("Frühester Eintritt", Phase::Career),
            ("Verfügbarkeit und Kündigungsfrist", Phase::Career),
            ("Berufswerdegang", Phase::Career),
            ("Gesprächsende", Phase::Closing),
            ("Wunschstandort", Phase::Wishes),
        ] {
            let question = question(QuestionKind::YesNo, Importance::Must, heading);
            assert_eq!(phase_of(&question), phase, "{heading}");
            assert!(!is_criterion(&question), "{heading}");
        }
    }

    #[test]
    fn a_note_that_something_is_no_criterion_makes_none() {
        for (context, expected) in [
            ("Nicht zwingend, aber hilfreich", false),
            ("Kein Muss-Kriterium", false),
            ("Zwingend: B2", true),
        ] {
            let mut noted = question(QuestionKind::YesNo, Importance::Wanted, "sprachen");
            noted.context = Some(context.to_owned());
            assert_eq!(is_criterion(&noted), expected, "{context}");
        }
    }

    #[test]
    fn small_talk_has_its_place_and_is_no_criterion_even_as_a_gate() {
        for (text, phase) in [
            ("Spreche ich mit {{first_name}} {{last_name}}?", Phase::Identity),
            ("Haben Sie gerade Zeit?", Phase::Opening),
            ("Haben Sie noch Fragen an uns?", Phase::Closing),
        ] {
            let mut question =
                Question { importance: Importance::Must, ..Question::new("q", text, QuestionKind::YesNo) };
            for is_gate in [false, true] {
                question.gate.is_gate = is_gate;
                assert_eq!(phase_of(&question), phase, "{text}");
                assert!(!is_criterion(&question) && is_about_contact(&question), "{text}");
            }
        }
    }
}
