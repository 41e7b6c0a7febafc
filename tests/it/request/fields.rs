//! The answer to an invalid trigger names everything that is wrong with it, and no upstream is asked anything.

use sellcruiting_webhook::sandbox::PHONE_NUMBER_SIP;
use serde_json::json;

use crate::support::{Setup, TestApp, call, link, with, without};

const REQUIRED: [&str; 4] = ["campaign_id", "company_name", "candidate_first_name", "candidate_last_name"];

#[tokio::test]
async fn a_required_field_is_missing_if_it_is_absent_null_or_blank() {
    let app = TestApp::start().await;
    for field in REQUIRED {
        app.trigger(&without(link(), field)).await.assert_missing(&[field]);
        for nothing in [json!(null), json!(""), json!(" \n\t")] {
            let trigger = with(link(), json!({ field: nothing }));
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
async fn a_campaign_id_that_is_too_large_hears_of_the_limit() {
    let app = TestApp::start().await;
    for bad in [json!(1_u64 << 53), json!("9007199254740992")] {
        let reply = app.trigger(&with(link(), json!({ "campaign_id": bad }))).await;
        reply.assert_invalid(&["campaign_id"]);
        assert!(reply.text.contains("from 1 to 9007199254740991"), "{reply:?}");
    }
    let largest = json!({ "campaign_id": "9007199254740991" });
    app.trigger(&with(link(), largest)).await.assert_success();
}

#[tokio::test]
async fn a_field_that_no_program_can_hold_is_named() {
    let app = TestApp::start().await;
    for (field, bad) in [
        ("campaign_id", "1e999999".to_owned()),
        ("campaign_id", "9".repeat(400)),
        ("company_name", r#""\ud800""#.to_owned()),
        ("candidate_last_name", r#""Muster\udc00mann""#.to_owned()),
        ("to_number", "1e999999".to_owned()),
        ("agent_phone_number_id", r#""phnum_\ud800""#.to_owned()),
        ("applicant_id", r#""A\ud83d""#.to_owned()),
        ("applicant_id", "9".repeat(400)),
        ("applicant_id", "[".repeat(200) + &"]".repeat(200)),
    ] {
        app.trigger_raw(with_raw(field, &bad)).await.assert_invalid(&[field]);
    }
    app.assert_nothing_asked();
}

/// A valid trigger with this JSON as a field's value, as no program would write it.
fn with_raw(field: &str, json: &str) -> String {
    let marked = with(call(), json!({ field: "MARK" }));
    marked.to_string().replacen("\"MARK\"", json, 1)
}

#[tokio::test]
async fn a_name_is_a_string() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in [json!(7), json!(true), json!(["Max"]), json!({ "name": "Max" })] {
            let trigger = with(link(), json!({ *field: bad }));
            app.trigger(&trigger).await.assert_invalid(&[field]);
        }
    }
}

#[tokio::test]
async fn a_name_has_something_to_say() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in ["{{}}", "---", "\u{202E}\u{200B}"] {
            let trigger = with(link(), json!({ *field: bad }));
            app.trigger(&trigger).await.assert_invalid(&[field]);
        }
    }
}

#[tokio::test]
async fn a_name_was_filled_in() {
    let app = TestApp::start().await;
    for field in &REQUIRED[1..] {
        for bad in ["{{first_name}}", "%company_name%", "[Vorname]", "null", "undefined"] {
            let trigger = with(link(), json!({ *field: bad }));
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
            let name = "ü".repeat(length);
            with(link(), json!({ field: name }))
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
    for bad in [json!(true), json!([1]), json!({}), json!("x".repeat(101)), json!(1.1), json!(1e300)] {
        app.trigger(&with(link(), json!({ "applicant_id": bad }))).await.assert_invalid(&["applicant_id"]);
    }
}

#[tokio::test]
async fn an_applicant_id_is_handed_through_to_the_letter() {
    let app = TestApp::start().await;
    for (written, handed_through) in [
        ("4711", "4711"),
        ("36893488147419103232123", "36893488147419103232123"),
        ("1000.0", "1000"),
        ("1e3", "1000"),
        (r#""007""#, "007"),
        (r#""{3F2504E0-4F89}""#, "3F2504E0-4F89"),
        (r#""null""#, ""),
        (r#""None""#, ""),
        (r#""undefined""#, ""),
    ] {
        let shown = app.send(app.post_preview().body(with_raw("applicant_id", written))).await;
        assert_eq!(shown.assert_success()["variables"]["applicant_id"], handed_through, "{written}");
    }
}

#[tokio::test]
async fn an_id_was_filled_in() {
    let app = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_SIP).start().await;
    for bad in ["{{applicant_id}}", "${applicantId}", "[Bewerber-ID]"] {
        app.trigger(&with(link(), json!({ "applicant_id": bad }))).await.assert_invalid(&["applicant_id"]);
    }
    let bad = json!({ "agent_phone_number_id": "{{agent_phone_number_id}}" });
    app.trigger(&with(call(), bad)).await.assert_invalid(&["agent_phone_number_id"]);
    app.assert_nothing_asked();
    // What programs write for a missing id counts as absent.
    for nothing in ["null", "undefined", "NULL", "n/a"] {
        let shown = app.preview(&with(call(), json!({ "agent_phone_number_id": nothing }))).await;
        let data = shown.assert_success();
        assert_eq!(data["dialling"]["agent_phone_number_id"], PHONE_NUMBER_SIP, "{nothing}");
    }
}

#[tokio::test]
async fn a_number_to_call_from_that_is_none_is_missing() {
    let app = TestApp::start().await;
    let nothing = with(call(), json!({ "agent_phone_number_id": "null" }));
    app.trigger(&nothing).await.assert_missing(&["agent_phone_number_id"]);
    app.assert_nothing_asked();
}

/// It would end up in the address of a lookup at ElevenLabs and in the log.
#[tokio::test]
async fn a_telephone_number_in_place_of_the_id_to_call_from_is_refused_and_told_to_nobody() {
    let app = TestApp::start().await;
    for number in ["493023125001", "030-23125-001", "+493023125001"] {
        for trigger in [call(), link()] {
            let trigger = with(trigger, json!({ "agent_phone_number_id": number }));
            app.trigger(&trigger).await.assert_invalid(&["agent_phone_number_id"]);
            app.preview(&trigger).await.assert_invalid(&["agent_phone_number_id"]);
        }
    }
    app.assert_nothing_asked();
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
    reply.assert_error(400, "Invalid fields");
    assert!(!reply.text.contains("MARKER"), "{reply:?}");
}
