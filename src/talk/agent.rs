//! The agent's side of a talk.

use std::time::Duration;

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

use super::end::End;
use super::line::{Gone, Incoming, Line};
use crate::config::TalkLimits;
use crate::domain::{ConversationId, Private};
use crate::elevenlabs::agent_socket::{
    AgentConversation, AgentEvent, AgentSocket, AudioFormat, Said, outgoing,
};

/// An event on the agent's side.
#[derive(Debug)]
pub(super) enum FromAgent {
    /// A chunk of speech as PCM.
    Speech { event_id: i64, pcm: Bytes, length: Duration },
    /// The candidate has interrupted the agent.
    Interruption { event_id: i64 },
    /// What the agent is saying.
    Said(Said),
    /// What the agent actually said before it was interrupted.
    Corrected(Said),
    /// What the agent has understood the candidate to say.
    Understood(Said),
    /// Nothing the talk needs to react to, or room in the outbox.
    Nothing,
    /// The talk is over.
    End(End),
}

/// The connection to the agent.
pub(super) struct Agent {
    line: Line<AgentSocket, Message>,
    id: ConversationId,
    input: AudioFormat,
    output: AudioFormat,
    /// Whether the agent has hung up. However the connection ends after that, the talk was not broken off.
    has_hung_up: bool,
    /// How many frames could not be parsed.
    pub(super) unreadable: u64,
    /// What is known about a connection that ended without a proper end of the conversation: the code of the last
    /// `error` event, the code of the close frame, and how else it ended.
    pub(super) error_code: Option<i64>,
    pub(super) close_code: Option<u16>,
    pub(super) gone: Option<Gone>,
    limits: TalkLimits,
}

impl Agent {
    pub(super) fn new(conversation: AgentConversation, limits: TalkLimits) -> Self {
        let AgentConversation { id, input, output, socket } = conversation;
        Self {
            line: Line::new(socket, limits),
            id,
            input,
            output,
            has_hung_up: false,
            unreadable: 0,
            error_code: None,
            close_code: None,
            gone: None,
            limits,
        }
    }

    /// ElevenLabs' id of the conversation.
    pub(super) fn conversation_id(&self) -> &ConversationId {
        &self.id
    }

    /// The sample rates of what the agent hears, and of what it says.
    pub(super) fn sample_rates(&self) -> (u32, u32) {
        (self.input.sample_rate(), self.output.sample_rate())
    }

    /// Whether the outbox is full, so that the other side should not be read for now.
    pub(super) fn is_full(&self) -> bool {
        self.line.is_full()
    }

    /// Sends audio to the agent.
    pub(super) fn hear(&mut self, pcm: &[u8]) {
        self.line.queue(Message::text(outgoing::audio(self.input, pcm)));
    }

    /// Waits for the next event. Reads messages only if `reading`. Cancel-safe.
    pub(super) async fn next(&mut self, reading: bool) -> FromAgent {
        match self.line.next(reading).await {
            Incoming::Message(Message::Text(text)) => self.take(&text),
            Incoming::Message(Message::Close(close)) => {
                self.close_code = close.as_ref().map(|close| close.code.into());
                FromAgent::End(self.end_of(is_in_good_form(close.as_ref())))
            }
            Incoming::Message(Message::Binary(_)) => {
                self.unreadable += 1;
                FromAgent::Nothing
            }
            Incoming::Message(_) | Incoming::Room => FromAgent::Nothing,
            Incoming::Gone(gone) => {
                self.gone = Some(gone);
                FromAgent::End(self.end_of(false))
            }
        }
    }

    /// Ends the conversation, so that it does not continue, and cost money, at ElevenLabs.
    pub(super) async fn hang_up(mut self) {
        self.line.clear();
        let normal = CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() };
        self.line.queue(Message::Close(Some(normal)));
        let farewell = async {
            if self.line.flush().await.is_ok() {
                self.line.wait_until_closed().await;
            }
        };
        if timeout(self.limits.farewell, farewell).await.is_err() {
            tracing::warn!(
                conversation_id = self.id.as_str(),
                "the agent did not answer the end of its conversation; look at ElevenLabs whether it has ended there"
            );
        }
    }

    fn take(&mut self, frame: &str) -> FromAgent {
        let Ok(event) = AgentEvent::read(frame) else {
            self.unreadable += 1;
            return FromAgent::Nothing;
        };
        match event {
            AgentEvent::Audio { event_id, audio } => self.speech(event_id, audio),
            AgentEvent::Interruption { event_id } => FromAgent::Interruption { event_id },
            AgentEvent::AgentSaid(said) => FromAgent::Said(said),
            AgentEvent::AgentCorrected(said) => FromAgent::Corrected(said),
            AgentEvent::CandidateSaid(said) => FromAgent::Understood(said),
            AgentEvent::Ping { event_id } => self.answer(outgoing::pong(event_id)),
            AgentEvent::ToolCall { tool_call_id } => self.answer(outgoing::no_such_tool(&tool_call_id)),
            // The end of the connection follows by itself.
            AgentEvent::HungUp => {
                self.has_hung_up = true;
                FromAgent::Nothing
            }
            AgentEvent::Trouble { code, .. } => {
                self.error_code = Some(code);
                FromAgent::Nothing
            }
            AgentEvent::Started(_) | AgentEvent::Other => FromAgent::Nothing,
        }
    }

    fn speech(&self, event_id: i64, audio: Private<Vec<u8>>) -> FromAgent {
        let pcm = self.output.to_pcm(audio.into_inner());
        let samples = pcm.len() as u64 / 2;
        let length = Duration::from_micros(samples * 1_000_000 / u64::from(self.output.sample_rate()));
        FromAgent::Speech { event_id, pcm: pcm.into(), length }
    }

    fn end_of(&self, is_in_good_form: bool) -> End {
        if is_in_good_form || self.has_hung_up { End::Agent } else { End::LostAgent }
    }

    fn answer(&mut self, frame: String) -> FromAgent {
        self.line.queue(Message::text(frame));
        FromAgent::Nothing
    }
}

/// ElevenLabs closes with 1000 when the agent has ended the conversation, and with another code on trouble. A close
/// without a code does not indicate any.
fn is_in_good_form(close: Option<&CloseFrame>) -> bool {
    close.is_none_or(|close| close.code == CloseCode::Normal)
}
