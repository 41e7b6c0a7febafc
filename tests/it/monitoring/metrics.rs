//! The metrics count what happened, and whoever has the token can read them.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use sellcruiting_webhook::sandbox::{Answer, DialFault, Fault, Gate, PHONE_NUMBER_SIP};
use serde_json::json;

use crate::support::{
    API_KEY, METRICS_TOKEN, Page, Setup, TestApp, call, call_to, is_installed, link, run, with,
};

async fn app() -> TestApp {
    Setup::new().await.with_metrics().start().await
}

#[tokio::test]
async fn without_a_token_there_is_no_such_path() {
    let app = TestApp::start().await;
    for authorization in [None, Some("Bearer "), Some("Bearer it-metrics-token-one")] {
        app.metrics_as(authorization).await.assert_error(404, "Not found");
    }
}

#[tokio::test]
async fn only_who_has_a_token_may_read_and_while_one_is_replaced_both_do() {
    let app = Setup::new().await.set("METRICS_TOKEN", "token-old, token-new").start().await;
    app.metrics_as(None).await.assert_error(401, "Missing Authorization header");
    let webhook_key = format!("Bearer {API_KEY}");
    for wrong in ["Bearer token-ol", "Bearer token-old,token-new", &webhook_key] {
        app.metrics_as(Some(wrong)).await.assert_error(401, "Invalid API key");
    }
    for right in ["Bearer token-old", "Bearer token-new"] {
        assert_eq!(app.metrics_as(Some(right)).await.status, 200);
    }
    // The token does not open anything else either.
    app.trigger_as(Some("Bearer token-new"), &call()).await.assert_error(401, "Invalid API key");
}

#[tokio::test]
async fn every_outcome_of_a_trigger_is_counted_as_what_it_is() {
    let app = app().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    let status = |status| DialFault::NotPlaced(Fault::status(status));
    app.trigger(&call_to(1)).await.assert_success();
    app.trigger(&call_to(1)).await.assert_success();
    app.trigger(&link()).await.assert_success();
    elevenlabs.next_dial(DialFault::Refused { message: "no".to_owned() });
    app.trigger(&call_to(2)).await.assert_error(502, "API call failed");
    elevenlabs.next_dial(status(StatusCode::PAYMENT_REQUIRED));
    app.trigger(&call_to(3)).await.assert_error(502, "API call failed");
    elevenlabs.next_dial(status(StatusCode::TOO_MANY_REQUESTS));
    app.trigger(&call_to(4)).await.assert_error(429, "No free line");
    // Placed, although ElevenLabs' answer does not say so: the list of conversations shows it.
    elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger(&with(call_to(5), json!({ "agent_phone_number_id": PHONE_NUMBER_SIP })))
        .await
        .assert_success();
    app.trigger_with_key("one", &call_to(6)).await.assert_success();
    app.trigger_with_key("one", &call_to(7)).await.assert_error(422, "Idempotency key reused");
    app.trigger(&with(call(), json!({ "to_number": "110" }))).await.assert_invalid(&["to_number"]);
    let scrape = app.scrape().await;
    scrape.assert(&[
        (r#"sellcruiting_triggers_total{mode="call",outcome="placed"}"#, 3.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="replayed"}"#, 1.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="refused"}"#, 2.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="busy"}"#, 1.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="key_reused"}"#, 1.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="unknown"}"#, 0.0),
        (r#"sellcruiting_triggers_total{mode="link",outcome="link_made"}"#, 1.0),
        (r#"sellcruiting_dials_total{outcome="placed",provider="twilio",reason=""}"#, 2.0),
        (r#"sellcruiting_dials_total{outcome="refused",provider="twilio",reason="provider_failed"}"#, 1.0),
        (r#"sellcruiting_dials_total{outcome="refused",provider="twilio",reason="out_of_credits"}"#, 1.0),
        (r#"sellcruiting_dials_total{outcome="busy",provider="twilio",reason=""}"#, 1.0),
        (
            r#"sellcruiting_dials_total{outcome="unknown",provider="sip_trunk",reason="connection_broken"}"#,
            1.0,
        ),
        (r#"sellcruiting_duplicate_triggers_total{mode="call",state="placed"}"#, 1.0),
        (r#"sellcruiting_unknown_calls_settled_total{verdict="placed"}"#, 1.0),
        (r#"sellcruiting_unknown_calls_settled_total{verdict="not_placed"}"#, 0.0),
        ("sellcruiting_unknown_calls", 0.0),
        ("sellcruiting_calls_in_flight", 0.0),
        (r#"sellcruiting_elevenlabs_request_duration_seconds_count{operation="dial"}"#, 6.0),
        (r#"sellcruiting_elevenlabs_errors_total{operation="dial",reason="out_of_credits"}"#, 1.0),
        (r#"sellcruiting_elevenlabs_errors_total{operation="dial",reason="busy"}"#, 1.0),
        (
            r#"sellcruiting_http_requests_total{method="POST",route="/webhook/trigger-call",status="200"}"#,
            5.0,
        ),
        (
            r#"sellcruiting_http_requests_total{method="POST",route="/webhook/trigger-call",status="400"}"#,
            1.0,
        ),
        (
            r#"sellcruiting_http_requests_total{method="POST",route="/webhook/trigger-call",status="502"}"#,
            2.0,
        ),
        (r#"sellcruiting_http_request_duration_seconds_count{route="/webhook/trigger-call"}"#, 10.0),
        (r#"sellcruiting_store_statement_duration_seconds_count{statement="claim"}"#, 8.0),
        (&format!(r#"sellcruiting_build_info{{version="{}"}}"#, env!("CARGO_PKG_VERSION")), 1.0),
    ]);
    for of_the_process in ["process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"]
    {
        assert!(scrape.find(of_the_process).is_some_and(|value| value > 0.0), "{of_the_process}");
    }
}

#[tokio::test]
async fn a_call_of_which_nobody_can_tell_is_open_until_it_is_settled() {
    let app = app().await;
    app.sandbox.elevenlabs.hide_new_conversations();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    let scrape = app.scrape().await;
    scrape.assert(&[
        ("sellcruiting_unknown_calls", 1.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="unknown"}"#, 1.0),
    ]);
    app.clock.advance(Duration::from_mins(3));
    let settled = r#"sellcruiting_unknown_calls_settled_total{verdict="not_placed"}"#;
    app.scrape_until(settled, 1.0).await;
    app.scrape().await.assert(&[("sellcruiting_unknown_calls", 0.0)]);
}

#[tokio::test]
async fn hoc_s_trouble_is_counted_by_its_reason() {
    let app = Setup::new().await.with_metrics().set("QUESTIONNAIRE_TTL", "0").start().await;
    app.trigger(&link()).await.assert_success();
    app.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    app.trigger(&link()).await.assert_success();
    // HOC is asked once more after this, and then answers.
    app.sandbox.hoc.next(Fault::status(StatusCode::BAD_GATEWAY));
    app.trigger(&link()).await.assert_success();
    app.scrape().await.assert(&[
        (r#"sellcruiting_hoc_request_duration_seconds_count{operation="questionnaire"}"#, 4.0),
        (r#"sellcruiting_hoc_errors_total{operation="questionnaire",reason="unknown_campaign"}"#, 1.0),
        (r#"sellcruiting_hoc_errors_total{operation="questionnaire",reason="unexpected_status"}"#, 1.0),
        (r#"sellcruiting_questionnaires_total{result="loaded"}"#, 2.0),
        (r#"sellcruiting_questionnaires_total{result="unknown_campaign"}"#, 1.0),
    ]);
}

/// A clock that cannot be read stands for any bug.
#[tokio::test]
async fn a_call_that_panics_is_counted_as_a_bug() {
    let app = app().await;
    app.clock.set(Duration::from_millis(i64::MAX.unsigned_abs()));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    app.clock.set(Duration::ZERO);
    app.scrape().await.assert(&[(r#"sellcruiting_triggers_total{mode="call",outcome="internal"}"#, 1.0)]);
}

#[tokio::test]
async fn talks_are_counted_while_they_last_and_when_they_end() {
    let app = app().await;
    let invited = app.invite().await;
    let (mut page, _agent) = invited.talk(&app.sandbox.elevenlabs).await;
    app.scrape().await.assert(&[("sellcruiting_talks", 1.0)]);
    assert!(Page::open(invited.request("tab-2")).await.is_err());
    page.press_end().await;
    assert_eq!(page.end().await.0, "candidate");
    app.scrape_until("sellcruiting_talks", 0.0).await;
    app.scrape().await.assert(&[
        (r#"sellcruiting_talks_ended_total{reason="candidate"}"#, 1.0),
        ("sellcruiting_talk_duration_seconds_count", 1.0),
        (r#"sellcruiting_talks_refused_total{reason="in_progress"}"#, 1.0),
        (r#"sellcruiting_elevenlabs_request_duration_seconds_count{operation="talk"}"#, 1.0),
    ]);
}

#[tokio::test]
async fn a_request_whose_caller_went_away_is_counted_as_such() {
    let app = app().await;
    let gate = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = app.caller();
    let request = tokio::spawn(async move { caller.trigger(&call()).await });
    app.sandbox.elevenlabs.wait_for_dials(1).await;
    request.abort();
    let gone =
        r#"sellcruiting_http_requests_total{method="POST",route="/webhook/trigger-call",status="499"}"#;
    app.scrape_until(gone, 1.0).await;
    gate.open();
    app.scrape_until(r#"sellcruiting_triggers_total{mode="call",outcome="placed"}"#, 1.0).await;
}

#[tokio::test]
async fn no_label_comes_from_outside() {
    let app = app().await;
    let marked = Answer::json(StatusCode::BAD_REQUEST, &json!({ "detail": { "status": "MARKER" } }));
    app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Answer(marked)));
    app.trigger(&call()).await.assert_error(502, "API call failed");
    let placed = app.trigger(&call()).await;
    let invited = app.invite().await;
    assert!(app.get("/talk/MARKER").await.status >= 400);
    assert_eq!(app.get("/MARKER/23125001?MARKER=MARKER").await.status, 404);
    let odd = Method::from_bytes(b"MARKER").unwrap();
    assert_eq!(app.ask(odd, "/webhook/health").await.status, 405);
    app.scrape().await;
    let before = app.scrape().await.requests();
    for n in 0..50 {
        app.get(&format!("/nothing/{n}")).await.assert_error(404, "Not found");
    }
    let scrape = app.scrape().await;
    let conversation_id = placed.conversation_id();
    let labels = scrape.labels();
    let ids = [conversation_id.as_str(), &invited.token];
    for private in
        ["MARKER", "23125", "Mustermann", "Tech Startup", METRICS_TOKEN, API_KEY].iter().chain(&ids)
    {
        assert!(!labels.contains(private), "{private:?} in {labels}");
    }
    assert_eq!(scrape.requests(), before, "so their number is bounded");
}

#[tokio::test]
async fn a_store_that_is_down_leaves_the_rest_to_be_read() {
    let setup = Setup::new().await.with_metrics().set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    let app = setup.start().await;
    app.trigger(&call()).await.assert_error(503, "Call store unavailable");
    let scrape = app.scrape().await;
    assert_eq!(scrape.find("sellcruiting_unknown_calls"), None);
    scrape.assert(&[(r#"sellcruiting_triggers_total{mode="call",outcome="store_unavailable"}"#, 1.0)]);
    let failed = r#"sellcruiting_store_errors_total{reason="unavailable",statement="claim"}"#;
    assert!(scrape.find(failed).is_some_and(|count| count >= 1.0), "{}", scrape.text);
}

#[tokio::test]
async fn prometheus_finds_no_fault_with_them() {
    if !is_installed("promtool").await {
        return;
    }
    let app = app().await;
    app.trigger(&call()).await.assert_success();
    app.trigger(&call()).await.assert_success();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("scrape"), app.scrape().await.text).unwrap();
    let checked = run("sh", &["-c", "promtool check metrics < scrape"], directory.path(), []).await;
    let said = [checked.stdout, checked.stderr].concat();
    assert!(checked.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}

#[tokio::test]
async fn what_is_on_hand_is_counted_apart_and_so_is_that_hoc_is_left_alone() {
    let app = app().await;
    for _ in 0..2 {
        app.trigger(&link()).await.assert_success();
    }
    app.scrape().await.assert(&[("sellcruiting_hoc_circuit_open", 0.0)]);
    app.clock.advance(Duration::from_mins(5));
    for campaign in [200, 301, 302, 303, 304] {
        app.sandbox.hoc.next(Fault::status(StatusCode::NOT_IMPLEMENTED));
        app.trigger(&with(link(), json!({ "campaign_id": campaign }))).await.assert_success();
    }
    app.scrape().await.assert(&[
        (r#"sellcruiting_questionnaires_total{result="loaded"}"#, 1.0),
        (r#"sellcruiting_questionnaires_total{result="cached"}"#, 1.0),
        (r#"sellcruiting_questionnaires_total{result="stale"}"#, 1.0),
        (r#"sellcruiting_questionnaires_total{result="unexpected_status"}"#, 4.0),
        ("sellcruiting_hoc_circuit_open", 1.0),
    ]);
}
