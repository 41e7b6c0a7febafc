//! The sandbox's own guarantees, checked over real HTTP with the service's HTTP client.

mod agent_socket;
mod agent_socket_client;
mod agent_socket_lively;
mod agent_socket_scripted;
mod campaigns;
mod conversations;
mod faults;
mod hoc;
mod lookups;
mod outbound_call;
mod running;

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::*;
use crate::upstream;

/// The time in all tests that do not set it themselves.
const NOW: i64 = 1_764_069_605;

/// How long to watch for the absence of an answer. The requests are known to have arrived before that.
const NO_ANSWER: Duration = Duration::from_millis(300);

async fn sandbox() -> Sandbox {
    Sandbox::start_with(|| NOW).await.unwrap()
}

fn client() -> reqwest::Client {
    upstream::client().unwrap()
}

/// A well-formed request for a questionnaire.
fn questionnaire(sandbox: &Sandbox, campaign_id: impl std::fmt::Display) -> RequestBuilder {
    let url = format!("{}/questionnaire/{campaign_id}", sandbox.hoc.base_url());
    client().get(url).header("authorization", HOC_TOKEN).header("accept", "application/json")
}

/// A well-formed GET to ElevenLabs.
fn get(sandbox: &Sandbox, path_and_query: &str) -> RequestBuilder {
    client()
        .get(format!("{}{path_and_query}", sandbox.elevenlabs.base_url()))
        .header("xi-api-key", ELEVENLABS_API_KEY)
}

/// A request for a call over Twilio.
fn dial(sandbox: &Sandbox, body: &Value) -> RequestBuilder {
    dial_at(sandbox, "twilio", body)
}

fn dial_at(sandbox: &Sandbox, provider: &str, body: &Value) -> RequestBuilder {
    client()
        .post(format!("{}/v1/convai/{provider}/outbound-call", sandbox.elevenlabs.base_url()))
        .header("xi-api-key", ELEVENLABS_API_KEY)
        .json(body)
}

/// A body that is accepted.
fn call() -> Value {
    json!({
        "agent_id": AGENT_ID,
        "agent_phone_number_id": PHONE_NUMBER_TWILIO,
        "to_number": "+493023125001",
        "conversation_initiation_client_data": {
            "conversation_config_override": {
                "agent": {
                    "first_message": "Guten Tag Max Mustermann",
                    "language": "de",
                    "prompt": { "prompt": "Du bist Susi." },
                },
            },
            "dynamic_variables": { "campaign_id": 200, "candidate_first_name": "Max", "final": true },
        },
    })
}

fn call_for_campaign(campaign_id: impl Into<Value>) -> Value {
    let mut body = call();
    body["conversation_initiation_client_data"]["dynamic_variables"]["campaign_id"] = campaign_id.into();
    body
}

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, json_of(response).await)
}

async fn json_of(response: Response) -> Value {
    let body = response.bytes().await.unwrap();
    serde_json::from_slice(&body).unwrap_or_else(|_| panic!("no JSON: {body:?}"))
}

/// Fails unless the connection is closed without a byte of an answer.
async fn assert_closed(request: RequestBuilder) {
    let error = request.send().await.unwrap_err();
    let causes = format!("{error:?}");
    assert!(causes.contains("IncompleteMessage") || causes.contains("ConnectionReset"), "{causes}");
}

/// Fails if the request completes, successfully or not.
async fn assert_hangs(request: JoinHandle<reqwest::Result<Response>>) {
    let ended = tokio::time::timeout(NO_ANSWER, request).await;
    assert!(ended.is_err(), "{ended:?}");
}
