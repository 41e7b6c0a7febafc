//! More triggers than can be dialled at once: some wait, some are turned away, and nobody is called twice.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};
use tokio::task::JoinSet;

use crate::support::{Reply, Setup, TestApp, call_to};

/// How many are dialled at once in these tests.
const AT_ONCE: usize = 5;

async fn app() -> TestApp {
    Setup::new().await.with_metrics().set("MAX_CONCURRENT_DIALS", AT_ONCE.to_string()).start().await
}

/// An app that makes nobody wait for long.
async fn impatient_app() -> TestApp {
    let setup = Setup::new().await.set("MAX_CONCURRENT_DIALS", "1");
    setup.adjust(|config| config.dials.patience = Duration::from_millis(50)).start().await
}

/// Holds up every dial until the gate opens.
fn hold_dials(app: &TestApp) -> Gate {
    let gate = Gate::new();
    app.sandbox.elevenlabs.always_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    gate
}

/// Triggers for this many candidates at once.
fn triggers(app: &TestApp, count: usize) -> JoinSet<Reply> {
    let mut replies = JoinSet::new();
    for number in 0..count {
        let caller = app.caller();
        replies.spawn(async move { caller.trigger(&call_to(number)).await });
    }
    replies
}

async fn until_so_many_wait(app: &TestApp, count: usize) {
    let count = f64::from(u32::try_from(count).unwrap());
    app.scrape_until("sellcruiting_dials_waiting", count).await;
}

#[tokio::test]
async fn three_hundred_at_nine_are_called_a_few_at_a_time_and_health_answers_meanwhile() {
    let app = Setup::new().await.with_metrics().set("MAX_CONCURRENT_DIALS", "30").start().await;
    let gate = hold_dials(&app);
    let replies = triggers(&app, 300);
    until_so_many_wait(&app, 270).await;
    app.sandbox.elevenlabs.wait_for_dials(30).await;
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 30);
    assert_eq!(app.health().await.status, StatusCode::OK);
    gate.open();
    for reply in replies.join_all().await {
        reply.assert_success();
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 300);
    assert_eq!(app.sandbox.elevenlabs.conversations().len(), 300);
}

#[tokio::test]
async fn a_line_that_is_full_is_said_so_and_the_same_trigger_may_come_again() {
    let app = app().await;
    let gate = hold_dials(&app);
    let replies = triggers(&app, 11 * AT_ONCE);
    until_so_many_wait(&app, 10 * AT_ONCE).await;
    let too_many = app.trigger(&call_to(900)).await;
    too_many.assert_error(503, "Too many calls");
    assert_eq!(too_many.header("retry-after"), Some("5"));
    app.scrape().await.assert(&[
        (r#"sellcruiting_dials_held_back_total{reason="at_limit"}"#, 1.0),
        (r#"sellcruiting_triggers_total{mode="call",outcome="at_limit"}"#, 1.0),
    ]);
    gate.open();
    for reply in replies.join_all().await {
        reply.assert_success();
    }
    app.trigger(&call_to(900)).await.assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 11 * AT_ONCE + 1);
}

#[tokio::test]
async fn whoever_waits_too_long_is_not_called_then_or_later() {
    let app = impatient_app().await;
    let gate = hold_dials(&app);
    let first = triggers(&app, 1);
    app.sandbox.elevenlabs.wait_for_dials(1).await;
    app.trigger(&call_to(1)).await.assert_error(503, "Too many calls");
    gate.open();
    first.join_all().await.remove(0).assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
    app.trigger(&call_to(1)).await.assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 2);
}

#[tokio::test]
async fn a_key_whose_trigger_was_turned_away_may_be_used_again() {
    let app = impatient_app().await;
    let gate = hold_dials(&app);
    let first = triggers(&app, 1);
    app.sandbox.elevenlabs.wait_for_dials(1).await;
    app.trigger_with_key("key-1", &call_to(1)).await.assert_error(503, "Too many calls");
    gate.open();
    first.join_all().await.remove(0).assert_success();
    let called = app.trigger_with_key("key-1", &call_to(1)).await;
    called.assert_success();
    assert!(!called.is_replayed());
}

#[tokio::test]
async fn a_busy_elevenlabs_is_not_hammered_and_everybody_hears_when_to_come_again() {
    let app = app().await;
    let busy = Fault::status(StatusCode::TOO_MANY_REQUESTS);
    app.sandbox.elevenlabs.always_dial(DialFault::NotPlaced(busy));
    for number in 0..20 {
        let reply = app.trigger(&call_to(number)).await;
        reply.assert_error(429, "No free line");
        assert!(reply.header("retry-after").is_some(), "{reply:?}");
    }
    let dials = app.sandbox.elevenlabs.dial_count();
    // The pauses are 0, 1, 2, … seconds. On a slow machine, twenty triggers may take several of them.
    assert!((2..=6).contains(&dials), "{dials} dials for 20 triggers");
    let held_back = app.scrape().await.find(r#"sellcruiting_dials_held_back_total{reason="no_free_line"}"#);
    assert_eq!(held_back, Some(20.0 - f64::from(u32::try_from(dials).unwrap())));
}
