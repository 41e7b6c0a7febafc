//! How a conversation begins.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::connect::connect;
use super::{
    AgentConversation, AgentError, AgentEvent, AgentSocket, AudioFormat, SignedUrl, Started, outgoing,
};
use crate::domain::{CallId, ConversationId, Script};
use crate::elevenlabs::ElevenLabs;
use crate::elevenlabs::client_data::ClientData;
use crate::telemetry::UpstreamRequest;

/// How long closing a conversation that could not be started may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

impl ElevenLabs {
    /// Connects to the agent, sends it the script, and waits until the conversation has started. If the caller gives up
    /// midway, the connection is closed, and the conversation with it.
    ///
    /// # Errors
    /// See [`AgentError`].
    pub async fn start_conversation(
        &self,
        url: SignedUrl,
        script: &Script,
        call_id: &CallId,
    ) -> Result<AgentConversation, AgentError> {
        let asking = UpstreamRequest::begin_step(&self.metrics, "talk", "agent_connection").of(call_id);
        let conversation = self.begin_conversation(url, script, call_id).await;
        asking.ended(conversation.as_ref().err().map(AgentError::code));
        conversation
    }

    async fn begin_conversation(
        &self,
        url: SignedUrl,
        script: &Script,
        call_id: &CallId,
    ) -> Result<AgentConversation, AgentError> {
        let connecting = timeout(self.conversation_timeout, connect(&url, &self.tls));
        let mut socket = connecting.await.unwrap_or(Err(AgentError::Timeout))?;
        let data = ClientData::new(self.overrides, script, call_id);
        let first = outgoing::initiation(&data).map_err(|_hidden| AgentError::UnreadableAnswer)?;
        let started = timeout(self.conversation_timeout, start(&mut socket, first));
        match started.await.unwrap_or(Err(AgentError::Timeout)).and_then(usable) {
            Ok((id, input, output)) => Ok(AgentConversation { id, input, output, socket }),
            Err(error) => {
                close(socket).await;
                Err(error)
            }
        }
    }
}

/// Sends the first frame and waits for the answer to it.
async fn start(socket: &mut AgentSocket, first: String) -> Result<Started, AgentError> {
    socket.send(Message::text(first)).await.map_err(|_broken| AgentError::Unreachable)?;
    let mut code = None;
    let mut busy = false;
    while let Some(message) = socket.next().await {
        let text = match message {
            Ok(Message::Text(text)) => text,
            Ok(Message::Close(_)) if busy => return Err(AgentError::Busy),
            Ok(Message::Close(close)) => return Err(closed(close.as_ref(), code)),
            Ok(_) => continue,
            Err(_broken) => break,
        };
        match AgentEvent::read(&text) {
            Ok(AgentEvent::Started(started)) => return Ok(started),
            Ok(AgentEvent::Ping { event_id }) => {
                let pong = Message::text(outgoing::pong(event_id));
                socket.send(pong).await.map_err(|_broken| AgentError::Unreachable)?;
            }
            // The close frame that follows says more.
            Ok(AgentEvent::Trouble { code: told, is_busy }) => {
                code = u16::try_from(told).ok();
                busy |= is_busy;
            }
            Ok(_) | Err(_) => {}
        }
    }
    if busy {
        return Err(AgentError::Busy);
    }
    Err(code.map_or(AgentError::Unreachable, |code| AgentError::Closed { code: Some(code) }))
}

/// Reads why ElevenLabs closed the connection. The wording of the reasons is known from users' reports; it is not kept.
fn closed(close: Option<&CloseFrame>, told: Option<u16>) -> AgentError {
    let Some(close) = close else { return AgentError::Closed { code: told } };
    if close.reason.contains("Override for field") {
        return AgentError::OverrideNotAllowed;
    }
    if close.reason.contains("Missing required dynamic variable") {
        return AgentError::MissingVariable;
    }
    if close.code == CloseCode::Again || close.reason.contains("Too many concurrent") {
        return AgentError::Busy;
    }
    AgentError::Closed { code: Some(close.code.into()) }
}

/// A conversation is usable if it can be found again and heard.
fn usable(started: Started) -> Result<(ConversationId, AudioFormat, AudioFormat), AgentError> {
    let id = started.conversation_id.ok_or(AgentError::UnreadableAnswer)?;
    let input = started.input.ok_or(AgentError::UnknownFormat)?;
    let output = started.output.ok_or(AgentError::UnknownFormat)?;
    Ok((id, input, output))
}

/// Closes a conversation that will not be used: it must not go on at ElevenLabs, where it costs money.
async fn close(mut socket: AgentSocket) {
    let normal = CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() };
    if timeout(CLOSE_TIMEOUT, socket.close(Some(normal))).await.is_err() {
        tracing::warn!("a conversation that did not come about could not be closed in time; it is dropped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close_frame(code: u16, reason: &'static str) -> CloseFrame {
        CloseFrame { code: code.into(), reason: reason.into() }
    }

    #[test]
    fn what_an_operator_can_mend_is_told_apart() {
        for (code, reason, error) in [
            (1008, "Override for field 'prompt' is not allowed by config.", AgentError::OverrideNotAllowed),
            (
                1008,
                "Missing required dynamic variables in first message: {'owner_name'}",
                AgentError::MissingVariable,
            ),
            (1013, "", AgentError::Busy),
            (1008, "Too many concurrent requests.", AgentError::Busy),
            (1008, "", AgentError::Closed { code: Some(1008) }),
            (1002, "This request exceeds your quota limit.", AgentError::Closed { code: Some(1002) }),
        ] {
            assert_eq!(closed(Some(&close_frame(code, reason)), Some(1011)), error, "{code} {reason}");
        }
        assert_eq!(closed(None, Some(1011)), AgentError::Closed { code: Some(1011) });
    }

    #[test]
    fn nothing_of_a_reason_is_kept() {
        let error = closed(Some(&close_frame(1008, "MARKER Override for field 'MARKER'")), None);
        assert!(!format!("{error} {error:?}").contains("MARKER"));
    }

    #[test]
    fn a_conversation_without_an_id_or_with_an_unknown_format_is_not_usable() {
        let started = Started {
            conversation_id: ConversationId::parse("conv_1"),
            input: AudioFormat::from_name("pcm_16000"),
            output: AudioFormat::from_name("ulaw_8000"),
        };
        assert!(usable(started.clone()).is_ok());
        for (broken, error) in [
            (Started { conversation_id: None, ..started.clone() }, AgentError::UnreadableAnswer),
            (Started { input: None, ..started.clone() }, AgentError::UnknownFormat),
            (Started { output: None, ..started.clone() }, AgentError::UnknownFormat),
        ] {
            assert_eq!(usable(broken).unwrap_err(), error);
        }
    }
}
