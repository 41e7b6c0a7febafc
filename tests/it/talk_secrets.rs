//! The browser receives nothing of what the agent is told, and the log nothing of what was said.

use std::collections::BTreeSet;

use sellcruiting_webhook::sandbox::{self, AgentFault, AgentManner, Fault, Lookup};
use serde_json::{Value, json};

use crate::support::{API_KEY, Heard, Page, SECOND_API_KEY, Service, Setup, link, questionnaire, with};

const FIRST_NAME: &str = "Quirina";
const LAST_NAME: &str = "Zwetschgenstein";
const COMPANY: &str = "Mirabellenwerk Krumbach GmbH";
const AGENT_WORDS: &str = "Besitzen Sie einen Gabelstaplerschein?";
const CANDIDATE_WORDS: &str = "Ich habe zwei Katzen und einen Hund.";

fn trigger() -> Value {
    let person = json!({
        "campaign_id": 7,
        "company_name": COMPANY,
        "candidate_first_name": FIRST_NAME,
        "candidate_last_name": LAST_NAME,
        "applicant_id": "applicant-8472-x",
    });
    with(link(), person)
}

/// All texts in a JSON value, line by line, that are too long to occur by chance.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let lines = text.lines().map(str::trim).filter(|line| line.chars().count() >= 12);
            found.extend(lines.map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// A talk in which a lot happens. Returns the page and what the agent was told.
async fn talk(service: &Service) -> (Page, Value, String) {
    service.sandbox.hoc.set_questionnaire(7, &questionnaire());
    service.sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let invited = service.invite_to(&trigger()).await;
    let (mut page, agent) = invited.talk(&service.sandbox.elevenlabs).await;
    agent.send_agent_response(AGENT_WORDS, 1);
    agent.send_user_transcript(CANDIDATE_WORDS, 2);
    agent.send_audio(&[1; 400], 3);
    agent.send_interruption(4);
    agent.send_tool_call("MARKER_tool", "MARKER_call", 5);
    agent.send_error(1011, "internal_error", "MARKER of an error");
    agent.send_text("MARKER that is no JSON");
    agent.send(json!({ "type": "MARKER_event", "MARKER": { "prompt": "MARKER" } }));
    agent.send(json!({ "type": "agent_tool_response", "agent_tool_response": { "tool_name": "MARKER" } }));
    page.speak(&[9; 400]).await;
    agent.wait_for_audio(400).await;
    agent.close(1011, "MARKER of a reason");
    assert_eq!(page.end().await.0, "lost_agent");
    (page, agent.initiation().unwrap(), invited.token)
}

#[tokio::test]
async fn the_browser_receives_nothing_of_what_the_agent_is_told() {
    let service = Setup::new().await.launch().await;
    let (page, told, token) = talk(&service).await;
    let received = page.texts.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    // What the talk is for does arrive.
    assert!(received.contains(AGENT_WORDS) && received.contains(CANDIDATE_WORDS), "{received}");
    let page = service.get(&format!("/talk/{token}")).await;
    let received = format!("{received}\n{:?}\n{}", page.headers, page.assert_page(200));

    let mut private = BTreeSet::new();
    texts(&questionnaire(), &mut private);
    texts(&told, &mut private);
    // The page greets the candidate by name. Any other text is searched for.
    for public in [COMPANY, FIRST_NAME, LAST_NAME] {
        private.remove(public);
    }
    assert!(private.len() > 60, "the prompt's sentences are looked for, too: {private:?}");
    for secret in [
        API_KEY,
        SECOND_API_KEY,
        sandbox::HOC_TOKEN,
        sandbox::ELEVENLABS_API_KEY,
        sandbox::AGENT_ID,
        "conversation_signature",
        "sandbox_signature",
        "conv_sandbox",
        "applicant-8472-x",
        "Muss-Kriterium",
        "MARKER",
        "sellcruiting_call_id",
        "elevenlabs",
    ] {
        private.insert(secret.to_owned());
    }
    for secret in private {
        assert!(!received.contains(&secret), "the browser received {secret:?}");
    }
}

#[tokio::test]
async fn a_log_at_its_most_talkative_holds_nothing_of_a_talk_but_that_it_was() {
    let mut service = Setup::new().await.set("RUST_LOG", "trace").launch().await;
    let (_page, told, token) = talk(&service).await;
    // Talks that fail in every way have a lot to log.
    let elevenlabs = &service.sandbox.elevenlabs;
    let reason = "MARKER Override for field 'MARKER'".to_owned();
    for fault in [
        AgentFault::Refuses { error: None, code: 1008, reason },
        AgentFault::NoUpgrade(Fault::broken_json()),
        AgentFault::busy(),
    ] {
        elevenlabs.next_agent(fault);
        service.invite_to(&trigger()).await.open().await.end().await;
    }
    elevenlabs.always(Lookup::SignedUrl, Fault::broken_json());
    service.invite_to(&trigger()).await.open().await.end().await;
    elevenlabs.heal(Lookup::SignedUrl);
    let mut page = service.invite_to(&trigger()).await.open().await;
    page.wait_for("ready").await;
    page.say(json!({ "type": "MARKER", "text": CANDIDATE_WORDS })).await;
    page.end().await;
    let bad = service.invite_to(&trigger()).await;
    service.get(&bad.path("MARKER!")).await.assert_invalid(&["tab"]);
    service.get(&bad.with_token("MARKER").path("tab-1")).await.assert_error(404, "Link not valid");

    let log = service.stop().await.join("\n");
    assert!(log.contains("talk began") && log.contains("talk ended"), "{log}");
    let mut private = BTreeSet::new();
    texts(&questionnaire(), &mut private);
    texts(&told, &mut private);
    private.remove(told["user_id"].as_str().unwrap());
    for secret in [
        API_KEY,
        SECOND_API_KEY,
        sandbox::HOC_TOKEN,
        sandbox::ELEVENLABS_API_KEY,
        FIRST_NAME,
        LAST_NAME,
        COMPANY,
        AGENT_WORDS,
        CANDIDATE_WORDS,
        "conversation_signature",
        "sandbox_signature",
        "user_audio_chunk",
        "applicant-8472-x",
        "MARKER",
        &token,
        &bad.token,
    ] {
        private.insert(secret.to_owned());
    }
    for secret in private {
        let found = log.lines().find(|line| line.contains(&secret));
        assert_eq!(found, None, "the log holds {secret:?}");
    }
}

/// The log lines about the end of talks, as JSON.
async fn ends(service: &mut Service) -> Vec<Value> {
    let log = service.stop().await;
    let lines = log.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["message"] == "talk ended").collect()
}

#[tokio::test]
async fn every_talk_has_one_line_that_says_why_it_ended_and_how_much_there_was() {
    let mut service = Setup::new().await.launch().await;
    let elevenlabs = &service.sandbox.elevenlabs;
    elevenlabs.set_agent_manner(AgentManner::Scripted);
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
