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

/// What happens on the agent's side.
#[derive(Debug)]
pub(super) enum FromAgent {
    /// A piece of speech as PCM.
    Speech { event_id: i64, pcm: Bytes, length: Duration },
    /// The candidate has interrupted.
    Interruption { event_id: i64 },
    /// What the agent says.
    Said(Said),
    /// What it got round to saying.
    Corrected(Said),
    /// What it has understood.
    Understood(Said),
    /// Nothing of concern, or room in the outbox.
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
    /// Whether it has hung up: however the connection ends then, the talk was not broken off.
    has_hung_up: bool,
    /// How many frames could not be read.
    pub(super) unreadable: u64,
    /// What ElevenLabs said of an end that was none of a conversation: the code of its last `error` event, that of its
    /// close, and how else the connection ended.
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

    /// Samples a second of what it hears, and of what it says.
    pub(super) fn sample_rates(&self) -> (u32, u32) {
        (self.input.sample_rate(), self.output.sample_rate())
    }

    /// Whether nothing more should be read for it.
    pub(super) fn is_full(&self) -> bool {
        self.line.is_full()
    }

    /// Lets it hear this.
    pub(super) fn hear(&mut self, pcm: &[u8]) {
        self.line.queue(Message::text(outgoing::audio(self.input, pcm)));
    }

    /// What happens next. Messages are taken only if `reading`. May be given up at any time.
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

    /// Ends the conversation, so that it does not go on at ElevenLabs, where it costs.
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
            // The end follows by itself.
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

/// ElevenLabs closes with 1000 when the agent has ended the conversation, and with another code in trouble. Without a
/// code nobody says that there was any.
fn is_in_good_form(close: Option<&CloseFrame>) -> bool {
    close.is_none_or(|close| close.code == CloseCode::Normal)
}
