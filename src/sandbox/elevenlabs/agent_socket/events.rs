//! What the agent sends, worded as the real one does.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::audio_format::AudioFormat;

pub(super) fn metadata(conversation_id: &str, input: Option<AudioFormat>, output: AudioFormat) -> Value {
    let mut event = json!({ "conversation_id": conversation_id, "agent_output_audio_format": output.name() });
    if let Some(input) = input {
        event["user_input_audio_format"] = json!(input.name());
    }
    json!({ "type": "conversation_initiation_metadata", "conversation_initiation_metadata_event": event })
}

pub(super) fn audio(bytes: &[u8], event_id: u64) -> Value {
    let event = json!({ "audio_base_64": BASE64_STANDARD.encode(bytes), "event_id": event_id });
    json!({ "type": "audio", "audio_event": event })
}

pub(super) fn agent_response(text: &str, event_id: u64) -> Value {
    let event = json!({ "agent_response": text, "event_id": event_id });
    json!({ "type": "agent_response", "agent_response_event": event })
}

pub(super) fn tentative_agent_response(text: &str) -> Value {
    json!({
        "type": "internal_tentative_agent_response",
        "tentative_agent_response_internal_event": { "tentative_agent_response": text },
    })
}

pub(super) fn agent_response_correction(original: &str, corrected: &str, event_id: u64) -> Value {
    json!({
        "type": "agent_response_correction",
        "agent_response_correction_event": {
            "original_agent_response": original,
            "corrected_agent_response": corrected,
            "event_id": event_id,
        },
    })
}

pub(super) fn user_transcript(text: &str, event_id: u64) -> Value {
    let event = json!({ "user_transcript": text, "event_id": event_id });
    json!({ "type": "user_transcript", "user_transcription_event": event })
}

pub(super) fn interruption(event_id: u64) -> Value {
    json!({ "type": "interruption", "interruption_event": { "event_id": event_id } })
}

pub(super) fn ping(event_id: u64, ping_ms: Option<u64>) -> Value {
    json!({ "type": "ping", "ping_event": { "event_id": event_id, "ping_ms": ping_ms } })
}

pub(super) fn vad_score(score: f64) -> Value {
    json!({ "type": "vad_score", "vad_score_event": { "vad_score": score } })
}

pub(super) fn client_tool_call(tool_name: &str, tool_call_id: &str, event_id: u64) -> Value {
    json!({
        "type": "client_tool_call",
        "client_tool_call": {
            "tool_name": tool_name,
            "tool_call_id": tool_call_id,
            "parameters": {},
            "event_id": event_id,
        },
    })
}

pub(super) fn agent_tool_response(tool_name: &str, event_id: u64) -> Value {
    json!({
        "type": "agent_tool_response",
        "agent_tool_response": {
            "tool_name": tool_name,
            "tool_call_id": format!("call_{event_id}"),
            "tool_type": "system",
            "is_error": false,
            "event_id": event_id,
        },
    })
}

pub(super) fn error(code: u16, error_type: &str, message: &str) -> Value {
    let event = json!({ "code": code, "error_type": error_type, "message": message });
    json!({ "type": "error", "error_event": event })
}

/// An event of a type that no client can know yet.
pub(super) fn unknown() -> Value {
    json!({ "type": "sandbox_event_of_tomorrow", "sandbox_event": { "event_id": 0, "text": "Morgen mehr." } })
}
