//! The whole path from HOC's bytes to the domain.

use serde_json::{Value, json};

use super::*;
use crate::domain::{Importance, QuestionKind, Questionnaire, SkipReason};

mod properties;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/questionnaires/", $name, ".json"))
    };
}

fn parse(value: &Value) -> Result<Questionnaire, HocError> {
    parse_questionnaire(value.to_string().as_bytes())
}

#[test]
fn a_hospitals_questions_are_read_whole() {
    insta::assert_debug_snapshot!(parse_questionnaire(fixture!("hospital")).expect("a questionnaire"));
}

#[test]
fn members_that_are_null_are_absent() {
    insta::assert_debug_snapshot!(parse_questionnaire(fixture!("daycare")).expect("a questionnaire"));
}

#[test]
fn pages_of_notes_are_read_whole() {
    insta::assert_debug_snapshot!(parse_questionnaire(fixture!("solar-pages")).expect("a questionnaire"));
}

#[test]
fn a_messy_answer_keeps_all_that_is_usable() {
    insta::assert_debug_snapshot!(parse_questionnaire(fixture!("messy")).expect("a questionnaire"));
}

#[test]
fn nothing_of_a_contact_person_is_left_of_any_fixture() {
    for fixture in
        [&fixture!("hospital")[..], fixture!("daycare"), fixture!("solar-pages"), fixture!("messy")]
    {
        let raw = String::from_utf8_lossy(fixture);
        assert!(raw.contains("Beispiel") || raw.contains("23125"), "the fixture names a person: {raw}");
        let read = format!("{:?}", parse_questionnaire(fixture).expect("a questionnaire"));
        for trace in ["Erika", "Max", "Beispiel", "beispiel", "example", "23125", "@"] {
            assert!(!read.contains(trace), "{trace} is left in {read}");
        }
    }
}

#[test]
fn the_questionnaire_may_be_wrapped_or_bare() {
    let question = json!({"id": 1, "question": "Passt das?"});
    for document in [
        json!([question]),
        json!({"questions": [question]}),
        json!({"questions": {"0": question}}),
        json!({"data": {"questions": [question]}}),
        json!({"data": [question]}),
        json!({"questionnaire": {"questions": [question]}}),
        json!({"data": {"questionnaire": {"questions": [question]}}}),
        json!([{"questions": [question]}]),
        json!({"pages": [{"name": "Seite", "prompts": [question]}]}),
        json!({"questions": [], "pages": [{"prompts": [question]}]}),
        json!([{"name": "Seite", "prompts": [question]}]),
        json!({"data": {"pages": [{"prompts": {"id": 1, "question": "Passt das?"}}]}}),
        Value::String(json!({"questions": [question]}).to_string()),
    ] {
        let read = parse(&document).unwrap_or_else(|error| panic!("{error}: {document}"));
        assert_eq!(read.questions.len(), 1, "{document}");
        assert_eq!(
            (read.questions[0].id.as_str(), read.questions[0].text.as_str()),
            ("1", "Passt das?"),
            "{document}"
        );
        assert_eq!(read.questions[0].kind, QuestionKind::Open, "{document}");
        assert_eq!(read.questions[0].importance, Importance::Unknown, "{document}");
    }
}

#[test]
fn members_are_also_read_from_around_the_wrapper_and_the_innermost_wins() {
    let read = parse(&json!({
        "campaignrole_title": "Außen",
        "companysize": "200",
        "data": {"campaignrole_title": "Innen", "companysize": "", "questions": [{"question": "Passt das?"}]},
    }))
    .expect("a questionnaire");
    assert_eq!(read.role_title.as_deref(), Some("Innen"));
    assert_eq!(read.company_size.as_deref(), Some("200"));

    let twice = json!({"companysize": "1", "data": {"companysize": "2", "questionnaire": [{"question": "Passt das?"}]}});
    assert_eq!(parse(&twice).expect("a questionnaire").company_size.as_deref(), Some("2"));
}

#[test]
fn a_byte_order_mark_and_broken_characters_cost_nothing_else() {
    let read =
        parse_questionnaire(b"\xEF\xBB\xBF {\"questions\": [{\"question\": \"Passt \xFF das?\"}]}\r\n")
            .expect("read");
    assert!(read.questions[0].text.starts_with("Passt") && read.questions[0].text.ends_with("das?"));
}

#[test]
fn one_odd_value_costs_itself_and_not_the_questionnaire() {
    let nested = "[".repeat(130) + &"]".repeat(130);
    for odd in [r#""Smile \ud83d""#, "1e999", nested.as_str()] {
        let document = format!(
            r#"{{"questions": [{{"id": 1, "question": "Passt das?", "x": {odd}}}, {{"id": 2, "question": {odd}}}], "meta": {odd}}}"#
        );
        for sent in [document.clone(), json!(document).to_string()] {
            let read = parse_questionnaire(sent.as_bytes()).expect("a questionnaire");
            assert_eq!(read.questions[0].text, "Passt das?", "{sent:.200}");
        }
    }
    let half = br#"{"questions": [{"question": "Freuen Sie sich \ud83d darauf?"}]}"#;
    let read = parse_questionnaire(half).expect("a questionnaire");
    assert!(
        read.questions[0].text.starts_with("Freuen Sie sich") && read.questions[0].text.ends_with("darauf?")
    );
}

#[test]
fn what_is_no_questionnaire_is_named() {
    for (bytes, code) in [
        (&b""[..], "not_json"),
        (b"<!DOCTYPE html><title>Anmelden</title>", "not_json"),
        (b"{\"questions\": [", "not_json"),
        (b"null", "not_a_questionnaire"),
        (b"42", "not_a_questionnaire"),
        (b"\"Hallo\"", "not_a_questionnaire"),
        (b"{\"detail\": \"Not found.\"}", "not_a_questionnaire"),
        (b"{\"data\": null}", "not_a_questionnaire"),
        (b"{\"data\": {\"data\": {\"data\": {\"data\": {\"questions\": []}}}}}", "not_a_questionnaire"),
        (b"[]", "no_usable_question"),
        (b"[1, null]", "no_usable_question"),
        (b"{\"questions\": []}", "no_usable_question"),
        (b"{\"questions\": null}", "no_usable_question"),
        (b"{\"questions\": \"keine\"}", "no_usable_question"),
        (b"{\"questions\": [{\"question\": \"AP: Beispiel\"}, {\"question\": \"?\"}]}", "no_usable_question"),
        (b"{\"pages\": [{\"prompts\": null}, null]}", "no_usable_question"),
    ] {
        let error = parse_questionnaire(bytes).expect_err("no questionnaire");
        assert_eq!(error.code(), code, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = "[".repeat(100_000);
    assert_eq!(parse_questionnaire(deep.as_bytes()).expect_err("too deep").code(), "not_json");
}

#[test]
fn what_cannot_be_used_is_named_with_its_reason() {
    let skipped = |document: &Value| {
        let skipped = parse(document).expect("a questionnaire").skipped;
        skipped.into_iter().map(|entry| (entry.id, entry.reason)).collect::<Vec<_>>()
    };
    let questions = json!({"questions": [
        {"id": 1, "question": "Passt das?"},
        null,
        {"id": "leer", "question": " "},
        {"id": 4, "question": "AP: Frau Beispiel"},
        {},
    ]});
    assert_eq!(
        skipped(&questions),
        [
            ("question-2".to_owned(), SkipReason::NotAQuestion),
            ("leer".to_owned(), SkipReason::NoText),
            ("4".to_owned(), SkipReason::ContactPerson),
            ("question-5".to_owned(), SkipReason::NoText),
        ]
    );
    let decisive = json!({"questions": [
        {"id": 1, "question": "Passt das?"},
        {"id": 2, "question": "AP: Frau Beispiel", "gate_config": {"is_gate": true}},
        {"id": 3, "question": "Kennen Sie Frau Beispiel, Tel. 030 23125001?"},
    ]});
    assert_eq!(
        skipped(&decisive),
        [("2".to_owned(), SkipReason::NoText), ("3".to_owned(), SkipReason::NoText)]
    );
    let decisive = json!({"pages": [
        {"name": "Kriterien", "prompts": [{"id": 1, "question": "Zwingend: Deutsch"}, {"id": 2, "question": "Zwingend: AP: Frau Beispiel"}]},
        {"name": "Kontakt", "prompts": [{"id": 3, "question": "Wie lautet Ihre Telefonnummer?"}]},
    ]});
    assert_eq!(
        skipped(&decisive),
        [("2".to_owned(), SkipReason::NoText), ("3".to_owned(), SkipReason::NoText)]
    );
    let pages = json!({"pages": [
        {"name": "Kriterien", "prompts": [{"id": 1, "question": "Zwingend: Deutsch"}, {"id": 2, "question": null}]},
        {"name": "Ansprechpartner", "prompts": [{"question": "Erika Beispiel"}]},
    ]});
    assert_eq!(
        skipped(&pages),
        [("2".to_owned(), SkipReason::NoText), ("question-3".to_owned(), SkipReason::ContactPerson)]
    );
}
