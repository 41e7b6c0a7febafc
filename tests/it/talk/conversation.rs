//! What happens during a talk: transcript, interruptions, signs of life, and noise that must not matter.

use serde_json::json;

use super::talk;
use crate::support::Heard;

#[tokio::test]
async fn the_transcript_is_told_as_it_grows() {
    let (_app, mut page, agent) = talk().await;
    agent.send_agent_response("Guten Tag, „Max“!", 1);
    agent.send_user_transcript("Ja, hallo?\nIch höre.", 2);
    agent.send_correction("Guten Tag, „Max“!", "Guten Tag", 1);
    for told in [
        json!({ "type": "agent_said", "id": 1, "text": "Guten Tag, „Max“!" }),
        json!({ "type": "you_said", "id": 2, "text": "Ja, hallo?\nIch höre." }),
        json!({ "type": "agent_corrected", "id": 1, "text": "Guten Tag" }),
    ] {
        assert_eq!(page.hear().await, Heard::Text(told));
    }
}

#[tokio::test]
async fn a_transcript_without_numbers_gets_some_and_a_correction_finds_its_line() {
    let (_app, mut page, agent) = talk().await;
    let said =
        |text: &str| json!({ "type": "agent_response", "agent_response_event": { "agent_response": text } });
    agent.send(said("Guten Tag"));
    agent
        .send(json!({ "type": "user_transcript", "user_transcription_event": { "user_transcript": "Ja?" } }));
    agent.send(said("Wie lange arbeiten Sie"));
    let correction = json!({ "original_agent_response": "-", "corrected_agent_response": "Wie lange" });
    agent.send(json!({ "type": "agent_response_correction", "agent_response_correction_event": correction }));
    page.wait_for("agent_corrected").await;
    let ids: Vec<_> = page.texts[1..].iter().map(|text| text["id"].as_i64().unwrap()).collect();
    let [first, answer, second, corrected] = ids.try_into().unwrap();
    assert!(first != second && answer != first && answer != second);
    assert_eq!(corrected, second);
}

#[tokio::test]
async fn after_an_interruption_nothing_is_heard_of_what_was_being_said() {
    let (_app, mut page, agent) = talk().await;
    for (sample, event_id) in [(1, 1), (2, 2)] {
        agent.send_audio(&[sample; 100], event_id);
        assert_eq!(page.hear().await, Heard::Audio(vec![sample; 100]));
    }
    agent.send_interruption(3);
    // Sound that was on its way when the candidate started to speak.
    agent.send_audio(&[-1; 100], 2);
    agent.send_audio(&[3; 100], 3);
    // An interruption that comes too late has no effect.
    agent.send_interruption(1);
    agent.send_audio(&[-2; 100], 2);
    agent.send_audio(&[4; 100], 4);
    for heard in [
        Heard::Text(json!({ "type": "interrupted" })),
        Heard::Audio(vec![3; 100]),
        Heard::Audio(vec![4; 100]),
    ] {
        assert_eq!(page.hear().await, heard);
    }
}

#[tokio::test]
async fn the_agent_s_pings_are_answered_with_their_ids() {
    let (_app, _page, agent) = talk().await;
    agent.send_ping(7, None);
    agent.send_ping(8, Some(12));
    let pongs = agent.wait_for_frames("pong", 2).await;
    assert_eq!(pongs, [json!({ "type": "pong", "event_id": 7 }), json!({ "type": "pong", "event_id": 8 })]);
}

#[tokio::test]
async fn a_tool_call_is_answered_so_that_the_agent_does_not_wait() {
    let (_app, mut page, agent) = talk().await;
    agent.send_tool_call("transfer_to_human", "call_1", 4);
    let [result] = agent.wait_for_frames("client_tool_result", 1).await.try_into().unwrap();
    assert_eq!((&result["tool_call_id"], &result["is_error"]), (&json!("call_1"), &json!(true)));
    assert!(result["result"].is_string());
    // The page is not told about it.
    agent.send_agent_response("Weiter", 5);
    page.wait_for("agent_said").await;
    assert_eq!(page.kinds(), ["ready", "agent_said"]);
}

#[tokio::test]
async fn noise_of_the_agent_s_side_is_passed_over() {
    let (_app, mut page, agent) = talk().await;
    agent.send_unknown_event();
    agent.send_text("no JSON at all");
    agent.send_text("");
    agent.send_binary(vec![1, 2, 3]);
    agent.send(json!([1, 2]));
    agent.send(json!({ "type": "audio" }));
    agent.send(json!({ "type": "audio", "audio_event": { "audio_base_64": "!", "event_id": 1 } }));
    agent.send(json!({ "type": "vad_score", "vad_score_event": { "vad_score": 0.3 } }));
    agent.send(json!({ "type": "guardrail_triggered" }));
    agent.send(json!({ "type": "context_usage", "context_usage_event": { "tokens": 1 } }));
    agent.send_error(1011, "internal_error", "MARKER");
    agent.send_audio(&[6; 100], 1);
    assert_eq!(page.hear().await, Heard::Audio(vec![6; 100]));
    page.speak(&[7; 100]).await;
    assert_eq!(agent.wait_for_audio(100).await, [7; 100]);
    assert_eq!(page.kinds(), ["ready"]);
}

#[tokio::test]
async fn half_a_sample_of_the_agent_s_side_does_not_shift_what_follows() {
    let (_app, mut page, agent) = talk().await;
    agent.send(json!({ "type": "audio", "audio_event": { "audio_base_64": "AQAC", "event_id": 1 } }));
    agent.send_audio(&[300, -300], 1);
    assert_eq!(page.wait_for_audio(3).await, [1, 300, -300]);
}
