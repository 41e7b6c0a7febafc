//! The log tells operators what happened: one line per request, and one per call or link.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault, KeyTrouble, Lookup};
use serde_json::{Value, json};

use crate::support::{README, Setup, as_json, call, link, with, without};

/// The lines whose span has this request id.
fn lines_of<'a>(log: &'a [Value], request_id: &str) -> Vec<&'a Value> {
    log.iter().filter(|line| line["span"]["request_id"] == request_id).collect()
}

/// Fails unless exactly one line has this message. Returns it.
#[track_caller]
fn only<'a>(lines: &[&'a Value], message: &str) -> &'a Value {
    let found: Vec<_> = lines.iter().filter(|line| line["message"] == message).collect();
    assert_eq!(found.len(), 1, "{message:?} in {lines:#?}");
    found[0]
}

#[tokio::test]
async fn every_request_has_one_line_whatever_becomes_of_it() {
    let mut service = Setup::new().await.launch().await;
    let bad = with(call(), json!({ "to_number": "110" }));
    let requests = [
        ("it-health", service.request(reqwest::Method::GET, "/webhook/health"), "/webhook/health", 200),
        ("it-link", service.post().json(&link()), "/webhook/trigger-call", 200),
        ("it-call", service.post().json(&call()), "/webhook/trigger-call", 200),
        ("it-bad", service.post().json(&bad), "/webhook/trigger-call", 400),
        (
            "it-no-key",
            service.request(reqwest::Method::POST, "/webhook/trigger-call"),
            "/webhook/trigger-call",
            401,
        ),
        ("it-path", service.request(reqwest::Method::GET, "/nothing/here"), "unmatched", 404),
        ("it-method", service.request(reqwest::Method::PUT, "/webhook/health"), "/webhook/health", 405),
    ];
    let mut expected = Vec::new();
    for (id, request, route, status) in requests {
        service.send(request.header("x-request-id", id)).await;
        expected.push((id, route, status));
    }
    let log = as_json(&service.stop().await);
    for (id, route, status) in expected {
        let line = only(&lines_of(&log, id), "request answered");
        assert_eq!((line["route"].as_str(), line["status"].as_u64()), (Some(route), Some(status)), "{line}");
        assert!(line["method"].is_string() && line["duration_ms"].is_u64(), "{line}");
        assert_eq!(line["level"], "INFO");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }
}

/// HOC may have changed something, and at night nobody can ask HOC what it was answered.
#[tokio::test]
async fn the_line_of_a_request_that_failed_says_what_was_wrong_and_no_value() {
    let mut service = Setup::new().await.launch().await;
    let missing = without(without(call(), "company_name"), "campaign_id");
    let invalid = with(call(), json!({ "to_number": "110", "campaign_id": "MARKER" }));
    for (id, request) in [
        ("it-missing", service.post().json(&missing)),
        ("it-invalid", service.post().json(&invalid)),
        ("it-no-json", service.post().body("MARKER")),
        ("it-no-key", service.request(reqwest::Method::POST, "/webhook/trigger-call")),
        ("it-good", service.post().json(&call())),
    ] {
        service.send(request.header("x-request-id", id)).await;
    }
    let lines = service.stop().await;
    assert!(lines.iter().all(|line| !line.contains("MARKER")), "{lines:#?}");
    let log = as_json(&lines);
    let said = |id| {
        let line = only(&lines_of(&log, id), "request answered");
        [line["error"].clone(), line["missing"].clone(), line["invalid"].clone()]
    };
    let none = Value::Null;
    let fields = json!("campaign_id,company_name");
    assert_eq!(said("it-missing"), [json!("Missing required fields"), fields, none.clone()]);
    let fields = json!("campaign_id,to_number");
    assert_eq!(said("it-invalid"), [json!("Invalid fields"), none.clone(), fields]);
    assert_eq!(said("it-no-json"), [json!("Invalid JSON format"), none.clone(), none.clone()]);
    assert_eq!(said("it-no-key"), [json!("Missing Authorization header"), none.clone(), none.clone()]);
    assert_eq!(said("it-good"), [none.clone(), none.clone(), none]);
}

#[tokio::test]
async fn a_call_has_one_line_with_its_outcome_and_ids() {
    let mut service = Setup::new().await.launch().await;
    let request = service.post().header("x-request-id", "it-call").json(&call());
    let data = service.send(request).await.assert_success();
    let dial = service.sandbox.elevenlabs.dials().remove(0);
    let log = as_json(&service.stop().await);
    let line = only(&lines_of(&log, "it-call"), "call placed");
    for (member, value) in [
        ("level", json!("INFO")),
        ("mode", json!("call")),
        ("outcome", json!("placed")),
        ("campaign_id", json!(200)),
        ("conversation_id", data["conversation_id"].clone()),
        ("call_id", dial.body["conversation_initiation_client_data"]["user_id"].clone()),
        ("to", json!("+49…001")),
        ("provider", json!("twilio")),
        ("questionnaire", json!("loaded")),
    ] {
        assert_eq!(line[member], value, "{member} in {line}");
    }
    assert_eq!(log.iter().filter(|line| line.get("outcome").is_some()).count(), 1);
    let shown: Value = serde_json::from_str(&README.block("json")).unwrap();
    assert_eq!(members(&shown), members(line), "README");
    assert_eq!(members(&shown["span"]), members(&line["span"]), "README");
}

fn members(object: &Value) -> Vec<&String> {
    object.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn every_outcome_has_a_word_and_a_level() {
    let refused = DialFault::Refused { message: "no".to_owned() };
    let status = |status| DialFault::NotPlaced(Fault::status(status));
    let cases = [
        (refused, "WARN", "refused", json!("provider_failed")),
        (status(StatusCode::PAYMENT_REQUIRED), "WARN", "refused", json!("out_of_credits")),
        (status(StatusCode::TOO_MANY_REQUESTS), "WARN", "busy", json!(null)),
        (DialFault::Placed(Fault::status(StatusCode::BAD_GATEWAY)), "ERROR", "unknown", json!("status")),
        (DialFault::Placed(Fault::Close), "ERROR", "unknown", json!("connection_broken")),
    ];
    let mut service = Setup::new().await.launch().await;
    let mut expected = Vec::new();
    for (number, (fault, level, outcome, reason)) in cases.into_iter().enumerate() {
        service.sandbox.elevenlabs.next_dial(fault);
        let id = format!("it-{number}");
        let trigger = with(call(), json!({ "to_number": format!("+4930231252{number:02}") }));
        service.send(service.post().header("x-request-id", &id).json(&trigger)).await;
        expected.push((id, level, outcome, reason));
    }
    let log = as_json(&service.stop().await);
    for (id, level, outcome, reason) in expected {
        let lines = lines_of(&log, &id);
        let lines: Vec<_> = lines.iter().filter(|line| line.get("outcome").is_some()).collect();
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert_eq!(lines[0]["level"], level, "{}", lines[0]);
        assert_eq!(lines[0]["outcome"], outcome, "{}", lines[0]);
        assert_eq!(lines[0]["reason"], reason, "{}", lines[0]);
    }
}

#[tokio::test]
async fn a_link_has_one_line_and_hoc_s_trouble_one_more() {
    let mut service = Setup::new().await.launch().await;
    let trigger = with(link(), json!({ "campaign_id": 504 }));
    service.send(service.post().header("x-request-id", "it-link").json(&trigger)).await.assert_success();
    let log = as_json(&service.stop().await);
    let lines = lines_of(&log, "it-link");
    let line = only(&lines, "link made");
    assert_eq!((&line["outcome"], &line["questionnaire"]), (&json!("link_made"), &json!("forbidden")));
    let warning = only(&lines, "no questionnaire; the interview goes on without it");
    assert_eq!((&warning["level"], &warning["reason"]), (&json!("WARN"), &json!("forbidden")));
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[tokio::test]
async fn hoc_s_status_is_told_where_the_reason_does_not_tell_it() {
    let mut service = Setup::new().await.set("QUESTIONNAIRE_TTL", "0").launch().await;
    service.trigger(&link()).await.assert_success();
    for (campaign, status) in [(301, StatusCode::TOO_MANY_REQUESTS), (200, StatusCode::NOT_IMPLEMENTED)] {
        service.sandbox.hoc.next(Fault::status(status));
        service.trigger(&with(link(), json!({ "campaign_id": campaign }))).await.assert_success();
    }
    service.trigger(&with(link(), json!({ "campaign_id": 504 }))).await.assert_success();
    let log = as_json(&service.stop().await);
    let warnings = log.iter().filter(|line| line["level"] == "WARN" && line["reason"].is_string());
    let said: Vec<_> =
        warnings.map(|line| (line["reason"].as_str().unwrap(), line["status"].as_u64())).collect();
    let unexpected = "unexpected_status";
    assert_eq!(said, [(unexpected, Some(429)), (unexpected, Some(501)), ("forbidden", None)]);
}

#[tokio::test]
async fn an_unreadable_list_is_told_at_start_with_the_advice_that_fits() {
    let advice = "Give the API key read access";
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.set_key_trouble(KeyTrouble::WithoutRead);
    let service = setup.launch().await;
    service.program.stderr.wait_for(advice).await;

    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.always(Lookup::Listing, Fault::Close);
    let mut service = setup.launch().await;
    service.program.stderr.wait_for("could not be asked at start").await;
    let log = service.stop().await;
    assert!(log.iter().all(|line| !line.contains(advice)), "{log:#?}");
}

#[tokio::test]
async fn the_durations_tell_which_upstream_was_slow() {
    let mut service = Setup::new().await.launch().await;
    service.sandbox.hoc.next(Fault::Slow(Duration::from_millis(1_500)));
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Slow(Duration::from_millis(250))));
    service.trigger(&call()).await.assert_success();
    let log = as_json(&service.stop().await);
    let lines: Vec<_> = log.iter().collect();
    let (call, request) = (only(&lines, "call placed"), only(&lines, "request answered"));
    let ms = |line: &Value, member: &str| line[member].as_u64().unwrap();
    assert!(ms(call, "hoc_ms") >= 1_500, "{call}");
    assert!((250..1_500).contains(&ms(call, "elevenlabs_ms")), "{call}");
    assert!(ms(request, "duration_ms") >= 1_750, "{request}");
}

#[tokio::test]
async fn an_operator_may_have_text_and_less_of_it() {
    let mut service = Setup::new().await.set("LOG_FORMAT", "text").launch().await;
    service.trigger(&link()).await.assert_success();
    let lines = service.stop().await;
    assert!(lines.iter().any(|line| line.contains("link made")), "{lines:#?}");
    assert!(lines.iter().all(|line| serde_json::from_str::<Value>(line).is_err()), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains('\u{1b}')), "no colours where there is no terminal");

    let setup = Setup::new().await.set("RUST_LOG", "warn,sellcruiting_webhook::cli=info");
    let mut service = setup.launch().await;
    service.trigger(&link()).await.assert_success();
    let lines = service.stop().await;
    assert!(!lines.iter().any(|line| line.contains("link made")), "{lines:#?}");
}

#[tokio::test]
async fn whichever_lines_are_left_they_have_their_ids() {
    let setup =
        Setup::new().await.set("RUST_LOG", "warn,sellcruiting_webhook::cli=info").set("LOG_FORMAT", "json");
    let mut service = setup.launch().await;
    service.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(StatusCode::UNAUTHORIZED)));
    let request = service.post().header("X-Request-Id", "it-warn").json(&call());
    assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_GATEWAY);
    let log = as_json(&service.stop().await);
    let lines = lines_of(&log, "it-warn");
    let refused = only(&lines, "call refused by ElevenLabs; nobody was called");
    assert_eq!(only(&lines, "request answered")["span"]["call_id"], refused["call_id"]);
}
