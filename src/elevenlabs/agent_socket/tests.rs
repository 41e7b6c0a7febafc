//! The client against a scripted agent on a loopback port.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::*;
use crate::config::{Config, ElevenLabsConfig};
use crate::domain::{CallId, Private, Script, Variables};
use crate::elevenlabs::{ElevenLabs, Refusal};
use crate::upstream;

/// What the scripted agent has received: texts as JSON, and how the client closed.
type Received = mpsc::UnboundedReceiver<Value>;

/// What the scripted agent sends once it has its script.
type Play = Vec<Message>;

fn started(formats: (&str, &str)) -> Message {
    let metadata = json!({
        "conversation_id": "conv_1",
        "user_input_audio_format": formats.0,
        "agent_output_audio_format": formats.1,
    });
    let event = json!({
        "type": "conversation_initiation_metadata",
        "conversation_initiation_metadata_event": metadata,
    });
    Message::text(event.to_string())
}

fn close(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

/// Begins a conversation with an agent that plays `play`.
async fn begin(play: Play) -> (Result<AgentConversation, AgentError>, Received) {
    let (sender, received) = mpsc::unbounded_channel();
    let agent = get(async move |headers: HeaderMap, upgrade: WebSocketUpgrade| {
        assert_eq!(headers[header::SEC_WEBSOCKET_PROTOCOL], "convai");
        upgrade.protocols(["convai"]).on_upgrade(|socket| perform(socket, play, sender))
    });
    (begin_at(&serve(agent).await).await, received)
}

async fn perform(mut socket: WebSocket, play: Play, sender: mpsc::UnboundedSender<Value>) {
    let Some(Ok(Message::Text(first))) = socket.recv().await else { panic!("no first frame") };
    sender.send(serde_json::from_str(&first).unwrap()).unwrap();
    for message in play {
        socket.send(message).await.unwrap();
    }
    while let Some(Ok(message)) = socket.recv().await {
        let told = match message {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            Message::Close(Some(close)) => json!({ "closed": close.code }),
            _ => continue,
        };
        let _ = sender.send(told);
    }
}

async fn serve(agent: MethodRouter) -> String {
    let api = api(Router::new().route("/agent", agent)).await;
    format!("{}/agent?conversation_signature=MARKER", api.replacen("http", "ws", 1))
}

fn config(api: &str) -> ElevenLabsConfig {
    let pairs = [
        ("WEBHOOK_API_KEY", "k"),
        ("HIRINGS_API_TOKEN", "t"),
        ("ELEVENLABS_API_KEY", "xi-secret"),
        ("ELEVENLABS_AGENT_ID", "agent_1"),
        ("ELEVENLABS_API_URL", api),
        ("LINK_PAGE", "elevenlabs"),
    ];
    let config = Config::from_pairs(pairs).unwrap().elevenlabs;
    ElevenLabsConfig { conversation_timeout: Duration::from_millis(400), ..config }
}

fn client(api: &str) -> ElevenLabs {
    ElevenLabs::new(upstream::client().unwrap(), upstream::tls().unwrap(), &config(api))
}

fn call_id() -> CallId {
    CallId::parse("67e55044-10b1-426f-9247-bb680e5fe0c8").unwrap()
}

fn script() -> Script {
    let variables: Variables = BTreeMap::from([("companyname", Private::new("Muster GmbH".to_owned()))]);
    Script {
        prompt: Private::new("Sei Susi.".to_owned()),
        first_message: Private::new("Guten Tag".to_owned()),
        variables,
        omitted_questions: 0,
    }
}

async fn begin_at(url: &str) -> Result<AgentConversation, AgentError> {
    let client = client("http://127.0.0.1:9");
    let url = SignedUrl::parse(url.to_owned(), &"http://127.0.0.1:9".parse().unwrap()).unwrap();
    client.start_conversation(url, &script(), &call_id()).await
}

#[tokio::test]
async fn the_agent_is_told_its_script_first_and_tells_its_formats() {
    let (conversation, mut received) = begin(vec![started(("ulaw_8000", "pcm_48000"))]).await;
    let conversation = conversation.unwrap();
    assert_eq!(conversation.id.as_str(), "conv_1");
    assert_eq!((conversation.input, conversation.output), (AudioFormat::Ulaw8000, AudioFormat::Pcm(48_000)));
    let first = json!({
        "type": "conversation_initiation_client_data",
        "conversation_config_override": {
            "agent": {
                "prompt": { "prompt": "Sei Susi." },
                "first_message": "Guten Tag",
                "language": "de",
            },
        },
        "user_id": "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "dynamic_variables": { "companyname": "Muster GmbH" },
    });
    assert_eq!(received.recv().await, Some(first));
}

#[tokio::test]
async fn a_ping_before_the_beginning_is_answered_and_noise_is_passed_over() {
    let ping = json!({ "type": "ping", "ping_event": { "event_id": 5 } }).to_string();
    let play = vec![
        Message::text("no JSON"),
        Message::binary(vec![1, 2, 3]),
        Message::text(ping),
        started(("pcm_16000", "pcm_16000")),
    ];
    let (conversation, mut received) = begin(play).await;
    assert!(conversation.is_ok());
    received.recv().await;
    assert_eq!(received.recv().await, Some(json!({ "type": "pong", "event_id": 5 })));
}

#[tokio::test]
async fn a_conversation_that_is_of_no_use_is_closed_so_that_it_does_not_go_on() {
    let (conversation, mut received) = begin(vec![started(("pcm_16000", "opus_48000"))]).await;
    assert_eq!(conversation.unwrap_err(), AgentError::UnknownFormat);
    received.recv().await;
    assert_eq!(received.recv().await, Some(json!({ "closed": 1000 })));

    let (conversation, mut received) = begin(Vec::new()).await;
    assert_eq!(conversation.unwrap_err(), AgentError::Timeout);
    received.recv().await;
    assert_eq!(received.recv().await, Some(json!({ "closed": 1000 })));
}

#[tokio::test]
async fn the_reason_of_an_early_end_is_told() {
    let trouble = json!({ "type": "error", "error_event": { "code": 1011, "message": "MARKER" } });
    let busy = json!({ "type": "error", "error_event": { "code": 1013, "error_type": "system_busy" } });
    let too_large = || Message::text("x".repeat(1024 * 1024 + 1));
    for (play, error) in [
        (
            vec![close(1008, "Override for field 'prompt' is not allowed by config.")],
            AgentError::OverrideNotAllowed,
        ),
        (vec![close(1000, "")], AgentError::Closed { code: Some(1000) }),
        (
            vec![Message::text(trouble.to_string()), Message::Close(None)],
            AgentError::Closed { code: Some(1011) },
        ),
        (vec![too_large()], AgentError::Unreachable),
        // Whatever happens to the connection afterwards.
        (vec![Message::text(busy.to_string()), Message::Close(None)], AgentError::Busy),
        (vec![Message::text(busy.to_string()), too_large()], AgentError::Busy),
    ] {
        let (conversation, _received) = begin(play).await;
        assert_eq!(conversation.unwrap_err(), error);
    }
}

#[tokio::test]
async fn an_upgrade_that_is_refused_is_told_apart() {
    for (status, body, error) in [
        (429, "", AgentError::Busy),
        (403, r#"{"detail":{"code":"concurrent_limit_exceeded"}}"#, AgentError::Busy),
        (503, "", AgentError::Unreachable),
        (200, "", AgentError::Refused(Refusal::OtherStatus(200))),
        (401, "", AgentError::Refused(Refusal::InvalidApiKey)),
        (
            401,
            r#"{"detail":{"status":"quota_exceeded","message":"MARKER"}}"#,
            AgentError::Refused(Refusal::OutOfCredits),
        ),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let url = serve(get(async move || (status, body).into_response())).await;
        assert_eq!(begin_at(&url).await.unwrap_err(), error, "{status}");
    }
    assert_eq!(begin_at("ws://127.0.0.1:9/agent").await.unwrap_err(), AgentError::Unreachable);
}

#[tokio::test]
async fn a_server_that_accepts_and_is_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/agent", listener.local_addr().unwrap());
    assert_eq!(begin_at(&url).await.unwrap_err(), AgentError::Timeout);
}

#[tokio::test]
async fn no_error_holds_the_address() {
    for url in ["ws://127.0.0.1:9/?conversation_signature=MARKER", "ws://no-such-host.invalid/?s=MARKER"] {
        let error = begin_at(url).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("MARKER"), "{error:?}");
    }
}

#[tokio::test]
async fn a_signed_url_is_asked_for_with_key_and_agent() {
    let path = "/v1/convai/conversation/get-signed-url";
    let answer = get(async |uri: axum::http::Uri, headers: HeaderMap| {
        assert_eq!(
            (uri.query(), headers["xi-api-key"].to_str().unwrap()),
            (Some("agent_id=agent_1"), "xi-secret")
        );
        r#"{"signed_url":"ws://127.0.0.1:9/x?conversation_signature=s"}"#
    });
    let url = api(Router::new().route(path, answer)).await;
    let signed = client(&url).signed_url().await.unwrap();
    assert_eq!(signed.reveal(), "ws://127.0.0.1:9/x?conversation_signature=s");
}

#[tokio::test]
async fn a_signed_url_that_cannot_be_had_has_its_reason() {
    for (status, body, error) in [
        (429, "{}", AgentError::Busy),
        (400, r#"{"detail":{"status":"too_many_concurrent_requests"}}"#, AgentError::Busy),
        (500, "", AgentError::Unreachable),
        (408, "", AgentError::Timeout),
        (302, "", AgentError::Refused(Refusal::OtherStatus(302))),
        (
            401,
            r#"{"detail":{"status":"missing_permissions"}}"#,
            AgentError::Refused(Refusal::MissingPermission),
        ),
        (404, r#"{"detail":{"code":"agent_not_found"}}"#, AgentError::Refused(Refusal::AgentNotFound)),
        (200, "<html>", AgentError::UnreadableAnswer),
        (200, r#"{"signed_url":"https://127.0.0.1/"}"#, AgentError::UnreadableAnswer),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let url = api(Router::new().fallback(async move || (status, body))).await;
        assert_eq!(client(&url).signed_url().await.unwrap_err(), error, "{status} {body}");
    }
    let refused = client("http://127.0.0.1:9").signed_url().await;
    assert_eq!(refused.unwrap_err(), AgentError::Unreachable);
}

async fn api(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}
