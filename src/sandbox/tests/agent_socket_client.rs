//! A client for the agent's WebSocket that shares nothing with the service's own.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

/// How long to wait for an event of the agent.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to the agent.
pub(super) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The subprotocol that the server chose.
    pub(super) subprotocol: Option<String>,
}

/// How the connection ended, as the client sees it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a close frame.
    Closed(u16, String),
    /// Without one.
    Broken,
}

/// What arrived from the agent.
#[derive(Debug)]
pub(super) enum Received {
    Event(Value),
    Raw(String),
    Binary(Vec<u8>),
    End(End),
}

/// A first frame that is accepted.
pub(super) fn initiation() -> Value {
    let mut frame = call()["conversation_initiation_client_data"].clone();
    frame["type"] = json!("conversation_initiation_client_data");
    frame
}

/// The same for one of the sandbox's campaigns.
pub(super) fn initiation_for_campaign(campaign_id: u64) -> Value {
    let mut frame = initiation();
    frame["dynamic_variables"]["campaign_id"] = json!(campaign_id);
    frame
}

/// A new signed URL.
pub(super) async fn signed_url(sandbox: &Sandbox, more: &str) -> String {
    let path = format!("/v1/convai/conversation/get-signed-url?agent_id={AGENT_ID}{more}");
    let (status, body) = answer(get(sandbox, &path)).await;
    assert_eq!(status, 200, "{body}");
    body["signed_url"].as_str().unwrap().to_owned()
}

/// The status and body with which the upgrade was refused.
pub(super) async fn refusal(url: &str) -> (StatusCode, Value) {
    match connect_async(url).await {
        Err(Error::Http(response)) => {
            let status = StatusCode::from_u16(response.status().as_u16()).unwrap();
            let body = response.into_body().unwrap_or_default();
            (status, serde_json::from_slice(&body).unwrap_or_default())
        }
        other => panic!("not refused: {other:?}"),
    }
}

impl Client {
    pub(super) async fn open(sandbox: &Sandbox) -> Self {
        Self::connect(&signed_url(sandbox, "").await).await
    }

    pub(super) async fn connect(url: &str) -> Self {
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "convai".parse().unwrap());
        let (socket, response) = connect_async(request).await.unwrap();
        let chosen = response.headers().get("sec-websocket-protocol");
        Self { socket, subprotocol: chosen.map(|name| name.to_str().unwrap().to_owned()) }
    }

    /// Opens a conversation and returns the agent's metadata.
    pub(super) async fn begin(sandbox: &Sandbox, initiation: &Value) -> (Self, Value) {
        let mut client = Self::open(sandbox).await;
        client.send(initiation).await;
        let mut metadata = client.event().await;
        assert_eq!(metadata["type"], "conversation_initiation_metadata");
        let metadata = metadata["conversation_initiation_metadata_event"].take();
        (client, metadata)
    }

    pub(super) async fn send(&mut self, frame: &Value) {
        self.send_message(Message::text(frame.to_string())).await;
    }

    pub(super) async fn send_message(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Sends samples in this format, in frames of 25 ms like the official clients.
    pub(super) async fn send_audio(&mut self, samples: &[i16], format: AudioFormat) {
        for chunk in samples.chunks(format.sample_rate() as usize / 40) {
            let audio = BASE64_STANDARD.encode(format.encode(chunk));
            self.send(&json!({ "user_audio_chunk": audio })).await;
        }
    }

    pub(super) async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        };
        self.socket.close(Some(frame)).await.unwrap();
    }

    pub(super) async fn receive(&mut self) -> Received {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing came");
            return match message {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(event) => Received::Event(event),
                    Err(_) => Received::Raw(text.to_string()),
                },
                Some(Ok(Message::Binary(bytes))) => Received::Binary(bytes.to_vec()),
                Some(Ok(Message::Close(Some(frame)))) => {
                    // Sends the answering close frame, which the agent waits for.
                    let _ = self.socket.flush().await;
                    Received::End(End::Closed(frame.code.into(), frame.reason.to_string()))
                }
                Some(Ok(_)) => continue,
                None | Some(Err(_)) => Received::End(End::Broken),
            };
        }
    }

    pub(super) async fn event(&mut self) -> Value {
        match self.receive().await {
            Received::Event(event) => event,
            other => panic!("no event: {other:?}"),
        }
    }

    /// The next event of this type; others are skipped.
    pub(super) async fn event_of(&mut self, kind: &str) -> Value {
        self.events_until(kind).await.pop().unwrap()
    }

    /// All events up to the next one of this type. Answers pings.
    pub(super) async fn events_until(&mut self, kind: &str) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        let found = async {
            while events.last().is_none_or(|event| event["type"] != kind) {
                let event = self.event().await;
                self.answer_ping(&event).await;
                events.push(event);
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        assert!(found.is_ok(), "no {kind} came");
        events
    }

    /// All events up to the end, and the end itself. Answers pings.
    pub(super) async fn rest(&mut self) -> (Vec<Value>, End) {
        let mut events = Vec::new();
        loop {
            match self.receive().await {
                Received::Event(event) => {
                    self.answer_ping(&event).await;
                    events.push(event);
                }
                Received::End(end) => return (events, end),
                other => panic!("no event: {other:?}"),
            }
        }
    }

    async fn answer_ping(&mut self, event: &Value) {
        if event["type"] == "ping" {
            let pong = json!({ "type": "pong", "event_id": event["ping_event"]["event_id"] });
            // The agent may have closed the connection in between.
            let _ = self.socket.send(Message::text(pong.to_string())).await;
        }
    }
}

/// The samples of an `audio` event.
pub(super) fn samples(event: &Value, format: AudioFormat) -> Vec<i16> {
    let audio = event["audio_event"]["audio_base_64"].as_str().unwrap();
    format.decode(&BASE64_STANDARD.decode(audio).unwrap()).unwrap()
}

/// The samples of all `audio` events.
pub(super) fn sound(events: &[Value], format: AudioFormat) -> Vec<i16> {
    let audio = events.iter().filter(|event| event["type"] == "audio");
    audio.flat_map(|event| samples(event, format)).collect()
}

/// A 440 Hz sine at this level, in decibels relative to full scale.
pub(super) fn tone(millis: u32, level: f64, sample_rate: u32) -> Vec<i16> {
    let amplitude = f64::from(i16::MAX) * 10_f64.powf(level / 20.0) * 2_f64.sqrt();
    let step = std::f64::consts::TAU * 440.0 / f64::from(sample_rate);
    (0..sample_rate * millis / 1000)
        .map(|index| {
            #[expect(clippy::cast_possible_truncation, reason = "below full scale")]
            let sample = (amplitude * (f64::from(index) * step).sin()) as i16;
            sample
        })
        .collect()
}

/// Silence.
pub(super) fn silence(millis: u32, sample_rate: u32) -> Vec<i16> {
    vec![0; (sample_rate * millis / 1000) as usize]
}
