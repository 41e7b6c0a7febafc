//! Whatever HOC sends: no panic, and no e-mail address gets through.

use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;
use serde_json::{Map, Value};

use crate::domain::{
    ClusteredOptions, Condition, ConditionValue, ConversationFlow, Gate, PreCheck, Question, Questionnaire,
};
use crate::hoc::parse_questionnaire;

/// Every member that is read anywhere, so that every corner of the parser is reached.
const MEMBERS: [&str; 62] = [
    "data",
    "questionnaire",
    "questions",
    "pages",
    "prompts",
    "name",
    "position",
    "information",
    "checked",
    "campaignrole_title",
    "job_title",
    "protocol_name",
    "campaignlocation_label",
    "work_location",
    "street",
    "postal_code",
    "city",
    "companysize",
    "company_size",
    "companypitch",
    "company_pitch",
    "knowledge_base",
    "companypriorities",
    "company_priorities",
    "id",
    "question",
    "text",
    "question_type",
    "type",
    "priority",
    "required",
    "group",
    "category",
    "category_order",
    "phase",
    "options",
    "label",
    "value",
    "context",
    "preamble",
    "help_text",
    "input_hint",
    "conditions",
    "when",
    "field",
    "op",
    "then",
    "action",
    "gate_config",
    "is_gate",
    "is_alternative",
    "can_satisfy_gate",
    "alternative_for",
    "conversation_flow",
    "pre_check",
    "on_yes",
    "on_no",
    "open_question",
    "clustered_options",
    "presentation_hint",
    "categories",
    "0",
];

const ADDRESSES: [&str; 9] = [
    "e.beispiel@example.org",
    "e.beispiel @ example.org",
    "e&#64;example.org",
    "mailto:e@example.org",
    "e@\nmail.example.org",
    "<b>e</b>@example.org",
    "e\u{200B}@example.org",
    "e@@example.org@b.example",
    "{{x}}@example.org",
];

/// Looser than any mail program: whatever a person would take for an address.
static LOOKS_LIKE_AN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}._%+-]\s?@\s?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+").expect("a pattern")
});

fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => prop::sample::select(&ADDRESSES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            " ", "\n", "!!!", "AP: ", "Ansprechpartnerin ", "Frau Beispiel", "(", ")", "<", ">", "@", ".", "&amp;",
            "<p>", "Zwingend: ", "Tel. 030 23125001", "ist", "{{", "}}", "?", ";", ",", "true", "in", "ask", "choice",
        ])
        .prop_map(str::to_owned),
        2 => "\\PC{0,12}",
        1 => any::<String>(),
        2 => "[a-zäöü@. ]{0,20}",
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_i64..9).prop_map(Value::from),
        any_text().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 120, 8, |inner| {
        let key = prop::sample::select(&MEMBERS[..]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..10)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A question whose members may be anything, except that its text is a text.
fn any_question() -> impl Strategy<Value = Value> {
    (any_text(), prop::collection::vec((prop::sample::select(&MEMBERS[..]), any_json()), 0..12)).prop_map(
        |(text, members)| {
            let mut question: Map<_, _> =
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            question.insert("question".into(), Value::from(format!("Frage {text}")));
            Value::Object(question)
        },
    )
}

fn any_questionnaire() -> impl Strategy<Value = Value> {
    let questions = prop::collection::vec(any_question(), 1..4);
    let around = prop::collection::vec((prop::sample::select(&MEMBERS[3..24]), any_json()), 0..5);
    (questions, any::<bool>(), any_text(), around).prop_map(|(questions, in_pages, page, around)| {
        let mut document: Map<_, _> =
            around.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if in_pages {
            document.insert("pages".into(), serde_json::json!([{"name": page, "prompts": questions}]));
        } else {
            document.insert("questions".into(), Value::from(questions));
        }
        Value::Object(document)
    })
}

/// Every text of a questionnaire. The patterns name all members, so that a new one cannot be forgotten.
fn texts(questionnaire: &Questionnaire) -> Vec<&str> {
    let Questionnaire {
        questions,
        skipped,
        role_title,
        location,
        company_size,
        company_pitch,
        company_priorities,
    } = questionnaire;
    let mut texts: Vec<&str> = [role_title, location, company_size, company_pitch, company_priorities]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    texts.extend(skipped.iter().map(|entry| entry.id.as_str()));
    for question in questions {
        let Question {
            id,
            text,
            wording: _,
            kind: _,
            importance: _,
            group,
            category,
            category_order: _,
            phase: _,
            options,
            context,
            preamble,
            help_text,
            input_hint,
            conditions,
            gate,
            flow,
        } = question;
        let Gate { is_gate: _, is_alternative: _, alternative_for } = gate;
        texts.extend([id, text].map(String::as_str));
        texts.extend(options.iter().map(String::as_str));
        texts.extend(
            [group, category, context, preamble, help_text, input_hint, alternative_for]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
        texts.extend(conditions.iter().flat_map(condition_texts));
        texts.extend(flow.iter().flat_map(flow_texts));
    }
    texts
}

fn condition_texts(condition: &Condition) -> Vec<&str> {
    let Condition { field, operator: _, values, action: _ } = condition;
    let values = values.iter().filter_map(|value| match value {
        ConditionValue::Text(text) => Some(text.as_str()),
        ConditionValue::Bool(_) => None,
    });
    values.chain([field.as_str()]).collect()
}

fn flow_texts(flow: &ConversationFlow) -> Vec<&str> {
    let ConversationFlow { pre_check, open_question, clustered_options } = flow;
    let mut texts: Vec<&str> = open_question.iter().map(String::as_str).collect();
    if let Some(PreCheck { question, on_yes: _, on_no: _ }) = pre_check {
        texts.push(question);
    }
    if let Some(ClusteredOptions { presentation_hint, clusters }) = clustered_options {
        texts.extend(presentation_hint.iter().map(String::as_str));
        texts.extend(
            clusters
                .iter()
                .flat_map(|cluster| cluster.options.iter().chain([&cluster.label]))
                .map(String::as_str),
        );
    }
    texts
}

fn check(document: &Value) -> Result<(), TestCaseError> {
    let Ok(questionnaire) = parse_questionnaire(document.to_string().as_bytes()) else { return Ok(()) };
    prop_assert!(!questionnaire.questions.is_empty());
    for text in texts(&questionnaire) {
        prop_assert!(!LOOKS_LIKE_AN_ADDRESS.is_match(text), "an address survived: {:?}", text);
        prop_assert!(!text.contains(char::is_control), "a control character survived: {:?}", text);
        prop_assert!(!text.trim().is_empty() && text.trim() == text, "white space survived: {:?}", text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_json_panics_the_parser_and_no_address_survives(document in any_json()) {
        check(&document)?;
    }

    #[test]
    fn no_questionnaire_panics_the_parser_and_no_address_survives(document in any_questionnaire()) {
        check(&document)?;
    }

    #[test]
    fn no_bytes_panic_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_questionnaire(&bytes);
    }
}
