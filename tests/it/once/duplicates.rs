//! Without a key, campaign and number identify a trigger: whoever was just called is not called again.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault, PHONE_NUMBER_SIP};
use serde_json::json;

use crate::support::{Setup, TestApp, TestDatabase, call, each_database, with};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// How long a placed call guards against duplicates.
const WINDOW: Duration = Duration::from_mins(10);

async fn the_second_trigger_gets_the_first_one_s_answer_for_ten_minutes(database: TestDatabase) {
    let app = Setup::new().await.on(&database).start().await;
    let first = app.trigger(&call()).await;
    for since_the_call in [0, 1, 599] {
        app.clock.set(Duration::from_secs(since_the_call));
        let again = app.trigger(&call()).await;
        assert_eq!(again.text, first.text);
        assert!(again.is_replayed() && !first.is_replayed());
    }
    assert_eq!(first.conversation_id(), app.only_conversation().conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
    app.clock.set(WINDOW + SECOND);
    let anew = app.trigger(&call()).await;
    assert!(!anew.is_replayed());
    assert_ne!(anew.conversation_id(), first.conversation_id());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 2);
    // The window now belongs to the new call.
    app.clock.advance(9 * MINUTE);
    assert_eq!(app.trigger(&call()).await.conversation_id(), anew.conversation_id());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 2);
}

each_database!(the_second_trigger_gets_the_first_one_s_answer_for_ten_minutes);

#[tokio::test]
async fn another_spelling_is_the_same_person() {
    let app = TestApp::start().await;
    let first = app.trigger(&call()).await.conversation_id();
    for spelling in [
        json!({ "to_number": "030 23125001" }),
        json!({ "to_number": "+49 (0)30 23125-001" }),
        json!({ "to_number": "0049 30 23125001" }),
        json!({ "candidate_first_name": "MAX", "candidate_last_name": "Mustermann-Beispiel" }),
        json!({ "company_name": "Tech Startup" }),
        json!({ "campaign_id": "200", "applicant_id": 17 }),
        json!({ "agent_phone_number_id": PHONE_NUMBER_SIP }),
    ] {
        let reply = app.trigger(&with(call(), spelling)).await;
        assert_eq!(reply.conversation_id(), first, "{reply:?}");
        assert!(reply.is_replayed(), "{reply:?}");
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_replay_speaks_of_the_candidate_as_the_retry_does() {
    let app = TestApp::start().await;
    app.trigger(&call()).await.assert_success();
    let data = app.trigger(&with(call(), json!({ "candidate_first_name": "Maxi" }))).await.assert_success();
    assert_eq!(data["candidate"], "Maxi Mustermann");
    let first_message = data["first_message"].as_str().unwrap();
    assert!(first_message.starts_with("Guten Tag Maxi Mustermann, hier spricht"), "{first_message}");
}

#[tokio::test]
async fn another_campaign_and_another_number_are_other_calls() {
    let app = TestApp::start().await;
    let mut conversations = BTreeSet::from([app.trigger(&call()).await.conversation_id()]);
    for other in [json!({ "campaign_id": 201 }), json!({ "to_number": "+493023125002" })] {
        let reply = app.trigger(&with(call(), other)).await;
        assert!(!reply.is_replayed(), "{reply:?}");
        conversations.insert(reply.conversation_id());
    }
    assert_eq!(conversations.len(), 3);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

#[tokio::test]
async fn the_window_is_the_operator_s() {
    let app = Setup::new().await.set("DUPLICATE_CALL_WINDOW", "1h").start().await;
    app.trigger(&call()).await.assert_success();
    app.clock.advance(59 * MINUTE);
    assert!(app.trigger(&call()).await.is_replayed());
    app.clock.advance(2 * MINUTE);
    assert!(!app.trigger(&call()).await.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 2);
}

#[tokio::test]
async fn a_window_of_zero_guards_nothing_but_keys() {
    let app = Setup::new().await.set("DUPLICATE_CALL_WINDOW", "0").start().await;
    for dials in 1..=2 {
        assert!(!app.trigger(&call()).await.is_replayed());
        assert_eq!(app.sandbox.elevenlabs.dial_count(), dials);
    }
    app.trigger_with_key("a", &call()).await.assert_success();
    assert!(app.trigger_with_key("a", &call()).await.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

#[tokio::test]
async fn a_refusal_and_a_busy_line_free_the_candidate_at_once() {
    let app = TestApp::start().await;
    let refused = DialFault::Refused { message: "no".to_owned() };
    let failed = DialFault::FailedToConnect { message: "no".to_owned(), sip_status: 486 };
    let status = |status| DialFault::NotPlaced(Fault::status(status));
    let faults = [
        (refused, 502),
        (failed, 502),
        (status(StatusCode::UNAUTHORIZED), 502),
        (status(StatusCode::UNPROCESSABLE_ENTITY), 502),
        (status(StatusCode::TOO_MANY_REQUESTS), 429),
    ];
    let dials = faults.len() + 1;
    for (fault, answer) in faults {
        app.sandbox.elevenlabs.next_dial(fault);
        assert_eq!(app.trigger(&call()).await.status, answer);
    }
    assert!(!app.trigger(&call()).await.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), dials);
    assert!(app.trigger(&call()).await.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), dials);
}
