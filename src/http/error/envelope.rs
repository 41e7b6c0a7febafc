//! The JSON of every error.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};

use super::{ApiError, InvalidField};
use crate::http::openapi::schemas;

/// The contract's words.
const ERROR: &str = "error";
const UNKNOWN: &str = "unknown";

/// The envelope of every error.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Envelope<'a> {
    #[schema(schema_with = error_status)]
    status: &'static str,
    #[schema(max_length = 50, pattern = "^[A-Za-z ]+$")]
    error: &'static str,
    #[schema(max_length = 500)]
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = missing_fields, required = false)]
    missing: Option<&'a [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10)]
    invalid: Option<&'a [InvalidField]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = unknown_call, required = false)]
    call_status: Option<&'static str>,
}

fn error_status() -> Object {
    schemas::word(&[ERROR])
}

fn unknown_call() -> Object {
    schemas::word(&[UNKNOWN])
}

pub(super) fn field_name() -> Object {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(50)).pattern(Some("^[A-Za-z_-]+$")).build()
}

fn missing_fields() -> Array {
    ArrayBuilder::new().items(field_name()).max_items(Some(10)).build()
}

impl ApiError {
    pub(crate) fn envelope(&self) -> Envelope<'_> {
        Envelope {
            status: ERROR,
            error: self.error(),
            message: self.message(),
            missing: if let Self::MissingFields(fields) = self { Some(fields) } else { None },
            invalid: if let Self::InvalidFields(fields) = self { Some(fields) } else { None },
            call_status: matches!(self, Self::CallOutcomeUnknown).then_some(UNKNOWN),
        }
    }
}
