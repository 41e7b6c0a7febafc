//! HOC and ElevenLabs that answer at once, for measuring what the service itself costs.
//!
//! `cargo run --release --example instant_upstreams -- 9100` listens on 127.0.0.1:9100 and prints the settings for the
//! service. It checks nothing and remembers nothing; the sandbox is there for that.
#![expect(clippy::print_stdout, reason = "tells its user how to go on")]

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tokio::net::TcpListener;

const QUESTIONNAIRE: &str = include_str!("../tests/fixtures/questionnaires/hospital.json");

static PLACED: AtomicU64 = AtomicU64::new(0);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(9_100);
    let router = Router::new()
        .route("/api/v1/questionnaire/{id}", get(async || json(QUESTIONNAIRE.to_owned())))
        .route("/v1/convai/twilio/outbound-call", post(place))
        .route("/v1/convai/phone-numbers/{id}", get(async || json(r#"{"provider":"twilio"}"#.to_owned())))
        .route("/v1/convai/conversations", get(async || json(r#"{"conversations":[]}"#.to_owned())));
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("HIRINGS_API_URL=http://127.0.0.1:{port}/api/v1\nELEVENLABS_API_URL=http://127.0.0.1:{port}");
    axum::serve(listener, router).await
}

async fn place(_body: axum::body::Bytes) -> impl IntoResponse {
    let number = PLACED.fetch_add(1, Ordering::Relaxed);
    json(format!(
        r#"{{"success":true,"message":"Success","conversation_id":"conv_{number}","callSid":"CA{number}"}}"#
    ))
}

fn json(body: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], body)
}
