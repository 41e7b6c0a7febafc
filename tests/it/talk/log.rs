//! The log shows how each talk ended, and nothing of what was said.

use std::sync::Arc;

use sellcruiting_webhook::sandbox::{AgentFault, LiveConversation};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::scripted;
use crate::support::{Heard, Page, Service, Setup, as_json};

/// Ends a talk with both sides connected in this way.
async fn end(how: &str, mut page: Page, agent: &LiveConversation) {
    match how {
        "candidate" => page.press_end().await,
        "left" => return page.leave().await,
        "vanished" => return drop(page),
        "agent" => agent.close(1000, ""),
        "lost_agent" => {
            agent.send_error(1011, "internal_error", "MARKER");
            agent.close(1011, "MARKER");
        }
        "broken_rules" => page.send(Message::text("MARKER")).await,
        other => panic!("{other}"),
    }
    assert_eq!(page.end().await.0, how);
}

#[tokio::test]
async fn each_end_has_its_word_and_its_level() {
    let mut service = scripted().await.launch().await;
    let sandbox = Arc::clone(&service.sandbox);
    let elevenlabs = &sandbox.elevenlabs;
    let cases = [
        ("candidate", "INFO", json!({ "frames_in": 1, "bytes_in": 800, "frames_out": 1, "bytes_out": 400 })),
        ("left", "INFO", json!({})),
        ("vanished", "WARN", json!({ "browser_gone": "closed" })),
        ("agent", "INFO", json!({ "agent_close_code": 1000 })),
        ("lost_agent", "WARN", json!({ "agent_close_code": 1011, "agent_error_code": 1011 })),
        ("broken_rules", "WARN", json!({})),
    ];
    for (how, ..) in &cases {
        let (mut page, agent) = service.invite().await.talk(elevenlabs).await;
        page.speak(&[5_000; 400]).await;
        agent.wait_for_audio(400).await;
        agent.send_audio(&[7; 200], 1);
        page.wait_for_audio(200).await;
        end(how, page, &agent).await;
        agent.wait_for_end().await;
    }
    elevenlabs.next_agent(AgentFault::busy());
    assert_eq!(service.invite().await.open().await.end().await.0, "busy");
    let log = as_json(&service.stop().await);
    let ends: Vec<_> = log.iter().filter(|line| line["message"] == "talk ended").collect();
    assert_eq!(ends.len(), cases.len() + 1, "{ends:#?}");
    for (line, (how, level, members)) in ends.iter().zip(&cases) {
        assert_eq!((&line["outcome"], &line["level"]), (&json!(how), &json!(level)), "{line}");
        for (name, value) in members.as_object().unwrap() {
            assert_eq!(&line[name], value, "{name} in {line}");
        }
        assert!(line["conversation_id"].is_string() && line["call_id"].is_string(), "{line}");
    }
    let busy = ends.last().unwrap();
    assert_eq!((&busy["outcome"], &busy["level"]), (&json!("busy"), &json!("WARN")), "{busy}");
    assert!(!log.iter().any(|line| line.to_string().contains("MARKER")), "{log:#?}");
}

/// The log lines about the end of talks, as JSON.
async fn ends(service: &mut Service) -> Vec<Value> {
    let mut log = as_json(&service.stop().await);
    log.retain(|line| line["message"] == "talk ended");
    log
}

#[tokio::test]
async fn every_talk_has_one_line_that_says_why_it_ended_and_how_much_there_was() {
    let mut service = scripted().await.launch().await;
    let elevenlabs = &service.sandbox.elevenlabs;
    let invited = service.invite().await;
    let (mut page, agent) = invited.talk(elevenlabs).await;
    page.speak(&[9; 400]).await;
    page.speak(&[9; 100]).await;
    agent.wait_for_audio(500).await;
    agent.send_audio(&[9; 800], 1);
    agent.send_text("noise");
    agent.send_interruption(2);
    page.wait_for("interrupted").await;
    page.press_end().await;
    page.end().await;
    let (conversation_id, call_id) =
        (agent.conversation_id(), agent.initiation().unwrap()["user_id"].clone());
    elevenlabs.next_agent(AgentFault::busy());
    assert_eq!(invited.open().await.end().await.0, "busy");
    let mut page = invited.open().await;
    page.wait_for("ready").await;
    page.leave().await;

    let lines = ends(&mut service).await;
    let [talk, busy, left] = lines.as_slice() else { panic!("{lines:#?}") };
    for (member, value) in [
        ("level", json!("INFO")),
        ("mode", json!("talk")),
        ("outcome", json!("candidate")),
        ("campaign_id", json!(200)),
        ("call_id", call_id.clone()),
        ("conversation_id", json!(conversation_id)),
        ("frames_in", json!(2)),
        ("bytes_in", json!(1_000)),
        ("frames_out", json!(1)),
        ("bytes_out", json!(1_600)),
        ("interruptions", json!(1)),
        ("unreadable_frames", json!(1)),
    ] {
        assert_eq!(talk[member], value, "{member} in {talk}");
    }
    assert!(talk["duration_ms"].is_u64() && talk["setup_ms"].is_u64(), "{talk}");
    assert!(talk["span"]["request_id"].is_string(), "{talk}");
    assert_eq!((&busy["outcome"], &busy["level"]), (&json!("busy"), &json!("WARN")), "{busy}");
    assert_eq!(busy.get("conversation_id"), None, "{busy}");
    assert_eq!((&left["outcome"], &left["level"]), (&json!("left"), &json!("INFO")), "{left}");
    assert_eq!(left["call_id"], call_id, "one id for all talks on a link");
}

#[tokio::test]
async fn a_mistake_that_every_talk_will_meet_is_an_error_that_says_what_to_do() {
    let mut service = Setup::new().await.launch().await;
    service.sandbox.elevenlabs.next_agent(AgentFault::override_not_allowed());
    let mut page = service.invite().await.open().await;
    assert_eq!(page.hear().await, Heard::Text(json!({ "type": "ended", "reason": "unavailable" })));
    let log = service.stop().await;
    let line = log.iter().find(|line| line.contains("override_not_allowed")).expect("a line");
    assert!(line.contains("\"ERROR\"") && line.contains("ELEVENLABS_OVERRIDES"), "{line}");
}
