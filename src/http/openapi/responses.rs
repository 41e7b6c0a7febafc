//! The error answers, generated from the errors themselves: status, headers, words and examples are the service's own,
//! so they cannot diverge.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::IntoResponse;
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, ToSchema};

use super::{examples, headers, schemas};
use crate::elevenlabs::Refusal;
use crate::http::error::{ApiError, Envelope, InvalidField};

/// What a trigger can get besides a 200.
pub(in crate::http) struct TriggerErrors;

/// What a preview can get besides a 200.
pub(in crate::http) struct PreviewErrors;

/// What the routes without a key check can answer besides a 200.
pub(in crate::http) struct AnyoneErrors;

/// What the readiness check can answer besides a 200.
pub(in crate::http) struct ReadyErrors;

impl IntoResponses for PreviewErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        of(&of_any_trigger())
    }
}

impl IntoResponses for TriggerErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut errors = of_any_trigger();
        errors.extend([
            ApiError::CallInProgress,
            ApiError::IdempotencyKeyReused,
            ApiError::NoFreeLine { retry_after: Duration::from_secs(30) },
            ApiError::CallRefused(Refusal::PhoneNumberNotFound.advice()),
            ApiError::StoreUnavailable,
            ApiError::TooManyCalls { retry_after: Duration::from_secs(5) },
            ApiError::CallOutcomeUnknown,
        ]);
        of(&errors)
    }
}

/// The errors of a bad request, before anything is done, and those that any request can meet.
fn of_any_trigger() -> Vec<ApiError> {
    let invalid = InvalidField {
        field: "to_number",
        message: "is a premium-rate number, which is never dialled".to_owned(),
    };
    vec![
        ApiError::MissingFields(vec!["company_name", "candidate_last_name"]),
        ApiError::InvalidFields(vec![invalid]),
        ApiError::EmptyBody,
        ApiError::InvalidJson,
        ApiError::NotAnObject,
        ApiError::IncompleteBody,
        ApiError::MissingAuthorization,
        ApiError::InvalidAuthorization,
        ApiError::InvalidApiKey,
        ApiError::MethodNotAllowed,
        ApiError::BodyTooLarge,
        ApiError::Internal,
    ]
}

impl IntoResponses for AnyoneErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        of(&[ApiError::MethodNotAllowed, ApiError::Internal])
    }
}

impl IntoResponses for ReadyErrors {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        of(&[ApiError::MethodNotAllowed, ApiError::Internal, ApiError::NotReady])
    }
}

/// One answer per status among these errors.
fn of(errors: &[ApiError]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status = BTreeMap::<String, Vec<&ApiError>>::new();
    for error in errors {
        by_status.entry(error.status().as_str().to_owned()).or_default().push(error);
    }
    by_status.into_iter().map(|(status, errors)| (status, of_status(&errors).into())).collect()
}

/// The answer for errors that share a status.
fn of_status(errors: &[&ApiError]) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(schema(errors)))
        .examples_from_iter(errors.iter().map(|e| examples::of_error(e).entry()));
    let mut response = ResponseBuilder::new().content("application/json", content.build()).build();
    response.headers =
        names(errors).into_iter().map(|name| (name.to_owned(), headers::reference(name))).collect();
    response
}

/// The envelope, narrowed to the words of these errors.
fn schema(errors: &[&ApiError]) -> Schema {
    let words: Vec<_> = errors.iter().map(|error| error.error()).collect();
    let narrowed = ObjectBuilder::new().property("error", schemas::word(&words));
    AllOfBuilder::new().item(Ref::from_schema_name(Envelope::name())).item(narrowed).build().into()
}

/// The headers that all of these errors have and other answers do not.
fn names(errors: &[&ApiError]) -> Vec<&'static str> {
    let all: Vec<HeaderMap> =
        errors.iter().map(|error| (*error).clone().into_response().headers().clone()).collect();
    let mut names = headers::OF_ERRORS.to_vec();
    names.retain(|name| all.iter().all(|headers| headers.contains_key(*name)));
    if errors.contains(&&ApiError::MethodNotAllowed) {
        // The router adds it, so it is not on the error itself.
        names.push(headers::ALLOW);
    }
    names
}
