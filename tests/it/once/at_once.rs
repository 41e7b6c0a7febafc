//! Simultaneous duplicates: one dials, and the others wait for its answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::{Caller, Reply, Service, Setup, TestDatabase, call, each_database};

/// How many arrive at once.
const CALLERS: usize = 24;

const WAITING: &str = "duplicate trigger: waiting for the answer of call_id";

/// Sends the trigger this many times at once.
fn all_at_once(caller: &Caller, count: usize, trigger: &Value) -> JoinSet<Reply> {
    let mut replies = JoinSet::new();
    for _ in 0..count {
        let (caller, trigger) = (caller.clone(), trigger.clone());
        replies.spawn(async move { caller.trigger(&trigger).await });
    }
    replies
}

/// Sends them while the first is held up, and returns once all others are known to be waiting.
async fn all_waiting(service: &Service) -> JoinSet<Reply> {
    let replies = all_at_once(service, CALLERS, &call());
    service.program.stderr.wait_for_many(CALLERS - 1, WAITING).await;
    replies
}

async fn of_24_at_once_one_dials_and_all_get_its_answer(database: TestDatabase) {
    let app = Setup::new().await.on(&database).start().await;
    let replies = all_at_once(&app, CALLERS, &call()).join_all().await;
    let conversations: BTreeSet<_> = replies.iter().map(Reply::conversation_id).collect();
    assert_eq!(Vec::from_iter(conversations), [app.only_conversation().conversation_id]);
    assert_eq!(replies.iter().filter(|reply| !reply.is_replayed()).count(), 1);
    let texts: BTreeSet<_> = replies.iter().map(|reply| &reply.text).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

each_database!(of_24_at_once_one_dials_and_all_get_its_answer);

#[tokio::test]
async fn of_24_at_once_one_dials_in_memory_too() {
    of_24_at_once_one_dials_and_all_get_its_answer(TestDatabase::Memory).await;
}

#[tokio::test]
async fn while_one_dials_the_others_wait() {
    let service = Setup::new().await.launch().await;
    let gate = Gate::new();
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let mut replies = all_waiting(&service).await;
    assert!(replies.try_join_next().is_none(), "nobody is answered before the call is placed");
    gate.open();
    let conversations: BTreeSet<_> = replies.join_all().await.iter().map(Reply::conversation_id).collect();
    assert_eq!(conversations.len(), 1, "{conversations:?}");
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_refusal_and_a_busy_line_are_the_answer_of_all_who_waited() {
    let service = Setup::new().await.set("QUESTIONNAIRE_TTL", "0").launch().await;
    for (dials, status, answer, error) in [
        (1, StatusCode::PAYMENT_REQUIRED, 502, "API call failed"),
        (2, StatusCode::TOO_MANY_REQUESTS, 429, "No free line"),
    ] {
        let gate = Gate::new();
        // The first is held up before it dials: a dial that is held up would not be refused.
        service.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
        service.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(status)));
        let replies = all_at_once(&service, CALLERS, &call());
        service.program.stderr.wait_for_many(dials * (CALLERS - 1), WAITING).await;
        gate.open();
        let replies = replies.join_all().await;
        let texts: BTreeSet<_> = replies.iter().map(|reply| &reply.text).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        let pauses: BTreeSet<_> = replies.iter().map(|reply| reply.header("retry-after")).collect();
        assert_eq!(pauses.len(), 1, "{pauses:?}");
        replies[0].assert_error(answer, error);
        assert_eq!(service.sandbox.elevenlabs.dial_count(), dials, "one dial, not one for each");
    }
    service.trigger(&call()).await.assert_success();
}

#[tokio::test]
async fn who_waits_too_long_is_told_to_come_back() {
    let setup =
        Setup::new().await.adjust(|config| config.store.duplicates.patience = Duration::from_millis(300));
    let app = Arc::new(setup.start().await);
    for key in [None, Some("key")] {
        let gate = Gate::new();
        app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
        let dials = app.sandbox.elevenlabs.dial_count() + 1;
        let trigger = {
            let app = Arc::clone(&app);
            move || {
                let app = Arc::clone(&app);
                async move { app.trigger_with_optional_key(key, &call()).await }
            }
        };
        let first = tokio::spawn(trigger());
        app.sandbox.elevenlabs.wait_for_dials(dials).await;
        let told = trigger().await;
        told.assert_error(409, "Call in progress");
        let pause: u64 = told.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&pause), "{told:?}");
        assert!(!first.is_finished());
        gate.open();
        let first = first.await.unwrap();
        let again = trigger().await;
        assert_eq!(again.text, first.text);
        assert!(again.is_replayed());
        assert_eq!(app.sandbox.elevenlabs.dial_count(), dials);
    }
}
