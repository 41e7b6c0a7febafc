//! The provider that carries a number's calls is looked up once, and never at the cost of a call.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{
    Answer, Fault, Lookup, PHONE_NUMBER_EXOTEL, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO,
};
use serde_json::json;

use crate::support::{Setup, TestApp, call, with};

const TWILIO: &str = "/v1/convai/twilio/outbound-call";
const SIP: &str = "/v1/convai/sip-trunk/outbound-call";

/// A trigger for another candidate each time.
fn call_number(candidate: u32, from: &str) -> serde_json::Value {
    let to_number = format!("+4930231251{candidate:02}");
    with(call(), json!({ "to_number": to_number, "agent_phone_number_id": from }))
}

fn dialled_paths(app: &TestApp) -> Vec<String> {
    app.sandbox.elevenlabs.dials().into_iter().map(|dial| dial.path).collect()
}

#[tokio::test]
async fn each_number_is_looked_up_once_and_remembered() {
    let app = TestApp::start().await;
    for (candidate, from) in
        [PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO].iter().enumerate()
    {
        let candidate = u32::try_from(candidate).unwrap();
        app.trigger(&call_number(candidate, from)).await.assert_success();
    }
    assert_eq!(dialled_paths(&app), [SIP, TWILIO, SIP, TWILIO]);
    assert_eq!(app.number_lookups(), 2);
}

#[tokio::test]
async fn what_is_remembered_outlives_trouble() {
    let app = TestApp::start().await;
    app.trigger(&call_number(1, PHONE_NUMBER_SIP)).await.assert_success();
    app.sandbox.elevenlabs.always(Lookup::PhoneNumber, Fault::status(StatusCode::INTERNAL_SERVER_ERROR));
    app.trigger(&call_number(2, PHONE_NUMBER_SIP)).await.assert_success();
    assert_eq!(dialled_paths(&app), [SIP, SIP]);
}

#[tokio::test]
async fn a_look_up_that_fails_falls_back_to_twilio_and_is_not_remembered() {
    let faults = [
        Fault::status(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::status(StatusCode::FORBIDDEN),
        Fault::broken_json(),
        Fault::Close,
        Fault::Hang,
        Fault::Answer(Answer::json(StatusCode::OK, &json!({ "provider": 7 }))),
        Fault::Answer(Answer::json(StatusCode::OK, &json!([]))),
    ];
    for fault in faults {
        let case = format!("{fault:?}");
        let setup = Setup::new().await;
        let app =
            setup.adjust(|config| config.elevenlabs.lookup_timeout = Duration::from_secs(1)).start().await;
        app.sandbox.elevenlabs.always(Lookup::PhoneNumber, fault);
        app.trigger(&call_number(1, PHONE_NUMBER_TWILIO)).await.assert_success();
        app.trigger(&call_number(2, PHONE_NUMBER_TWILIO)).await.assert_success();
        assert_eq!(app.number_lookups(), 2, "{case}");
        app.sandbox.elevenlabs.heal(Lookup::PhoneNumber);
        app.trigger(&call_number(3, PHONE_NUMBER_SIP)).await.assert_success();
        assert_eq!(dialled_paths(&app), [TWILIO, TWILIO, SIP], "{case}");
    }
}

#[tokio::test]
async fn a_provider_without_an_endpoint_of_ours_is_refused_with_advice_and_not_remembered() {
    let app = TestApp::start().await;
    let reply = app.trigger(&call_number(1, PHONE_NUMBER_EXOTEL)).await;
    let body = reply.assert_error(502, "API call failed");
    assert!(body["message"].as_str().unwrap().contains("agent_phone_number_id"), "{body}");
    assert_eq!(dialled_paths(&app), [TWILIO]);
    app.sandbox
        .elevenlabs
        .set_phone_number(PHONE_NUMBER_EXOTEL, sellcruiting_webhook::sandbox::Provider::SipTrunk);
    app.trigger(&call_number(2, PHONE_NUMBER_EXOTEL)).await.assert_success();
    assert_eq!(dialled_paths(&app), [TWILIO, SIP]);
}
