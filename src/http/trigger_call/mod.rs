//! `POST /webhook/trigger-call`: calls the candidate, or makes a link.

mod answer;

use std::sync::Arc;

use axum::extract::State;

use self::answer::Answer;
use super::idempotency::OptionalIdempotencyKey;
use super::openapi::TriggerErrors;
use super::trigger::{SentTrigger, TriggerCall};
use crate::calls::Calls;
use crate::http::error::ApiError;

/// With a number to call, the candidate is called; without one, a link is made.
#[utoipa::path(
    post,
    path = "/webhook/trigger-call",
    operation_id = "triggerCall",
    tag = "trigger",
    security(("apiKey" = [])),
    params(("Idempotency-Key" = Option<String>, Header), ("X-Request-Id" = Option<String>, Header)),
    request_body = TriggerCall,
    responses((status = 200, body = Answer, headers(("Idempotent-Replayed"))), TriggerErrors)
)]
pub(super) async fn trigger_call(
    State(calls): State<Arc<Calls>>,
    OptionalIdempotencyKey(key): OptionalIdempotencyKey,
    SentTrigger(trigger): SentTrigger,
) -> Result<Answer, ApiError> {
    let trigger = Arc::new(trigger);
    let answered = calls.answer(Arc::clone(&trigger), key).await?;
    Ok(Answer::of(&trigger, answered))
}
