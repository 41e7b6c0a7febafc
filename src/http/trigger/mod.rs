//! A trigger as HOC sends it, from a body's bytes to a [`Trigger`]: the same for the call and for its preview.

mod body;
pub(crate) mod field;
mod json;
mod parse;
mod schema;
mod sent;

use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};

pub(crate) use self::parse::parse;
pub(super) use self::schema::TriggerCall;
pub(crate) use self::sent::{Sent, SentFields};
use crate::config::TriggerConfig;
use crate::domain::Trigger;
use crate::http::error::ApiError;

/// The trigger in a request's body. The content type is ignored: HOC sends none, or a wrong one.
pub(super) struct SentTrigger(pub(super) Trigger);

impl<S: Send + Sync> FromRequest<S> for SentTrigger
where
    Arc<TriggerConfig>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = body::read_in_time(request.into_body()).await?;
        let fields = json::parse_object(&bytes)?;
        parse(&fields, &Arc::from_ref(state)).map(Self)
    }
}
