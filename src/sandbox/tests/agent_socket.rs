//! Opening a conversation with the agent over a WebSocket.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::agent_socket_client::*;
use super::*;

#[tokio::test]
async fn a_conversation_begins_with_metadata_and_is_listed() {
    let sandbox = sandbox().await;
    let (client, metadata) = Client::begin(&sandbox, &initiation()).await;
    assert_eq!(client.subprotocol.as_deref(), Some("convai"));
    let expected = json!({
        "conversation_id": "conv_sandbox_0001",
        "agent_output_audio_format": "pcm_16000",
        "user_input_audio_format": "pcm_16000",
    });
    assert_eq!(metadata, expected);

    let query = "/v1/convai/conversations?dynamic_variable_params=candidate_first_name:eq:Max";
    let (_, list) = answer(get(&sandbox, query)).await;
    assert_eq!(list["conversations"][0]["conversation_id"], "conv_sandbox_0001");
    let (_, record) = answer(get(&sandbox, "/v1/convai/conversations/conv_sandbox_0001")).await;
    assert_eq!(record["status"], "in-progress");
    assert_eq!(record["metadata"]["phone_call"], Value::Null);

    let [live] = sandbox.elevenlabs.live_conversations().try_into().unwrap();
    assert_eq!(live.initiation(), Some(initiation()));
    assert_eq!(live.conversation_id().as_deref(), Some("conv_sandbox_0001"));
}

#[tokio::test]
async fn a_conversation_that_ended_is_done() {
    let sandbox = sandbox().await;
    let (mut client, _) = Client::begin(&sandbox, &initiation()).await;
    client.close(1000, "enough").await;
    let [live] = sandbox.elevenlabs.live_conversations().try_into().unwrap();
    let end = SocketEnd::ByClient { code: Some(1000), reason: "enough".to_owned() };
    assert_eq!(live.wait_for_end().await, Some(end));
    assert_eq!(sandbox.elevenlabs.conversations()[0].status, "done");
}

#[tokio::test]
async fn a_client_that_vanishes_is_noticed() {
    let sandbox = sandbox().await;
    let (client, _) = Client::begin(&sandbox, &initiation()).await;
    drop(client);
    let [live] = sandbox.elevenlabs.live_conversations().try_into().unwrap();
    assert_eq!(live.wait_for_end().await, Some(SocketEnd::Broken));
    assert_eq!(sandbox.elevenlabs.conversations()[0].status, "done");
}

#[tokio::test]
async fn dropping_the_sandbox_ends_the_conversations() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let (mut client, _) = Client::begin(&sandbox, &initiation()).await;
    drop(sandbox);
    assert_eq!(client.rest().await, (vec![], End::Broken));
}

#[tokio::test]
async fn a_signed_url_serves_for_fifteen_minutes() {
    let clock = Arc::new(AtomicI64::new(NOW));
    let shared = Arc::clone(&clock);
    let sandbox = Sandbox::start_with(move || shared.load(Ordering::SeqCst)).await.unwrap();
    let url = signed_url(&sandbox, "").await;
    clock.store(NOW + 899, Ordering::SeqCst);
    Client::connect(&url).await;
    Client::connect(&url).await;
    clock.store(NOW + 900, Ordering::SeqCst);
    assert_eq!(refusal(&url).await.0, 403);
}

#[tokio::test]
async fn a_signed_url_with_a_conversation_serves_once() {
    let sandbox = sandbox().await;
    let url = signed_url(&sandbox, "&include_conversation_id=true").await;
    let mut client = Client::connect(&url).await;
    client.send(&initiation()).await;
    let metadata = client.event().await;
    let id = &metadata["conversation_initiation_metadata_event"]["conversation_id"];
    assert!(url.ends_with(&format!("&conversation_id={}", id.as_str().unwrap())), "{url}");
    assert_eq!(refusal(&url).await.0, 403);
}

#[tokio::test]
async fn what_is_not_signed_is_refused() {
    let sandbox = sandbox().await;
    let url = signed_url(&sandbox, "").await;
    let (unsigned, _) = url.split_once("&conversation_signature").unwrap();
    for bad in [
        unsigned.to_owned(),
        url.replace("signature_0001", "signature_0002"),
        url.replace(AGENT_ID, "agent_other"),
        format!("{url}&conversation_id=conv_sandbox_browser_0001"),
    ] {
        assert_eq!(refusal(&bad).await.0, 403, "{bad}");
    }
    assert_eq!(sandbox.elevenlabs.live_conversations().len(), 0);
    let plain = url.replace("ws://", "http://");
    assert_eq!(client().get(plain).send().await.unwrap().status(), 400, "no upgrade was asked for");
}

/// How the connection ends after this first frame.
async fn end_after(sandbox: &Sandbox, first: &Value) -> (Vec<Value>, End) {
    let mut client = Client::open(sandbox).await;
    client.send(first).await;
    client.rest().await
}

#[tokio::test]
async fn an_override_that_the_agent_does_not_allow_closes_the_connection() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.allow_overrides(&["agent.first_message", "agent.language"]);
    let reason = "Override for field 'prompt' is not allowed by config.";
    let end = End::Closed(1008, reason.to_owned());
    assert_eq!(end_after(&sandbox, &initiation()).await, (vec![], end));
    let conversation = sandbox.elevenlabs.conversations().pop().unwrap();
    assert_eq!((conversation.status.as_str(), conversation.termination_reason.as_str()), ("failed", reason));
}

#[tokio::test]
async fn a_variable_that_is_missing_closes_the_connection() {
    let sandbox = sandbox().await;
    let mut first = initiation();
    first["conversation_config_override"]["agent"]["first_message"] = json!("Guten Tag {{owner_name}}");
    let reason = "Missing required dynamic variables in first message: {'owner_name'}";
    assert_eq!(end_after(&sandbox, &first).await.1, End::Closed(1008, reason.to_owned()));
}

#[tokio::test]
async fn a_reason_that_is_too_long_for_a_close_frame_is_cut() {
    let sandbox = sandbox().await;
    let mut first = initiation();
    first["conversation_config_override"]["agent"]["first_message"] =
        json!(format!("{{{{{}}}}}", "x".to_owned() + &"ü".repeat(90)));
    let (_, end) = end_after(&sandbox, &first).await;
    let End::Closed(1008, reason) = end else { panic!("{end:?}") };
    assert_eq!(reason.len(), 122, "{reason}");
}

#[tokio::test]
async fn a_first_frame_that_is_not_as_documented_closes_the_connection() {
    let sandbox = sandbox().await;
    let mut nested = json!({ "type": "conversation_initiation_client_data" });
    nested["conversation_initiation_client_data"] = initiation();
    let mut no_scalar = initiation();
    no_scalar["dynamic_variables"]["list"] = json!([1]);
    let mut unknown_override = initiation();
    unknown_override["conversation_config_override"]["agent"]["prompt"]["text"] = json!("x");
    let audio = json!({ "user_audio_chunk": "AAA=" });
    for (first, problem) in [
        (nested, "extra_forbidden"),
        (no_scalar, "scalar_type"),
        (unknown_override, "extra_forbidden"),
        (audio, "the first frame"),
        (json!([]), "no JSON object"),
    ] {
        let closed = End::Closed(1008, "Invalid message received".to_owned());
        assert_eq!(end_after(&sandbox, &first).await, (vec![], closed), "{first}");
        let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
        assert!(live.problem().unwrap().contains(problem), "{first}: {:?}", live.problem());
    }
    assert_eq!(sandbox.elevenlabs.conversations(), []);
}

#[tokio::test]
async fn the_upgrade_can_be_refused_delayed_and_cut_off() {
    let sandbox = sandbox().await;
    let busy = Answer::json(StatusCode::TOO_MANY_REQUESTS, &json!({ "detail": "busy" }));
    sandbox.elevenlabs.always_agent(AgentFault::NoUpgrade(Fault::Answer(busy)));
    let url = signed_url(&sandbox, "").await;
    assert_eq!(refusal(&url).await, (StatusCode::TOO_MANY_REQUESTS, json!({ "detail": "busy" })));
    sandbox.elevenlabs.heal_agents();
    sandbox.elevenlabs.next_agent(AgentFault::NoUpgrade(Fault::Close));
    assert!(tokio_tungstenite::connect_async(url.as_str()).await.is_err());

    let gate = Gate::new();
    sandbox.elevenlabs.next_agent(AgentFault::NoUpgrade(Fault::HoldUntil(gate.clone())));
    let opened = tokio::spawn(async move { Client::connect(&url).await });
    // The request for the signed URL, and one attempt after another.
    sandbox.elevenlabs.wait_for_requests(4).await;
    assert_eq!(sandbox.elevenlabs.live_conversations().len(), 0);
    gate.open();
    opened.await.unwrap();
    assert_eq!(sandbox.elevenlabs.wait_for_live_conversations(1).await.len(), 1);
}

#[tokio::test]
async fn an_agent_may_never_send_its_metadata_or_something_else_instead() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.next_agent(AgentFault::Silent);
    let mut client = Client::open(&sandbox).await;
    client.send(&initiation()).await;
    client.send(&json!({ "user_audio_chunk": "AAA=" })).await;
    client.close(1001, "").await;
    assert_eq!(client.rest().await.0, [] as [Value; 0]);
    let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
    assert!(matches!(live.wait_for_end().await, Some(SocketEnd::ByClient { code: Some(1001), .. })));
    assert_eq!(live.frames().len(), 2);

    sandbox.elevenlabs.next_agent(AgentFault::InsteadOfMetadata(json!({ "type": "other" })));
    let mut client = Client::open(&sandbox).await;
    client.send(&initiation()).await;
    assert_eq!(client.event().await, json!({ "type": "other" }));
}

#[tokio::test]
async fn a_campaign_shows_how_a_talk_goes_wrong() {
    let sandbox = sandbox().await;
    let (events, end) = end_after(&sandbox, &initiation_for_campaign(700)).await;
    assert_eq!(events, [] as [Value; 0]);
    assert!(matches!(end, End::Closed(1013, reason) if reason.starts_with("Too many concurrent requests")));

    let (events, end) = end_after(&sandbox, &initiation_for_campaign(701)).await;
    let said = events.iter().find(|event| event["type"] == "agent_response").unwrap();
    assert_eq!(
        said["agent_response_event"]["agent_response"],
        "Vielen Dank für das Gespräch. Auf Wiederhören!"
    );
    assert_eq!(end, End::Closed(1000, String::new()));

    let (events, end) = end_after(&sandbox, &initiation_for_campaign(702)).await;
    assert!(events.iter().any(|event| event["type"] == "audio"));
    assert_eq!(end, End::Broken);
    let lost = sandbox.elevenlabs.live_conversations().pop().unwrap();
    assert_eq!(lost.wait_for_end().await, Some(SocketEnd::Dropped));

    let (_, end) = end_after(&sandbox, &initiation_for_campaign(703)).await;
    let reason = "Override for field 'prompt' is not allowed by config.";
    assert_eq!(end, End::Closed(1008, reason.to_owned()));
}

#[tokio::test]
async fn an_agent_may_refuse_with_an_error_event() {
    let sandbox = sandbox().await;
    let error = json!({ "type": "error", "error_event": { "code": 1011, "message": "broken" } });
    let reason = "broken".to_owned();
    sandbox.elevenlabs.next_agent(AgentFault::Refuses { error: Some(error.clone()), code: 1011, reason });
    let end = End::Closed(1011, "broken".to_owned());
    assert_eq!(end_after(&sandbox, &initiation()).await, (vec![error], end));
    assert_eq!(sandbox.elevenlabs.conversations(), []);
}

#[tokio::test]
async fn every_trouble_of_a_talk_has_its_campaign_and_no_other_has_one() {
    let sandbox = sandbox().await;
    for campaign in CAMPAIGNS.iter().filter(|campaign| ![702, 704].contains(&campaign.id)) {
        let mut client = Client::open(&sandbox).await;
        client.send(&initiation_for_campaign(campaign.id)).await;
        let begins_well = loop {
            match client.receive().await {
                Received::End(_) => break false,
                Received::Event(event) if event["type"] == "sandbox_event_of_tomorrow" => break true,
                _ => {}
            }
        };
        assert_eq!(begins_well, campaign.section != Section::TalkTrouble, "{}", campaign.id);
    }
}
