//! Nothing is dialled without its claim, and nothing is dialled again because the store went away.

use std::time::Duration;

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};

use crate::support::{CALLED, Setup, TestApp, TestDatabase, Wire, call, link};

/// A server that does not exist.
const NOWHERE: &str = "postgres://user-marker:password-marker@127.0.0.1:1/database-marker?sslmode=disable";

#[tokio::test]
async fn a_database_that_is_not_there_stops_calls_and_nothing_else() {
    let service = Setup::new().await.set("DATABASE_URL", NOWHERE).launch().await;
    let (call, link) = (call(), link());
    let (called, keyed, link_keyed, ready, health, made) = tokio::join!(
        service.trigger(&call),
        service.trigger_with_key("key", &call),
        service.trigger_with_key("key", &link),
        service.get("/webhook/ready"),
        service.health(),
        service.trigger(&link),
    );
    for reply in [called, keyed, link_keyed] {
        let body = reply.assert_error(503, "Call store unavailable");
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
        let pause: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&pause), "{reply:?}");
    }
    let body = ready.assert_error(503, "Not ready");
    assert_eq!(body["message"], "The service cannot place calls at the moment", "no detail: {body}");
    assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["status"], "healthy");
    made.assert_success();

    assert_eq!(service.sandbox.elevenlabs.dial_count(), 0);
    // The one for the link; nothing was requested for the calls.
    assert_eq!(service.sandbox.hoc.requests().len(), 1);
    let said = service.program.stderr.wait_for("the call store failed").await;
    assert!(said.contains("ERROR") && said.contains("nobody is called"), "{said}");
    service
        .program
        .stderr
        .wait_for("the call store is not available: nobody is called until it is back")
        .await;
    let log = service.program.stderr.all().join("\n");
    for secret in ["password-marker", "user-marker", CALLED] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn a_service_with_its_store_is_ready() {
    let service = Setup::new().await.start().await;
    let ready = service.get("/webhook/ready").await;
    assert_eq!((ready.status, ready.json()), (200, serde_json::json!({ "status": "ready" })));
}

/// A service whose connection to PostgreSQL the test can cut.
async fn behind_a_wire() -> Option<(TestDatabase, Wire, Setup)> {
    let database = TestDatabase::postgres().await?;
    let wire = Wire::connect().await;
    let setup = Setup::new().await.set("DATABASE_URL", wire.url_of(&database));
    Some((database, wire, setup))
}

/// On a busy machine the tables take a while, and a trigger that comes before them is not dialled.
async fn wait_for_tables(app: &TestApp) {
    app.retry_with_key_until_success("tables", &link()).await;
}

#[tokio::test]
async fn a_store_that_goes_away_during_the_dial_changes_nothing_about_the_answer() {
    let Some((_database, mut wire, setup)) = behind_a_wire().await else { return };
    let app = setup.start().await;
    wait_for_tables(&app).await;
    let gate = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = app.caller();
    let first = tokio::spawn(async move { caller.trigger(&call()).await });
    app.sandbox.elevenlabs.wait_for_dials(1).await;
    wire.cut().await;
    gate.open();
    let first = first.await.unwrap();
    let conversation = app.only_conversation().conversation_id;
    assert_eq!(first.conversation_id(), conversation, "the truth, though it could not be written down");
    app.trigger(&call()).await.assert_error(503, "Call store unavailable");
    assert_eq!(app.get("/webhook/ready").await.status, 503);
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);

    wire.mend().await;
    let again = app.retry_until_success(&call()).await;
    assert_eq!(again.text, first.text);
    assert!(again.is_replayed());
    app.wait_until_ready().await;
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_store_that_goes_away_before_the_dial_prevents_it() {
    let Some((_database, mut wire, setup)) = behind_a_wire().await else { return };
    let app = setup.start().await;
    let gate = Gate::new();
    app.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let caller = app.caller();
    let first = tokio::spawn(async move { caller.trigger(&call()).await });
    app.sandbox.hoc.wait_for_requests(1).await;
    wire.cut().await;
    gate.open();
    first.await.unwrap().assert_error(503, "Call store unavailable");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);

    wire.mend().await;
    // Nothing was sent, so nobody waits for a lease.
    let again = app.retry_until_success(&call()).await;
    assert!(!again.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn an_instance_that_lost_the_store_for_good_is_settled_by_another() {
    let Some((database, mut wire, setup)) = behind_a_wire().await else { return };
    let one = setup.instance().await;
    wait_for_tables(&one).await;
    one.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Hang));
    let lost = tokio::spawn(one.post().json(&call()).send());
    one.sandbox.elevenlabs.wait_for_dials(1).await;
    wire.cut().await;
    let other = setup.on(&database).start().await;
    other.clock.advance(Duration::from_secs(16));
    let reply = other.retry_until_success(&call()).await;
    assert_eq!(reply.conversation_id(), other.only_conversation().conversation_id);
    assert_eq!(other.sandbox.elevenlabs.dial_count(), 1);
    one.kill().await;
    assert!(lost.await.unwrap().is_err());
}
