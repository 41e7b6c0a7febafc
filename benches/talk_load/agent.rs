//! HOC and ElevenLabs: a questionnaire, a signed URL, and agents that constantly speak and listen.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use axum::serve::{Listener, ListenerExt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::frames::{self, Delays};

const QUESTIONNAIRE: &str = include_str!("../../tests/fixtures/questionnaires/hospital.json");

/// What precedes the sound in a frame from the service.
const AUDIO: &str = r#"{"user_audio_chunk":""#;

static CONNECTED: AtomicU32 = AtomicU32::new(0);

/// The format in which sound travels.
#[derive(Clone, Copy)]
enum Form {
    /// As ElevenLabs does it.
    Events,
    /// Raw, for the baseline.
    Binary,
}

/// Everything the service requests, at this address, and `/direct` for the baseline.
pub(crate) fn upstreams(address: SocketAddr, delays: &Arc<Delays>) -> Router {
    let signed =
        json!({ "signed_url": format!("ws://{address}/agent?conversation_signature=x") }).to_string();
    let agent = |form| {
        let delays = Arc::clone(delays);
        get(async move |upgrade: WebSocketUpgrade| {
            upgrade
                .protocols(["convai"])
                .write_buffer_size(0)
                .on_upgrade(move |socket| hold(socket, form, delays))
        })
    };
    Router::new()
        .route("/api/v1/questionnaire/{id}", get(async || QUESTIONNAIRE))
        .route("/v1/convai/conversation/get-signed-url", get(async move || signed))
        .route("/agent", agent(Form::Events))
        .route("/direct", agent(Form::Binary))
}

/// Connections that send every frame immediately.
pub(crate) fn without_delay(listener: tokio::net::TcpListener) -> impl Listener<Addr = SocketAddr> {
    listener.tap_io(|stream| stream.set_nodelay(true).unwrap())
}

async fn hold(mut socket: WebSocket, form: Form, delays: Arc<Delays>) {
    if matches!(form, Form::Events) {
        let Some(Ok(Message::Text(_))) = socket.recv().await else { panic!("no initiation data") };
        socket.send(metadata()).await.unwrap();
    }
    // Spread over the length of a frame. Otherwise all agents would speak at the same moment.
    let after = frames::LENGTH * (CONNECTED.fetch_add(37, Ordering::Relaxed) % 100) / 100;
    let mut frames = interval_at(Instant::now() + after, frames::LENGTH);
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for event_id in 1_u64.. {
        let message = loop {
            tokio::select! {
                _ = frames.tick() => break form.message(event_id),
                message = socket.recv() => match message {
                    Some(Ok(message)) => note(&message, &delays),
                    _ => return,
                },
            }
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

fn note(message: &Message, delays: &Delays) {
    match message {
        Message::Binary(pcm) => delays.note(pcm),
        Message::Text(text) => {
            let Some(audio) = text.strip_prefix(AUDIO) else { return };
            // Nine bytes, eight of which are the timestamp.
            delays.note(&STANDARD.decode(&audio[..12]).unwrap());
        }
        _ => {}
    }
}

fn metadata() -> Message {
    let metadata = json!({
        "conversation_id": "conv_load",
        "user_input_audio_format": "pcm_16000",
        "agent_output_audio_format": "pcm_16000",
    });
    let event = json!({
        "type": "conversation_initiation_metadata",
        "conversation_initiation_metadata_event": metadata,
    });
    Message::text(event.to_string())
}

impl Form {
    fn message(self, event_id: u64) -> Message {
        let pcm = frames::frame();
        match self {
            Self::Binary => Message::binary(pcm),
            Self::Events => {
                let event = json!({ "audio_base_64": STANDARD.encode(pcm), "event_id": event_id });
                Message::text(json!({ "type": "audio", "audio_event": event }).to_string())
            }
        }
    }
}
