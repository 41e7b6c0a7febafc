//! The client against fakes on loopback ports: what is sent, and what becomes of every answer.

mod answers;
mod connections;
mod link;
mod look_ups;
mod request;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method as HttpMethod, Response as HttpResponse, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::config::Config;
use crate::domain::{
    AgentPhoneNumberId, CallId, CallTarget, ConversationId, PhoneNumber, Private, Script, Variables,
};
use crate::upstream;

const PLACED: &str = r#"{"success":true,"message":"ok","conversation_id":"conv_1","callSid":"CA1"}"#;

struct Seen {
    method: HttpMethod,
    path: String,
    headers: HeaderMap,
    body: Value,
}

/// Gives every request the same answer, and remembers them all.
#[derive(Clone)]
struct Fake {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Bytes,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    fn answering(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), seen: Arc::default() }
    }

    fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    async fn start(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn requests(&self) -> usize {
        self.seen.lock().expect("a lock").len()
    }

    async fn dial(&self) -> Dial {
        let dial = dial(&client(self.start().await)).await;
        assert_eq!(self.requests(), 1, "exactly one request is sent");
        dial
    }
}

async fn answer(
    State(fake): State<Fake>,
    method: HttpMethod,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> HttpResponse<Body> {
    let body = serde_json::from_slice(&body).unwrap_or_default();
    fake.seen.lock().expect("a lock").push(Seen { method, path: uri.to_string(), headers, body });
    let mut response = HttpResponse::builder().status(fake.status);
    for (name, value) in &fake.headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(fake.body)).expect("a response")
}

fn config(base_url: &str, overrides: &str) -> ElevenLabsConfig {
    Config::from_pairs([
        ("WEBHOOK_API_KEY", "k"),
        ("HIRINGS_API_TOKEN", "t"),
        ("ELEVENLABS_API_KEY", "xi-secret"),
        ("ELEVENLABS_AGENT_ID", "agent_1"),
        ("ELEVENLABS_API_URL", base_url),
        ("ELEVENLABS_OVERRIDES", overrides),
    ])
    .expect("a config")
    .elevenlabs
}

fn client_of(config: &ElevenLabsConfig) -> ElevenLabs {
    ElevenLabs::new(upstream::client().expect("a client"), upstream::tls().expect("TLS"), config)
}

fn client(address: SocketAddr) -> ElevenLabs {
    client_of(&config(&format!("http://{address}"), "prompt,first_message,language"))
}

/// A client with short timeouts.
fn impatient_client(address: SocketAddr) -> ElevenLabs {
    let mut config = config(&format!("http://{address}"), "none");
    config.dial_timeout = Duration::from_millis(200);
    config.lookup_timeout = Duration::from_millis(200);
    client_of(&config)
}

fn number_id() -> AgentPhoneNumberId {
    AgentPhoneNumberId::parse("phnum_1").expect("an id")
}

fn target() -> CallTarget {
    let to_number = PhoneNumber::parse("+493023125001").expect("a number");
    CallTarget { to_number, from: number_id(), from_is_default: false }
}

fn script() -> Script {
    Script {
        prompt: Private::new("Du bist Susi.".to_owned()),
        first_message: Private::new("Guten Tag Erika Beispiel".to_owned()),
        variables: variables(&[("companyname", "Beispiel GmbH"), ("companypitch", "")]),
        omitted_questions: 0,
    }
}

fn variables(pairs: &[(&'static str, &str)]) -> Variables {
    pairs.iter().map(|(name, value)| (*name, Private::new((*value).to_owned()))).collect()
}

fn call_id() -> CallId {
    CallId::parse("67e55044-10b1-426f-9247-bb680e5fe0c8").expect("an id")
}

async fn dial_through(client: &ElevenLabs, provider: Provider) -> Dial {
    dial_awaited(client, provider, Duration::MAX).await
}

async fn dial_awaited(client: &ElevenLabs, provider: Provider, awaited_for: Duration) -> Dial {
    let (target, call_id) = (target(), call_id());
    let call = OutboundCall { target: &target, script: script(), call_id: &call_id, awaited_for };
    client.start_call(provider, call).await
}

async fn dial(client: &ElevenLabs) -> Dial {
    dial_through(client, Provider::Twilio).await
}

fn conversation(id: &str) -> ConversationId {
    ConversationId::parse(id).expect("an id")
}

#[tokio::test]
async fn debug_shows_no_key_number_prompt_or_name() {
    let fake = Fake::answering(200, PLACED);
    let client = client(fake.start().await);
    let (target, script, call_id) = (target(), script(), call_id());
    let call = OutboundCall {
        target: &target,
        script: script.clone(),
        call_id: &call_id,
        awaited_for: Duration::MAX,
    };
    let dial = client.start_call(Provider::Twilio, call.clone()).await;
    let link = client.talk_to_link(&script.variables);
    let shown = format!("{client:?} {call:?} {dial:?} {link:?} {target:?} {script:?}");
    for hidden in ["xi-secret", "3023125001", "Susi", "Erika", "Beispiel"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}
