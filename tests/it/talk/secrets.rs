//! The browser receives nothing of what the agent is told, and the log nothing of what was said.

use sellcruiting_webhook::sandbox::{self, AgentFault, Fault, Lookup};
use serde_json::{Value, json};

use super::scripted;
use crate::support::{
    APPLICANT, COMPANY, FIRST_NAME, LAST_NAME, Page, SECRETS, Service, link, person, questionnaire,
    sentences, with,
};

const AGENT_WORDS: &str = "Besitzen Sie einen Gabelstaplerschein?";
const CANDIDATE_WORDS: &str = "Ich habe zwei Katzen und einen Hund.";

/// A talk in which a lot happens. Returns the page and what the agent was told.
async fn talk(service: &Service) -> (Page, Value, String) {
    service.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let invited = service.invite_to(&with(link(), person())).await;
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
    let service = scripted().await.launch().await;
    let (page, told, token) = talk(&service).await;
    let received = page.texts.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    // What the talk is for does arrive.
    assert!(received.contains(AGENT_WORDS) && received.contains(CANDIDATE_WORDS), "{received}");
    let page = service.get(&format!("/talk/{token}")).await;
    let received = format!("{received}\n{:?}\n{}", page.headers, page.assert_page(200));

    let mut private = sentences([&questionnaire(), &told]);
    // The page greets the candidate by name. Any other text is searched for.
    for public in [COMPANY, FIRST_NAME, LAST_NAME] {
        private.remove(public);
    }
    assert!(private.len() > 60, "the prompt's sentences are looked for, too: {private:?}");
    private.extend(SECRETS.map(str::to_owned));
    for secret in [
        sandbox::AGENT_ID,
        "conversation_signature",
        "sandbox_signature",
        "conv_sandbox",
        APPLICANT,
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
    let mut service = scripted().await.set("RUST_LOG", "trace").launch().await;
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
        service.invite_to(&with(link(), person())).await.open().await.end().await;
    }
    elevenlabs.always(Lookup::SignedUrl, Fault::broken_json());
    service.invite_to(&with(link(), person())).await.open().await.end().await;
    elevenlabs.heal(Lookup::SignedUrl);
    let mut page = service.invite_to(&with(link(), person())).await.open().await;
    page.wait_for("ready").await;
    page.say(json!({ "type": "MARKER", "text": CANDIDATE_WORDS })).await;
    page.end().await;
    let bad = service.invite_to(&with(link(), person())).await;
    service.get(&bad.path("MARKER!")).await.assert_invalid(&["tab"]);
    service.get(&bad.with_token("MARKER").path("tab-1")).await.assert_error(404, "Link not valid");

    let log = service.stop().await.join("\n");
    assert!(log.contains("talk began") && log.contains("talk ended"), "{log}");
    let mut private = sentences([&questionnaire(), &told]);
    private.remove(told["user_id"].as_str().unwrap());
    private.extend(SECRETS.map(str::to_owned));
    for secret in [
        FIRST_NAME,
        LAST_NAME,
        COMPANY,
        AGENT_WORDS,
        CANDIDATE_WORDS,
        "conversation_signature",
        "sandbox_signature",
        "user_audio_chunk",
        APPLICANT,
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
