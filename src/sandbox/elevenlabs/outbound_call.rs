//! `POST /v1/convai/{twilio,sip-trunk}/outbound-call`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::key::{Scope, key_refusal};
use super::refusals;
use super::start_rules::{POLICY_VIOLATION, campaign_id, failure};
use super::troubles::{self, DialFault};
use super::validation::problems;
use super::world::{Conversation, PhoneCall, Provider, Upstream, World};
use crate::sandbox::faults::{Answer, Fault};
use crate::sandbox::recorder::Recorded;

/// What Twilio says to something that is not a telephone number.
const NOT_E164: &str =
    "HTTP 400 error: Unable to create record: The phone number you are attempting to call is not valid.";

pub(super) async fn twilio(state: State<Arc<Upstream>>, request: Extension<Recorded>) -> Response {
    place(state.0, request.0, Provider::Twilio).await
}

pub(super) async fn sip_trunk(state: State<Arc<Upstream>>, request: Extension<Recorded>) -> Response {
    place(state.0, request.0, Provider::SipTrunk).await
}

async fn place(upstream: Arc<Upstream>, request: Recorded, provider: Provider) -> Response {
    let (fault, usual) = match refusal(&upstream, &request, provider) {
        Some(refusal) => (None, refusal),
        None => decide(&upstream, &request.body, provider),
    };
    // Recorded only now, so that whoever waits for the dial also finds its conversation.
    upstream.dials.push(request);
    match fault {
        Some(fault) => fault.answer_instead_of(usual).await,
        None => usual.into_response(),
    }
}

/// Why the request is refused, if it is.
fn refusal(upstream: &Upstream, request: &Recorded, provider: Provider) -> Option<Answer> {
    if let Some(refusal) = key_refusal(upstream, request, Some(Scope::Write)) {
        return Some(refusal);
    }
    // Without the content type, FastAPI takes the body for a string.
    let is_json = request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let body = if is_json { &request.body } else { &Value::Null };
    let problems = problems(body, provider);
    if !problems.is_empty() {
        return Some(refusals::unprocessable(&problems));
    }
    let world = upstream.world();
    let agent_id = text(body, "agent_id");
    if !world.agents.contains_key(agent_id) {
        return Some(refusals::agent_not_found(agent_id));
    }
    let phone_number_id = text(body, "agent_phone_number_id");
    match world.phone_numbers.get(phone_number_id) {
        None => Some(refusals::phone_number_not_found(phone_number_id)),
        Some((actual, _)) if *actual != provider => Some(refusals::wrong_provider(provider.name())),
        Some(_) => None,
    }
}

/// The outcome of a well-formed dial: a fault, if there is one, and the answer if the fault lets it through.
fn decide(upstream: &Upstream, body: &Value, provider: Provider) -> (Option<Fault>, Answer) {
    let now = (upstream.now)();
    let mut world = upstream.world();
    let asked = world.next_dials.pop_front().or_else(|| world.every_dial.clone());
    let fault = asked.or_else(|| campaign_id(client_data(body)).and_then(troubles::of));
    match fault {
        None if !is_e164(text(body, "to_number")) => (None, not_placed(NOT_E164, None, provider)),
        None => (None, success(world.place(body, provider, now), provider)),
        Some(DialFault::Placed(fault)) => (Some(fault), success(world.place(body, provider, now), provider)),
        Some(DialFault::NotPlaced(fault)) => (Some(fault), refusals::service_unavailable()),
        Some(DialFault::Refused { message }) => (None, not_placed(&message, None, provider)),
        Some(DialFault::FailedToConnect { message, sip_status }) => {
            let conversation = world.place(body, provider, now);
            conversation.fail(&message, sip_status);
            (None, not_placed(&message, Some(conversation), provider))
        }
        Some(DialFault::WithoutConversation) => {
            let call_id = world.place(body, provider, now).call_id().map(str::to_owned);
            (None, outcome(true, "Success", None, call_id.as_deref(), provider))
        }
    }
}

fn success(conversation: &Conversation, provider: Provider) -> Answer {
    outcome(true, "Success", Some(&conversation.conversation_id), conversation.call_id(), provider)
}

fn not_placed(message: &str, conversation: Option<&Conversation>, provider: Provider) -> Answer {
    let conversation_id = conversation.map(|failed| failed.conversation_id.as_str());
    outcome(false, message, conversation_id, None, provider)
}

fn outcome(
    success: bool,
    message: &str,
    conversation_id: Option<&str>,
    call_id: Option<&str>,
    provider: Provider,
) -> Answer {
    let mut body = json!({ "success": success, "message": message, "conversation_id": conversation_id });
    body[call_id_member(provider)] = json!(call_id);
    Answer::json(StatusCode::OK, &body).header("request-id", "req_sandbox")
}

fn call_id_member(provider: Provider) -> &'static str {
    if provider == Provider::SipTrunk { "sip_call_id" } else { "callSid" }
}

fn is_e164(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// A member that validation has shown to be a string.
fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn client_data(body: &Value) -> &Value {
    body.get("conversation_initiation_client_data").unwrap_or(&Value::Null)
}

impl World {
    /// Places the call. As in reality, what the agent's settings forbid shows only in the conversation.
    fn place(&mut self, body: &Value, provider: Provider, now: i64) -> &mut Conversation {
        let number = self.conversations.len() + 1;
        let agent_id = text(body, "agent_id");
        let reason = self.agents.get(agent_id).and_then(|agent| failure(agent, client_data(body)));
        let phone_call = PhoneCall {
            provider,
            agent_phone_number_id: text(body, "agent_phone_number_id").to_owned(),
            to_number: text(body, "to_number").to_owned(),
            call_id: call_id(provider, number),
        };
        let mut conversation = Conversation {
            conversation_id: format!("conv_sandbox_{number:04}"),
            agent_id: agent_id.to_owned(),
            phone_call: Some(phone_call),
            status: "initiated".to_owned(),
            termination_reason: String::new(),
            error_code: None,
            start_time_unix_secs: now,
            client_data: client_data(body).clone(),
            visible: !self.hide_new,
        };
        if let Some(reason) = reason {
            conversation.fail(&reason, POLICY_VIOLATION);
        }
        self.conversations.push(conversation);
        &mut self.conversations[number - 1]
    }
}

fn call_id(provider: Provider, number: usize) -> String {
    match provider {
        Provider::SipTrunk => format!("otb_sandbox_{number:04}"),
        _ => format!("CA{number:032x}"),
    }
}
