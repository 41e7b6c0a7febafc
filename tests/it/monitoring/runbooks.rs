//! The queries in `docs/operations.md` find what it says they find, in a log as the service writes it.

use std::fs;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault};
use serde_json::{Value, json};

use super::OPERATIONS;
use crate::support::{Setup, call, call_to, is_installed, link, run, with};

/// The only query below this heading that contains this text.
fn query(heading: &str, text: &str) -> String {
    let section = OPERATIONS.split("\n### ").find(|section| section.starts_with(heading)).expect("a heading");
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let found: Vec<_> = blocks.filter(|block| block.contains("jq ") && block.contains(text)).collect();
    assert_eq!(found.len(), 1, "{text:?} below {heading:?}: {found:?}");
    found[0].to_owned()
}

/// What a query finds in this log, line by line.
async fn asked(query: &str, log: &[String]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("log.json"), log.join("\n")).unwrap();
    let answer = run("sh", &["-c", query], directory.path(), []).await;
    assert!(answer.status.success() && answer.stderr.is_empty(), "{answer:?}");
    String::from_utf8(answer.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// A line that is written only by an instance that finds another one dead.
fn line_of_a_lost_dial() -> String {
    let message = "a dial whose process is gone: looking for it in ElevenLabs' conversations";
    let line = json!({
        "timestamp": "2026-11-23T19:15:14.362821Z",
        "level": "WARN",
        "message": message,
        "call_id": "lost-dial",
        "campaign_id": 300,
    });
    line.to_string()
}

#[tokio::test]
async fn unknown_calls_are_found_whatever_made_them_unknown() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.launch().await;
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    service.trigger(&call()).await.assert_success();
    service.trigger(&call_to(2)).await.assert_success();
    let mut log = service.stop().await;
    log.push(line_of_a_lost_dial());
    let found = asked(&query("Unknowns pile up", "outcome unknown"), &log).await;
    assert_eq!(found.len(), 3, "{found:#?}");
    for text in
        ["call outcome unknown", "settled: it was placed", "lost-dial\t300\ta dial whose process is gone"]
    {
        assert!(found.iter().any(|line| line.contains(text)), "{text} in {found:#?}");
    }
}

#[tokio::test]
async fn all_that_was_done_with_a_key_is_found() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.launch().await;
    service.trigger(&call()).await.assert_success();
    service.trigger(&link()).await.assert_success();
    service.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(StatusCode::PAYMENT_REQUIRED)));
    service.trigger(&call_to(2)).await.assert_error(502, "API call failed");
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    let late = service.trigger(&call_to(3)).await;
    let (late, mut log) = (late.conversation_id(), service.stop().await);
    log.push(line_of_a_lost_dial());
    let found = asked(&query("Key leaked", "call placed"), &log).await;
    let messages: Vec<_> = found.iter().map(|line| line.split('\t').nth(1).unwrap()).collect();
    assert_eq!(messages.len(), 5, "{messages:#?}");
    assert!(
        found.iter().any(|line| line.contains("settled: it was placed") && line.ends_with(&late)),
        "{found:#?}"
    );
    assert!(found.iter().any(|line| line.contains("lost-dial")), "{found:#?}");
}

#[tokio::test]
async fn interviews_without_questions_are_found_and_no_others() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.set("QUESTIONNAIRE_TTL", "0").launch().await;
    let hoc = &service.sandbox.hoc;
    service.trigger(&call()).await.assert_success();
    // The last good one stands in.
    hoc.next(Fault::status(StatusCode::NOT_IMPLEMENTED));
    service.trigger(&call_to(2)).await.assert_success();
    hoc.next(Fault::status(StatusCode::FORBIDDEN));
    service.trigger(&with(call_to(3), json!({ "campaign_id": 301 }))).await.assert_success();
    let log = service.stop().await;
    assert!(log.iter().any(|line| line.contains(r#""questionnaire":"stale""#)), "{log:#?}");
    let found = asked(&query("HOC down", "questionnaire | IN("), &log).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("\t301\t") && found[0].ends_with("\tforbidden"), "{found:#?}");
}

/// ElevenLabs' page never asks HOC again.
#[tokio::test]
async fn links_without_questions_are_found() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.set("LINK_PAGE", "elevenlabs").launch().await;
    service.sandbox.hoc.next(Fault::status(StatusCode::FORBIDDEN));
    service.trigger(&with(link(), json!({ "campaign_id": 301 }))).await.assert_success();
    service.trigger(&link()).await.assert_success();
    let found = asked(&query("HOC down", "questionnaire | IN("), &service.stop().await).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("\tlink made\t301\t") && found[0].ends_with("\tforbidden"), "{found:#?}");
}

#[tokio::test]
async fn only_the_candidate_s_own_calls_are_found_and_those_that_may_be_theirs() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.launch().await;
    let elevenlabs = &service.sandbox.elevenlabs;
    let unavailable = "INVITE failed: sip status: 480: Temporarily unavailable".to_owned();
    elevenlabs.next_dial(DialFault::Refused { message: unavailable });
    service.trigger(&call_to(2)).await.assert_error(502, "API call failed");
    service.trigger(&call_to(2)).await.assert_success();
    service.trigger(&with(call_to(2), json!({ "campaign_id": 300 }))).await.assert_success();
    for other in [3, 4] {
        service.trigger(&call_to(other)).await.assert_success();
    }
    let mut late = Vec::new();
    for number in [5, 6] {
        elevenlabs.next_dial(DialFault::Placed(Fault::Close));
        late.push(service.trigger(&call_to(number)).await.conversation_id());
    }
    let mut log = service.stop().await;
    let settled = "unknown call settled: it was placed";
    log.push(json!({ "message": settled, "call_id": "of-another-file", "campaign_id": 200 }).to_string());
    log.push(json!({ "message": settled, "call_id": "of-another-campaign", "campaign_id": 300 }).to_string());
    let query = query("Candidate complains", "endswith");
    let asked_for =
        async |digits: &str| asked(&format!("CAMPAIGN=200 LAST_DIGITS={digits}\n{query}"), &log).await;

    let found = asked_for("002").await;
    assert_eq!(found.len(), 3, "{found:#?}");
    // Over a SIP trunk, this telephone has rung.
    assert!(
        found[0].starts_with("theirs\t") && found[0].contains("no conversation came about"),
        "{found:#?}"
    );
    assert!(found[1].starts_with("theirs\t") && found[1].contains("\tcall placed\t"), "{found:#?}");
    assert!(found[2].starts_with("perhaps\t") && found[2].contains("\tof-another-file\t"), "{found:#?}");

    // Settled a moment later: the line that reports it has no number.
    let found = asked_for("005").await;
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("theirs\t") && found[0].ends_with(&late[0]), "{found:#?}");
}

#[tokio::test]
async fn what_was_wrong_with_triggers_is_counted() {
    if !is_installed("jq").await {
        return;
    }
    let mut service = Setup::new().await.launch().await;
    for number in ["110", "112"] {
        service.trigger(&with(call(), json!({ "to_number": number }))).await.assert_invalid(&["to_number"]);
    }
    service.trigger(&call()).await.assert_success();
    let log = service.stop().await;
    let found = asked(&query("Nobody is called", "uniq -c"), &log).await;
    let words: Vec<Vec<_>> = found.iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words, [["2", "Invalid", "fields", "to_number"]]);
}

#[test]
fn the_line_of_a_lost_dial_is_the_service_s_own() {
    let line: Value = serde_json::from_str(&line_of_a_lost_dial()).unwrap();
    let message = line["message"].as_str().unwrap();
    assert!(OPERATIONS.contains(&format!("| WARN | `{message}` |")), "{message}");
}
