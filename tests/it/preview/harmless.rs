//! A preview dials nobody and stores nothing.

use reqwest::Method;

use crate::support::{Setup, TestDatabase, call, call_to, link};

/// How many calls the store has recorded.
fn stored(database: &TestDatabase) -> i64 {
    database.open_file().query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn nobody_is_dialled_nothing_is_stored_and_the_trigger_stays_free() {
    let database = TestDatabase::sqlite_file();
    let app = Setup::new().await.on(&database).start().await;
    for trigger in [call(), call(), link()] {
        let reply = app.preview(&trigger).await;
        reply.assert_success();
        assert!(!reply.is_replayed());
    }
    // A preview ignores the key, so it is still free afterwards.
    let with_key = app.post_preview().header("idempotency-key", "one").json(&call_to(2));
    app.send(with_key).await.assert_success();
    assert_eq!((app.sandbox.elevenlabs.dial_count(), stored(&database)), (0, 0));
    assert!(app.sandbox.elevenlabs.requests().iter().all(|request| request.method == Method::GET));

    for reply in [app.trigger(&call()).await, app.trigger_with_key("one", &call_to(3)).await] {
        reply.assert_success();
        assert!(!reply.is_replayed(), "{reply:?}");
    }
    app.preview(&call()).await.assert_success();
    assert_eq!((app.sandbox.elevenlabs.dial_count(), stored(&database)), (2, 2));
}

#[tokio::test]
async fn a_preview_needs_no_store() {
    let app = Setup::new().await.set("DATABASE_URL", "postgres://nobody@127.0.0.1:9/calls").start().await;
    app.preview(&call()).await.assert_success();
}
