//! What the agent's side sends: one JSON object per frame.
//!
//! Members and types come from ElevenLabs' own client package (2026-11). They are read tolerantly: of an event only
//! what is needed must be present, unknown members and types are no error, and a frame that cannot be read costs only
//! itself.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use thiserror::Error;

use super::super::error_detail::is_busy;
use super::AudioFormat;
use crate::domain::{ConversationId, Private};

/// An event from the agent's side. `Debug` shows nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentEvent {
    /// The conversation has started.
    Started(Started),
    /// A piece of the agent's speech, in the agent's output format.
    Audio {
        /// Increases in the course of the conversation; an interruption refers to it.
        event_id: i64,
        /// The samples.
        audio: Private<Vec<u8>>,
    },
    /// The candidate has interrupted: audio with an id below this one must no longer be played.
    Interruption {
        /// The first id that may be played again.
        event_id: i64,
    },
    /// What the agent says.
    AgentSaid(Said),
    /// What the agent got round to saying before it was interrupted.
    AgentCorrected(Said),
    /// What the agent understood the candidate to say.
    CandidateSaid(Said),
    /// A ping, to be answered with the same id.
    Ping {
        /// The id.
        event_id: i64,
    },
    /// The agent wants this client to run a tool. It may wait for an answer.
    ToolCall {
        /// The id that the answer must carry.
        tool_call_id: String,
    },
    /// The agent has hung up, with its tool `end_call`. The connection is closed right after it.
    HungUp,
    /// An error at ElevenLabs, with the code that it also closes the socket with.
    Trouble {
        /// 1000, 1002, 1008 or 1011; 0 if there was none.
        code: i64,
        /// Whether the only trouble is that there is no free line.
        is_busy: bool,
    },
    /// Anything else: a type that does not matter here, or an unknown one.
    Other,
}

/// The conversation's first event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// ElevenLabs' id of the conversation, if it is a valid one.
    pub conversation_id: Option<ConversationId>,
    /// What the agent hears; `None` for a format that is not supported here.
    pub input: Option<AudioFormat>,
    /// What the agent says; `None` for a format that is not supported here.
    pub output: Option<AudioFormat>,
}

/// A piece of the transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Which turn it belongs to, if ElevenLabs says so.
    pub event_id: Option<i64>,
    /// The words.
    pub text: Private<String>,
}

/// A frame that is not an event: not a JSON object, or one that lacks what its type requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a frame of the agent's side could not be read")]
pub struct Unreadable;

/// Texts are borrowed from the frame unless they contain escapes: most of what comes is audio.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    conversation_initiation_metadata_event: Option<Metadata<'a>>,
    #[serde(borrow)]
    audio_event: Option<Audio<'a>>,
    interruption_event: Option<Id>,
    #[serde(borrow)]
    agent_response_event: Option<AgentResponse<'a>>,
    #[serde(borrow)]
    agent_response_correction_event: Option<Correction<'a>>,
    #[serde(borrow)]
    user_transcription_event: Option<Transcription<'a>>,
    ping_event: Option<Id>,
    client_tool_call: Option<ToolCall>,
    #[serde(borrow)]
    agent_tool_response: Option<ToolResponse<'a>>,
    #[serde(borrow)]
    error_event: Option<Trouble<'a>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    conversation_id: Cow<'a, str>,
    #[serde(borrow)]
    agent_output_audio_format: Cow<'a, str>,
    #[serde(borrow)]
    user_input_audio_format: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Audio<'a> {
    #[serde(borrow)]
    audio_base_64: Cow<'a, str>,
    event_id: i64,
}

#[derive(Deserialize)]
struct Id {
    event_id: i64,
}

#[derive(Deserialize)]
struct AgentResponse<'a> {
    #[serde(borrow)]
    agent_response: Cow<'a, str>,
    event_id: Option<i64>,
}

#[derive(Deserialize)]
struct Correction<'a> {
    #[serde(borrow)]
    corrected_agent_response: Cow<'a, str>,
    event_id: Option<i64>,
}

#[derive(Deserialize)]
struct Transcription<'a> {
    #[serde(borrow)]
    user_transcript: Cow<'a, str>,
    event_id: Option<i64>,
}

#[derive(Deserialize)]
struct ToolCall {
    tool_call_id: String,
}

#[derive(Deserialize)]
struct ToolResponse<'a> {
    #[serde(borrow)]
    tool_name: Cow<'a, str>,
    #[serde(default)]
    is_error: bool,
}

#[derive(Deserialize, Default)]
struct Trouble<'a> {
    #[serde(default)]
    code: i64,
    #[serde(borrow)]
    error_type: Option<Cow<'a, str>>,
}

impl AgentEvent {
    /// Reads a text frame.
    ///
    /// # Errors
    /// If it is not an event of ElevenLabs'.
    pub fn read(frame: &str) -> Result<Self, Unreadable> {
        let frame: Frame<'_> = serde_json::from_str(frame).map_err(|_hidden| Unreadable)?;
        frame.event().ok_or(Unreadable)
    }
}

impl Frame<'_> {
    /// `None` if the member that the type requires is missing.
    fn event(self) -> Option<AgentEvent> {
        Some(match &*self.kind {
            "audio" => self.audio_event?.event()?,
            "ping" => AgentEvent::Ping { event_id: self.ping_event?.event_id },
            "interruption" => AgentEvent::Interruption { event_id: self.interruption_event?.event_id },
            "user_transcript" => {
                let said = self.user_transcription_event?;
                AgentEvent::CandidateSaid(Said::new(said.event_id, said.user_transcript))
            }
            "agent_response" => {
                let said = self.agent_response_event?;
                AgentEvent::AgentSaid(Said::new(said.event_id, said.agent_response))
            }
            "agent_response_correction" => {
                let said = self.agent_response_correction_event?;
                AgentEvent::AgentCorrected(Said::new(said.event_id, said.corrected_agent_response))
            }
            "conversation_initiation_metadata" => {
                AgentEvent::Started(self.conversation_initiation_metadata_event?.started())
            }
            "client_tool_call" => AgentEvent::ToolCall { tool_call_id: self.client_tool_call?.tool_call_id },
            "agent_tool_response" => self.agent_tool_response?.event(),
            "error" => self.error_event.unwrap_or_default().event(),
            _ => AgentEvent::Other,
        })
    }
}

impl Audio<'_> {
    fn event(self) -> Option<AgentEvent> {
        let audio = STANDARD.decode(&*self.audio_base_64).ok()?;
        Some(AgentEvent::Audio { event_id: self.event_id, audio: Private::new(audio) })
    }
}

impl ToolResponse<'_> {
    fn event(self) -> AgentEvent {
        if self.tool_name == "end_call" && !self.is_error { AgentEvent::HungUp } else { AgentEvent::Other }
    }
}

impl Trouble<'_> {
    fn event(self) -> AgentEvent {
        // The words are those of the HTTP API. Which of them a WebSocket gets is not known.
        let is_busy = self.error_type.is_some_and(|word| is_busy(&word));
        AgentEvent::Trouble { code: self.code, is_busy }
    }
}

impl Metadata<'_> {
    fn started(self) -> Started {
        let input = self.user_input_audio_format.as_deref().map(AudioFormat::from_name);
        Started {
            conversation_id: ConversationId::parse(&self.conversation_id),
            input: input.unwrap_or(Some(AudioFormat::DEFAULT_INPUT)),
            output: AudioFormat::from_name(&self.agent_output_audio_format),
        }
    }
}

impl Said {
    fn new(event_id: Option<i64>, text: Cow<'_, str>) -> Self {
        Self { event_id, text: Private::new(text.into_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(frame: &Value) -> Result<AgentEvent, Unreadable> {
        AgentEvent::read(&frame.to_string())
    }

    fn said(event_id: impl Into<Option<i64>>, text: &str) -> Said {
        Said { event_id: event_id.into(), text: Private::new(text.to_owned()) }
    }

    #[test]
    fn every_event_is_read_with_what_is_needed_of_it() {
        for (frame, event) in [
            (
                json!({
                    "type": "audio",
                    "audio_event": { "audio_base_64": "AQI=", "event_id": 7, "alignment": { "chars": ["a"] } },
                }),
                AgentEvent::Audio { event_id: 7, audio: Private::new(vec![1, 2]) },
            ),
            (
                json!({
                    "type": "agent_tool_response",
                    "agent_tool_response": { "tool_name": "end_call", "tool_type": "system", "is_error": false },
                }),
                AgentEvent::HungUp,
            ),
            (
                json!({ "type": "agent_tool_response", "agent_tool_response": { "tool_name": "end_call", "is_error": true } }),
                AgentEvent::Other,
            ),
            (
                json!({ "type": "agent_tool_response", "agent_tool_response": { "tool_name": "search" } }),
                AgentEvent::Other,
            ),
            (
                json!({ "type": "ping", "ping_event": { "event_id": 3, "ping_ms": null } }),
                AgentEvent::Ping { event_id: 3 },
            ),
            (
                json!({ "type": "interruption", "interruption_event": { "event_id": 9, "reason": "user" } }),
                AgentEvent::Interruption { event_id: 9 },
            ),
            (
                json!({
                    "type": "user_transcript",
                    "user_transcription_event": { "user_transcript": "\"Ja\", gern", "event_id": 4 },
                }),
                AgentEvent::CandidateSaid(said(4, "\"Ja\", gern")),
            ),
            (
                json!({ "type": "agent_response", "agent_response_event": { "agent_response": "Guten Tag" } }),
                AgentEvent::AgentSaid(said(None, "Guten Tag")),
            ),
            (
                json!({
                    "type": "agent_response_correction",
                    "agent_response_correction_event": {
                        "original_agent_response": "Guten Tag, hier",
                        "corrected_agent_response": "Guten",
                        "event_id": 5,
                    },
                }),
                AgentEvent::AgentCorrected(said(5, "Guten")),
            ),
            (
                json!({
                    "type": "client_tool_call",
                    "client_tool_call": { "tool_name": "x", "tool_call_id": "call_1", "parameters": {} },
                }),
                AgentEvent::ToolCall { tool_call_id: "call_1".to_owned() },
            ),
            (
                json!({ "type": "error", "error_event": { "code": 1011, "message": "secret" } }),
                AgentEvent::Trouble { code: 1011, is_busy: false },
            ),
            (
                json!({ "type": "error", "error_event": { "error_type": "concurrent_limit_exceeded" } }),
                AgentEvent::Trouble { code: 0, is_busy: true },
            ),
            (json!({ "type": "error" }), AgentEvent::Trouble { code: 0, is_busy: false }),
            (json!({ "type": "vad_score", "vad_score_event": { "vad_score": 0.9 } }), AgentEvent::Other),
            (json!({ "type": "what_comes_next_year", "x": [1] }), AgentEvent::Other),
        ] {
            assert_eq!(read(&frame), Ok(event), "{frame}");
        }
    }

    #[test]
    fn a_conversation_starts_with_its_formats_or_the_usual_ones() {
        let started = |metadata: Value| {
            let frame = json!({
                "type": "conversation_initiation_metadata",
                "conversation_initiation_metadata_event": metadata,
            });
            match read(&frame) {
                Ok(AgentEvent::Started(started)) => started,
                other => panic!("{other:?}"),
            }
        };
        let all = started(json!({
            "conversation_id": "conv_1",
            "agent_output_audio_format": "pcm_44100",
            "user_input_audio_format": "ulaw_8000",
        }));
        assert_eq!(all.conversation_id, ConversationId::parse("conv_1"));
        assert_eq!(all.input, Some(AudioFormat::Ulaw8000));
        assert_eq!(all.output, Some(AudioFormat::Pcm(44_100)));
        let least = json!({ "conversation_id": "conv 1", "agent_output_audio_format": "opus" });
        assert_eq!(
            started(least),
            Started { conversation_id: None, input: Some(AudioFormat::Pcm(16_000)), output: None }
        );
    }

    #[test]
    fn a_frame_without_what_its_type_needs_is_unreadable() {
        for frame in [
            json!({ "type": "audio" }),
            json!({ "type": "audio", "audio_event": { "event_id": 1 } }),
            json!({ "type": "audio", "audio_event": { "audio_base_64": "no base64!", "event_id": 1 } }),
            json!({ "type": "audio", "audio_event": { "audio_base_64": "AQI=", "event_id": "one" } }),
            json!({ "type": "ping", "ping_event": {} }),
            json!({ "type": "interruption" }),
            json!({ "type": 7 }),
            json!({}),
            json!([]),
            json!("audio"),
        ] {
            assert_eq!(read(&frame), Err(Unreadable), "{frame}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_what_was_said() {
        let audio = json!({ "type": "audio", "audio_event": { "audio_base_64": "AQI=", "event_id": 7 } });
        let words =
            json!({ "type": "agent_response", "agent_response_event": { "agent_response": "Erika" } });
        let shown = format!("{:?} {:?}", read(&audio), read(&words));
        assert!(!shown.contains("[1, 2]") && !shown.contains("Erika"), "{shown}");
    }

    /// JSON of any shape, sprinkled with the words of events.
    fn any_json() -> impl Strategy<Value = Value> {
        let word = prop_oneof![
            Just("audio".to_owned()),
            Just("ping".to_owned()),
            Just("error".to_owned()),
            Just("conversation_initiation_metadata".to_owned()),
            ".{0,8}"
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            word.clone().prop_map(Value::from),
        ];
        let name = prop_oneof![
            Just("type".to_owned()),
            Just("audio_event".to_owned()),
            Just("audio_base_64".to_owned()),
            Just("event_id".to_owned()),
            Just("ping_event".to_owned()),
            Just("error_event".to_owned()),
            Just("conversation_initiation_metadata_event".to_owned()),
            ".{0,4}"
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name.clone(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_frame_makes_it_panic(garbage in ".*", json in any_json()) {
            let _ = AgentEvent::read(&garbage);
            let _ = AgentEvent::read(&json.to_string());
        }

        #[test]
        fn a_frame_that_breaks_off_is_unreadable(at in 0_usize..70) {
            let frame = json!({ "type": "audio", "audio_event": { "audio_base_64": "AQI=", "event_id": 7 } });
            let frame = frame.to_string();
            prop_assert_eq!(AgentEvent::read(&frame[..at.min(frame.len() - 1)]), Err(Unreadable));
        }
    }
}
