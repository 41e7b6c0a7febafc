//! Starts a call.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Body, Method, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::client_data::ClientData;
use super::error_detail::ErrorDetail;
use super::retry_after::retry_after;
use super::{Dial, DialOutcome, ElevenLabs, MAX_ANSWER_BYTES, Provider, Refusal, UnknownCause};
use crate::domain::{CallId, CallTarget, ConversationId, Script};
use crate::telemetry::UpstreamRequest;
use crate::upstream::{BodyError, read_body};

/// How much of ElevenLabs' request id is kept at most, in characters.
const MAX_REQUEST_ID: usize = 100;

/// A call to be started.
#[derive(Debug, Clone)]
pub struct OutboundCall<'a> {
    /// Whom to call, and from where.
    pub target: &'a CallTarget,
    /// What the agent is told. Passed by value, so that it is freed before the request is sent: a telephone may ring
    /// for a minute, and a thousand scripts take up memory.
    pub script: Script,
    /// The service's own id of the call, sent as ElevenLabs' `user_id`.
    pub call_id: &'a CallId,
    /// How long somebody waits for the outcome. Only shortens the dial timeout.
    pub awaited_for: Duration,
}

/// The body of both outbound-call endpoints. Recording is never asked for.
#[derive(Serialize)]
struct RequestBody<'a> {
    agent_id: &'a str,
    agent_phone_number_id: &'a str,
    to_number: &'a str,
    conversation_initiation_client_data: ClientData<'a>,
}

/// What both endpoints answer. `message` is not read: it may contain telephone numbers.
#[derive(Deserialize)]
struct Answer {
    success: bool,
    #[serde(default)]
    conversation_id: serde_json::Value,
}

impl ElevenLabs {
    /// Starts a call. Sends exactly one request and never retries it, because each one may ring.
    ///
    /// Takes up to the dial timeout, or as long as it is awaited: a SIP trunk answers only when the phone is picked up.
    pub async fn start_call(&self, provider: Provider, call: OutboundCall<'_>) -> Dial {
        let asking = UpstreamRequest::begin(&self.metrics, "dial").of(call.call_id);
        let dial = self.dial(provider, call).await;
        let failure = match &dial.outcome {
            DialOutcome::Placed { .. } => None,
            outcome => Some(outcome.reason().unwrap_or(outcome.code())),
        };
        asking.outcome(dial.outcome.code());
        asking.ended(failure);
        dial
    }

    async fn dial(&self, provider: Provider, call: OutboundCall<'_>) -> Dial {
        let Ok(body) = json(&self.request_body(&call), room_for(&call.script)) else {
            return Dial { upstream_request_id: None, outcome: DialOutcome::Refused(Refusal::Unreachable) };
        };
        let timeout = self.dial_timeout.min(call.awaited_for);
        drop(call);
        let request = self
            .request(Method::POST, &["v1", "convai", provider.path_segment(), "outbound-call"])
            .timeout(timeout)
            .header(CONTENT_TYPE, "application/json")
            .body(sent_once(body));
        match request.send().await {
            Ok(response) => Dial {
                upstream_request_id: request_id(response.headers()),
                outcome: outcome_of_answer(response).await,
            },
            Err(error) => Dial { upstream_request_id: None, outcome: outcome_of_failure(&error) },
        }
    }

    fn request_body<'a>(&'a self, call: &'a OutboundCall<'_>) -> RequestBody<'a> {
        RequestBody {
            agent_id: self.agent_id.as_str(),
            agent_phone_number_id: call.target.from.as_str(),
            to_number: call.target.to_number.e164(),
            conversation_initiation_client_data: ClientData::new(self.overrides, &call.script, call.call_id),
        }
    }
}

/// The JSON in a buffer that is large enough from the start. Grown step by step, it would take up to twice as much for
/// as long as a telephone rings.
fn json(body: &RequestBody<'_>, room: usize) -> serde_json::Result<Vec<u8>> {
    let mut json = Vec::with_capacity(room);
    serde_json::to_writer(&mut json, body)?;
    Ok(json)
}

/// A body that is freed once it is sent. Of an ordinary one reqwest keeps a copy until the answer arrives, in case the
/// request must be retried: every ringing telephone would keep its script in memory, and this request must never be
/// retried.
fn sent_once(body: Vec<u8>) -> Body {
    Body::wrap(Full::<Bytes>::from(body))
}

/// About how many bytes a script takes, with the JSON around and between its texts.
fn room_for(script: &Script) -> usize {
    let variables = script.variables.iter().map(|(name, value)| name.len() + value.reveal().len() + 8);
    let texts = script.prompt.reveal().len() + script.first_message.reveal().len() + variables.sum::<usize>();
    // Some extra for line breaks and quotation marks, which are escaped.
    texts + texts / 32 + 512
}

/// Only a connection that was never established proves that nothing was sent.
fn outcome_of_failure(error: &reqwest::Error) -> DialOutcome {
    if error.is_connect() || error.is_builder() {
        return DialOutcome::Refused(Refusal::Unreachable);
    }
    DialOutcome::Unknown(cause_of_failure(error))
}

fn cause_of_failure(error: &reqwest::Error) -> UnknownCause {
    if error.is_timeout() { UnknownCause::Timeout } else { UnknownCause::ConnectionBroken }
}

async fn outcome_of_answer(response: Response) -> DialOutcome {
    let status = response.status();
    if status.is_success() {
        return outcome_of_success(response).await;
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return DialOutcome::Busy { retry_after: retry_after(response.headers()) };
    }
    if !is_refusal(status) {
        return DialOutcome::Unknown(UnknownCause::Status(status.as_u16()));
    }
    // The status alone decides that nobody was called; the body only gives the reason.
    let retry_after = retry_after(response.headers());
    let body = read_body(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    if ErrorDetail::read(&body).is_about_busy_lines(status) {
        return DialOutcome::Busy { retry_after };
    }
    DialOutcome::Refused(Refusal::from_status(status, &body))
}

/// Whether a status means that nothing was done. Of redirects, those do that ask for the same request elsewhere; 303
/// means that it was done, and where to read the outcome (RFC 9110, 15.4).
fn is_refusal(status: StatusCode) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT => false,
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => true,
        status => status.is_client_error(),
    }
}

/// A success counts only with `success: true` and an id to find the call by.
async fn outcome_of_success(response: Response) -> DialOutcome {
    let body = match read_body(response, MAX_ANSWER_BYTES).await {
        Ok(body) => body,
        Err(BodyError::TooLarge { .. }) => return DialOutcome::Unknown(UnknownCause::UnreadableAnswer),
        Err(BodyError::Broken(error)) => return DialOutcome::Unknown(cause_of_failure(&error)),
    };
    let Ok(answer) = serde_json::from_slice::<Answer>(&body) else {
        return DialOutcome::Unknown(UnknownCause::UnreadableAnswer);
    };
    let conversation_id = answer.conversation_id.as_str().and_then(ConversationId::parse);
    match (answer.success, conversation_id) {
        (true, Some(conversation_id)) => DialOutcome::Placed { conversation_id },
        (true, None) => DialOutcome::Unknown(UnknownCause::NoConversationId),
        (false, conversation_id) => DialOutcome::Refused(Refusal::ProviderFailed { conversation_id }),
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let raw = headers.get("request-id").or_else(|| headers.get("x-trace-id"))?;
    let visible = raw.as_bytes().iter().copied().filter(u8::is_ascii_graphic).map(char::from);
    let id: String = visible.take(MAX_REQUEST_ID).collect();
    (!id.is_empty()).then_some(id)
}
