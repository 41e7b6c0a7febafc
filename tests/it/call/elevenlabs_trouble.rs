//! Whatever ElevenLabs does, HOC gets the truth, and one trigger is one dial.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{
    Answer, CAMPAIGNS, Campaign, DialFault, Fault, Gate, PHONE_NUMBER_SIP, Section,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Setup, TestApp, call, with};

/// What upstream answers contain and ours must not.
const MARKER: &str = "UPSTREAM-MARKER +493023125999";

/// How long a dial may take in tests that wait for its timeout.
const SHORT: Duration = Duration::from_millis(700);

async fn app_with_short_dials() -> TestApp {
    Setup::new().await.adjust(|config| config.elevenlabs.dial_timeout = SHORT).start().await
}

/// An answer as ElevenLabs gives it, with something to leak in every member.
fn refusal(status: u16, word: &str) -> Fault {
    let body = json!({ "detail": {
        "type": "error", "code": word, "status": word, "message": MARKER, "param": MARKER,
        "request_id": "req_1",
    } });
    Fault::Answer(Answer::json(StatusCode::from_u16(status).unwrap(), &body))
}

/// Triggers a call whose dial fails this way.
async fn call_meeting(fault: DialFault) -> (TestApp, crate::support::Reply) {
    let app = app_with_short_dials().await;
    let reply = meet(&app, fault).await;
    (app, reply)
}

/// The same on a running service.
async fn meet(app: &TestApp, fault: DialFault) -> crate::support::Reply {
    app.sandbox.elevenlabs.next_dial(fault);
    let reply = app.trigger(&call()).await;
    assert!(!format!("{reply:?}").contains("UPSTREAM-MARKER"), "{reply:?}");
    assert!(!format!("{reply:?}").contains("23125999"), "{reply:?}");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1, "one trigger is one dial: {reply:?}");
    reply
}

#[tokio::test]
async fn a_refusal_is_a_bad_gateway_that_says_what_to_do() {
    for (status, word, advice) in [
        (400, "invalid_parameters", "to_number"),
        (401, "invalid_api_key", "ELEVENLABS_API_KEY"),
        (401, "needs_authorization", "ELEVENLABS_AGENT_ID"),
        (401, "missing_permissions", "permission"),
        (401, "quota_exceeded", "credits"),
        (402, "payment_required", "credits"),
        (403, "forbidden", "plan"),
        (404, "agent_not_found", "ELEVENLABS_AGENT_ID"),
        (404, "phone_number_not_found", "agent_phone_number_id"),
        (404, "not_found", "ELEVENLABS_API_URL"),
        (405, "method_not_allowed", "ELEVENLABS_API_URL"),
        (409, "already_exists", "status page"),
        (410, "gone", "status page"),
        (422, "unprocessable", "agent_phone_number_id"),
    ] {
        let (_app, reply) = call_meeting(DialFault::NotPlaced(refusal(status, word))).await;
        let body = reply.assert_error(502, "API call failed");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(advice), "{status} {word}: {message}");
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    }
}

#[tokio::test]
async fn success_false_is_a_refusal_with_and_without_a_conversation() {
    let twilio = DialFault::Refused { message: MARKER.to_owned() };
    let sip = DialFault::FailedToConnect { message: MARKER.to_owned(), sip_status: 486 };
    for fault in [twilio, sip] {
        let (_app, reply) = call_meeting(fault).await;
        let body = reply.assert_error(502, "API call failed");
        assert!(body["message"].as_str().unwrap().contains("telephone provider"), "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let redirect = Answer::raw(StatusCode::TEMPORARY_REDIRECT, "text/plain", MARKER);
    let redirect = redirect.header("location", "/v1/convai/sip-trunk/outbound-call");
    let (_app, reply) = call_meeting(DialFault::NotPlaced(Fault::Answer(redirect))).await;
    reply.assert_error(502, "API call failed");
}

#[tokio::test]
async fn nobody_there_is_a_refusal_because_nothing_was_sent() {
    let app = Setup::new().await.set("ELEVENLABS_API_URL", "http://127.0.0.1:9").start().await;
    let body = app.trigger(&call()).await.assert_error(502, "API call failed");
    assert!(body["message"].as_str().unwrap().contains("could not be reached"), "{body}");
}

#[tokio::test]
async fn a_busy_line_says_when_to_try_again() {
    let busy = |retry_after: Option<&str>| {
        let body = json!({ "detail": { "status": "too_many_concurrent_requests", "message": MARKER } });
        let answer = Answer::json(StatusCode::TOO_MANY_REQUESTS, &body);
        DialFault::NotPlaced(Fault::Answer(match retry_after {
            Some(value) => {
                answer.header("retry-after", value).header("date", "Wed, 21 Oct 2026 07:28:00 GMT")
            }
            None => answer,
        }))
    };
    for (said, passed_on) in [
        (Some("20"), "20"),
        (Some("0"), "1"),
        (Some("86400"), "300"),
        (Some("99999999999999999999999"), "300"),
        (Some("soon"), "30"),
        (Some("Wed, 21 Oct 2026 07:28:20 GMT"), "20"),
        (None, "30"),
    ] {
        let (_app, reply) = call_meeting(busy(said)).await;
        reply.assert_error(429, "No free line");
        assert_eq!(reply.header("retry-after"), Some(passed_on), "{said:?}");
    }
}

#[tokio::test]
async fn a_call_of_which_nobody_can_tell_is_said_to_be_unknown() {
    let no_call = |answer| DialFault::NotPlaced(Fault::Answer(answer));
    let faults = [
        DialFault::Placed(refusal(500, "internal_error")),
        DialFault::Placed(refusal(502, "bad_gateway")),
        DialFault::NotPlaced(refusal(503, "service_unavailable")),
        DialFault::Placed(refusal(504, "timeout")),
        DialFault::NotPlaced(refusal(408, "timeout")),
        DialFault::Placed(Fault::Close),
        DialFault::NotPlaced(Fault::Close),
        DialFault::Placed(Fault::Hang),
        DialFault::Placed(Fault::broken_json()),
        DialFault::WithoutConversation,
        no_call(Answer::raw(StatusCode::OK, "text/html", format!("<h1>{MARKER}</h1>"))),
        no_call(Answer::raw(StatusCode::OK, "application/json", "")),
        no_call(Answer::json(StatusCode::OK, &json!([MARKER]))),
        no_call(Answer::json(StatusCode::OK, &json!({ "success": "true", "conversation_id": "conv_1" }))),
        no_call(Answer::json(StatusCode::OK, &json!({ "success": true, "conversation_id": "" }))),
        no_call(Answer::json(StatusCode::OK, &json!({ "success": true, "message": "x".repeat(300_000) }))),
        no_call(Answer::raw(StatusCode::NO_CONTENT, "application/json", "")),
    ];
    for fault in faults {
        let case = format!("{fault:?}");
        let setup = Setup::new().await.adjust(|config| {
            config.elevenlabs.dial_timeout = SHORT;
            config.store.duplicates.unknown_patience = Duration::from_millis(50);
        });
        let app = setup.start().await;
        // Not in the list yet, or never.
        app.sandbox.elevenlabs.hide_new_conversations();
        let reply = meet(&app, fault).await;
        let body = reply.assert_error(504, "Call outcome unknown");
        assert_eq!(body["call_status"], "unknown", "{case}");
        assert_eq!(body.as_object().unwrap().len(), 4, "{body}");
    }
}

#[tokio::test]
async fn every_trouble_of_the_sandbox_has_its_status_and_one_dial() {
    let app = Arc::new(app_with_short_dials().await);
    // 608 answers after three seconds, which is longer than these dials may take.
    let troubles: Vec<&Campaign> = CAMPAIGNS
        .iter()
        .filter(|campaign| campaign.section == Section::ElevenLabsTrouble && campaign.id != 608)
        .collect();
    let mut replies = JoinSet::new();
    for campaign in troubles.iter().copied() {
        let app = Arc::clone(&app);
        let trigger = with(call(), json!({ "campaign_id": campaign.id }));
        replies.spawn(async move { (campaign, app.trigger(&trigger).await) });
    }
    while let Some(done) = replies.join_next().await {
        let (campaign, reply) = done.unwrap();
        assert_eq!(reply.status, campaign.expected_status, "{campaign:?}: {reply:?}");
        let status = if reply.status == 200 { "success" } else { "error" };
        assert_eq!(reply.json()["status"], status);
    }
    let mut dials = BTreeMap::new();
    for dial in app.sandbox.elevenlabs.dials() {
        let variables = &dial.body["conversation_initiation_client_data"]["dynamic_variables"];
        *dials.entry(variables["campaign_id"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    let once: BTreeMap<_, _> = troubles.iter().map(|campaign| (campaign.id.to_string(), 1)).collect();
    assert_eq!(dials, once);
}

#[tokio::test]
async fn a_sip_call_may_ring_for_as_long_as_it_takes() {
    let app = TestApp::start().await;
    let picked_up = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(picked_up.clone())));
    let trigger = with(call(), json!({ "agent_phone_number_id": PHONE_NUMBER_SIP }));
    let reply = app.trigger(&trigger);
    let ring = async {
        app.sandbox.elevenlabs.wait_for_dials(1).await;
        // A ringing call does not hold up the service.
        assert_eq!(app.health().await.status, 200);
        picked_up.open();
    };
    let (reply, ()) = tokio::join!(reply, ring);
    assert_eq!(reply.assert_success()["conversation_id"], app.only_conversation().conversation_id);
}

#[tokio::test]
async fn after_a_refusal_the_same_trigger_may_call() {
    let app = app_with_short_dials().await;
    app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(refusal(402, "payment_required")));
    app.trigger(&call()).await.assert_error(502, "API call failed");
    let data = app.trigger(&call()).await.assert_success();
    assert_eq!(data["conversation_id"], Value::from(app.only_conversation().conversation_id));
}
