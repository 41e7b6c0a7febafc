//! A caller's `Idempotency-Key`: the same key with the same request gets the first answer again, and nobody is called
//! twice.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO};
use serde_json::{Value, json};

use crate::support::{
    CALLED, Reply, SECOND_API_KEY, Setup, TestApp, TestDatabase, call, each_database, link, questionnaire,
    with, without,
};

const KEY: &str = "hoc-4711";
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Fails unless `reply` repeats `first` byte for byte, and says so.
#[track_caller]
fn assert_replays(reply: &Reply, first: &Reply) {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.text, first.text);
    assert!(reply.is_replayed() && !first.is_replayed(), "{first:?} {reply:?}");
}

async fn the_same_key_and_request_bring_the_first_answer_to_the_byte(database: TestDatabase) {
    let app = Setup::new().await.on(&database).start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = with(
        call(),
        json!({
            "campaign_id": 7, "applicant_id": "A-1", "company_name": "Max & Söhne \"Quitten\" GmbH",
            "candidate_first_name": "Max", "candidate_last_name": "Max-Müller",
        }),
    );
    let first = app.trigger_with_key(KEY, &trigger).await;
    app.clock.advance(MINUTE);
    for _ in 0..2 {
        assert_replays(&app.trigger_with_key(KEY, &trigger).await, &first);
    }
    assert_eq!(first.conversation_id(), app.only_conversation().conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
    assert_eq!(app.sandbox.hoc.requests().len(), 1, "a replay asks for nothing");
}

async fn an_answer_is_brought_again_by_another_process(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let app = setup.instance().await;
    let first = app.trigger_with_key(KEY, &call()).await;
    app.stop().await;
    let app = setup.instance().await;
    assert_replays(&app.trigger_with_key(KEY, &call()).await, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

each_database!(
    the_same_key_and_request_bring_the_first_answer_to_the_byte,
    an_answer_is_brought_again_by_another_process,
);

#[tokio::test]
async fn a_key_means_the_same_quoted_and_bare() {
    let app = TestApp::start().await;
    let first = app.trigger_with_key(KEY, &call()).await;
    assert_replays(&app.trigger_with_key(&format!("\"{KEY}\""), &call()).await, &first);
    assert_replays(&app.trigger_with_key(&format!("  {KEY} "), &call()).await, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn what_the_service_reads_alike_is_the_same_request() {
    let app = TestApp::start().await;
    let trigger = with(call(), json!({ "applicant_id": 17 }));
    let first = app.trigger_with_key(KEY, &trigger).await;
    for alike in [
        json!({ "applicant_id": "17" }),
        json!({ "campaign_id": "200" }),
        json!({ "to_number": "030 23125-001" }),
        json!({ "candidate_first_name": "  Max " }),
        json!({ "unknown": "member" }),
    ] {
        assert_replays(&app.trigger_with_key(KEY, &with(trigger.clone(), alike)).await, &first);
    }
    let reordered = app.post_with_key(KEY).body(serde_json::to_string_pretty(&trigger).unwrap());
    assert_replays(&app.send(reordered).await, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_key_with_another_request_is_refused_and_nobody_is_called() {
    let app = TestApp::start().await;
    let first = app.trigger_with_key(KEY, &call()).await;
    for other in [
        json!({ "campaign_id": 201 }),
        json!({ "company_name": "Tech Startup AG" }),
        json!({ "candidate_first_name": "Moritz" }),
        json!({ "candidate_last_name": "Musterfrau" }),
        json!({ "to_number": "+493023125002" }),
        json!({ "agent_phone_number_id": PHONE_NUMBER_SIP }),
        json!({ "applicant_id": 17 }),
        // A link instead of a call.
        json!({ "to_number": null }),
    ] {
        let reply = app.trigger_with_key(KEY, &with(call(), other)).await;
        let body = reply.assert_error(422, "Idempotency key reused");
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
    // The answer to the first request is still there.
    assert_replays(&app.trigger_with_key(KEY, &call()).await, &first);
}

#[tokio::test]
async fn another_request_is_refused_while_the_first_is_in_flight_too() {
    let app = TestApp::start().await;
    let gate = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let (call, other) = (call(), with(call(), json!({ "to_number": "+493023125002" })));
    let first = app.trigger_with_key(KEY, &call);
    let meanwhile = async {
        app.sandbox.elevenlabs.wait_for_dials(1).await;
        app.trigger_with_key(KEY, &other).await.assert_error(422, "Idempotency key reused");
        gate.open();
    };
    let (first, ()) = tokio::join!(first, meanwhile);
    first.assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

/// All API keys are HOC's: replacing one must not let a retry dial again.
#[tokio::test]
async fn a_key_means_the_same_under_each_api_key() {
    let app = TestApp::start().await;
    let first = app.trigger_with_key(KEY, &call()).await;
    let request = app.request(reqwest::Method::POST, "/webhook/trigger-call").bearer_auth(SECOND_API_KEY);
    let again = app.send(request.header("idempotency-key", KEY).json(&call())).await;
    assert_replays(&again, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

/// The operator corrects the configured number, and HOC sends the same request again.
#[tokio::test]
async fn a_request_is_the_same_after_the_default_number_was_changed() {
    let database = TestDatabase::sqlite_file();
    let default = "ELEVENLABS_AGENT_PHONE_NUMBER_ID";
    let setup = Setup::new().await.on(&database).set(default, PHONE_NUMBER_TWILIO);
    let trigger = without(call(), "agent_phone_number_id");
    let app = setup.instance().await;
    let first = app.trigger_with_key(KEY, &trigger).await;
    app.stop().await;
    let app = setup.set(default, PHONE_NUMBER_SIP).instance().await;
    for nothing in [json!("null"), json!(" None "), json!(""), json!(null)] {
        let trigger = with(trigger.clone(), json!({ "agent_phone_number_id": nothing }));
        assert_replays(&app.trigger_with_key(KEY, &trigger).await, &first);
    }
    assert_replays(&app.trigger_with_key(KEY, &trigger).await, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_key_that_is_none_is_named_and_nothing_is_asked_of_anyone() {
    let app = TestApp::start().await;
    let longest = "x".repeat(255);
    let quoted = format!("\"{}\"", "x".repeat(256));
    let too_long = "x".repeat(256);
    for bad in [
        &b""[..],
        b"   ",
        b"\"\"",
        b"two words",
        b"\"two words\"",
        b"a\tb",
        b"\"open",
        b"\"a\"b\"",
        b"\xfc",
        "ü".as_bytes(),
        too_long.as_bytes(),
        quoted.as_bytes(),
    ] {
        let key = HeaderValue::from_bytes(bad).unwrap();
        let reply = app.send(app.post().header("idempotency-key", key).json(&call())).await;
        reply.assert_invalid(&["Idempotency-Key"]);
        let key = HeaderValue::from_bytes(bad).unwrap();
        let reply = app.send(app.post().header("idempotency-key", key).json(&link())).await;
        reply.assert_invalid(&["Idempotency-Key"]);
    }
    let two = app.post_with_key("one").header("idempotency-key", "two").json(&call());
    app.send(two).await.assert_invalid(&["Idempotency-Key"]);
    let the_same_twice = app.post_with_key("one").header("idempotency-key", "one").json(&call());
    app.send(the_same_twice).await.assert_invalid(&["Idempotency-Key"]);
    app.assert_nothing_asked();
    app.trigger_with_key(&longest, &call()).await.assert_success();
}

#[tokio::test]
async fn a_key_guards_for_as_long_as_calls_are_remembered() {
    let app = Setup::new().await.set("CALL_RETENTION", "30d").start().await;
    let first = app.trigger_with_key(KEY, &call()).await;
    for passed in [11 * MINUTE, DAY, 28 * DAY] {
        app.clock.advance(passed);
        assert_replays(&app.trigger_with_key(KEY, &call()).await, &first);
    }
    app.clock.advance(DAY);
    let anew = app.trigger_with_key(KEY, &call()).await;
    assert!(!anew.is_replayed());
    assert_ne!(anew.conversation_id(), first.conversation_id());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 2);
}

#[tokio::test]
async fn a_refusal_and_a_busy_line_free_the_key() {
    let app = TestApp::start().await;
    for (status, answer) in [(StatusCode::PAYMENT_REQUIRED, 502), (StatusCode::TOO_MANY_REQUESTS, 429)] {
        app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(status)));
        let reply = app.trigger_with_key(KEY, &call()).await;
        assert_eq!(reply.status, answer, "{reply:?}");
        assert!(!reply.is_replayed());
    }
    let first = app.trigger_with_key(KEY, &call()).await;
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
    assert_replays(&app.trigger_with_key(KEY, &call()).await, &first);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
    app.only_conversation();
}

#[tokio::test]
async fn a_key_that_is_free_again_still_belongs_to_its_request() {
    let app = TestApp::start().await;
    let refused = DialFault::NotPlaced(Fault::status(StatusCode::PAYMENT_REQUIRED));
    app.sandbox.elevenlabs.next_dial(refused);
    app.trigger_with_key(KEY, &call()).await.assert_error(502, "API call failed");
    let other = with(call(), json!({ "to_number": "+493023125002" }));
    app.trigger_with_key(KEY, &other).await.assert_error(422, "Idempotency key reused");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_request_that_is_invalid_leaves_its_key_unused() {
    let app = TestApp::start().await;
    app.trigger_with_key(KEY, &with(call(), json!({ "company_name": "" })))
        .await
        .assert_missing(&["company_name"]);
    app.trigger_with_key(KEY, &call()).await.assert_success();
}

#[tokio::test]
async fn a_link_with_a_key_is_made_once() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = with(link(), json!({ "campaign_id": 7 }));
    let first = app.trigger_with_key(KEY, &trigger).await;
    let data = first.assert_success();
    app.clock.advance(DAY);
    assert_replays(&app.trigger_with_key(KEY, &trigger).await, &first);
    assert!(data["conversation_link"].is_string() && data["link_expires_at"].is_string(), "{data}");
    let other = with(trigger, json!({ "candidate_first_name": "Moritz" }));
    app.trigger_with_key(KEY, &other).await.assert_error(422, "Idempotency key reused");
    // It cannot become a call either.
    app.trigger_with_key(KEY, &call()).await.assert_error(422, "Idempotency key reused");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
}

#[tokio::test]
async fn a_link_without_a_key_is_made_anew_each_time() {
    let app = TestApp::start().await;
    let mut expiries = Vec::new();
    for _ in 0..2 {
        let reply = app.trigger(&link()).await;
        assert!(!reply.is_replayed());
        expiries.push(reply.assert_success()["link_expires_at"].clone());
        app.clock.advance(MINUTE);
    }
    assert_ne!(expiries[0], expiries[1]);
}

#[tokio::test]
async fn keys_guard_each_for_itself_and_apart_from_campaign_and_number() {
    let app = TestApp::start().await;
    let mut conversations = Vec::new();
    for key in [None, Some("a"), Some("b"), Some("A")] {
        for is_replayed in [false, true] {
            let reply = app.trigger_with_optional_key(key, &call()).await;
            assert_eq!(reply.is_replayed(), is_replayed, "{key:?} {reply:?}");
            conversations.push(Value::from(reply.conversation_id()));
        }
    }
    conversations.dedup();
    assert_eq!(conversations.len(), 4, "{conversations:?}");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 4);
    assert!(app.sandbox.elevenlabs.dials().iter().all(|dial| dial.body["to_number"] == CALLED));
}
