//! Whichever id an operator knows leads to all log lines of one call: its duplicates, its settling, its talks.

use sellcruiting_webhook::sandbox::{AgentManner, DialFault, Fault, Gate};
use serde_json::{Value, json};

use crate::support::{NO_SERVER, Service, Setup, TestDatabase, as_json, call, call_to, link, with};

/// The call that a line is about, from the line itself or from its request's span.
fn call_id(line: &Value) -> Option<&str> {
    line["call_id"].as_str().or_else(|| line["span"]["call_id"].as_str())
}

/// The calls to which this id leads, found as `docs/operations.md` does it.
fn calls_of<'a>(log: &'a [Value], id: &Value) -> Vec<&'a str> {
    let names = |line: &&Value| {
        let members = [
            &line["conversation_id"],
            &line["request_id"],
            &line["campaign_id"],
            &line["span"]["request_id"],
            &line["span"]["campaign_id"],
        ];
        members.contains(&id)
    };
    let mut calls: Vec<_> = log.iter().filter(names).filter_map(call_id).collect();
    calls.sort_unstable();
    calls.dedup();
    calls
}

/// The messages of a call's lines, in order.
fn story<'a>(log: &'a [Value], id: &str) -> Vec<&'a str> {
    let lines = log.iter().filter(|line| call_id(line) == Some(id));
    lines.map(|line| line["message"].as_str().unwrap()).collect()
}

async fn log_of(service: &mut Service) -> Vec<Value> {
    as_json(&service.stop().await)
}

/// Sends a trigger of this campaign with this request id. Returns the answer's `data`.
async fn send(service: &Service, request_id: &str, campaign: u32, trigger: Value) -> Value {
    let trigger = with(trigger, json!({ "campaign_id": campaign }));
    service.send(service.post().header("x-request-id", request_id).json(&trigger)).await.assert_success()
}

/// Fails unless all of these ids lead to the same single call. Returns it.
#[track_caller]
fn only_call<'a>(log: &'a [Value], ids: &[Value]) -> &'a str {
    let [call] = calls_of(log, &ids[0])[..] else {
        panic!("{} leads to {:?}", ids[0], calls_of(log, &ids[0]))
    };
    for id in ids {
        assert_eq!(calls_of(log, id), [call], "{id}");
    }
    call
}

#[tokio::test]
async fn a_call_and_its_duplicate() {
    let mut service = Setup::new().await.launch().await;
    let data = send(&service, "it-first", 201, call()).await;
    send(&service, "it-second", 201, call()).await;
    let log = log_of(&mut service).await;
    let call = only_call(
        &log,
        &[json!("it-first"), json!("it-second"), json!(201), data["conversation_id"].clone()],
    );
    assert_eq!(
        story(&log, call),
        [
            "no questionnaire; the interview goes on without it",
            "call placed",
            "request answered",
            "duplicate trigger: waiting for the answer of call_id instead of dialling",
            "answered with the call that an earlier trigger placed",
            "request answered",
        ]
    );
    // One line connects them all.
    let placed = log.iter().find(|line| line["message"] == "call placed").unwrap();
    assert_eq!(placed["span"]["request_id"], "it-first");
    assert_eq!((&placed["campaign_id"], &placed["conversation_id"]), (&json!(201), &data["conversation_id"]));
    assert_eq!(placed["call_id"], call);
}

#[tokio::test]
async fn a_call_of_which_nobody_could_tell() {
    let mut service = Setup::new().await.launch().await;
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    let data = send(&service, "it-unknown", 202, call_to(2)).await;
    let log = log_of(&mut service).await;
    let call = only_call(&log, &[json!("it-unknown"), json!(202), data["conversation_id"].clone()]);
    let story = story(&log, call);
    for message in [
        "call outcome unknown; asking ElevenLabs' conversations for call_id",
        "unknown call settled: it was placed",
        "request answered",
    ] {
        assert_eq!(story.iter().filter(|found| **found == message).count(), 1, "{story:#?}");
    }
}

#[tokio::test]
async fn a_link_and_the_talk_on_it() {
    let mut service = Setup::new().await.launch().await;
    service.sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let data = send(&service, "it-link", 203, link()).await;
    let invited = service.invited_to(data["conversation_link"].as_str().unwrap());
    let (mut page, _agent) = invited.talk(&service.sandbox.elevenlabs).await;
    page.press_end().await;
    page.end().await;
    let log = log_of(&mut service).await;
    let call = only_call(&log, &[json!("it-link"), json!(203)]);
    let story = story(&log, call);
    for message in ["link made", "talk prepared", "talk began", "talk ended"] {
        assert_eq!(story.iter().filter(|found| **found == message).count(), 1, "{story:#?}");
    }
    assert_eq!(
        story.iter().filter(|found| **found == "request answered").count(),
        2,
        "link and line: {story:#?}"
    );
    let began = log.iter().find(|line| line["message"] == "talk began").unwrap();
    assert_eq!(calls_of(&log, &began["conversation_id"]), [call]);
}

#[tokio::test]
async fn a_link_that_could_not_be_recorded() {
    let database = TestDatabase::sqlite_file();
    let mut service = Setup::new().await.on(&database).launch().await;
    let gate = Gate::new();
    service.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let caller = service.caller();
    let answer = tokio::spawn(async move { caller.trigger_with_key("it-lost", &link()).await });
    service.sandbox.hoc.wait_for_requests(1).await;
    assert_eq!(database.open_file().execute("DELETE FROM calls", []), Ok(1));
    gate.open();
    answer.await.unwrap().assert_error(503, "Call store unavailable");
    let log = log_of(&mut service).await;
    let messages: Vec<_> = log.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(messages.contains(&"the claim was lost before the dial; nobody is called"), "{messages:#?}");
    assert!(!messages.contains(&"link made"), "{messages:#?}");
}

#[tokio::test]
async fn a_call_that_could_not_be_recorded() {
    let setup = Setup::new().await.set("DATABASE_URL", NO_SERVER);
    let mut service = setup.launch().await;
    let request = service.post().header("x-request-id", "it-down").json(&call());
    service.send(request).await.assert_error(503, "Call store unavailable");
    let log = log_of(&mut service).await;
    let call = only_call(&log, &[json!("it-down")]);
    assert_eq!(
        story(&log, call),
        ["the call store failed; without a claim nobody is called", "request answered"]
    );
}
