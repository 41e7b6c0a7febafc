//! A trigger that is wrong is told everything that is wrong with it, and nobody is asked anything.

use serde_json::{Value, json};

use crate::support::{Setup, TestApp, call, link, with, without};

const REQUIRED: [&str; 4] = ["campaign_id", "company_name", "candidate_first_name", "candidate_last_name"];

#[tokio::test]
async fn a_required_field_is_missing_if_it_is_absent_null_or_blank() {
    let app = TestApp::start().await;
    for field in REQUIRED {
        app.trigger(&without(link(), field)).await.assert_missing(&[field]);
        for nothing in [json!(null), json!(""), json!(" \n\t")] {
            let trigger = with(link(), Value::Object([(field.to_owned(), nothing)].into_iter().collect()));
            app.trigger(&trigger).await.assert_missing(&[field]);
        }
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn missing_fields_are_named_in_the_order_of_the_document() {
    let app = TestApp::start().await;
    app.trigger(&json!({})).await.assert_missing(&REQUIRED);
    let backwards = json!({ "candidate_last_name": null, "company_name": "", "campaign_id": 1 });
    app.trigger(&backwards).await.assert_missing(&REQUIRED[1..]);
    app.trigger(&json!({ "to_number": "030 23125001" })).await.assert_missing(&[
        "campaign_id",
        "company_name",
        "candidate_first_name",
        "candidate_last_name",
        "agent_phone_number_id",
    ]);
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_call_needs_a_number_to_call_from() {
    let app = TestApp::start().await;
    app.trigger(&without(call(), "agent_phone_number_id")).await.assert_missing(&["agent_phone_number_id"]);
    let blank = with(call(), json!({ "agent_phone_number_id": "" }));
    app.trigger(&blank).await.assert_missing(&["agent_phone_number_id"]);
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_campaign_id_is_a_whole_number_above_zero() {
    let app = TestApp::start().await;
    for bad in [
        json!(0),
        json!(-1),
        json!(1.5),
        json!(true),
        json!("abc"),
        json!("1.5"),
        json!("-1"),
        json!("+1"),
        json!("0"),
        json!("0x1F"),
        json!([1]),
        json!({ "id": 1 }),
        json!(1_u64 << 53),
        json!(1e300),
        json!("99999999999999999999999999"),
        json!("12 3"),
    ] {
        let reply = app.trigger(&with(link(), json!({ "campaign_id": bad }))).await;
        reply.assert_invalid(&["campaign_id"]);
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_campaign_id_is_read_exactly_however_it_is_written() {
    let app = TestApp::start().await;
    for written in ["8888888888888887.0", "9007199254740991.0", "9007199254740991"] {
        let body =
            link().to_string().replacen("\"campaign_id\":200", &format!("\"campaign_id\":{written}"), 1);
        let exact: u64 = written.trim_end_matches(".0").parse().unwrap();
        assert_eq!(app.trigger_raw(body).await.assert_success()["campaign_id"], exact, "{written}");
    }
}

#[tokio::test]
async fn a_name_is_a_string() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in [json!(7), json!(true), json!(["Max"]), json!({ "name": "Max" })] {
            let trigger = with(link(), Value::Object([((*field).to_owned(), bad)].into_iter().collect()));
            app.trigger(&trigger).await.assert_invalid(&[field]);
        }
    }
}

#[tokio::test]
async fn a_name_has_something_to_say() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in ["{{}}", "---", "\u{202E}\u{200B}"] {
            let trigger =
                with(link(), Value::Object([((*field).to_owned(), json!(bad))].into_iter().collect()));
            app.trigger(&trigger).await.assert_invalid(&[field]);
        }
    }
}

#[tokio::test]
async fn a_name_was_filled_in() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in ["{{first_name}}", "%company_name%", "[Vorname]", "null", "undefined"] {
            let trigger =
                with(link(), Value::Object([((*field).to_owned(), json!(bad))].into_iter().collect()));
            app.trigger(&trigger).await.assert_invalid(&[field]);
        }
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_name_is_no_novel() {
    let app = TestApp::start().await;
    for (field, limit) in [("company_name", 200), ("candidate_first_name", 100), ("candidate_last_name", 100)]
    {
        let of_length = |length| {
            let name = json!("ü".repeat(length));
            with(link(), Value::Object([(field.to_owned(), name)].into_iter().collect()))
        };
        app.trigger(&of_length(limit)).await.assert_success();
        app.trigger(&of_length(limit + 1)).await.assert_invalid(&[field]);
    }
}

#[tokio::test]
async fn a_number_is_a_string() {
    let app = TestApp::start().await;
    for bad in [json!(493_023_125_001_u64), json!(true), json!(["+493023125001"]), json!({})] {
        app.trigger(&with(call(), json!({ "to_number": bad }))).await.assert_invalid(&["to_number"]);
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn an_agent_phone_number_id_is_an_id_and_no_number() {
    let app = TestApp::start().await;
    for bad in [json!("+493023125001"), json!("../agents"), json!("a b"), json!("x".repeat(101)), json!(5)] {
        let trigger = with(call(), json!({ "agent_phone_number_id": bad }));
        app.trigger(&trigger).await.assert_invalid(&["agent_phone_number_id"]);
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_wrong_agent_phone_number_id_is_not_replaced_by_the_configured_one() {
    let app = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", "phnum_default").start().await;
    let trigger = with(call(), json!({ "agent_phone_number_id": "a b" }));
    app.trigger(&trigger).await.assert_invalid(&["agent_phone_number_id"]);
}

#[tokio::test]
async fn an_applicant_id_is_a_short_text_or_a_number() {
    let app = TestApp::start().await;
    for bad in [json!(true), json!([1]), json!({}), json!("x".repeat(101))] {
        app.trigger(&with(link(), json!({ "applicant_id": bad }))).await.assert_invalid(&["applicant_id"]);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_named_at_once() {
    let app = TestApp::start().await;
    let trigger = json!({
        "campaign_id": "x",
        "company_name": 1,
        "candidate_first_name": [],
        "candidate_last_name": "---",
        "to_number": "110",
        "agent_phone_number_id": "?",
        "applicant_id": false,
    });
    let reply = app.trigger(&trigger).await;
    let body = reply.assert_error(400, "Invalid fields");
    let mut named: Vec<_> =
        body["invalid"].as_array().unwrap().iter().map(|entry| entry["field"].as_str().unwrap()).collect();
    named.sort_unstable();
    let mut sent: Vec<_> = trigger.as_object().unwrap().keys().map(String::as_str).collect();
    sent.sort_unstable();
    assert_eq!(named, sent);
}

#[tokio::test]
async fn what_is_missing_comes_before_what_is_wrong() {
    let app = TestApp::start().await;
    let trigger = with(without(link(), "company_name"), json!({ "campaign_id": 0 }));
    app.trigger(&trigger).await.assert_missing(&["company_name"]);
}

#[tokio::test]
async fn an_error_repeats_nothing_of_what_was_sent() {
    let app = TestApp::start().await;
    let trigger = json!({
        "campaign_id": "MARKER-1",
        "company_name": ["MARKER-2"],
        "candidate_first_name": "MARKER-3".repeat(30),
        "candidate_last_name": { "MARKER-4": 1 },
        "to_number": "MARKER-5",
        "agent_phone_number_id": "MARKER 6",
        "applicant_id": ["MARKER-7"],
        "MARKER-8": "MARKER-9",
    });
    let reply = app.trigger(&trigger).await;
    assert!(!reply.text.contains("MARKER"), "{reply:?}");
}
