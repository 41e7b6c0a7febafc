//! What the log tells of an error.

use super::{ApiError, InvalidField};

/// What the request's log line says about an error: only words of this program, nothing a caller sent.
///
/// It travels as an extension of the response, because the layer that writes the line sees nothing else.
#[derive(Debug, Clone)]
pub(in crate::http) struct Failure {
    /// See [`ApiError::error`].
    pub(in crate::http) error: &'static str,
    /// The names of missing fields, separated by commas.
    pub(in crate::http) missing: Option<String>,
    /// The names of invalid fields, separated by commas.
    pub(in crate::http) invalid: Option<String>,
}

impl Failure {
    pub(super) fn of(error: &ApiError) -> Self {
        let (missing, invalid) = match error {
            ApiError::MissingFields(fields) => (Some(fields.join(",")), None),
            ApiError::InvalidFields(fields) => (None, Some(names(fields).join(","))),
            _ => (None, None),
        };
        Self { error: error.error(), missing, invalid }
    }
}

fn names(fields: &[InvalidField]) -> Vec<&'static str> {
    fields.iter().map(|field| field.field).collect()
}
