//! If nobody can tell whether a call was placed, ElevenLabs' list is consulted, and until it has answered, nobody is
//! called again.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{
    Answer, DialFault, Fault, Lookup, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Reply, Setup, TestApp, TestDatabase, call, until, with};

const SECOND: Duration = Duration::from_secs(1);

/// For how long a call could still appear: the telephone rings for a minute, and another minute is the margin.
const SETTLING: Duration = Duration::from_mins(2);

/// The timeout of a dial that hangs. The test waits for it, but on a busy machine a successful dial must not reach it.
const HANGING: Duration = Duration::from_secs(3);

/// The timeout of any other dial.
const LONG: Duration = Duration::from_mins(1);

/// Everything that leaves the outcome of a dial unknown.
fn troubles() -> Vec<Fault> {
    let status = |status| Fault::status(StatusCode::from_u16(status).unwrap());
    vec![
        Fault::Close,
        Fault::Hang,
        status(408),
        status(500),
        status(502),
        status(503),
        status(504),
        Fault::broken_json(),
        Fault::Answer(Answer::raw(StatusCode::OK, "text/html", "<h1>Gateway</h1>")),
    ]
}

/// A service with this timeout for dials, whose answers wait this long for an unknown outcome to be settled.
async fn app_with_patience(dial_timeout: Duration, patience: Duration) -> TestApp {
    let setup = Setup::new().await.adjust(move |config| {
        config.elevenlabs.dial_timeout = dial_timeout;
        config.store.duplicates.unknown_patience = patience;
    });
    setup.start().await
}

/// For tests in which nothing can be settled before the first answer.
async fn impatient_app(dial_timeout: Duration) -> TestApp {
    app_with_patience(dial_timeout, Duration::from_millis(300)).await
}

/// For tests in which it can.
async fn patient_app(dial_timeout: Duration) -> TestApp {
    app_with_patience(dial_timeout, Duration::from_secs(10)).await
}

/// Runs a case for each trouble and each kind of number, all concurrently, each on a service of its own.
async fn for_each_trouble<F>(
    app: impl AsyncFn(Duration) -> TestApp,
    case: impl Fn(TestApp, Fault, Value, String) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut cases = JoinSet::new();
    for from in [PHONE_NUMBER_TWILIO, PHONE_NUMBER_SIP] {
        for trouble in troubles() {
            let name = format!("{trouble:?} at {from}");
            let trigger = with(call(), json!({ "agent_phone_number_id": from }));
            let dial_timeout = if matches!(trouble, Fault::Hang) { HANGING } else { LONG };
            cases.spawn(case(app(dial_timeout).await, trouble, trigger, name));
        }
    }
    cases.join_all().await;
}

/// Repeats the trigger, whose outcome stays unknown, until the list was requested more than this many times. So much
/// time passes after each attempt: a lookup that was under way before schedules the next one only when it ends.
async fn unknown_until_the_list_is_requested(app: &TestApp, trigger: &Value, asked: usize, pass: Duration) {
    let requested = || async {
        if app.list_requests() > asked {
            return Some(());
        }
        app.trigger(trigger).await.assert_error(504, "Call outcome unknown");
        app.clock.advance(pass);
        None
    };
    until("the list is not requested", requested).await;
}

/// Repeats the trigger until its outcome is known. Time passes, for the same reason.
async fn settled(app: &TestApp, key: Option<&str>, trigger: &Value) -> Reply {
    let known = || async {
        let reply = app.trigger_with_optional_key(key, trigger).await;
        app.clock.advance(10 * SECOND);
        (reply.status != 504).then_some(reply)
    };
    let reply = until("never settled", known).await;
    reply.assert_success();
    reply
}

#[tokio::test]
async fn a_call_that_was_placed_is_found_in_time_for_the_answer() {
    for_each_trouble(patient_app, |app, trouble, trigger, name| async move {
        app.sandbox.elevenlabs.next_dial(DialFault::Placed(trouble));
        let reply = app.trigger(&trigger).await;
        assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id, "{name}");
        assert!(!reply.is_replayed(), "it is the first answer: {name}");
        let again = app.trigger(&trigger).await;
        assert_eq!(again.text, reply.text, "{name}");
        assert!(again.is_replayed(), "{name}");
        assert_eq!(app.sandbox.elevenlabs.dial_count(), 1, "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_call_that_shows_later_is_the_answer_of_the_retry() {
    for_each_trouble(impatient_app, |app, trouble, trigger, name| async move {
        app.sandbox.elevenlabs.hide_new_conversations();
        app.sandbox.elevenlabs.next_dial(DialFault::Placed(trouble));
        for _ in 0..2 {
            let reply = app.trigger(&trigger).await;
            let body = reply.assert_error(504, "Call outcome unknown");
            assert_eq!(body["call_status"], "unknown", "{name}");
            app.clock.advance(10 * SECOND);
        }
        app.sandbox.elevenlabs.release_conversations();
        app.clock.advance(10 * SECOND);
        let reply = settled(&app, None, &trigger).await;
        assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id, "{name}");
        assert!(reply.is_replayed(), "{name}");
        assert_eq!(app.sandbox.elevenlabs.dial_count(), 1, "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_call_that_was_never_placed_is_dialled_again_once_that_is_proved() {
    for_each_trouble(impatient_app, |app, trouble, trigger, name| async move {
        app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(trouble));
        app.trigger(&trigger).await.assert_error(504, "Call outcome unknown");
        // Counted before the time comes, because the list may be requested at once.
        let asked = app.list_requests();
        app.clock.set(Duration::from_secs(100));
        // Long enough for the list to be requested, in vain, and not so long that the call is given up.
        unknown_until_the_list_is_requested(&app, &trigger, asked, SECOND / 20).await;
        assert_eq!(app.sandbox.elevenlabs.dial_count(), 1, "{name}");
        app.clock.set(SETTLING);
        let reply = settled(&app, None, &trigger).await;
        assert!(!reply.is_replayed(), "{name}");
        assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id, "{name}");
        assert_eq!(app.sandbox.elevenlabs.dial_count(), 2, "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_list_that_cannot_be_read_proves_nothing() {
    let unreadable = [
        Fault::status(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::Close,
        Fault::broken_json(),
        Fault::Answer(Answer::json(StatusCode::OK, &json!({ "detail": "no list" }))),
    ];
    let mut cases = JoinSet::new();
    for fault in unreadable {
        let app = impatient_app(LONG).await;
        cases.spawn(async move {
            let name = format!("{fault:?}");
            app.sandbox.elevenlabs.always(Lookup::Listing, fault);
            app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Close));
            app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
            for _ in 0..3 {
                let asked = app.list_requests();
                app.clock.advance(SETTLING);
                unknown_until_the_list_is_requested(&app, &call(), asked, 10 * SECOND).await;
            }
            assert_eq!(app.sandbox.elevenlabs.dial_count(), 1, "{name}");
            app.sandbox.elevenlabs.heal(Lookup::Listing);
            app.clock.advance(SETTLING);
            let reply = settled(&app, None, &call()).await;
            assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id, "{name}");
            assert_eq!(app.sandbox.elevenlabs.dial_count(), 2, "{name}");
        });
    }
    cases.join_all().await;
}

#[tokio::test]
async fn a_call_that_was_placed_is_found_when_the_list_is_back_however_late() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.fail_listing(StatusCode::SERVICE_UNAVAILABLE);
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger_with_key("key", &call()).await.assert_error(504, "Call outcome unknown");
    app.clock.advance(60 * SETTLING);
    app.trigger_with_key("key", &call()).await.assert_error(504, "Call outcome unknown");
    app.sandbox.elevenlabs.heal(Lookup::Listing);
    app.clock.advance(SETTLING);
    let reply = settled(&app, Some("key"), &call()).await;
    assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn an_unknown_call_guards_its_key_as_it_guards_its_candidate() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.hide_new_conversations();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    for _ in 0..2 {
        app.trigger_with_key("key", &call()).await.assert_error(504, "Call outcome unknown");
    }
    let other = with(call(), json!({ "company_name": "Another GmbH" }));
    app.trigger_with_key("key", &other).await.assert_error(422, "Idempotency key reused");
    app.sandbox.elevenlabs.release_conversations();
    app.clock.advance(10 * SECOND);
    let reply = settled(&app, Some("key"), &call()).await;
    assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn who_waits_for_a_call_that_becomes_unknown_is_told_so() {
    let app = Arc::new(impatient_app(HANGING).await);
    app.sandbox.elevenlabs.hide_new_conversations();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Hang));
    let mut replies = JoinSet::new();
    for _ in 0..8 {
        let app = Arc::clone(&app);
        replies.spawn(async move { app.trigger(&call()).await });
    }
    for reply in replies.join_all().await {
        reply.assert_error(504, "Call outcome unknown");
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn other_candidates_are_called_while_one_is_unknown() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.fail_listing(StatusCode::SERVICE_UNAVAILABLE);
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    app.trigger(&with(call(), json!({ "to_number": "+493023125002" }))).await.assert_success();
    app.trigger(&with(call(), json!({ "campaign_id": 201 }))).await.assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

#[tokio::test]
async fn nobody_there_frees_the_candidate_at_once() {
    // A port on which nothing listens any more.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let app = Setup::new().await.set("ELEVENLABS_API_URL", format!("http://{closed}")).start().await;
    for key in [None, None, Some("key"), Some("key")] {
        let reply = app.trigger_with_optional_key(key, &call()).await;
        // If the trigger were still held, this would be a 504.
        let body = reply.assert_error(502, "API call failed");
        assert!(body["message"].as_str().unwrap().contains("could not be reached"), "{body}");
    }
}

/// As during trouble: somebody configures another agent, whose conversations tell nothing about the call.
#[tokio::test]
async fn a_call_is_looked_for_among_the_conversations_of_the_agent_that_was_asked() {
    let database = TestDatabase::sqlite_file();
    let setup = Setup::new().await.on(&database);
    let app = setup.instance().await;
    app.sandbox.elevenlabs.hide_new_conversations();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    app.stop().await;
    setup.sandbox.elevenlabs.set_agent(json!({ "agent_id": "agent_other" }));
    let setup = setup.set("ELEVENLABS_AGENT_ID", "agent_other");
    let app = setup.instance().await;
    app.sandbox.elevenlabs.release_conversations();
    app.clock.advance(SETTLING + 10 * SECOND);
    let reply = settled(&app, None, &call()).await;
    assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

/// As with the key of another workspace, whose list is just as empty.
#[tokio::test]
async fn nobody_is_called_again_where_the_agent_that_was_asked_is_not_known() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.hide_new_conversations();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    app.sandbox.elevenlabs.always(Lookup::Agent, Fault::status(StatusCode::NOT_FOUND));
    stays_unknown(&app).await;
    // First, because an empty list of an agent that is known proves that nobody was called.
    app.sandbox.elevenlabs.release_conversations();
    app.sandbox.elevenlabs.heal(Lookup::Agent);
    app.clock.advance(SETTLING);
    let reply = settled(&app, None, &call()).await;
    assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id);
}

/// As with a workspace that stores no conversations, or does not index what they are searched by.
#[tokio::test]
async fn a_list_that_does_not_show_what_was_placed_proves_nothing() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.hide_new_conversations();
    app.trigger(&with(call(), json!({ "campaign_id": 201 }))).await.assert_success();
    app.clock.advance(5 * SETTLING);
    app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Close));
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    stays_unknown(&app).await;
    app.sandbox.elevenlabs.release_conversations();
    app.clock.advance(SETTLING);
    settled(&app, None, &call()).await;
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3, "now the list can be believed");
}

/// Whoever knows that nobody was called has a way out, even if the list never proves it.
#[tokio::test]
async fn a_new_key_asks_for_another_call_whatever_became_of_the_first() {
    let app = impatient_app(LONG).await;
    app.sandbox.elevenlabs.fail_listing(StatusCode::SERVICE_UNAVAILABLE);
    for key in [None, Some("first")] {
        app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Close));
        let reply = app.trigger_with_optional_key(key, &call()).await;
        reply.assert_error(504, "Call outcome unknown");
    }
    app.clock.advance(60 * SETTLING);
    let reply = app.trigger_with_key("second", &call()).await;
    assert_eq!(reply.conversation_id(), app.only_conversation().conversation_id);
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    app.trigger_with_key("first", &call()).await.assert_error(504, "Call outcome unknown");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

/// The list is consulted, and shows nothing, after the time in which the call could appear.
async fn stays_unknown(app: &TestApp) {
    for _ in 0..3 {
        let asked = app.list_requests();
        app.clock.advance(SETTLING);
        unknown_until_the_list_is_requested(app, &call(), asked, 10 * SECOND).await;
    }
    app.trigger(&call()).await.assert_error(504, "Call outcome unknown");
}
