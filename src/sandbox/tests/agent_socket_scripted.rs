//! The scripted agent, which does what a test tells it and records what it receives.

use tokio_tungstenite::tungstenite::Message;

use super::agent_socket_client::*;
use super::*;

/// Both ends of a conversation with a scripted agent.
async fn scripted(sandbox: &Sandbox) -> (Client, LiveConversation) {
    sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let (client, _) = Client::begin(sandbox, &initiation()).await;
    (client, sandbox.elevenlabs.live_conversations().pop().unwrap())
}

#[tokio::test]
async fn audio_goes_both_ways_in_every_format() {
    let sandbox = sandbox().await;
    for format in AudioFormat::ALL {
        sandbox.elevenlabs.set_audio_formats(Some(format), format);
        sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
        let (mut client, metadata) = Client::begin(&sandbox, &initiation()).await;
        assert_eq!(metadata["agent_output_audio_format"], format.name());
        assert_eq!(metadata["user_input_audio_format"], format.name());
        let live = sandbox.elevenlabs.live_conversations().pop().unwrap();

        let sent = tone(200, -20.0, format.sample_rate());
        // What remains of it after encoding in this format.
        let expected = format.decode(&format.encode(&sent)).unwrap();
        assert_eq!(expected == sent, format != AudioFormat::Ulaw8000);
        client.send_audio(&sent, format).await;
        let frames = sent.len().div_ceil(format.sample_rate() as usize / 40);
        assert_eq!(live.wait_for_audio(sent.len()).await, expected, "{format:?}");
        assert_eq!((live.sample_count(), live.audio_frames()), (sent.len(), frames));

        live.send_audio(&sent, 7);
        let event = client.event().await;
        assert_eq!((&event["type"], &event["audio_event"]["event_id"]), (&json!("audio"), &json!(7)));
        assert_eq!(samples(&event, format), expected, "{format:?}");
    }
}

#[tokio::test]
async fn an_input_format_that_is_not_announced_is_pcm_16000() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_audio_formats(None, AudioFormat::Ulaw8000);
    sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let (mut client, metadata) = Client::begin(&sandbox, &initiation()).await;
    assert_eq!(metadata.get("user_input_audio_format"), None);
    client.send_audio(&[1, -2, 3], AudioFormat::Pcm16000).await;
    let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
    assert_eq!(live.wait_for_audio(3).await, [1, -2, 3]);
}

#[tokio::test]
async fn every_event_is_sent_as_it_was_ordered_and_nothing_else() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    client.send_audio(&tone(2000, -6.0, 16_000), AudioFormat::Pcm16000).await;
    client.send_audio(&silence(2000, 16_000), AudioFormat::Pcm16000).await;
    live.wait_for_audio(64_000).await;
    live.send_agent_response("Guten Tag", 1);
    live.send_correction("Guten Tag", "Guten...", 1);
    live.send_user_transcript("Hallo", 2);
    live.send_interruption(3);
    live.send_ping(4, None);
    live.send_ping(5, Some(40));
    live.send_tool_call("end_call", "call_1", 6);
    live.send_error(1011, "server", "broken");
    live.send_unknown_event();
    live.send(json!({ "any": "thing" }));
    let mut events = Vec::new();
    for _ in 0..10 {
        events.push(client.event().await);
    }
    let expected = json!([
        { "type": "agent_response", "agent_response_event": { "agent_response": "Guten Tag", "event_id": 1 } },
        { "type": "agent_response_correction", "agent_response_correction_event": {
            "original_agent_response": "Guten Tag", "corrected_agent_response": "Guten...", "event_id": 1 } },
        { "type": "user_transcript", "user_transcription_event": { "user_transcript": "Hallo", "event_id": 2 } },
        { "type": "interruption", "interruption_event": { "event_id": 3 } },
        { "type": "ping", "ping_event": { "event_id": 4, "ping_ms": null } },
        { "type": "ping", "ping_event": { "event_id": 5, "ping_ms": 40 } },
        { "type": "client_tool_call", "client_tool_call": {
            "tool_name": "end_call", "tool_call_id": "call_1", "parameters": {}, "event_id": 6 } },
        { "type": "error", "error_event": { "code": 1011, "error_type": "server", "message": "broken" } },
        { "type": "sandbox_event_of_tomorrow", "sandbox_event": { "event_id": 0, "text": "Morgen mehr." } },
        { "any": "thing" },
    ]);
    assert_eq!(Value::Array(events), expected);

    live.send_text("{\"broken\":");
    assert!(matches!(client.receive().await, Received::Raw(text) if text == "{\"broken\":"));
    live.send_binary([1, 2]);
    assert!(matches!(client.receive().await, Received::Binary(bytes) if bytes == [1, 2]));
}

#[tokio::test]
async fn frames_are_recorded_in_order() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    let pong = json!({ "type": "pong", "event_id": 4 });
    let result =
        json!({ "type": "client_tool_result", "tool_call_id": "call_1", "result": "none", "is_error": true });
    client.send(&pong).await;
    client.send(&result).await;
    assert_eq!(live.wait_for_frames("client_tool_result", 1).await, std::slice::from_ref(&result));
    assert_eq!(live.frames(), [initiation(), pong, result]);
    assert_eq!(live.problem(), None);
}

#[tokio::test]
async fn a_frame_that_is_not_as_documented_closes_the_connection() {
    let sandbox = sandbox().await;
    for (frame, problem) in [
        (Message::text("{"), "no JSON object"),
        (Message::text(r#"{"type":"pong"}"#), "pong needs event_id"),
        (Message::text(r#"{"type":"mute","muted":true}"#), "unknown type mute"),
        (Message::text(r#"{"user_audio_chunk":"A"}"#), "user_audio_chunk: "),
        (Message::text(r#"{"user_audio_chunk":"AA=="}"#), "ends within a sample"),
        (Message::text(r#"{"user_audio_chunk":""}"#), "is empty"),
        (Message::text(r#"{"user_audio_chunk":"AAA=","muted":true}"#), "nothing else"),
        (
            Message::text(r#"{"type":"client_tool_result","tool_call_id":"1","result":"no"}"#),
            "is_error, a boolean",
        ),
        (Message::binary([0, 0].as_slice()), "a binary frame"),
    ] {
        let (mut client, live) = scripted(&sandbox).await;
        client.send_message(frame.clone()).await;
        let closed = End::Closed(1008, "Invalid message received".to_owned());
        assert_eq!(client.rest().await.1, closed, "{frame}");
        assert!(live.problem().unwrap().contains(problem), "{frame}: {:?}", live.problem());
    }
}

#[tokio::test]
async fn what_it_says_is_the_voice_in_chunks_faster_than_it_is_played() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    let text = "Guten Tag, hier spricht Susi.";
    live.say(text);
    let expected = voice(text, 16_000);
    let began = std::time::Instant::now();
    let said = client.event().await;
    assert_eq!(
        said["agent_response_event"],
        json!({ "agent_response": text, "event_id": 1 }),
        "before its sound"
    );
    let mut heard = Vec::new();
    for event_id in 2.. {
        let event = client.event().await;
        assert_eq!(event["audio_event"]["event_id"], event_id);
        let chunk = samples(&event, AudioFormat::Pcm16000);
        assert!(chunk.len() <= 4_000);
        heard.extend(chunk);
        if heard.len() >= expected.len() {
            break;
        }
    }
    assert_eq!(heard, expected);
    let chunks = u32::try_from(expected.len().div_ceil(4_000)).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(100) * (chunks - 1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_interruption_ends_the_sound_and_voids_what_was_sent() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    let text = "Bitte erzählen Sie mir, warum Sie sich auf diese Stelle beworben haben.";
    live.say(text);
    let last = client.event_of("audio").await["audio_event"]["event_id"].as_u64().unwrap();
    live.interrupt();
    let interruption = client.event_of("interruption").await["interruption_event"]["event_id"].as_u64();
    assert!(interruption.unwrap() > last);
    let correction = client.event().await["agent_response_correction_event"].take();
    assert_eq!((&correction["original_agent_response"], &correction["event_id"]), (&json!(text), &json!(1)));
    let corrected = correction["corrected_agent_response"].as_str().unwrap();
    assert!(text.starts_with(corrected.strip_suffix("...").unwrap()), "{corrected}");

    live.interrupt();
    live.close(1000, "");
    assert_eq!(client.rest().await, (vec![], End::Closed(1000, String::new())));
}

#[tokio::test]
async fn it_closes_and_drops_as_it_is_told() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    live.close(1011, "broken");
    assert_eq!(client.rest().await.1, End::Closed(1011, "broken".to_owned()));
    let end = SocketEnd::ByAgent { code: Some(1011), reason: "broken".to_owned() };
    assert_eq!(live.wait_for_end().await, Some(end));

    let (mut client, live) = scripted(&sandbox).await;
    live.drop_connection();
    assert_eq!(client.rest().await.1, End::Broken);
    assert_eq!(live.wait_for_end().await, Some(SocketEnd::Dropped));
    live.close(1000, "too late, and no harm");
}

#[tokio::test]
async fn it_can_stop_reading() {
    let sandbox = sandbox().await;
    let (mut client, live) = scripted(&sandbox).await;
    live.stop_reading();
    live.send_ping(1, None);
    client.event_of("ping").await;
    let flood = async {
        for _ in 0..400 {
            client.send_audio(&silence(1000, 16_000), AudioFormat::Pcm16000).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(2), flood).await.is_err(), "17 MB went through");
    assert_eq!(live.sample_count(), 0);
}
