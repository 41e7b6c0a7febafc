use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response as Answer;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::upstream;

const TOKEN: &str = "geheim-4711";
const QUESTIONNAIRE: &str = r#"{"questions": [{"id": 1, "question": "Passt das?"}]}"#;

/// HOC, as far as these tests need it: gives the responses in order, and then repeats the last one.
#[derive(Clone)]
struct FakeHoc {
    answers: Arc<Mutex<VecDeque<FakeAnswer>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct FakeAnswer {
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: Vec<u8>,
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> FakeAnswer {
    FakeAnswer { status, headers: &[("content-type", "application/json")], body: body.into() }
}

impl FakeHoc {
    async fn start(answers: impl IntoIterator<Item = FakeAnswer>) -> (Self, HocClient) {
        let hoc =
            Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), requests: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = client_for(listener.local_addr().expect("an address"), Duration::from_secs(10));
        let app = Router::new().fallback(respond).with_state(hoc.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (hoc, client)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }
}

async fn respond(State(hoc): State<FakeHoc>, request: Request) -> Answer<Body> {
    let header =
        |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
    let line = format!(
        "{} {} authorization={} accept={}",
        request.method(),
        request.uri(),
        header("authorization"),
        header("accept")
    );
    hoc.requests.lock().expect("no panic").push(line);
    let mut answers = hoc.answers.lock().expect("no panic");
    let next =
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.expect("an answer");
    let mut answer = Answer::builder().status(next.status);
    for (name, value) in next.headers {
        answer = answer.header(*name, *value);
    }
    answer.body(Body::from(next.body)).expect("an answer")
}

/// A HOC that does not speak proper HTTP: what it sends on each connection is written out as bytes. `None` closes the
/// connection at once, without reading. After the last one it stays silent.
async fn start_raw(answers: impl IntoIterator<Item = Option<&'static str>>) -> SocketAddr {
    let answers: Vec<_> = answers.into_iter().collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        for answer in answers {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            let Some(answer) = answer else { continue };
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await.expect("a request");
            connection.write_all(answer.as_bytes()).await.expect("written");
        }
        let mut silent = Vec::new();
        loop {
            silent.push(listener.accept().await.expect("a connection"));
        }
    });
    address
}

fn client_for(address: SocketAddr, deadline: Duration) -> HocClient {
    let config = HocConfig {
        base_url: Url::parse(&format!("http://{address}/api/v1")).expect("a URL"),
        token: SecretString::from(TOKEN),
        deadline,
        questionnaire_ttl: Duration::ZERO,
    };
    HocClient::new(upstream::client().expect("a client"), &config)
}

fn campaign() -> CampaignId {
    CampaignId::new(4711).expect("an id")
}

#[tokio::test]
async fn the_request_carries_the_bare_token_and_asks_for_json() {
    let (hoc, client) = FakeHoc::start([answer(200, QUESTIONNAIRE)]).await;
    let questionnaire = client.questionnaire(campaign()).await.expect("a questionnaire");
    assert_eq!(questionnaire.questions[0].text, "Passt das?");
    assert_eq!(
        hoc.requests(),
        ["GET /api/v1/questionnaire/4711 authorization=geheim-4711 accept=application/json"]
    );
}

#[tokio::test]
async fn json_is_read_whatever_it_is_called() {
    let text = FakeAnswer {
        headers: &[("content-type", "text/plain")],
        ..answer(200, format!("\u{FEFF}{QUESTIONNAIRE}"))
    };
    let (_, client) = FakeHoc::start([text]).await;
    assert!(client.questionnaire(campaign()).await.is_ok());
}

#[tokio::test]
async fn every_refusal_is_named_and_none_is_asked_for_twice() {
    for (status, body, code) in [
        (401, "", "token_rejected"),
        (403, "", "forbidden"),
        (404, QUESTIONNAIRE, "unknown_campaign"),
        (400, "", "unexpected_status"),
        (429, "", "unexpected_status"),
        (501, "", "unexpected_status"),
        (200, "<html>Anmelden</html>", "not_json"),
        (204, "", "not_json"),
        (200, r#"{"detail": "gone"}"#, "not_a_questionnaire"),
        (200, r#"{"questions": []}"#, "no_usable_question"),
    ] {
        let (hoc, client) = FakeHoc::start([answer(status, body)]).await;
        let error = client.questionnaire(campaign()).await.expect_err("no questionnaire");
        assert_eq!(error.code(), code, "{status} {body}");
        assert_eq!(hoc.requests().len(), 1, "{status} {body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_because_the_token_would_go_along() {
    let redirect = FakeAnswer { headers: &[("location", "/login")], ..answer(302, "") };
    let (hoc, client) = FakeHoc::start([redirect, answer(200, QUESTIONNAIRE)]).await;
    let error = client.questionnaire(campaign()).await.expect_err("a redirect");
    assert_eq!(error.code(), "redirected");
    assert_eq!(hoc.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_of_two_mebibytes_is_read_and_a_larger_one_is_not() {
    let mut body = QUESTIONNAIRE.as_bytes().to_vec();
    body.resize(2 * 1024 * 1024, b' ');
    let (_, client) = FakeHoc::start([answer(200, body.clone())]).await;
    assert!(client.questionnaire(campaign()).await.is_ok());

    body.push(b' ');
    let (hoc, client) = FakeHoc::start([answer(200, body)]).await;
    let error = client.questionnaire(campaign()).await.expect_err("too large");
    assert_eq!(error.code(), "too_large");
    assert_eq!(hoc.requests().len(), 1);
}

#[tokio::test]
async fn passing_trouble_is_mended_by_one_more_try() {
    for status in [500, 502, 503, 504] {
        let (hoc, client) = FakeHoc::start([answer(status, ""), answer(200, QUESTIONNAIRE)]).await;
        assert!(client.questionnaire(campaign()).await.is_ok(), "{status}");
        assert_eq!(hoc.requests().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn there_is_never_a_third_try() {
    let (hoc, client) = FakeHoc::start([answer(503, "")]).await;
    let error = client.questionnaire(campaign()).await.expect_err("trouble");
    assert!(matches!(error, HocError::UnexpectedStatus(503)), "{error:?}");
    assert_eq!(hoc.requests().len(), 2);
}

#[tokio::test]
async fn the_second_answer_counts() {
    let (_, client) = FakeHoc::start([answer(503, ""), answer(404, "")]).await;
    assert_eq!(client.questionnaire(campaign()).await.expect_err("unknown").code(), "unknown_campaign");
}

#[tokio::test]
async fn without_time_for_it_there_is_no_second_try() {
    let (hoc, mut client) = FakeHoc::start([answer(503, "")]).await;
    client.deadline = MIN_RETRY_TIME + RETRY_PAUSE / 2;
    assert_eq!(client.questionnaire(campaign()).await.expect_err("trouble").code(), "unexpected_status");
    assert_eq!(hoc.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_is_mended_by_one_more_try() {
    let broken_body = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"questions\"";
    let whole = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[{\"question\": \"Passt das?\"}]";
    for first in [None, Some(broken_body), Some("kein HTTP\r\n\r\n")] {
        let address = start_raw([first, Some(whole)]).await;
        let client = client_for(address, Duration::from_secs(10));
        assert!(client.questionnaire(campaign()).await.is_ok(), "{first:?}");

        let client = client_for(start_raw([first, first]).await, Duration::from_secs(10));
        let error = client.questionnaire(campaign()).await.expect_err("broken twice");
        assert_eq!(error.code(), "connection_broken", "{first:?}");
    }
}

#[tokio::test]
async fn a_hoc_that_nobody_runs_is_unreachable_and_tried_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let started = Instant::now();
    let error =
        client_for(address, Duration::from_secs(10)).questionnaire(campaign()).await.expect_err("nobody");
    assert_eq!(error.code(), "unreachable");
    assert!(started.elapsed() >= RETRY_PAUSE, "there was a pause before the second try");
}

#[tokio::test]
async fn silence_costs_the_deadline_and_no_more() {
    let silent = start_raw([]).await;
    let stalling = start_stalling("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{").await;
    for address in [silent, stalling] {
        let deadline = Duration::from_millis(300);
        let started = Instant::now();
        let error = client_for(address, deadline).questionnaire(campaign()).await.expect_err("silence");
        assert_eq!(error.code(), "timeout");
        let elapsed = started.elapsed();
        assert!(elapsed >= deadline && elapsed < deadline * 5, "{elapsed:?}");
    }
}

/// A HOC that begins a response and then neither continues nor closes the connection.
async fn start_stalling(beginning: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 4096];
        let _ = connection.read(&mut request).await.expect("a request");
        connection.write_all(beginning.as_bytes()).await.expect("written");
        std::future::pending::<()>().await;
    });
    address
}

#[tokio::test]
async fn a_second_try_shares_the_deadline_of_the_first() {
    let first_answer_after = Duration::from_millis(800);
    let deadline = first_answer_after + RETRY_PAUSE + MIN_RETRY_TIME + Duration::from_millis(300);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.expect("a connection");
        sleep(first_answer_after).await;
        first.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n").await.expect("written");
        std::future::pending::<()>().await;
    });
    let started = Instant::now();
    let error = client_for(address, deadline).questionnaire(campaign()).await.expect_err("silence");
    assert_eq!(error.code(), "timeout", "the second try was made and not answered");
    let elapsed = started.elapsed();
    assert!(elapsed >= deadline && elapsed < deadline + first_answer_after, "{elapsed:?}");
}

#[tokio::test]
async fn neither_token_nor_answer_is_shown() {
    let (_, client) = FakeHoc::start([answer(200, "geheime Antwort")]).await;
    let error = client.questionnaire(campaign()).await.expect_err("no JSON");
    let nobody = client_for("127.0.0.1:1".parse().expect("an address"), Duration::from_secs(10));
    let unreachable = nobody.questionnaire(campaign()).await.expect_err("nobody");
    let shown = format!("{client:?} {error:?} {error} {unreachable:?} {unreachable}");
    for secret in [TOKEN, "geheim", "questionnaire/4711"] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
    }
}
