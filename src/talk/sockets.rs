//! Implements what a [`super::line::Line`] needs for both WebSocket libraries, axum's and tungstenite's.

use std::error::Error as _;

use axum::extract::ws;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{self, Bytes};

use super::line::{Frame, Gone, SocketError};

impl Frame for ws::Message {
    fn ping() -> Self {
        Self::Ping(Bytes::new())
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) | Self::Ping(bytes) | Self::Pong(bytes) => bytes.len(),
            Self::Close(_) => 0,
        }
    }
}

impl SocketError for axum::Error {
    fn gone(&self) -> Gone {
        self.source().and_then(|error| error.downcast_ref()).map_or(Gone::Closed, tungstenite::Error::gone)
    }
}

impl SocketError for tungstenite::Error {
    fn gone(&self) -> Gone {
        match self {
            Self::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Gone::Closed,
            Self::Capacity(_) | Self::Protocol(_) | Self::Utf8(_) => Gone::BrokenRules,
            _ => Gone::Closed,
        }
    }
}

impl Frame for tungstenite::Message {
    fn ping() -> Self {
        Self::Ping(Bytes::new())
    }

    fn size(&self) -> usize {
        self.len()
    }
}
