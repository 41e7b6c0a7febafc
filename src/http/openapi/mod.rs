//! The published specification (OpenAPI 3.1), generated from the code.
//!
//! Its sources are the routes of the router, the types of the answers, the errors themselves and the domain's limits.
//! Only its German texts are written by hand (`texts.md`).
//!
//! `docs/openapi.json` is a copy, so that a review shows what changes for HOC. Tests compare the two, and check every
//! answer that a black-box test receives against the specification.

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

/// The version of the interface: the document that HOC had before was 1.0. It changes with the specification.
const VERSION: &str = "1.1.0";

static JSON: LazyLock<String> = LazyLock::new(|| to_json(&document()));

/// The specification as it is served and published: indented JSON with a trailing line break.
#[must_use]
pub fn json() -> &'static str {
    &JSON
}

/// The specification.
pub(super) fn document() -> OpenApi {
    describe::describe(super::routes(KeyCheck::default()).into_openapi())
}

fn to_json(document: &OpenApi) -> String {
    // Serialisation cannot fail: maps have string keys, and all numbers are finite.
    document.to_pretty_json().unwrap_or_default() + "\n"
}

/// The schema of this document itself.
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

/// Shows everyone the whole interface: it holds no secret.
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
