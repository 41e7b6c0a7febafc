//! What a program may do after an answer: after a preview, send the trigger; after some errors, repeat the request.

use utoipa::openapi::link::{Link, LinkBuilder};

use super::texts;

/// OpenAPI runtime expressions for what was sent.
const SENT_BODY: &str = "$request.body";
const SENT_KEY: &str = "$request.header.Idempotency-Key";

/// The statuses after which the same trigger is to be sent again.
const REPEATABLE: [&str; 4] = ["409", "429", "503", "504"];

/// What may follow an operation's answer with this status, by name.
pub(super) fn after(operation: &str, status: &str) -> Option<(&'static str, Link)> {
    match operation {
        "previewCall" if status == "200" => Some(("trigger", trigger("trigger").build())),
        "triggerCall" if REPEATABLE.contains(&status) => {
            Some(("repeat", trigger("repeat").parameter("header.Idempotency-Key", SENT_KEY).build()))
        }
        _ => None,
    }
}

fn trigger(name: &str) -> LinkBuilder {
    LinkBuilder::new()
        .operation_id("triggerCall")
        .request_body(Some(SENT_BODY))
        .description(texts::link(name))
}
