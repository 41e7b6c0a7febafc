//! The least that any service of this kind has to do: take a trigger, ask HOC, tell ElevenLabs, answer.
//!
//! A bare axum handler with reqwest: no key check, no questionnaire parsing, no interview, no record. What the service
//! costs beyond this is the price of those; `benches/side_by_side/run` measures both.
//!
//! `cargo run --release --example floor -- 9200 http://127.0.0.1:9100`: its own port, and the address of the upstreams.
#![expect(clippy::disallowed_methods, reason = "the bare client, as anybody would build it")]

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Upstreams {
    http: Client,
    address: String,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().and_then(|port| port.parse().ok()).unwrap_or(9_200);
    let address = arguments.next().unwrap_or_else(|| "http://127.0.0.1:9100".to_owned());
    // The upstreams are on this machine. The client needs a TLS provider, but never its certificates.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let router = Router::new()
        .route("/webhook/health", get(async || "ok"))
        .route("/webhook/trigger-call", post(trigger))
        .with_state(Upstreams { http: Client::new(), address });
    axum::serve(TcpListener::bind(("127.0.0.1", port)).await?, router).await
}

async fn trigger(
    State(upstreams): State<Upstreams>,
    Json(trigger): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    handle(&upstreams, &trigger).await.map(Json).map_err(|_error| StatusCode::BAD_GATEWAY)
}

async fn handle(upstreams: &Upstreams, trigger: &Value) -> reqwest::Result<Value> {
    let questionnaire = format!("{}/api/v1/questionnaire/{}", upstreams.address, trigger["campaign_id"]);
    let questionnaire = upstreams.http.get(questionnaire).send().await?.bytes().await?;
    let dial = format!("{}/v1/convai/twilio/outbound-call", upstreams.address);
    let body = json!({ "to_number": trigger["to_number"], "agent_id": "agent_floor" });
    let placed: Value = upstreams.http.post(dial).json(&body).send().await?.json().await?;
    let loaded = !questionnaire.is_empty();
    Ok(
        json!({ "status": "success", "conversation_id": placed["conversation_id"], "questionnaire_loaded": loaded }),
    )
}
