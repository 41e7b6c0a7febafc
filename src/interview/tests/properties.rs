//! Whatever HOC sends and whatever people are called: no panic, no open placeholder, never longer than the limits.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Action, ClusteredOptions, CompanyName, Condition, ConditionValue, ConversationFlow, Gate, Importance,
    NextStep, Operator, OptionCluster, PersonName, PreCheck, Question, QuestionKind, Wording,
};

/// Texts that try to break out: placeholders, braces, template syntax, control and format characters, long words.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-zÄÖÜäöüß ,.?!„“()-]{0,80}",
        "(\\{\\{ ?[a-z_.]{0,12} ?\\}\\}|[a-zA-Z ]{1,10}|[{}%#\n\t\u{202E}\u{200B}\u{1C}\u{1D}]|[(„] ?\\{\\{x\\}\\}[)“]){0,12}",
        "[a-z]{1,5}".prop_map(|word| word.repeat(600)),
        "(\\{\\{(first_name|last_name|name|company|companypitch|x)\\}\\}|[{]first_name[}]|\\[Nachname\\]|%company%|<name>|[{]street[}]|\\$[{]x[}]| mit |[a-zA-Z]{1,10}| |[,.:?\u{FDD0}]|Standort: |12345 ){0,8}",
        any::<String>(),
    ]
}

fn question() -> impl Strategy<Value = Question> {
    let texts = (
        text(),
        option::of(text()),
        option::of(text()),
        option::of(text()),
        option::of(text()),
        option::of(text()),
    );
    let kinds = prop::sample::select(vec![
        QuestionKind::Open,
        QuestionKind::Number,
        QuestionKind::Date,
        QuestionKind::YesNo,
        QuestionKind::Choice,
        QuestionKind::MultiChoice,
        QuestionKind::Ranking,
        QuestionKind::Info,
    ]);
    let importance = prop::sample::select(vec![
        Importance::Must,
        Importance::Wanted,
        Importance::NiceToHave,
        Importance::Unknown,
    ]);
    let wording =
        prop::sample::select(vec![Wording::Sentence, Wording::Criterion, Wording::WorkingCondition]);
    let place = (
        option::of(any::<i64>()),
        option::of(1..=6_u8),
        option::of(prop_oneof![text(), Just("standort".to_owned())]),
    );
    (
        "[a-e]",
        texts,
        kinds,
        importance,
        wording,
        place,
        vec(text(), 0..8),
        vec(condition(), 0..4),
        gate(),
        option::of(flow()),
    )
        .prop_map(|(id, texts, kind, importance, wording, place, options, conditions, gate, flow)| {
            let (text, group, context, preamble, help_text, input_hint) = texts;
            let (category_order, phase, category) = place;
            Question {
                wording,
                importance,
                group,
                category,
                category_order,
                phase,
                options,
                context,
                preamble,
                help_text,
                input_hint,
                conditions,
                gate,
                flow,
                ..Question::new(id, text, kind)
            }
        })
}

fn condition() -> impl Strategy<Value = Condition> {
    let value =
        prop_oneof![any::<bool>().prop_map(ConditionValue::Bool), text().prop_map(ConditionValue::Text)];
    let operator = prop::sample::select(vec![Operator::Equals, Operator::In, Operator::Exists]);
    let action = prop::sample::select(vec![Action::Ask, Action::Skip, Action::Prefill, Action::Reorder]);
    ("[a-g]", operator, vec(value, 0..3), action).prop_map(|(field, operator, values, action)| Condition {
        field,
        operator,
        values,
        action,
    })
}

fn gate() -> impl Strategy<Value = Gate> {
    (any::<bool>(), any::<bool>(), option::of("[a-g]".prop_map(String::from))).prop_map(
        |(is_gate, is_alternative, alternative_for)| Gate { is_gate, is_alternative, alternative_for },
    )
}

fn flow() -> impl Strategy<Value = ConversationFlow> {
    let steps = || {
        option::of(prop::sample::select(vec![
            NextStep::OpenQuestion,
            NextStep::ClusteredOptions,
            NextStep::NextQuestion,
        ]))
    };
    let pre_check =
        (text(), steps(), steps()).prop_map(|(question, on_yes, on_no)| PreCheck { question, on_yes, on_no });
    let cluster = (text(), vec(text(), 0..4)).prop_map(|(label, options)| OptionCluster { label, options });
    let clustered = (option::of(text()), vec(cluster, 0..4))
        .prop_map(|(presentation_hint, clusters)| ClusteredOptions { presentation_hint, clusters });
    (option::of(pre_check), option::of(text()), option::of(clustered)).prop_map(
        |(pre_check, open_question, clustered_options)| ConversationFlow {
            pre_check,
            open_question,
            clustered_options,
        },
    )
}

fn questionnaire() -> impl Strategy<Value = Questionnaire> {
    let members =
        (option::of(text()), option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    (vec(question(), 0..12), members).prop_map(|(questions, members)| {
        let (role_title, location, company_size, company_pitch, company_priorities) = members;
        Questionnaire {
            questions,
            role_title,
            location,
            company_size,
            company_pitch,
            company_priorities,
            ..Questionnaire::default()
        }
    })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    (text(), text(), text(), any::<bool>()).prop_map(|(first, last, company, phone)| {
        let mut trigger = if phone { samples::phone_trigger() } else { samples::link_trigger() };
        let candidate = &mut trigger.candidate;
        candidate.first_name = PersonName::parse(&first).unwrap_or_else(|_| candidate.first_name.clone());
        candidate.last_name = PersonName::parse(&last).unwrap_or_else(|_| candidate.last_name.clone());
        trigger.company = CompanyName::parse(&company).unwrap_or(trigger.company);
        trigger
    })
}

static INTERVIEW: LazyLock<Interview> = LazyLock::new(interview);

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_questionnaire_and_any_name_make_a_sound_script(trigger in trigger(), questionnaire in questionnaire()) {
        let script = INTERVIEW.draft(&trigger, Some(&questionnaire), &CallId::of_no_call()).expect("a draft").script;
        let (prompt, first_message) = (script.prompt.reveal(), script.first_message.reveal());
        prop_assert!(prompt.chars().count() <= limits::PROMPT);
        prop_assert!(first_message.chars().count() <= 1_000);
        let greeting = format!(
            "Guten Tag {} {}, hier spricht Susi von {}",
            trigger.candidate.first_name.reveal(), trigger.candidate.last_name.reveal(), trigger.company.reveal()
        );
        prop_assert!(first_message.starts_with(&greeting));
        prop_assert!(!first_message.contains('\n'));
        let values = script.variables.values().map(Private::reveal);
        for text in [prompt, first_message].into_iter().chain(values) {
            prop_assert!(!text.contains(['{', '}', '\u{1C}', '\u{1D}', '\u{FDD0}', '\u{202E}', '\u{200B}']), "{text}");
            prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        }
        for value in script.variables.values() {
            prop_assert!(value.reveal().chars().count() <= limits::VARIABLE);
        }
        // Only the templates make headings: HOC's texts are always inside a line.
        let own = ["# Wer du bist", "# Wie du sprichst", "# Wenn etwas anders läuft", "# Ablauf"];
        let headings: Vec<_> = prompt.lines().filter(|line| line.starts_with("# ")).collect();
        prop_assert_eq!(headings, own);
    }
}

proptest! {
    // Each writes eight interviews.
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_letter_reads_as_if_it_were_written_for_its_candidate(
        triggers in vec(trigger(), 2),
        questionnaire in questionnaire(),
    ) {
        let questionnaire = Arc::new(questionnaire);
        for trigger in triggers {
            let script = || INTERVIEW.script(&trigger, Some(&questionnaire), &CallId::of_no_call());
            // The letter is written at the second use.
            let [_, _, letter] = [script(), script(), script()].map(|script| script.expect("a script"));
            let draft = INTERVIEW.draft(&trigger, Some(&questionnaire), &CallId::of_no_call()).expect("a draft");
            prop_assert_eq!(&letter.first_message, &draft.script.first_message);
            prop_assert_eq!(letter.prompt.reveal(), draft.script.prompt.reveal());
            prop_assert_eq!(letter, draft.script);
        }
    }
}
