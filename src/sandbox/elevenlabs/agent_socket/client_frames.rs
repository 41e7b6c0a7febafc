//! Parses what a client sends. It is stricter than the real service, which ignores unknown frames: an ignored frame is
//! a client's mistake that nobody would notice.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::super::validation::initiation_problems;
use super::audio_format::AudioFormat;

/// The `type` of the first frame.
pub(super) const INITIATION: &str = "conversation_initiation_client_data";

/// A well-formed frame.
#[derive(Debug)]
pub(super) enum ClientFrame {
    Audio(Vec<i16>),
    Pong {
        event_id: u64,
    },
    /// A frame that is recorded and has no effect.
    Other,
}

/// Parses the first frame, or says what is wrong with it.
pub(super) fn initiation(text: &str) -> Result<Value, String> {
    let frame = object(text)?;
    if frame.get("type").and_then(Value::as_str) != Some(INITIATION) {
        return Err(format!("the first frame must be of type {INITIATION}"));
    }
    let frame = Value::Object(frame);
    let problems = initiation_problems(&frame);
    if problems.is_empty() { Ok(frame) } else { Err(Value::Array(problems).to_string()) }
}

/// Parses a later frame, or says what is wrong with it.
pub(super) fn later(text: &str, input: AudioFormat) -> Result<(Value, ClientFrame), String> {
    let frame = object(text)?;
    let meaning = match frame.get("type") {
        None => ClientFrame::Audio(samples(&frame, input)?),
        Some(kind) => typed(kind.as_str().unwrap_or_default(), &frame)?,
    };
    Ok((Value::Object(frame), meaning))
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("no JSON object: {error}"))
}

fn samples(frame: &Map<String, Value>, input: AudioFormat) -> Result<Vec<i16>, String> {
    let audio = frame.get("user_audio_chunk").filter(|_| frame.len() == 1).and_then(Value::as_str);
    let audio = audio.ok_or("a frame without type must have user_audio_chunk and nothing else")?;
    let bytes = BASE64_STANDARD.decode(audio).map_err(|error| format!("user_audio_chunk: {error}"))?;
    let samples = input.decode(&bytes).ok_or("user_audio_chunk ends within a sample")?;
    if samples.is_empty() { Err("user_audio_chunk is empty".to_owned()) } else { Ok(samples) }
}

fn typed(kind: &str, frame: &Map<String, Value>) -> Result<ClientFrame, String> {
    let text = |name: &str| match frame.get(name) {
        Some(Value::String(_)) => Ok(()),
        _ => Err(format!("{kind} needs {name}, a string")),
    };
    match kind {
        "pong" => match frame.get("event_id").and_then(Value::as_u64) {
            Some(event_id) => Ok(ClientFrame::Pong { event_id }),
            None => Err("pong needs event_id, a number".to_owned()),
        },
        "client_tool_result" => {
            text("tool_call_id")?;
            text("result")?;
            match frame.get("is_error") {
                Some(Value::Bool(_)) => Ok(ClientFrame::Other),
                _ => Err("client_tool_result needs is_error, a boolean".to_owned()),
            }
        }
        "contextual_update" | "user_message" => text("text").map(|()| ClientFrame::Other),
        "user_activity" => Ok(ClientFrame::Other),
        other => Err(format!("unknown type {other}")),
    }
}
