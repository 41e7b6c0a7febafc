//! What this service sends to the agent's side: one JSON object per frame.

use serde::Serialize;
use serde_json::json;

use super::AudioFormat;
use crate::elevenlabs::client_data::ClientData;

/// What surrounds the base64 of a piece of audio. This frame has no `type`.
const AUDIO: (&str, &str) = (r#"{"user_audio_chunk":""#, r#""}"#);

#[derive(Serialize)]
struct Initiation<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    data: &'a ClientData<'a>,
}

/// The first frame: everything the agent is told. Unlike in an outbound call, the members are at the top level.
///
/// # Errors
/// Never, as far as anyone knows: all of it is text.
pub(super) fn initiation(data: &ClientData<'_>) -> serde_json::Result<String> {
    serde_json::to_string(&Initiation { kind: "conversation_initiation_client_data", data })
}

/// A piece of what the candidate says: 16-bit PCM, little endian, at the format's sample rate.
#[must_use]
pub fn audio(format: AudioFormat, pcm: &[u8]) -> String {
    let base64_len = pcm.len().div_ceil(3) * 4;
    let mut frame = String::with_capacity(AUDIO.0.len() + base64_len + AUDIO.1.len());
    frame.push_str(AUDIO.0);
    format.encode_pcm(pcm, &mut frame);
    frame.push_str(AUDIO.1);
    frame
}

/// The answer to a ping.
#[must_use]
pub fn pong(event_id: i64) -> String {
    json!({ "type": "pong", "event_id": event_id }).to_string()
}

/// The answer to a tool call: this client has no tools. Without an answer the agent may wait.
#[must_use]
pub fn no_such_tool(tool_call_id: &str) -> String {
    json!({
        "type": "client_tool_result",
        "tool_call_id": tool_call_id,
        "result": "This client has no tools.",
        "is_error": true,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_elevenlabs_own_client_sends_them() {
        assert_eq!(audio(AudioFormat::Pcm(16_000), &[1, 2]), r#"{"user_audio_chunk":"AQI="}"#);
        assert_eq!(audio(AudioFormat::Ulaw8000, &[0, 0, 0, 0]), r#"{"user_audio_chunk":"//8="}"#);
        assert_eq!(pong(7), r#"{"event_id":7,"type":"pong"}"#);
        let result: serde_json::Value = serde_json::from_str(&no_such_tool("a\"b")).unwrap();
        assert_eq!(result["tool_call_id"], "a\"b");
        assert_eq!(result["is_error"], true);
    }

    #[test]
    fn an_audio_frame_is_written_without_growing() {
        for len in 0..10 {
            let frame = audio(AudioFormat::Pcm(16_000), &vec![0; len]);
            assert!(frame.len() <= frame.capacity() && frame.capacity() <= 40, "{len}");
        }
    }
}
