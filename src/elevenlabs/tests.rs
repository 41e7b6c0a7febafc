//! The client against fakes on loopback ports: what is sent, and what becomes of every answer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method as HttpMethod, Response as HttpResponse, Uri};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::talk_to_link::MAX_URL_CHARS;
use super::*;
use crate::config::Config;
use crate::domain::{
    AgentPhoneNumberId, CallId, CallTarget, ConversationId, PhoneNumber, Private, Script, Variables,
};
use crate::upstream;

const PLACED: &str = r#"{"success":true,"message":"ok","conversation_id":"conv_1","callSid":"CA1"}"#;
const PHONE_NUMBER: &str = "/v1/convai/phone-numbers/phnum_1";

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

// What is sent.

#[tokio::test]
async fn a_call_is_asked_for_with_the_key_and_the_whole_body() {
    for (provider, path) in [
        (Provider::Twilio, "/v1/convai/twilio/outbound-call"),
        (Provider::SipTrunk, "/v1/convai/sip-trunk/outbound-call"),
    ] {
        let fake = Fake::answering(200, PLACED);
        dial_through(&client(fake.start().await), provider).await;
        let seen = fake.seen.lock().expect("a lock");
        let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
        assert_eq!((&request.method, request.path.as_str()), (&HttpMethod::POST, path));
        assert_eq!(request.headers["xi-api-key"], "xi-secret");
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(request.headers.contains_key("content-length"), "sent with its length, not in chunks");
        assert_eq!(
            request.body,
            json!({
                "agent_id": "agent_1",
                "agent_phone_number_id": "phnum_1",
                "to_number": "+493023125001",
                "conversation_initiation_client_data": {
                    "conversation_config_override": {
                        "agent": {
                            "prompt": {"prompt": "Du bist Susi."},
                            "first_message": "Guten Tag Erika Beispiel",
                            "language": "de",
                        }
                    },
                    "user_id": "67e55044-10b1-426f-9247-bb680e5fe0c8",
                    "dynamic_variables": {"companyname": "Beispiel GmbH", "companypitch": ""},
                }
            })
        );
    }
}

#[tokio::test]
async fn overrides_that_are_switched_off_are_left_out() {
    for (overrides, expected) in [
        ("none", None),
        ("prompt", Some(json!({"agent": {"prompt": {"prompt": "Du bist Susi."}}}))),
        ("first_message", Some(json!({"agent": {"first_message": "Guten Tag Erika Beispiel"}}))),
        ("language", Some(json!({"agent": {"language": "de"}}))),
    ] {
        let fake = Fake::answering(200, PLACED);
        dial(&client_of(&config(&format!("http://{}", fake.start().await), overrides))).await;
        let seen = fake.seen.lock().expect("a lock");
        let data = &seen[0].body["conversation_initiation_client_data"];
        assert_eq!(data.get("conversation_config_override"), expected.as_ref(), "{overrides}");
    }
}

// What becomes of an answer.

#[tokio::test]
async fn success_with_an_id_is_placed() {
    let placed = DialOutcome::Placed { conversation_id: conversation("conv_1") };
    for status in [200, 201] {
        assert_eq!(Fake::answering(status, PLACED).dial().await.outcome, placed);
    }
    for odd in [
        format!("\u{FEFF}{PLACED}"),
        PLACED.replace("conv_1", " conv_1 "),
        PLACED.replace("conv_1", "conv_1\\n"),
    ] {
        assert_eq!(Fake::answering(200, odd.clone()).dial().await.outcome, placed, "{odd}");
    }
}

#[tokio::test]
async fn success_false_is_refused_and_keeps_the_conversation() {
    for (body, id) in [
        (r#"{"success":false,"message":"INVITE failed","conversation_id":"conv_2"}"#, Some("conv_2")),
        (r#"{"success":false,"message":"conv_3","conversation_id":null}"#, None),
        (r#"{"success":false}"#, None),
    ] {
        let refusal = Refusal::ProviderFailed { conversation_id: id.map(conversation) };
        assert_eq!(Fake::answering(200, body).dial().await.outcome, DialOutcome::Refused(refusal), "{body}");
    }
}

#[tokio::test]
async fn success_without_an_id_is_unknown() {
    for body in [
        r#"{"success":true}"#,
        r#"{"success":true,"conversation_id":null}"#,
        r#"{"success":true,"conversation_id":""}"#,
        r#"{"success":true,"conversation_id":7}"#,
        r#"{"success":true,"conversation_id":"two words"}"#,
    ] {
        let unknown = DialOutcome::Unknown(UnknownCause::NoConversationId);
        assert_eq!(Fake::answering(200, body).dial().await.outcome, unknown, "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_answer_is_unknown() {
    let oversized =
        format!(r#"{{"success":true,"conversation_id":"conv_1","x":"{}"}}"#, "x".repeat(MAX_ANSWER_BYTES));
    for body in [
        "",
        "<html>ok</html>",
        "[]",
        "null",
        r#"{"success":true,"conversation_id":"conv_1""#,
        r#"{"conversation_id":"conv_1"}"#,
        r#"{"success":"true","conversation_id":"conv_1"}"#,
        r#"{"success":null,"conversation_id":"conv_1"}"#,
        &oversized,
    ] {
        let outcome = Fake::answering(200, body.to_owned()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::UnreadableAnswer), "{body:.40}");
    }
}

#[tokio::test]
async fn too_many_requests_is_busy() {
    for (header, seconds) in [
        (None, None),
        (Some("17"), Some(17)),
        (Some("0"), Some(1)),
        (Some("86400"), Some(300)),
        (Some("-1"), None),
        (Some("Wed, 21 Oct 2026 07:28:20 GMT"), Some(20)),
    ] {
        let mut fake = Fake::answering(429, r#"{"detail":{"code":"concurrent_limit_exceeded"}}"#)
            .with_header("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        if let Some(value) = header {
            fake = fake.with_header("retry-after", value);
        }
        let busy = DialOutcome::Busy { retry_after: seconds.map(Duration::from_secs) };
        assert_eq!(fake.dial().await.outcome, busy, "{header:?}");
    }
}

#[tokio::test]
async fn a_word_for_busy_lines_is_busy_whatever_the_status() {
    let answer = |status, detail: Value| {
        Fake::answering(status, json!({ "detail": detail }).to_string()).with_header("retry-after", "7")
    };
    for (status, detail) in [
        (400, json!({"status": "too_many_concurrent_requests", "message": "secret text"})),
        (402, json!({"status": "too_many_concurrent_requests"})),
        (403, json!({"code": "rate_limit_exceeded"})),
        (403, json!({"type": "authorization_error", "code": "concurrent_limit_exceeded"})),
        (409, json!({"status": "system_busy"})),
    ] {
        let busy = DialOutcome::Busy { retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(answer(status, detail.clone()).dial().await.outcome, busy, "{status} {detail}");
    }
    for (status, detail, refusal) in [
        // A limit of the plan, which does not pass by waiting.
        (401, json!({"status": "quota_exceeded", "code": "rate_limit_exceeded"}), Refusal::OutOfCredits),
        (402, json!({"code": "rate_limit_exceeded"}), Refusal::OutOfCredits),
        (403, json!({"status": "missing_permissions", "code": "system_busy"}), Refusal::MissingPermission),
        (403, json!({"code": "limit_exceeded"}), Refusal::AccessDenied),
        (400, json!("too_many_concurrent_requests"), Refusal::InvalidRequest),
        (400, json!({"message": "system_busy"}), Refusal::InvalidRequest),
    ] {
        let outcome = answer(status, detail.clone()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(refusal), "{status} {detail}");
    }
    for status in [408, 500, 503] {
        let outcome = answer(status, json!({"status": "system_busy"})).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Status(status)));
    }
}

#[tokio::test]
async fn a_server_that_lost_its_way_is_unknown() {
    // 303: it was done, and its outcome is elsewhere.
    for status in [300, 303, 304, 408, 500, 502, 503, 504, 599] {
        let outcome = Fake::answering(status, PLACED).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Status(status)));
    }
}

#[tokio::test]
async fn a_redirect_is_refused_and_not_followed() {
    for status in [301, 302, 307, 308] {
        let elsewhere = Fake::answering(200, PLACED).with_header("location", "/elsewhere");
        let fake = Fake { status, ..elsewhere };
        assert_eq!(fake.dial().await.outcome, DialOutcome::Refused(Refusal::OtherStatus(status)));
    }
}

#[tokio::test]
async fn every_refusal_has_its_reason() {
    let detail =
        |member: &str, word: &str| json!({"detail": {member: word, "message": "secret text"}}).to_string();
    for (status, body, refusal) in [
        (401, detail("status", "invalid_api_key"), Refusal::InvalidApiKey),
        (401, detail("code", "unauthorized"), Refusal::InvalidApiKey),
        (401, detail("status", "needs_authorization"), Refusal::NeedsAuthorization),
        (401, detail("status", "missing_permissions"), Refusal::MissingPermission),
        (401, detail("status", "quota_exceeded"), Refusal::OutOfCredits),
        (401, detail("status", "payment_required"), Refusal::OutOfCredits),
        (401, r#"{"detail":"Unauthorized"}"#.to_owned(), Refusal::InvalidApiKey),
        (402, String::new(), Refusal::OutOfCredits),
        (402, detail("code", "insufficient_credits"), Refusal::OutOfCredits),
        (403, detail("code", "subscription_required"), Refusal::AccessDenied),
        (403, "<html>".to_owned(), Refusal::AccessDenied),
        (404, detail("code", "agent_not_found"), Refusal::AgentNotFound),
        (404, detail("status", "phone_number_not_found"), Refusal::PhoneNumberNotFound),
        (404, detail("status", "document_not_found"), Refusal::NotFound),
        (404, r#"{"detail":"Not Found"}"#.to_owned(), Refusal::NotFound),
        (400, detail("code", "invalid_parameters"), Refusal::InvalidRequest),
        (
            422,
            r#"{"detail":[{"loc":["body"],"msg":"m","type":"missing"}]}"#.to_owned(),
            Refusal::InvalidRequest,
        ),
        (409, detail("type", "conflict"), Refusal::OtherStatus(409)),
        (418, "x".repeat(MAX_ANSWER_BYTES + 1), Refusal::OtherStatus(418)),
    ] {
        let outcome = Fake::answering(status, body.clone()).dial().await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(refusal), "{status} {body:.60}");
    }
}

#[tokio::test]
async fn the_id_of_the_request_is_kept_for_the_log() {
    let fake =
        Fake::answering(200, PLACED).with_header("request-id", " req 1\u{e4}").with_header("x-trace-id", "t");
    assert_eq!(fake.dial().await.upstream_request_id.as_deref(), Some("req1"));
    let fake = Fake::answering(500, "").with_header("x-trace-id", "trace-1");
    assert_eq!(fake.dial().await.upstream_request_id.as_deref(), Some("trace-1"));
    let long = Box::leak("r".repeat(500).into_boxed_str());
    let fake = Fake::answering(200, PLACED).with_header("request-id", long);
    assert_eq!(fake.dial().await.upstream_request_id.map(|id| id.len()), Some(100));
    assert_eq!(Fake::answering(200, PLACED).dial().await.upstream_request_id, None);
}

// What becomes of a broken connection.

/// What a raw server does with a request.
enum Step {
    /// Answers and keeps the connection.
    Answer(&'static str),
    /// Answers, whole or not, and closes the connection.
    AnswerAndClose(&'static str),
    /// Closes the connection without a word.
    Close,
}

/// A server that takes one step per request, over however many connections, and counts the requests for a call.
struct RawServer {
    address: SocketAddr,
    dials: Arc<Mutex<usize>>,
}

impl RawServer {
    async fn start(steps: impl IntoIterator<Item = Step, IntoIter: Send> + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let dials = Arc::new(Mutex::new(0));
        let count = Arc::clone(&dials);
        let mut steps = steps.into_iter();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                while let Some(request) = read_request(&mut stream).await {
                    *count.lock().expect("a lock") += usize::from(request.starts_with("POST"));
                    let (answer, closes) = match steps.next() {
                        Some(Step::Answer(answer)) => (answer, false),
                        Some(Step::AnswerAndClose(answer)) => (answer, true),
                        Some(Step::Close) | None => ("", true),
                    };
                    stream.write_all(answer.as_bytes()).await.expect("a write");
                    if closes {
                        break;
                    }
                }
            }
        });
        Self { address, dials }
    }

    fn dials(&self) -> usize {
        *self.dials.lock().expect("a lock")
    }
}

/// One request with its body; `None` when the client has gone.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => request.extend_from_slice(&chunk[..read]),
        }
    }
}

const HALF: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"success\":true,\"conversation_id\":\"conv_1\"}";
const RECORD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 21\r\n\r\n{\"provider\":\"twilio\"}";
const CREATED: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 43\r\n\r\n{\"success\":true,\"conversation_id\":\"conv_1\"}";

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_is_unknown() {
    let server = RawServer::start([Step::Close]).await;
    let outcome = dial(&client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn half_an_answer_is_unknown() {
    let server = RawServer::start([Step::AnswerAndClose(HALF)]).await;
    let outcome = dial(&client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn an_answer_that_stalls_half_way_is_unknown() {
    let server = RawServer::start([Step::Answer(HALF)]).await;
    let outcome = dial(&impatient_client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Timeout));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn silence_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let outcome = dial(&impatient_client(listener.local_addr().expect("an address"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Timeout));
}

#[tokio::test]
async fn a_kept_connection_that_breaks_under_the_dial_is_unknown_and_not_repeated() {
    let server = RawServer::start([Step::Answer(RECORD), Step::Close, Step::Answer(CREATED)]).await;
    let client = client(server.address);
    assert_eq!(client.provider(&number_id()).await, Provider::Twilio);
    assert_eq!(dial(&client).await.outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1, "a second request would ring twice");
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_never_makes_two_calls() {
    let server = RawServer::start([Step::AnswerAndClose(RECORD), Step::Answer(CREATED)]).await;
    let client = client(server.address);
    client.provider(&number_id()).await;
    // Whether the client has noticed by now is a race. If it has not, it must not claim to know.
    match dial(&client).await.outcome {
        DialOutcome::Placed { .. } => assert_eq!(server.dials(), 1),
        other => {
            assert_eq!(other, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
            assert_eq!(server.dials(), 0);
        }
    }
}

#[tokio::test]
async fn no_connection_is_refused_because_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let closed = listener.local_addr().expect("an address");
    drop(listener);
    for base in [format!("http://{closed}"), format!("https://{closed}"), "http://nowhere.invalid".to_owned()]
    {
        let outcome = dial(&client_of(&config(&base, "none"))).await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable), "{base}");
    }
}

#[tokio::test]
async fn a_failed_tls_handshake_is_refused_because_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("a write");
        }
    });
    let outcome = dial(&client_of(&config(&format!("https://{address}"), "none"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable));
}

/// The clock jumps to the next timeout when nothing else is left to do, so nobody waits for it.
#[tokio::test(start_paused = true)]
async fn a_tls_handshake_that_never_ends_is_refused_because_nothing_was_sent() {
    // Accepts connections, but never sends anything: the connect timeout ends it, not that of the dial.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let outcome = dial(&client_of(&config(&format!("https://{address}"), "none"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable));
    let (mut connection, _) = listener.accept().await.expect("a connection");
    let mut sent = Vec::new();
    connection.read_to_end(&mut sent).await.expect("all that was sent");
    assert_eq!(sent.first(), Some(&0x16), "the handshake had begun");
}

#[tokio::test]
async fn a_dial_takes_no_longer_than_somebody_waits_for_it() {
    let server = RawServer::start([Step::Answer(HALF)]).await;
    let client = client(server.address);
    let dial = dial_awaited(&client, Provider::Twilio, Duration::from_millis(200));
    // The client's own dial timeout is two minutes.
    let dial = tokio::time::timeout(Duration::from_mins(1), dial).await.expect("an outcome in time");
    assert_eq!(dial.outcome, DialOutcome::Unknown(UnknownCause::Timeout));
    assert_eq!(server.dials(), 1);
}

#[test]
fn the_dial_timeout_is_longer_than_a_connection_may_take() {
    // Otherwise a timeout could hide that nothing was sent yet.
    assert!(config("https://eleven.example", "none").dial_timeout > 2 * upstream::CONNECT_TIMEOUT);
}

// Look-ups.

#[tokio::test]
async fn a_provider_is_looked_up_once() {
    for (name, provider) in [("twilio", Provider::Twilio), ("sip_trunk", Provider::SipTrunk)] {
        let fake = Fake::answering(200, json!({"provider": name, "phone_number_id": "phnum_1"}).to_string());
        let client = client(fake.start().await);
        for _ in 0..3 {
            assert_eq!(client.provider(&number_id()).await, provider);
        }
        let seen = fake.seen.lock().expect("a lock");
        let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
        assert_eq!((&request.method, request.path.as_str()), (&HttpMethod::GET, PHONE_NUMBER));
        assert_eq!(request.headers["xi-api-key"], "xi-secret");
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_found_out_is_twilio_and_not_remembered() {
    for (status, body) in [
        (200, r#"{"provider":"exotel"}"#),
        (200, r#"{"provider":null}"#),
        (200, "[]"),
        (200, "<html>"),
        (404, r#"{"provider":"sip_trunk"}"#),
        (500, ""),
    ] {
        let fake = Fake::answering(status, body);
        let client = client(fake.start().await);
        for _ in 0..2 {
            assert_eq!(client.provider(&number_id()).await, Provider::Twilio, "{status} {body}");
        }
        assert_eq!(fake.requests(), 2, "{status} {body}");
    }
}

#[tokio::test]
async fn a_slow_look_up_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let client = impatient_client(listener.local_addr().expect("an address"));
    assert_eq!(client.provider(&number_id()).await, Provider::Twilio);
    assert_eq!(client.allowed_overrides().await, Err(LookupError::Timeout));
}

#[tokio::test]
async fn remembered_providers_are_bounded() {
    let fake = Fake::answering(200, r#"{"provider":"sip_trunk"}"#);
    let client = client(fake.start().await);
    for n in 0..1_100 {
        client.provider(&AgentPhoneNumberId::parse(&format!("phnum_{n}")).expect("an id")).await;
    }
    assert!(client.providers.len() <= 1_000);
}

#[tokio::test]
async fn the_agent_tells_which_overrides_it_allows() {
    let record = |agent: Value| {
        json!({"platform_settings": {"overrides": {"conversation_config_override": {"agent": agent}}}})
            .to_string()
    };
    for (body, expected) in [
        (
            record(json!({"prompt": {"prompt": true}, "first_message": true, "language": true})),
            Overrides::ALL,
        ),
        (record(json!({"first_message": true})), Overrides { first_message: true, ..Overrides::NONE }),
        (record(json!({"prompt": true, "language": "yes", "first_message": null})), Overrides::NONE),
        ("{}".to_owned(), Overrides::NONE),
    ] {
        let fake = Fake::answering(200, body.clone());
        assert_eq!(client(fake.start().await).allowed_overrides().await, Ok(expected), "{body}");
        assert_eq!(fake.seen.lock().expect("a lock")[0].path, "/v1/convai/agents/agent_1");
    }
}

#[tokio::test]
async fn a_failed_look_up_of_the_agent_is_an_error() {
    for (status, body, expected) in [
        (401, "{}", LookupError::Status(401)),
        (200, "[]", LookupError::Unreadable),
        (200, "{", LookupError::Unreadable),
    ] {
        let fake = Fake::answering(status, body);
        assert_eq!(client(fake.start().await).allowed_overrides().await, Err(expected));
    }
}

// What is shown.

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

#[test]
fn every_refusal_has_a_word_of_its_own_and_a_sentence_of_advice() {
    let refusals = [
        Refusal::InvalidApiKey,
        Refusal::NeedsAuthorization,
        Refusal::MissingPermission,
        Refusal::OutOfCredits,
        Refusal::AccessDenied,
        Refusal::AgentNotFound,
        Refusal::PhoneNumberNotFound,
        Refusal::NotFound,
        Refusal::InvalidRequest,
        Refusal::ProviderFailed { conversation_id: None },
        Refusal::Unreachable,
        Refusal::OtherStatus(409),
    ];
    let words: std::collections::BTreeSet<_> = refusals.iter().map(Refusal::code).collect();
    assert_eq!(words.len(), refusals.len());
    for refusal in &refusals {
        assert!(refusal.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{refusal:?}");
        assert!(
            refusal.advice().ends_with('.') && refusal.advice().contains("heck")
                || refusal.advice().contains("Give")
        );
    }
    assert!(Refusal::InvalidApiKey.advice().contains("ELEVENLABS_API_URL"));
}

// The talk-to link.

fn link(base_url: &str, variables: &Variables) -> String {
    client_of(&config(base_url, "none")).talk_to_link(variables).into_inner()
}

#[test]
fn a_link_holds_every_variable_percent_encoded() {
    assert_eq!(
        link(
            "https://api.eu.residency.elevenlabs.io",
            &variables(&[("a", "Größe & Co + 1"), ("b", ""), ("c", "50%/x?y=z#1")])
        ),
        "https://eu.residency.elevenlabs.io/app/talk-to?agent_id=agent_1\
         &var_a=Gr%C3%B6%C3%9Fe%20%26%20Co%20%2B%201&var_b=&var_c=50%25%2Fx%3Fy%3Dz%231"
    );
}

#[test]
fn a_link_leads_to_the_region_of_the_api() {
    for (api, host) in [
        ("https://api.elevenlabs.io", "elevenlabs.io"),
        ("https://api.us.elevenlabs.io", "elevenlabs.io"),
        ("https://api.eu.residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://API.in.residency.elevenlabs.io", "in.residency.elevenlabs.io"),
        ("http://127.0.0.1:9", "eu.residency.elevenlabs.io"),
        ("https://api.evil.example", "eu.residency.elevenlabs.io"),
        ("https://api.a.b.residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://api..residency.elevenlabs.io", "eu.residency.elevenlabs.io"),
        ("https://api.elevenlabs.io.evil.example", "eu.residency.elevenlabs.io"),
    ] {
        let link = Url::parse(&link(api, &Variables::new())).expect("a URL");
        assert_eq!((link.host_str(), link.path()), (Some(host), "/app/talk-to"), "{api}");
    }
}

#[test]
fn long_values_are_shortened_between_words_and_short_ones_stay_whole() {
    let long = "wort ".repeat(2_000);
    let link = link(
        "https://api.elevenlabs.io",
        &variables(&[("long", &long), ("short", "kurz und gut"), ("solid", &"ä".repeat(3_000))]),
    );
    assert!(link.len() < MAX_URL_CHARS && link.len() > MAX_URL_CHARS - 40, "{}", link.len());
    let values = values_of(&link);
    assert_eq!(values["var_short"], "kurz und gut");
    let kept = values["var_long"].strip_suffix('…').expect("an ellipsis");
    assert!(kept.ends_with(" wort") && long.starts_with(kept), "{kept}");
    let kept = values["var_solid"].strip_suffix('…').expect("an ellipsis");
    assert!(kept.chars().count() > 600 && kept.chars().all(|c| c == 'ä'));
}

fn values_of(link: &str) -> BTreeMap<String, String> {
    Url::parse(link).expect("a URL").query_pairs().into_owned().collect()
}

const NAMES: [&str; 6] =
    ["companyname", "questions", "questionnaire_context", "gate_questions", "x", "campaign_id"];

proptest! {
    #[test]
    fn any_variables_fit_into_a_link(
        values in prop::collection::vec(
            prop_oneof![".{0,60}", "[a-zäß ]{0,9000}", "\\PC{0,3000}", "(wort ){0,2000}"], NAMES.len()
        )
    ) {
        let given: Vec<_> = NAMES.into_iter().zip(values.iter().map(String::as_str)).collect();
        let link = link("https://api.eu.residency.elevenlabs.io", &variables(&given));
        prop_assert!(link.len() < MAX_URL_CHARS && link.is_ascii());
        let sent = values_of(&link);
        prop_assert_eq!(sent.len(), NAMES.len() + 1);
        let needed: usize = given.iter().map(|(_, value)| value.len() * 3).sum();
        for (name, value) in given {
            let sent = &sent[&format!("var_{name}")];
            if sent != value {
                prop_assert!(needed > 7_000, "shortened without need");
                let kept = sent.strip_suffix('…').expect("an ellipsis");
                prop_assert!(value.starts_with(kept), "{:?} is no beginning of {:?}", kept, value);
            }
        }
    }
}
