//! In which part of the conversation a question belongs.

use crate::domain::{Importance, Question, QuestionKind, Wording};

/// The parts of the conversation, in order. They are HOC's phases 1 to 6, too.
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

/// Words in a category or heading that place a question. Compared in lower case, as parts of words.
const IDENTITY_KEYS: [&str; 3] = ["identifikation", "identität", "identification"];
const OPENING_KEYS: [&str; 2] = ["kontakt", "begrüßung"];
const LOCATION_KEYS: [&str; 2] = ["standort", "arbeitsort"];
const CAREER_KEYS: [&str; 7] =
    ["verfügbar", "verfuegbar", "kündigung", "kuendigung", "eintritt", "werdegang", "lebenslauf"];
const CLOSING_KEYS: [&str; 2] = ["verabschiedung", "gesprächsende"];

/// Where HOC notes that a question is a must criterion.
const CRITERION_MARKS: [&str; 3] = ["muss-kriterium", "musskriterium", "zwingend"];

/// The part of the conversation a question belongs to, its own `phase` first. An alternative belongs where its
/// criterion is, which the caller knows.
pub(super) fn phase_of(question: &Question) -> Phase {
    let is_info = question.kind == QuestionKind::Info;
    match question.phase {
        _ if !is_info && has_heading(question, &IDENTITY_KEYS) => Phase::Identity,
        Some(1) => Phase::Opening,
        Some(3) => Phase::Criteria,
        Some(4) => Phase::Wishes,
        Some(5) => Phase::Career,
        Some(6) => Phase::Closing,
        // Also HOC's phase 2: nothing is asked while the employer is introduced.
        _ if is_info => Phase::Employer,
        _ if is_criterion(question) => Phase::Criteria,
        _ => phase_by_heading(question),
    }
}

/// Whether the question is a must criterion: marked as a gate, noted as one, or a yes-or-no question of the highest
/// priority about the person (and not about where to work or whom one speaks with).
pub(super) fn is_criterion(question: &Question) -> bool {
    if question.kind == QuestionKind::Info || question.gate.is_alternative {
        return false;
    }
    question.gate.is_gate
        || is_marked(question)
        || (question.importance == Importance::Must
            && question.kind == QuestionKind::YesNo
            && question.wording != Wording::WorkingCondition
            && phase_by_heading(question) == Phase::Wishes
            && !is_about_location(question))
}

/// Whether the question is about the place of work.
pub(super) fn is_about_location(question: &Question) -> bool {
    has_heading(question, &LOCATION_KEYS)
        || LOCATION_KEYS.iter().any(|key| question.id.to_lowercase().contains(key))
}

/// Whether the question is about who is speaking or how they are reached, not about what they want.
pub(super) fn is_about_contact(question: &Question) -> bool {
    has_heading(question, &OPENING_KEYS) || has_heading(question, &IDENTITY_KEYS)
}

fn phase_by_heading(question: &Question) -> Phase {
    let keys =
        [(&OPENING_KEYS[..], Phase::Opening), (&CAREER_KEYS, Phase::Career), (&CLOSING_KEYS, Phase::Closing)];
    keys.into_iter().find(|(keys, _)| has_heading(question, keys)).map_or(Phase::Wishes, |(_, phase)| phase)
}

fn is_marked(question: &Question) -> bool {
    let context = question.context.as_deref().unwrap_or_default().to_lowercase();
    CRITERION_MARKS.iter().any(|mark| context.contains(mark))
}

fn has_heading(question: &Question, keys: &[&str]) -> bool {
    let headings = [question.category.as_deref(), question.group.as_deref()];
    headings
        .into_iter()
        .flatten()
        .map(str::to_lowercase)
        .any(|heading| keys.iter().any(|key| heading.contains(key)))
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
}
