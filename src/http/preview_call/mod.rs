//! `POST /webhook/preview-call`: shows what the same trigger would do. It dials nobody and stores nothing, so it
//! ignores an `Idempotency-Key`.

mod answer;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

pub(crate) use self::answer::PreviewAnswer;
use super::openapi::PreviewErrors;
use super::trigger::{SentTrigger, TriggerCall};
use crate::calls::Calls;
use crate::http::error::ApiError;

/// Accepts what the trigger accepts, and reports the same errors.
#[utoipa::path(
    post,
    path = "/webhook/preview-call",
    operation_id = "previewCall",
    tag = "trigger",
    security(("apiKey" = [])),
    params(("X-Request-Id" = Option<String>, Header)),
    request_body = TriggerCall,
    responses((status = 200, body = PreviewAnswer), PreviewErrors)
)]
pub(super) async fn preview_call(
    State(calls): State<Arc<Calls>>,
    SentTrigger(trigger): SentTrigger,
) -> Result<Json<PreviewAnswer>, ApiError> {
    let preview = calls.preview(&trigger).await?;
    Ok(Json(PreviewAnswer::new(&trigger, preview)))
}
