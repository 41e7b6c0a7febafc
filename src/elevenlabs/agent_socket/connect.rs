//! The WebSocket to the agent.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, connect_async_tls_with_config};

use super::{AgentError, AgentSocket, SignedUrl};

/// The subprotocol that ElevenLabs' own client requests.
const SUBPROTOCOL: HeaderValue = HeaderValue::from_static("convai");

/// The largest frame and message that is read. A second of 48 kHz PCM takes 128 KiB as base64; the agent sends faster
/// than it speaks, but in pieces.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// Allocated for every talk; tungstenite's own default is 128 KiB.
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// Opens the WebSocket behind a signed URL.
pub(super) async fn connect(url: &SignedUrl, tls: &Arc<ClientConfig>) -> Result<AgentSocket, AgentError> {
    let mut request = url.reveal().into_client_request().map_err(|_hidden| AgentError::UnreadableAnswer)?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        // Every frame is sent at once: buffering would only delay it.
        .write_buffer_size(0)
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let connector = Connector::Rustls(Arc::clone(tls));
    let connecting = connect_async_tls_with_config(request, Some(config), true, Some(connector));
    let (socket, _response) = connecting.await.map_err(|error| refusal(&error))?;
    Ok(socket)
}

/// Only the error's kind is kept: its text may contain the signed URL.
fn refusal(error: &Error) -> AgentError {
    let Error::Http(response) = error else { return AgentError::Unreachable };
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS => AgentError::Busy,
        status if status.is_server_error() => AgentError::Unreachable,
        status => {
            let body = response.body().as_deref().unwrap_or_default();
            AgentError::of_refusal(status, body)
        }
    }
}
