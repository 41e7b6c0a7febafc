//! A HOC and an ElevenLabs that answer at once, or after a fixed time, to measure what the service itself costs.
//!
//! `cargo run --release --example instant_upstreams -- 9100` listens on 127.0.0.1:9100 and prints the settings for the
//! service. Two more numbers are the milliseconds that HOC and ElevenLabs take to answer; a third one, n, makes one in
//! n answers fail. All campaigns have the same questionnaire, byte for byte; below `/own`, each has its own. `GET
//! /placed` shows how many calls were placed. Nothing else is checked or remembered; that is what the sandbox is for.
#![expect(clippy::print_stdout, reason = "tells its user how to go on")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::time::sleep;

const QUESTIONNAIRE: &str = include_str!("../../tests/fixtures/questionnaires/hospital.json");

static PLACED: AtomicU64 = AtomicU64::new(0);

/// How many answers were requested.
static ANSWERS: AtomicU64 = AtomicU64::new(0);

/// The faulty answers, used in turn: status and body.
const TROUBLES: [(StatusCode, &str); 4] = [
    (StatusCode::INTERNAL_SERVER_ERROR, ""),
    (StatusCode::OK, "<html>"),
    (StatusCode::BAD_GATEWAY, "{}"),
    (StatusCode::OK, r#"{"success":false}"#),
];

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse().ok());
    let port = numbers.next().and_then(|port| u16::try_from(port).ok()).unwrap_or(9_100);
    let hoc = Duration::from_millis(numbers.next().unwrap_or(0_u64));
    let elevenlabs = Duration::from_millis(numbers.next().unwrap_or(0));
    let one_of = numbers.next().unwrap_or(0);
    let router = Router::new()
        .route(
            "/api/v1/questionnaire/{id}",
            get(async move || {
                wait(hoc).await;
                trouble(one_of).unwrap_or_else(|| json(QUESTIONNAIRE.to_owned()))
            }),
        )
        .route(
            "/own/api/v1/questionnaire/{id}",
            get(async move |Path(id): Path<u64>| {
                wait(hoc).await;
                trouble(one_of)
                    .unwrap_or_else(|| json(QUESTIONNAIRE.replacen('{', &format!(r#"{{"id":{id},"#), 1)))
            }),
        )
        .route(
            "/v1/convai/twilio/outbound-call",
            post(async move |body: axum::body::Bytes| {
                drop(body);
                wait(elevenlabs).await;
                trouble(one_of).unwrap_or_else(place)
            }),
        )
        .route("/v1/convai/phone-numbers/{id}", get(async || json(r#"{"provider":"twilio"}"#.to_owned())))
        .route("/v1/convai/conversations", get(async || json(r#"{"conversations":[]}"#.to_owned())))
        .route("/placed", get(async || PLACED.load(Ordering::Relaxed).to_string()));
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("HIRINGS_API_URL=http://127.0.0.1:{port}/api/v1\nELEVENLABS_API_URL=http://127.0.0.1:{port}");
    axum::serve(listener, router).await
}

/// Skips the timer for zero: even that would cost a turn of the timer wheel.
async fn wait(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// The answer to give instead of the usual one, if it is due.
fn trouble(one_of: u64) -> Option<Response> {
    let number = ANSWERS.fetch_add(1, Ordering::Relaxed);
    let turn = usize::try_from(number.checked_div(one_of)?).ok()?;
    number.is_multiple_of(one_of).then(|| TROUBLES[turn % TROUBLES.len()].into_response())
}

fn place() -> Response {
    let number = PLACED.fetch_add(1, Ordering::Relaxed);
    json(format!(
        r#"{{"success":true,"message":"Success","conversation_id":"conv_{number}","callSid":"CA{number}"}}"#
    ))
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
