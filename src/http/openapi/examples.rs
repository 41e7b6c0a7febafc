//! What is sent and answered, as examples. Tests send the requests and check the answers' form.

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::example::{Example, ExampleBuilder};

use crate::error::ApiError;

type Named = (String, RefOr<Example>);

/// Bodies that an operation takes.
pub(super) fn of_request(operation: &str) -> Vec<Named> {
    match operation {
        "triggerCall" | "previewCall" => vec![
            named("call", "Anrufen", call()),
            named("link", "Einen Link erzeugen", link()),
            named("tolerated", "So darf HOC es auch schreiben", tolerated()),
        ],
        _ => Vec::new(),
    }
}

/// Bodies of an operation's answers that are no errors.
pub(super) fn of_success(operation: &str) -> Vec<Named> {
    match operation {
        "triggerCall" => vec![named("called", "Angerufen", called()), named("linked", "Ein Link", linked())],
        "previewCall" => vec![named("call", "Vorschau eines Anrufs", preview())],
        "health" => vec![named("healthy", "Der Dienst läuft", healthy())],
        "ready" => vec![named("ready", "Bereit", json!({ "status": "ready" }))],
        _ => Vec::new(),
    }
}

/// The body of an error.
pub(super) fn of_error(error: &ApiError) -> Named {
    let name = error.error().to_lowercase().replace(' ', "_");
    named(&name, error.error(), json!(error.envelope()))
}

fn named(name: &str, summary: &str, value: Value) -> Named {
    (name.to_owned(), ExampleBuilder::new().summary(summary).value(Some(value)).build().into())
}

fn call() -> Value {
    json!({
        "campaign_id": 123,
        "company_name": "Tech Startup GmbH",
        "candidate_first_name": "Max",
        "candidate_last_name": "Mustermann",
        "to_number": "+493023125001",
        "agent_phone_number_id": "phnum_xxx",
        "applicant_id": 4711,
    })
}

fn link() -> Value {
    json!({
        "campaign_id": 123,
        "company_name": "Tech Startup GmbH",
        "candidate_first_name": "Max",
        "candidate_last_name": "Mustermann",
    })
}

fn tolerated() -> Value {
    json!({
        "campaign_id": "123",
        "company_name": "Tech Startup GmbH",
        "candidate_first_name": "Max",
        "candidate_last_name": "Mustermann",
        "to_number": "+49 (0)30 23125-001",
        "agent_phone_number_id": "phnum_xxx",
        "applicant_id": "A-4711",
    })
}

fn called() -> Value {
    json!({
        "status": "success",
        "message": "Outbound call initiated successfully",
        "data": {
            "campaign_id": 123,
            "candidate": "Max Mustermann",
            "company": "Tech Startup GmbH",
            "to_number": "+493023125001",
            "conversation_id": "conv_abc123",
            "call_status": "initiated",
            "questionnaire_loaded": true,
            "timestamp": "2025-11-25T11:20:05.169839",
            "prompt_length": 5432,
            "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH...",
        },
    })
}

fn linked() -> Value {
    json!({
        "status": "success",
        "message": "Conversation link created successfully",
        "data": {
            "campaign_id": 123,
            "candidate": "Max Mustermann",
            "company": "Tech Startup GmbH",
            "conversation_link": "https://eu.residency.elevenlabs.io/app/talk-to?agent_id=agent_xxx",
            "link_expires_at": "2025-12-02T11:20:05.169839",
            "questionnaire_loaded": true,
            "timestamp": "2025-11-25T11:20:05.169839",
            "prompt_length": 5432,
            "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH...",
        },
    })
}

fn preview() -> Value {
    json!({
        "status": "success",
        "message": "Preview of a call: nobody was called and nothing was stored",
        "data": {
            "mode": "call",
            "campaign_id": 123,
            "candidate": "Max Mustermann",
            "company": "Tech Startup GmbH",
            "to_number": "+493023125001",
            "number": { "country": "DE", "type": "fixed_line" },
            "dialling": {
                "agent_phone_number_id": "phnum_xxx",
                "provider": "twilio",
                "endpoint": "/v1/convai/twilio/outbound-call",
            },
            "questionnaire_loaded": true,
            "questionnaire": {
                "loaded": true,
                "age_seconds": 0,
                "questions": 12,
                "facts": 3,
                "dropped": [{ "id": "4711", "reason": "no_text" }],
            },
            "overrides": { "prompt": true, "first_message": true, "language": true },
            "prompt_length": 5432,
            "prompt": "# Wer du bist …",
            "first_message": "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH...",
            "variables": { "companyname": "Tech Startup GmbH", "questions": "1. …" },
            "warnings": [{
                "code": "entries_dropped",
                "message": "1 entry of the questionnaire is left out; see `dropped`.",
            }],
        },
    })
}

fn healthy() -> Value {
    json!({
        "status": "healthy",
        "service": "Sellcruiting Agent Webhook",
        "agent_id": "agent_xxx",
        "hirings_api_url": "https://high-office.hirings.cloud/api/v1",
        "timestamp": "2025-11-25T11:20:05.169839",
    })
}
