//! `GET /v1/convai/conversations`: the list, and single conversations.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::Recorded;
use super::lookups::{answer, ok};
use super::refusals::{conversation_not_found, problem, unprocessable};
use super::world::{Conversation, Lookup, PhoneCall, Upstream, World, caller_number};
use crate::sandbox::faults::Answer;

/// The default number of rows per page.
const PAGE_SIZE: usize = 30;

/// The maximum number of rows per page.
const MAX_PAGE_SIZE: usize = 100;

pub(super) async fn list(
    State(upstream): State<Arc<Upstream>>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::Listing, |world| match Query::parse(&request) {
        Ok(query) => ok(&query.page(world)),
        Err(problem) => unprocessable(&[problem]),
    })
    .await
}

pub(super) async fn read(
    State(upstream): State<Arc<Upstream>>,
    Path(id): Path<String>,
    Extension(request): Extension<Recorded>,
) -> Response {
    answer(&upstream, &request, Lookup::Conversation, |world| find(world, &id)).await
}

fn find(world: &World, id: &str) -> Answer {
    let mut visible = world.conversations.iter().filter(|conversation| conversation.visible);
    let found = visible.find(|conversation| conversation.conversation_id == id);
    found.map_or_else(|| conversation_not_found(id), |conversation| ok(&whole(conversation)))
}

/// The simulated filters. Others are ignored, as the real service ignores unknown parameters.
struct Query<'a> {
    agent_id: Option<&'a str>,
    user_id: Option<&'a str>,
    after: Option<i64>,
    before: Option<i64>,
    /// Names and values of variables, all of which must match.
    variables: Vec<(&'a str, &'a str)>,
    page_size: usize,
    /// The last row of the previous page.
    cursor: Option<&'a str>,
}

impl<'a> Query<'a> {
    fn parse(request: &'a Recorded) -> Result<Self, Value> {
        let page_size = integer(request, "page_size")?.unwrap_or(PAGE_SIZE);
        if !(1..=MAX_PAGE_SIZE).contains(&page_size) {
            return Err(bad("page_size", "Input should be from 1 to 100", &json!(page_size)));
        }
        let variables = request.query_values("dynamic_variable_params").into_iter().map(variable);
        Ok(Self {
            agent_id: request.query_value("agent_id"),
            user_id: request.query_value("user_id"),
            after: integer(request, "call_start_after_unix")?,
            before: integer(request, "call_start_before_unix")?,
            variables: variables.collect::<Result<_, _>>()?,
            page_size,
            cursor: request.query_value("cursor"),
        })
    }

    fn page(&self, world: &World) -> Value {
        let mut found: Vec<_> = world.conversations.iter().filter(|row| self.matches(row)).collect();
        found.sort_by_key(|row| Reverse((row.start_time_unix_secs, &row.conversation_id)));
        let start = self.cursor.map_or(0, |last| {
            found.iter().position(|row| row.conversation_id == last).map_or(found.len(), |index| index + 1)
        });
        let rest = &found[start..];
        let rows = &rest[..rest.len().min(self.page_size)];
        let has_more = rest.len() > rows.len();
        let next_cursor = rows.last().filter(|_| has_more).map(|row| &row.conversation_id);
        let rows: Vec<Value> = rows.iter().map(|conversation| row(conversation)).collect();
        json!({ "conversations": rows, "has_more": has_more, "next_cursor": next_cursor })
    }

    /// The time bounds exclude the second they name. Whether the real ones do is not something a client may rely on.
    fn matches(&self, row: &Conversation) -> bool {
        row.visible
            && self.agent_id.is_none_or(|agent_id| agent_id == row.agent_id)
            && self.user_id.is_none_or(|user_id| Some(user_id) == row.user_id())
            && self.after.is_none_or(|after| row.start_time_unix_secs > after)
            && self.before.is_none_or(|before| row.start_time_unix_secs < before)
            && self.variables.iter().all(|(name, value)| {
                row.dynamic_variable(name).is_some_and(|actual| as_text(actual) == *value)
            })
    }
}

fn integer<T: std::str::FromStr>(request: &Recorded, name: &str) -> Result<Option<T>, Value> {
    let Some(text) = request.query_value(name) else { return Ok(None) };
    let Ok(number) = text.parse() else {
        return Err(bad(name, "Input should be a valid integer", &json!(text)));
    };
    Ok(Some(number))
}

/// Splits `name:op:value`. The value may contain further colons.
fn variable(param: &str) -> Result<(&str, &str), Value> {
    let mut parts = param.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some("eq"), Some(value)) => Ok((name, value)),
        _ => Err(bad(
            "dynamic_variable_params",
            "Use name:eq:value; the sandbox has no other op",
            &json!(param),
        )),
    }
}

fn bad(name: &str, message: &str, input: &Value) -> Value {
    problem("value_error", &["query", name], message, input)
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn row(conversation: &Conversation) -> Value {
    json!({
        "agent_id": conversation.agent_id,
        "agent_name": "Sandbox interviewer",
        "conversation_id": conversation.conversation_id,
        "user_id": conversation.user_id(),
        "start_time_unix_secs": conversation.start_time_unix_secs,
        "call_duration_secs": 0,
        "message_count": 0,
        "status": conversation.status,
        "termination_reason": conversation.termination_reason,
        "call_successful": "unknown",
        "direction": conversation.phone_call.as_ref().map(|_| "outbound"),
    })
}

fn whole(conversation: &Conversation) -> Value {
    let call = conversation.phone_call.as_ref();
    let error = conversation
        .error_code
        .map(|code| json!({ "code": code, "reason": conversation.termination_reason }));
    json!({
        "agent_id": conversation.agent_id,
        "conversation_id": conversation.conversation_id,
        "status": conversation.status,
        "user_id": conversation.user_id(),
        "transcript": [],
        "analysis": null,
        "metadata": {
            "start_time_unix_secs": conversation.start_time_unix_secs,
            "call_duration_secs": 0,
            "termination_reason": conversation.termination_reason,
            "error": error,
            "warnings": [],
            "conversation_initiation_source": call.map_or("unknown", |call| call.provider.name()),
            "phone_call": call.map(phone_call),
        },
        "conversation_initiation_client_data": echo(conversation),
        "has_audio": false,
        "has_user_audio": false,
        "has_response_audio": false,
        "has_auxiliary_audio": false,
    })
}

fn phone_call(call: &PhoneCall) -> Value {
    json!({
        "type": call.provider.phone_call_type(),
        "direction": "outbound",
        "phone_number_id": call.agent_phone_number_id,
        "agent_number": caller_number(call.provider),
        "external_number": call.to_number,
        "call_sid": call.call_id,
    })
}

/// What the client sent, plus the variables that the service adds.
fn echo(conversation: &Conversation) -> Value {
    let mut echo = conversation.client_data.clone();
    if echo.is_null() {
        echo = json!({});
    }
    let variables = &mut echo["dynamic_variables"];
    variables["system__agent_id"] = json!(conversation.agent_id);
    variables["system__conversation_id"] = json!(conversation.conversation_id);
    if let Some(call) = &conversation.phone_call {
        variables["system__caller_id"] = json!(caller_number(call.provider));
        variables["system__called_number"] = json!(call.to_number);
    }
    echo
}
