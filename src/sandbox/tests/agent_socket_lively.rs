//! The lively agent, which leads a conversation by itself.

use super::agent_socket_client::*;
use super::*;

const FORMAT: AudioFormat = AudioFormat::Pcm16000;

/// A first frame with this greeting.
fn greeting(text: &str) -> Value {
    let mut frame = initiation();
    frame["conversation_config_override"]["agent"]["first_message"] = json!(text);
    frame
}

fn lively(patience: Duration) -> AgentManner {
    AgentManner::Lively { patience, turns: 3 }
}

fn said(event: &Value) -> &str {
    event["agent_response_event"]["agent_response"].as_str().unwrap()
}

#[tokio::test]
async fn it_greets_with_the_first_message_and_its_variables() {
    let sandbox = sandbox().await;
    let (mut client, _) = Client::begin(&sandbox, &greeting("Guten Tag {{candidate_first_name}}!")).await;
    let kinds = ["sandbox_event_of_tomorrow", "internal_tentative_agent_response", "agent_response", "audio"];
    let mut events = Vec::new();
    for kind in kinds {
        events.push(client.event().await);
        assert_eq!(events.last().unwrap()["type"], kind);
    }
    assert_eq!(said(&events[2]), "Guten Tag Max!");
    assert_eq!(samples(&events[3], FORMAT), voice("Guten Tag Max!", 16_000)[..4_000]);
}

#[tokio::test]
async fn it_answers_what_it_heard_with_length_and_level() {
    let sandbox = sandbox().await;
    let (mut client, _) = Client::begin(&sandbox, &greeting("Ja?")).await;
    client.send_audio(&tone(2_100, -18.0, 16_000), FORMAT).await;
    client.send_audio(&silence(680, 16_000), FORMAT).await;
    client.send_audio(&silence(20, 16_000), FORMAT).await;
    let heard = client.event_of("user_transcript").await;
    assert_eq!(heard["user_transcription_event"]["user_transcript"], "(Ton von 2,1 Sekunden, −18 dB)");
    let answer = client.event_of("agent_response").await;
    assert_eq!(
        said(&answer),
        "Ich habe Sie 2,1 Sekunden lang gehört, mit minus 18 Dezibel. Das ist gut zu verstehen. \
         Bitte sprechen Sie weiter."
    );
    assert_eq!(samples(&client.event_of("audio").await, FORMAT), voice(said(&answer), 16_000)[..4_000]);
}

#[tokio::test]
async fn it_hears_in_every_format() {
    let sandbox = sandbox().await;
    for format in AudioFormat::ALL {
        sandbox.elevenlabs.set_audio_formats(Some(format), format);
        let (mut client, _) = Client::begin(&sandbox, &greeting("Ja?")).await;
        client.send_audio(&tone(1_000, -20.0, format.sample_rate()), format).await;
        client.send_audio(&silence(720, format.sample_rate()), format).await;
        let heard = client.event_of("user_transcript").await;
        let text = &heard["user_transcription_event"]["user_transcript"];
        assert_eq!(text, "(Ton von 1,0 Sekunden, −20 dB)", "{format:?}");
    }
}

#[tokio::test]
async fn it_is_interrupted_by_a_voice_but_not_by_silence() {
    let sandbox = sandbox().await;
    let text = "Bitte erzählen Sie mir, warum Sie sich auf diese Stelle beworben haben.";
    let (mut client, _) = Client::begin(&sandbox, &greeting(text)).await;
    client.send_audio(&silence(1_000, 16_000), FORMAT).await;
    client.event_of("vad_score").await;
    client.send_audio(&tone(300, -20.0, 16_000), FORMAT).await;
    let events = client.events_until("agent_response_correction").await;
    let interruption = &events[events.len() - 2];
    let id = interruption["interruption_event"]["event_id"].as_u64().unwrap();
    let audio = events.iter().filter(|event| event["type"] == "audio");
    assert!(audio.clone().all(|event| event["audio_event"]["event_id"].as_u64().unwrap() < id));
    // Nothing of the greeting follows: the next sound belongs to the answer.
    client.send_audio(&silence(720, 16_000), FORMAT).await;
    let events = client.events_until("agent_response").await;
    assert!(events.iter().all(|event| event["type"] != "audio"), "the greeting goes on");
}

#[tokio::test]
async fn a_voice_after_it_has_finished_interrupts_nothing() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_agent_manner(lively(Duration::from_mins(1)));
    let (mut client, _) = Client::begin(&sandbox, &greeting(" ")).await;
    client.event_of("agent_response").await;
    client.send_audio(&tone(300, -20.0, 16_000), FORMAT).await;
    client.send_audio(&silence(720, 16_000), FORMAT).await;
    let events = client.events_until("user_transcript").await;
    assert!(events.iter().all(|event| event["type"] != "interruption"), "{events:?}");
}

#[tokio::test]
async fn silence_makes_it_ask_and_then_say_goodbye() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_agent_manner(lively(Duration::from_millis(1)));
    let (mut client, _) = Client::begin(&sandbox, &greeting("Ja?")).await;
    let (events, end) = client.rest().await;
    let texts: Vec<&str> =
        events.iter().filter(|event| event["type"] == "agent_response").map(said).collect();
    assert_eq!(
        texts,
        [
            "Ja?",
            "Sind Sie noch da? Ich höre Sie gerade nicht.",
            "Vielen Dank für das Gespräch. Auf Wiederhören!"
        ]
    );
    assert_eq!(sound(&events, FORMAT), texts.iter().flat_map(|text| voice(text, 16_000)).collect::<Vec<_>>());
    assert_eq!(end, End::Closed(1000, String::new()));
    let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
    assert_eq!(
        live.wait_for_end().await,
        Some(SocketEnd::ByAgent { code: Some(1000), reason: String::new() })
    );
    assert_eq!(sandbox.elevenlabs.conversations()[0].status, "done");
}

#[tokio::test]
async fn it_pings_and_measures_the_way() {
    let sandbox = sandbox().await;
    let (mut client, _) = Client::begin(&sandbox, &greeting("Ja?")).await;
    let first = client.event_of("ping").await;
    assert_eq!(first["ping_event"]["ping_ms"], Value::Null);
    let second = client.event_of("ping").await;
    assert!(second["ping_event"]["ping_ms"].is_u64(), "{second}");
    client.send(&json!({ "type": "pong", "event_id": 4711 })).await;
    let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
    live.wait_for_end().await;
    assert_eq!(live.problem().as_deref(), Some("pong 4711 answers no open ping"));
}

#[tokio::test]
async fn its_goodbye_is_not_interrupted() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_agent_manner(AgentManner::Lively { patience: Duration::from_mins(1), turns: 1 });
    let (mut client, _) = Client::begin(&sandbox, &greeting(" ")).await;
    let utterance = [tone(200, -20.0, 16_000), silence(720, 16_000)].concat();
    client.send_audio(&utterance, FORMAT).await;
    assert_eq!(said(&client.event_of("agent_response").await), " ");
    let goodbye = client.event_of("agent_response").await;
    assert!(said(&goodbye).ends_with("Auf Wiederhören!"), "{goodbye}");
    client.send_audio(&utterance, FORMAT).await;
    let live = sandbox.elevenlabs.live_conversations().pop().unwrap();
    live.wait_for_audio(2 * utterance.len()).await;
    let (events, end) = client.rest().await;
    assert_eq!(sound(&events, FORMAT), voice(said(&goodbye), 16_000));
    assert_eq!(end, End::Closed(1000, String::new()));
}
