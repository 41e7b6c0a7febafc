//! `POST /webhook/trigger-call`: call the candidate, or make a link.

mod answer;
mod request;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use self::answer::Answer;
use super::body::JsonObject;
use crate::calls::{CallError, Calls};
use crate::clock::SharedClock;
use crate::config::TriggerConfig;
use crate::error::ApiError;

/// With a number to call, the candidate is called; without one, a link is made.
pub(super) async fn trigger_call(
    State(calls): State<Arc<Calls>>,
    State(settings): State<Arc<TriggerConfig>>,
    State(clock): State<SharedClock>,
    JsonObject(body): JsonObject,
) -> Result<Json<Answer>, ApiError> {
    let trigger = request::parse(&body, &settings)?;
    let Some(target) = trigger.call.clone() else {
        let link = calls.link(&trigger).await?;
        return Ok(Json(Answer::link(&trigger, link, clock.now())));
    };
    let placed = calls.call(trigger.clone(), target.clone()).await?;
    Ok(Json(Answer::call(&trigger, &target, placed, clock.now())))
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => Self::CallRefused(refusal.advice()),
            CallError::Busy { retry_after } => Self::NoFreeLine { retry_after },
            // A task that broke off may have dialled, and HOC must not hear otherwise.
            CallError::Unknown | CallError::Aborted => Self::CallOutcomeUnknown,
            CallError::Script => Self::Internal,
        }
    }
}
