//! A conversation in the browser: this service speaks with the agent over ElevenLabs' WebSocket.
//!
//! There are three steps, each with a timeout of its own: a signed URL, which gives access to one agent for 15 minutes
//! and is therefore a secret; the connection; and the start of the conversation, in which the agent is told its script
//! and answers with the formats of its audio. From then on [`AgentEvent`]s come in, and the frames of [`outgoing`] go
//! out.

mod audio;
mod connect;
mod error;
mod event;
pub mod outgoing;
mod signed_url;
mod start;
#[cfg(test)]
mod tests;
mod ulaw;

use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub use self::audio::AudioFormat;
pub use self::error::AgentError;
pub use self::event::{AgentEvent, Said, Started, Unreadable};
pub use self::signed_url::SignedUrl;

use crate::domain::ConversationId;

/// The open connection to an agent.
pub type AgentSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A conversation that has begun.
#[derive(Debug)]
pub struct AgentConversation {
    /// ElevenLabs' id of the conversation.
    pub id: ConversationId,
    /// What the agent hears.
    pub input: AudioFormat,
    /// What the agent says.
    pub output: AudioFormat,
    /// The connection to the agent.
    pub socket: AgentSocket,
}
