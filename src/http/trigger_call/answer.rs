//! The answers to a successful trigger. Members and words are fixed by the contract.

use axum::Json;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;

use crate::calls::{self, Answered};
use crate::clock::timestamp;
use crate::domain::{ConversationId, PhoneNumber, Private, Trigger};
use crate::http::openapi::schemas;

/// Marks an answer as a repetition of an earlier one: nobody was called this time.
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What happened, in the contract's words.
const CALLED: &str = "Outbound call initiated successfully";
const LINKED: &str = "Conversation link created successfully";

/// The answer with status 200. It names the candidate, so it has no `Debug`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Answer {
    #[schema(schema_with = schemas::success)]
    status: &'static str,
    #[schema(schema_with = messages)]
    message: &'static str,
    data: Data,
    /// Whether an earlier trigger got this answer first. Told in a header.
    #[serde(skip)]
    replayed: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AnswerData)]
struct Data {
    #[schema(schema_with = schemas::campaign_id)]
    campaign_id: u64,
    #[schema(schema_with = schemas::full_name)]
    candidate: String,
    #[schema(schema_with = schemas::company)]
    company: String,
    #[serde(flatten)]
    way: Way,
    questionnaire_loaded: bool,
    #[schema(schema_with = schemas::optional_count)]
    questionnaire_age_seconds: Option<u32>,
    #[schema(schema_with = schemas::timestamp)]
    timestamp: String,
    #[schema(schema_with = schemas::prompt_length)]
    prompt_length: usize,
    #[schema(schema_with = schemas::first_message)]
    first_message: String,
}

/// How the candidate is reached.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AnswerWay)]
enum Way {
    #[schema(title = "Anruf")]
    Call {
        #[schema(schema_with = schemas::e164)]
        to_number: String,
        #[schema(schema_with = schemas::conversation_id)]
        conversation_id: String,
        #[schema(schema_with = schemas::initiated)]
        call_status: &'static str,
    },
    #[schema(title = "Link")]
    Link {
        #[schema(schema_with = schemas::link)]
        conversation_link: String,
        #[schema(schema_with = schemas::timestamp)]
        link_expires_at: String,
    },
}

impl Answer {
    pub(super) fn of(trigger: &Trigger, answered: Answered) -> Self {
        let Answered { way, briefing, answered_at, replayed } = answered;
        let (message, way) = match way {
            calls::Way::Call { to_number, conversation_id } => {
                (CALLED, Way::call(&to_number, &conversation_id))
            }
            calls::Way::Link { url, expires_at } => (LINKED, Way::link(url, expires_at)),
        };
        let data = Data {
            campaign_id: trigger.campaign_id.get(),
            candidate: trigger.candidate.full_name().into_inner(),
            company: trigger.company.reveal().to_owned(),
            way,
            questionnaire_loaded: briefing.questionnaire_age_seconds.is_some(),
            questionnaire_age_seconds: briefing.questionnaire_age_seconds,
            timestamp: timestamp(answered_at),
            prompt_length: briefing.prompt_length,
            first_message: briefing.first_message.into_inner(),
        };
        Self { status: "success", message, data, replayed }
    }
}

impl Way {
    fn call(to_number: &PhoneNumber, conversation_id: &ConversationId) -> Self {
        Self::Call {
            to_number: to_number.e164().to_owned(),
            conversation_id: conversation_id.to_string(),
            call_status: "initiated",
        }
    }

    fn link(url: Private<String>, expires_at: DateTime<Utc>) -> Self {
        Self::Link { conversation_link: url.into_inner(), link_expires_at: timestamp(expires_at) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let replayed = self.replayed;
        let mut response = Json(self).into_response();
        if replayed {
            response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

fn messages() -> Object {
    schemas::word(&[CALLED, LINKED])
}
