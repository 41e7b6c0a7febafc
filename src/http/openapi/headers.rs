//! Defines every header of the specification once.

use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{Object, ObjectBuilder};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Schema, SchemaFormat, Type};

use super::{schemas, texts};
use crate::calls::IdempotencyKey;
use crate::http::request_id;

pub(super) const ALLOW: &str = "Allow";
const CACHE_CONTROL: &str = "Cache-Control";
const CONTENT_SECURITY_POLICY: &str = "Content-Security-Policy";
const CONTENT_TYPE_OPTIONS: &str = "X-Content-Type-Options";
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
const IDEMPOTENT_REPLAYED: &str = "Idempotent-Replayed";
const REQUEST_ID: &str = "X-Request-Id";
const RETRY_AFTER: &str = "Retry-After";
const WWW_AUTHENTICATE: &str = "WWW-Authenticate";

/// Headers that only the error itself can set.
pub(super) const OF_ERRORS: [&str; 2] = [RETRY_AFTER, WWW_AUTHENTICATE];

/// Headers of every answer.
pub(super) const OF_ALL: [&str; 3] = [REQUEST_ID, CACHE_CONTROL, CONTENT_TYPE_OPTIONS];

/// All headers of answers, as components for answers to refer to.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Header>)> {
    let own = [ALLOW, CONTENT_SECURITY_POLICY, IDEMPOTENT_REPLAYED];
    let all = OF_ALL.into_iter().chain(OF_ERRORS).chain(own);
    all.map(|name| (name.to_owned(), header(name).into()))
}

/// A reference to a header's definition.
pub(super) fn reference(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

/// A header of an answer. All are always present, except the one that marks a repeated answer.
fn header(name: &str) -> Header {
    let mut header =
        HeaderBuilder::new().schema(Some(schema(name))).description(Some(texts::header(name))).build();
    if name != IDEMPOTENT_REPLAYED {
        // utoipa's builder lacks this member of OpenAPI's Header Object.
        header.extensions = Some(Extensions::from_iter([("required", true)]));
    }
    header
}

/// The schema of a header's value in a request.
pub(super) fn sent(name: &str) -> RefOr<Schema> {
    match name {
        // Any value is accepted; one that is not harmless is replaced.
        REQUEST_ID => Object::with_type(Type::String).into(),
        _ => schema(name),
    }
}

/// The schema of a header's value.
fn schema(name: &str) -> RefOr<Schema> {
    let schema = match name {
        ALLOW => schemas::text(3, 50).pattern(Some("^[A-Z]+(,[A-Z]+)*$")).build(),
        CACHE_CONTROL => schemas::word(&["no-store"]),
        CONTENT_SECURITY_POLICY => schemas::text(1, 500).pattern(Some("^default-src 'none';")).build(),
        CONTENT_TYPE_OPTIONS => schemas::word(&["nosniff"]),
        IDEMPOTENCY_KEY => idempotency_key(),
        IDEMPOTENT_REPLAYED => schemas::word(&["true"]),
        REQUEST_ID => request_id(),
        RETRY_AFTER => retry_after(),
        WWW_AUTHENTICATE => schemas::word(&["Bearer"]),
        _ => Object::default(),
    };
    schema.into()
}

fn idempotency_key() -> Object {
    let max = IdempotencyKey::MAX_CHARS;
    let pattern = format!(r#"^([!#-~][!-~]{{0,{}}}|"[!#-\[\]-~]{{1,{max}}}")$"#, max - 1);
    schemas::text(1, max + 2).pattern(Some(pattern)).build()
}

fn request_id() -> Object {
    schemas::text(1, request_id::MAX_CHARS).pattern(Some("^[A-Za-z0-9_.:-]+$")).build()
}

fn retry_after() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(300))
        .build()
}
