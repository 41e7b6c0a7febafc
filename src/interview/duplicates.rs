//! Finds questions that HOC has twice, so that each is asked once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::alternatives::{Targets, positions};
use super::order::rank;
use super::phase::is_criterion;
use crate::domain::{Question, QuestionKind, Wording};

/// The fewest words of a question that stands alone. A shorter one may refer to the question before it:
/// `Mit Abschluss?`
const FEWEST_WORDS: usize = 4;
/// Words that refer to another question, so that the same sentence asks something else in another place.
const POINTING: [&str; 22] = [
    "das", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "es", "so", "dort", "da", "davon",
    "darin", "daran", "darauf", "dabei", "dafür", "damit", "dazu", "darüber", "hier", "auch",
];

/// A questionnaire without its duplicates.
pub(super) struct Distinct<'a> {
    pub(super) questions: Cow<'a, [Question]>,
    /// The ids of those that were left out.
    pub(super) duplicates: Vec<String>,
}

/// Keeps the most important of the questions that ask the same. References to the others are redirected to it.
///
/// Texts are compared as HOC wrote them: once filled in, they may be equal for one name and different for another.
pub(super) fn without_duplicates(questions: &[Question]) -> Distinct<'_> {
    let targets = Targets::of(questions);
    let kept_for = duplicates(questions, &targets);
    if kept_for.is_empty() {
        return Distinct { questions: Cow::Borrowed(questions), duplicates: Vec::new() };
    }
    let mut distinct = questions.to_vec();
    refer_to_kept(&mut distinct, questions, &targets, &kept_for);
    for (duplicate, kept) in &kept_for {
        learn(&mut distinct[*kept], &questions[*duplicate]);
    }
    let mut position = 0..questions.len();
    distinct.retain(|_| position.next().is_some_and(|position| !kept_for.contains_key(&position)));
    Distinct {
        questions: Cow::Owned(distinct),
        duplicates: kept_for.keys().map(|duplicate| questions[*duplicate].id.clone()).collect(),
    }
}

/// Questions that ask the same. They differ in nothing that is compared, except that some may have no note: so another
/// question need not be compared with each of them, which takes seconds where HOC repeats one ten thousand times.
struct Alike<'a> {
    /// Their positions, at least one.
    members: Vec<usize>,
    /// The note of those that have one.
    note: Option<&'a String>,
}

/// The position of each duplicate, mapped to that of the question that is kept for it.
fn duplicates(questions: &[Question], targets: &Targets) -> BTreeMap<usize, usize> {
    let mut by_text: HashMap<String, Vec<Alike<'_>>> = HashMap::new();
    for (position, question) in questions.iter().enumerate().filter(|(_, question)| stands_alone(question)) {
        let groups = by_text.entry(bare(&question.text)).or_default();
        let is_like = |group: &Alike<'_>| {
            let first = group.members[0];
            asks_the_same(question, &questions[first])
                && targets.get(position) == targets.get(first)
                && group.note.is_none_or(|note| question.context.as_ref().is_none_or(|own| own == note))
        };
        match groups.iter_mut().find(|group| is_like(group)) {
            Some(group) => {
                group.members.push(position);
                group.note = group.note.or(question.context.as_ref());
            }
            None => groups.push(Alike { members: vec![position], note: question.context.as_ref() }),
        }
    }
    let mut kept_for = BTreeMap::new();
    for Alike { members: group, .. } in by_text.into_values().flatten() {
        let weightiest = group.iter().copied().min_by_key(|position| {
            let question = &questions[*position];
            (!is_criterion(question), rank(question.importance), *position)
        });
        let Some(kept) = weightiest else { continue };
        kept_for.extend(group.into_iter().filter(|position| *position != kept).map(|other| (other, kept)));
    }
    kept_for
}

/// Whether the text says by itself what is asked. With any other (`Wie lange?`), nobody here can tell. Facts are never
/// duplicates.
fn stands_alone(question: &Question) -> bool {
    match question.kind {
        QuestionKind::Info => false,
        // A note does not refer to what was said before it.
        _ if question.wording != Wording::Sentence => true,
        QuestionKind::YesNo => is_whole(&question.text),
        _ => !question.options.is_empty() && is_whole(&question.text),
    }
}

fn is_whole(text: &str) -> bool {
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    words.len() >= FEWEST_WORDS && !words.iter().any(|word| POINTING.contains(&word.as_str()))
}

/// A text normalised for the comparison: without case, extra white space and the mark at its end.
fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['?', '.', '!', ' ']).to_lowercase()
}

/// Whether two questions with the same text ask the same, but for their notes. A different heading (`OP`: `Haben Sie
/// bereits Erfahrung?`), preamble or condition may make a different question of it.
fn asks_the_same(one: &Question, other: &Question) -> bool {
    let is_below_same = one.group == other.group && one.category == other.category;
    (is_below_same || one.wording != Wording::Sentence)
        && one.kind == other.kind
        && one.wording == other.wording
        && one.preamble == other.preamble
        && one.options == other.options
        && one.conditions == other.conditions
        && one.gate.is_alternative == other.gate.is_alternative
        && one.flow == other.flow
}

/// Redirects alternatives and conditions to the question that is kept.
fn refer_to_kept(
    distinct: &mut [Question],
    questions: &[Question],
    targets: &Targets,
    kept_for: &BTreeMap<usize, usize>,
) {
    let first = positions(questions);
    for (position, question) in distinct.iter_mut().enumerate() {
        // Also if the alternative does not name the criterion that it belongs to.
        if let Some(kept) = targets.get(position).and_then(|target| kept_for.get(&target)) {
            question.gate.alternative_for = Some(questions[*kept].id.clone());
        }
        for condition in &mut question.conditions {
            let kept = first.get(condition.field.as_str()).and_then(|field| kept_for.get(field));
            if let Some(kept) = kept {
                condition.field.clone_from(&questions[*kept].id);
            }
        }
    }
}

/// Takes over what only the duplicate tells the interviewer.
fn learn(kept: &mut Question, duplicate: &Question) {
    for (own, other) in [
        (&mut kept.context, &duplicate.context),
        (&mut kept.help_text, &duplicate.help_text),
        (&mut kept.input_hint, &duplicate.input_hint),
    ] {
        if own.is_none() {
            own.clone_from(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::domain::{Action, Condition, Gate, Importance, Operator};

    fn yes_no(id: &str, text: &str) -> Question {
        Question::new(id, text, QuestionKind::YesNo)
    }

    fn condition(field: &str) -> Condition {
        Condition {
            field: field.to_owned(),
            operator: Operator::Exists,
            values: Vec::new(),
            action: Action::Ask,
        }
    }

    /// The ids of what is kept.
    fn kept(questions: &[Question]) -> Vec<String> {
        without_duplicates(questions).questions.iter().map(|question| question.id.clone()).collect()
    }

    #[test]
    fn the_weightiest_stays_and_learns_what_only_the_other_says() {
        let questions = [
            Question { context: Some("Nur PKW".to_owned()), ..yes_no("a", "Haben Sie einen Führerschein?") },
            Question { importance: Importance::Must, ..yes_no("b", "haben  Sie einen Führerschein") },
            yes_no("c", "Haben Sie einen Führerschein?"),
        ];
        let distinct = without_duplicates(&questions);
        assert_eq!(distinct.duplicates, ["a", "c"]);
        let [question] = &*distinct.questions else { panic!("one question") };
        assert_eq!((question.id.as_str(), question.context.as_deref()), ("b", Some("Nur PKW")));
    }

    #[test]
    fn different_notes_make_different_questions_and_one_without_goes_with_the_first() {
        let noted = |id: &str, context: Option<&str>| Question {
            context: context.map(str::to_owned),
            ..yes_no(id, "Haben Sie einen Führerschein?")
        };
        let (car, lorry) = (Some("PKW"), Some("LKW"));
        for (questions, expected) in [
            (
                [noted("a", car), noted("b", lorry), noted("c", None), noted("d", lorry)],
                ["a", "b"].as_slice(),
            ),
            ([noted("a", None), noted("b", lorry), noted("c", car), noted("d", None)], &["a", "c"]),
            ([noted("a", None), noted("b", None), noted("c", car), noted("d", lorry)], &["a", "d"]),
        ] {
            assert_eq!(kept(&questions), expected);
        }
    }

    #[test]
    fn a_question_that_is_repeated_endlessly_takes_no_time() {
        let questions: Vec<_> =
            (0..20_000).map(|id| yes_no(&id.to_string(), "Haben Sie einen Führerschein?")).collect();
        let begin = Instant::now();
        assert_eq!(kept(&questions), ["0"]);
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    }

    #[test]
    fn notes_are_compared_whatever_their_length() {
        let note = |id: &str, importance, wording| Question {
            wording,
            importance,
            group: Some(format!("Seite {id}")),
            ..yes_no(id, "Deutsch B2")
        };
        let questions = [
            note("wanted", Importance::Wanted, Wording::Criterion),
            note("must", Importance::Must, Wording::Criterion),
            note("condition", Importance::Wanted, Wording::WorkingCondition),
        ];
        assert_eq!(kept(&questions), ["must", "condition"]);
    }

    #[test]
    fn what_may_ask_something_else_stays() {
        let text = "Haben Sie Erfahrung in der Pflege?";
        let with = |change: fn(&mut Question)| {
            let mut question = yes_no("b", text);
            change(&mut question);
            question
        };
        for other in [
            with(|question| question.conditions.push(condition("x"))),
            with(|question| question.gate.alternative_for = Some("x".to_owned())),
            with(|question| question.gate.is_alternative = true),
            with(|question| question.group = Some("OP".to_owned())),
            with(|question| question.preamble = Some("Nun zum OP.".to_owned())),
            with(|question| question.kind = QuestionKind::Open),
            with(|question| question.options.push("Ja".to_owned())),
            with(|question| question.text = "Haben Sie Erfahrung in der Altenpflege?".to_owned()),
            with(|question| question.context = Some("Muss-Kriterium: OP".to_owned())),
        ] {
            let a = Question { context: Some("Muss-Kriterium: Station".to_owned()), ..yes_no("a", text) };
            let a = if other.context.is_some() { a } else { yes_no("a", text) };
            assert_eq!(
                kept(&[yes_no("x", "Sind Sie Pflegefachfrau?"), a, other.clone()]).len(),
                3,
                "{other:?}"
            );
        }
    }

    #[test]
    fn a_follow_up_may_be_asked_again_and_again() {
        for (text, kind) in [
            ("Wie lange?", QuestionKind::Open),
            ("Wie viele Jahre waren Sie tätig?", QuestionKind::Number),
            ("Mit Abschluss?", QuestionKind::YesNo),
            ("Haben Sie dazu ein Zertifikat?", QuestionKind::YesNo),
            ("Wir duzen uns.", QuestionKind::Info),
        ] {
            assert_eq!(kept(&[Question::new("a", text, kind), Question::new("b", text, kind)]), ["a", "b"]);
        }
    }

    #[test]
    fn what_refers_to_a_duplicate_refers_to_what_is_kept() {
        let gate = Gate { is_gate: true, ..Gate::default() };
        let alternative = |id: &str, target: Option<&str>| Question {
            gate: Gate { is_gate: false, is_alternative: true, alternative_for: target.map(str::to_owned) },
            ..Question::new(id, "Was haben Sie gelernt?", QuestionKind::Open)
        };
        let questions = [
            Question { gate: gate.clone(), ..yes_no("a", "Sind Sie staatlich anerkannte Erzieherin?") },
            Question { gate: gate.clone(), ..yes_no("d", "Haben Sie einen Führerschein?") },
            Question { gate, ..yes_no("a2", "Sind Sie staatlich anerkannte Erzieherin?") },
            alternative("near", None),
            alternative("named", Some("a2")),
            Question { conditions: vec![condition("a2")], ..yes_no("when", "Mögen Sie kleine Kinder?") },
        ];
        let distinct = without_duplicates(&questions);
        assert_eq!(distinct.duplicates, ["a2"]);
        let [_, _, near, named, when] = &*distinct.questions else { panic!("five questions") };
        assert_eq!(near.gate.alternative_for.as_deref(), Some("a"));
        assert_eq!(named.gate.alternative_for.as_deref(), Some("a"));
        assert_eq!(when.conditions[0].field, "a");
    }
}
