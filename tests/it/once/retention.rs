//! Calls are forgotten after `CALL_RETENTION`, but never while they are in flight.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault, Lookup};
use serde_json::{Value, json};

use crate::support::{Reply, Setup, TestApp, TestDatabase, call, each_database, link, with};

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);

fn setup(setup: Setup, database: &TestDatabase) -> Setup {
    let setup = setup.on(database).set("CALL_RETENTION", "2d");
    setup.adjust(|config| config.store.duplicates.unknown_patience = Duration::from_millis(300))
}

/// The answer for a key, once its former request is forgotten. An instance cleans up at its start and once a minute.
async fn once_forgotten(app: &TestApp, key: &str, trigger: &Value) -> Reply {
    let start = Instant::now();
    loop {
        let reply = app.trigger_with_key(key, trigger).await;
        if reply.status != 422 || start.elapsed() > Duration::from_secs(10) {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn what_is_older_than_the_retention_is_forgotten(database: TestDatabase) {
    let setup = setup(Setup::new().await, &database);
    let app = setup.instance().await;
    app.trigger_with_key("call", &call()).await.assert_success();
    app.trigger_with_key("link", &link()).await.assert_success();
    app.clock.advance(DAY);
    app.trigger_with_key("younger", &call()).await.assert_success();
    app.stop().await;

    setup.clock.advance(DAY + MINUTE);
    let app = setup.instance().await;
    // Another request with the same key is an error for as long as the first one is remembered.
    let other = json!({ "company_name": "Another GmbH" });
    once_forgotten(&app, "call", &with(call(), other.clone())).await.assert_success();
    once_forgotten(&app, "link", &with(link(), other.clone())).await.assert_success();
    let younger = app.trigger_with_key("younger", &with(call(), other)).await;
    younger.assert_error(422, "Idempotency key reused");
    assert!(app.trigger_with_key("younger", &call()).await.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

async fn a_call_in_flight_is_never_forgotten(database: TestDatabase) {
    let setup = setup(Setup::new().await, &database);
    let app = setup.instance().await;
    // Placed, but nobody can tell as long as the list cannot be read.
    app.sandbox.elevenlabs.fail_listing(StatusCode::SERVICE_UNAVAILABLE);
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    app.trigger_with_key("key", &call()).await.assert_error(504, "Call outcome unknown");
    app.trigger_with_key("finished", &call()).await.assert_success();
    app.stop().await;

    setup.clock.advance(30 * DAY);
    let app = setup.instance().await;
    let other = with(call(), json!({ "company_name": "Another GmbH" }));
    once_forgotten(&app, "finished", &other).await.assert_success();
    app.trigger_with_key("key", &other).await.assert_error(422, "Idempotency key reused");
    app.trigger_with_key("key", &call()).await.assert_error(504, "Call outcome unknown");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);

    app.sandbox.elevenlabs.heal(Lookup::Listing);
    app.clock.advance(2 * MINUTE);
    let reply = app.retry_with_key_until_success("key", &call()).await;
    assert_eq!(reply.conversation_id(), app.sandbox.elevenlabs.conversations()[0].conversation_id);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 3);
}

each_database!(what_is_older_than_the_retention_is_forgotten, a_call_in_flight_is_never_forgotten);
