//! Records of phone numbers, agents and their tools, and signed URLs.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Recorded;
use super::key::{Scope, key_refusal};
use super::refusals::{agent_not_found, phone_number_not_found, problem, tool_not_found, unprocessable};
use super::world::{Lookup, Upstream, World};
use crate::sandbox::faults::Answer;

/// Checks the key, then gives the usual answer unless the lookup is to fail.
pub(super) async fn answer(
    upstream: &Upstream,
    request: &Recorded,
    lookup: Lookup,
    usual: impl FnOnce(&mut World) -> Answer,
) -> Response {
    let scope = if lookup == Lookup::SignedUrl { Scope::Write } else { Scope::Read };
    if let Some(refusal) = key_refusal(upstream, request, Some(scope)) {
        return refusal.into_response();
    }
    let (fault, usual) = {
        let mut world = upstream.world();
        (world.lookup_faults.get(&lookup).cloned(), usual(&mut world))
    };
    match fault {
        Some(fault) => fault.answer_instead_of(usual).await,
        None => usual.into_response(),
    }
}

pub(super) async fn phone_numbers(
    State(upstream): State<Arc<Upstream>>,
    Extension(request): Extension<Recorded>,
) -> Response {
    let wanted = request.query_value("provider");
    answer(&upstream, &request, Lookup::PhoneNumber, |world| {
        let numbers = world.phone_numbers.values();
        let numbers = numbers.filter(|(provider, _)| wanted.is_none_or(|wanted| wanted == provider.name()));
        ok(&numbers.map(|(_, record)| record.clone()).collect())
    })
    .await
}

pub(super) async fn phone_number(
    State(upstream): State<Arc<Upstream>>,
    Path(id): Path<String>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::PhoneNumber, |world| match world.phone_numbers.get(&id) {
        Some((_, record)) => ok(record),
        None => phone_number_not_found(&id),
    })
    .await
}

pub(super) async fn agent(
    State(upstream): State<Arc<Upstream>>,
    Path(id): Path<String>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::Agent, |world| {
        world.agents.get(&id).map_or_else(|| agent_not_found(&id), ok)
    })
    .await
}

pub(super) async fn tool(
    State(upstream): State<Arc<Upstream>>,
    Path(id): Path<String>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::Tool, |world| match world.tools.get(&id) {
        Some(config) => ok(&json!({ "id": id, "tool_config": config, "access_info": { "role": "admin" } })),
        None => tool_not_found(&id),
    })
    .await
}

pub(super) async fn signed_url(
    State(upstream): State<Arc<Upstream>>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::SignedUrl, |world| {
        let Some(agent_id) = request.query_value("agent_id") else {
            let missing = problem("missing", &["query", "agent_id"], "Field required", &Value::Null);
            return unprocessable(&[missing]);
        };
        if !world.agents.contains_key(agent_id) {
            return agent_not_found(agent_id);
        }
        let with_conversation = request.query_value("include_conversation_id") == Some("true");
        let url = world.signed_urls.make(upstream.address, agent_id, with_conversation, (upstream.now)());
        ok(&json!({ "signed_url": url }))
    })
    .await
}

pub(super) fn ok(body: &Value) -> Answer {
    Answer::json(StatusCode::OK, body).header("request-id", "req_sandbox")
}
