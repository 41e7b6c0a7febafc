//! Error answers in the forms that ElevenLabs is known to use: `detail` is an object, an array (422) or a string.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::faults::Answer;

/// The `detail` envelope. `status` is the older member; for some errors, it is the only thing that tells them apart.
fn refusal(http: StatusCode, kind: &str, code: &str, status: &str, message: &str) -> Answer {
    let detail = json!({
        "type": kind,
        "code": code,
        "message": message,
        "status": status,
        "request_id": "req_sandbox",
        "param": null,
    });
    Answer::json(http, &json!({ "detail": detail })).header("request-id", "req_sandbox")
}

pub(super) fn invalid_api_key() -> Answer {
    unauthorized("invalid_api_key", "Invalid API key")
}

pub(super) fn missing_api_key() -> Answer {
    unauthorized(
        "needs_authorization",
        "Neither authorization header nor xi-api-key received, please provide one.",
    )
}

/// Differs from a wrong key only in its text.
pub(super) fn other_region() -> Answer {
    unauthorized(
        "invalid_api_key",
        "Invalid API key: The API key used is for a data residency stack, however this server is a global server.",
    )
}

pub(super) fn missing_permission(scope: &str) -> Answer {
    let message =
        format!("The API key you used is missing the permission {scope} to execute this operation.");
    unauthorized("missing_permissions", &message)
}

pub(super) fn quota_exceeded() -> Answer {
    unauthorized("quota_exceeded", "This request exceeds your quota. You have 0 credits remaining.")
}

fn unauthorized(status: &str, message: &str) -> Answer {
    refusal(StatusCode::UNAUTHORIZED, "authentication_error", "unauthorized", status, message)
}

pub(super) fn too_many_calls() -> Answer {
    refusal(
        StatusCode::TOO_MANY_REQUESTS,
        "rate_limit_error",
        "concurrent_limit_exceeded",
        "too_many_concurrent_requests",
        "Too many concurrent requests. Your current subscription allows 10 concurrent calls.",
    )
    .header("retry-after", "20")
}

pub(super) fn service_unavailable() -> Answer {
    refusal(
        StatusCode::SERVICE_UNAVAILABLE,
        "internal_error",
        "service_unavailable",
        "service_unavailable",
        "The service is temporarily unavailable.",
    )
}

pub(super) fn internal_error() -> Answer {
    refusal(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal_error",
        "internal_error",
        "internal_error",
        "An unexpected error occurred.",
    )
}

pub(super) fn wrong_provider(wanted: &str) -> Answer {
    let message = format!("The phone number is not a {wanted} phone number.");
    refusal(StatusCode::BAD_REQUEST, "validation_error", "invalid_parameters", "invalid_parameters", &message)
}

pub(super) fn agent_not_found(agent_id: &str) -> Answer {
    let message = format!("Document with id {agent_id} not found.");
    refusal(StatusCode::NOT_FOUND, "not_found", "agent_not_found", "agent_not_found", &message)
}

pub(super) fn phone_number_not_found(phone_number_id: &str) -> Answer {
    let message = format!("Phone number with id {phone_number_id} not found.");
    refusal(StatusCode::NOT_FOUND, "not_found", "phone_number_not_found", "phone_number_not_found", &message)
}

pub(super) fn tool_not_found(tool_id: &str) -> Answer {
    let message = format!("Document with id {tool_id} not found.");
    refusal(StatusCode::NOT_FOUND, "not_found", "document_not_found", "document_not_found", &message)
}

pub(super) fn conversation_not_found(conversation_id: &str) -> Answer {
    let message = format!("Conversation with id {conversation_id} not found.");
    refusal(
        StatusCode::NOT_FOUND,
        "not_found",
        "conversation_not_found",
        "conversation_history_not_found",
        &message,
    )
}

pub(super) fn unknown_path() -> Answer {
    Answer::json(StatusCode::NOT_FOUND, &json!({ "detail": "Not Found" }))
}

/// The answer to a WebSocket request that is not upgraded. Nothing is known about its body.
pub(super) fn bad_signature() -> Answer {
    Answer::raw(StatusCode::FORBIDDEN, "text/plain", "")
}

/// A 422 with the array that `FastAPI` generates for schema errors.
pub(super) fn unprocessable(problems: &[Value]) -> Answer {
    Answer::json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "detail": problems }))
}

/// An entry of that array. It repeats the input, as the real one does.
pub(super) fn problem(kind: &str, location: &[&str], message: &str, input: &Value) -> Value {
    json!({ "type": kind, "loc": location, "msg": message, "input": input })
}
