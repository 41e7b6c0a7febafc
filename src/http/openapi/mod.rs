//! The published specification (OpenAPI 3.1), made of what the code is.
//!
//! That is: the routes as the router has them, the types of the answers, the errors themselves, the domain's limits.
//! Only its German words are written for it (`texts.md`).
//!
//! `docs/openapi.json` is a copy, so that a review sees what changes for HOC. Tests compare both, and every answer that
//! a black-box test gets is held against it.

mod describe;
pub(super) mod examples;
mod headers;
mod links;
mod responses;
pub(super) mod schemas;
mod texts;

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder};
use utoipa::openapi::{Object, OpenApi, RefOr, Schema, Type};

use super::auth::KeyCheck;

pub(super) use self::responses::{AnyoneErrors, PreviewErrors, ReadyErrors, TriggerErrors};

/// The interface's version: the document that HOC got before was 1.0. Changes when the specification does.
const VERSION: &str = "1.1.0";

static JSON: LazyLock<String> = LazyLock::new(|| to_json(&document()));

/// The specification as it is served and published: indented JSON with a line break at its end.
#[must_use]
pub fn json() -> &'static str {
    &JSON
}

/// The specification.
pub(super) fn document() -> OpenApi {
    describe::describe(super::routes(KeyCheck::default()).into_openapi())
}

fn to_json(document: &OpenApi) -> String {
    // Nothing in it can fail to be written: maps have text keys, and numbers are finite.
    document.to_pretty_json().unwrap_or_default() + "\n"
}

/// What the specification says of itself.
struct Specification;

impl utoipa::ToSchema for Specification {}

impl utoipa::PartialSchema for Specification {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .property("openapi", schemas::text(5, 10).pattern(Some(r"^3\.1\.")))
            .required("openapi")
            .property("info", Object::with_type(Type::Object))
            .required("info")
            .property("paths", Object::with_type(Type::Object))
            .required("paths")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

/// Tells the whole interface to everyone: it holds no secret, and whoever has a key knows it anyway.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "description",
    params(("X-Request-Id" = Option<String>, Header)),
    responses((status = 200, body = Specification), AnyoneErrors)
)]
pub(super) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], json())
}
