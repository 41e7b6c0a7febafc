//! SIGTERM while people talk: they are told, may go on for as long as the grace period allows, and are told goodbye.

use std::time::{Duration, Instant};

use sellcruiting_webhook::sandbox::{Fault, Gate, LiveConversation};

use super::scripted;
use crate::support::{Page, Service, Setup, assert_hung_up, assert_refuses_connections, connect};

const STOPPING: &str = "finishing what is in flight";

async fn talk(grace: &str) -> (Service, Page, LiveConversation) {
    let service = scripted().await.set("SHUTDOWN_GRACE", grace).launch().await;
    let (page, agent) = service.invite().await.talk(&service.sandbox.elevenlabs).await;
    (service, page, agent)
}

#[tokio::test]
async fn a_talk_goes_on_after_sigterm_and_the_process_ends_with_it() {
    let (mut service, mut page, agent) = talk("60s").await;
    service.program.terminate().await;
    let told = page.wait_for("closing_soon").await;
    assert!((50..=55).contains(&told["seconds"].as_u64().unwrap()), "{told}");
    page.speak(&[4; 400]).await;
    assert_eq!(agent.wait_for_audio(400).await, [4; 400]);
    agent.send_audio(&[5; 400], 1);
    assert_eq!(page.wait_for_audio(400).await, [5; 400]);
    page.press_end().await;
    assert_eq!(page.end().await.0, "candidate");
    let start = Instant::now();
    assert_eq!(service.program.ended().await.code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    let log = service.program.stderr.to_end().await.join("\n");
    assert!(log.contains("\"talks\":1"), "{log}");
}

#[tokio::test]
async fn a_talk_ends_before_the_grace_is_over_and_the_page_is_told() {
    let (mut service, mut page, agent) = talk("2s").await;
    let start = Instant::now();
    service.program.terminate().await;
    assert_eq!(page.end().await, ("shutdown".to_owned(), 1001));
    assert_eq!(page.kinds(), ["ready", "closing_soon", "ended"]);
    assert_hung_up(&agent).await;
    assert!(start.elapsed() >= Duration::from_millis(1_400), "not at once");
    assert_eq!(service.program.ended().await.code(), Some(0));
    let log = service.program.stderr.to_end().await.join("\n");
    assert!(!log.contains("stopped before"), "{log}");
}

#[tokio::test]
async fn no_talk_begins_after_sigterm() {
    let (mut service, mut page, _agent) = talk("60s").await;
    let token = service.invite().await.token;
    let mut late = connect(&service.url).await.unwrap();
    late.write(format!("GET /talk/{token}/session?tab=late HTTP/1.1\r\nhost: loc").as_bytes()).await;
    // Makes sure that the half request has arrived, too.
    assert_eq!(service.health().await.status, 200);
    service.program.terminate().await;
    page.wait_for("closing_soon").await;
    late.write(b"alhost\r\n\r\n").await;
    let answer = late.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains(r#""error":"Shutting down""#), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nretry-after: "), "{answer}");
    assert_refuses_connections(&service.url).await;
    page.press_end().await;
    page.end().await;
    assert!(service.program.ended().await.success());
}

#[tokio::test]
async fn a_talk_that_was_about_to_begin_begins_and_is_told() {
    let service = scripted().await.set("SHUTDOWN_GRACE", "40s").set("QUESTIONNAIRE_TTL", "0").launch().await;
    let invited = service.invite().await;
    let (gate, asked) = (Gate::new(), service.sandbox.hoc.requests().len());
    service.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let mut page = invited.open().await;
    service.sandbox.hoc.wait_for_requests(asked + 1).await;
    service.program.terminate().await;
    service.program.stderr.wait_for(STOPPING).await;
    gate.open();
    page.wait_for("closing_soon").await;
    assert_eq!(page.kinds(), ["ready", "closing_soon"]);
    page.press_end().await;
    assert_eq!(page.end().await.0, "candidate");
}

#[tokio::test]
async fn a_talk_that_does_not_come_about_before_the_end_is_told_so() {
    let mut service =
        Setup::new().await.set("SHUTDOWN_GRACE", "1s").set("QUESTIONNAIRE_TTL", "0").launch().await;
    let invited = service.invite().await;
    let asked = service.sandbox.hoc.requests().len();
    service.sandbox.hoc.next(Fault::Hang);
    let mut page = invited.open().await;
    service.sandbox.hoc.wait_for_requests(asked + 1).await;
    service.program.terminate().await;
    assert_eq!(page.end().await, ("shutdown".to_owned(), 1001));
    assert!(service.program.ended().await.success());
}
