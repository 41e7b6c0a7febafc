//! The log shows how each talk ended, and nothing of what was said.

use std::sync::Arc;

use sellcruiting_webhook::sandbox::{AgentFault, AgentManner, LiveConversation};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Page, Setup};

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
    let mut service = Setup::new().await.launch().await;
    let sandbox = Arc::clone(&service.sandbox);
    let elevenlabs = &sandbox.elevenlabs;
    elevenlabs.set_agent_manner(AgentManner::Scripted);
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
    let log: Vec<Value> =
        service.stop().await.iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
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
