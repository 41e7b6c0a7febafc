//! Several instances on one database are one service, and the others take over for one that is lost.

use std::collections::BTreeSet;
use std::time::Duration;

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};
use tokio::task::JoinSet;

use super::LEASE;
use crate::support::{Reply, Setup, TestApp, TestDatabase, call, call_to, dials_by_number, each_database};

const SECOND: Duration = Duration::from_secs(1);

/// Sends the trigger to an instance that may not live to answer it.
fn send_to(app: &TestApp) -> tokio::task::JoinHandle<reqwest::Result<reqwest::Response>> {
    tokio::spawn(app.post().json(&call()).send())
}

/// The answer to the retry at another instance, if the lease of the first one lapses meanwhile.
async fn retried_beyond_the_lease(setup: &Setup, other: &TestApp) -> Reply {
    let caller = other.caller();
    let retry = tokio::spawn(async move { caller.retry_until_success(&call()).await });
    setup.clock.advance(LEASE + SECOND);
    retry.await.unwrap()
}

async fn forty_triggers_four_fold_at_two_instances_are_forty_dials(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let instances = [setup.instance().await, setup.instance().await];
    let mut replies = JoinSet::new();
    for number in 0..40 {
        for copy in 0..4 {
            let caller = instances[copy % 2].caller();
            replies.spawn(async move { (number, caller.trigger(&call_to(number)).await) });
        }
    }
    let answers: BTreeSet<_> =
        replies.join_all().await.iter().map(|(number, reply)| (*number, reply.conversation_id())).collect();
    assert_eq!(answers.len(), 40, "all four get the same conversation: {answers:?}");
    let dials = dials_by_number(&setup.sandbox);
    assert_eq!(dials.len(), 40);
    assert!(dials.values().all(|count| *count == 1), "{dials:?}");
}

/// The metric for a duplicate of a call that is being dialled.
const DUPLICATE_WAITS: &str = r#"sellcruiting_duplicate_triggers_total{mode="call",state="dialling"}"#;

async fn a_duplicate_at_another_instance_waits_for_the_one_that_dials(database: TestDatabase) {
    let setup = Setup::new().await.on(&database).with_metrics();
    let [one, other] = [setup.instance().await, setup.instance().await];
    let gate = Gate::new();
    setup.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let first = tokio::spawn({
        let caller = one.caller();
        async move { caller.trigger(&call()).await }
    });
    setup.sandbox.elevenlabs.wait_for_dials(1).await;
    let duplicate = tokio::spawn({
        let caller = other.caller();
        async move { caller.trigger(&call()).await }
    });
    // Its answer must come from the first: a dial of its own would not be held up.
    other.scrape_until(DUPLICATE_WAITS, 1.0).await;
    assert!(!duplicate.is_finished() && !first.is_finished());
    gate.open();
    let (first, duplicate): (Reply, Reply) = (first.await.unwrap(), duplicate.await.unwrap());
    assert_eq!(first.text, duplicate.text);
    assert!(duplicate.is_replayed() && !first.is_replayed());
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

async fn a_dial_whose_instance_is_lost_is_settled_by_another(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let [one, other] = [setup.instance().await, setup.instance().await];
    setup.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Hang));
    let lost = send_to(&one);
    setup.sandbox.elevenlabs.wait_for_dials(1).await;
    one.kill().await;
    assert!(lost.await.unwrap().is_err(), "nobody answers");
    let reply = retried_beyond_the_lease(&setup, &other).await;
    assert!(reply.is_replayed());
    assert_eq!(reply.conversation_id(), other.only_conversation().conversation_id);
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

async fn a_dial_that_got_lost_with_its_instance_is_made_again_once_that_is_proved(database: TestDatabase) {
    let setup = Setup::new()
        .await
        .on(&database)
        .adjust(|config| config.store.duplicates.unknown_patience = Duration::from_millis(300));
    let one = setup.instance().await;
    setup.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Hang));
    let lost = send_to(&one);
    setup.sandbox.elevenlabs.wait_for_dials(1).await;
    one.kill().await;
    assert!(lost.await.unwrap().is_err(), "nobody answers");

    setup.clock.advance(LEASE + SECOND);
    let other = setup.instance().await;
    other.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    // Whoever takes a dial over cannot know that its process is gone: it may still dial for 135 s, and the call may
    // appear 60 s after that.
    setup.clock.set(LEASE + Duration::from_secs(194));
    other.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
    setup.clock.set(LEASE + Duration::from_secs(230));
    let reply = other.retry_until_success(&call()).await;
    assert!(!reply.is_replayed());
    assert_eq!(reply.conversation_id(), other.only_conversation().conversation_id);
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 2);
}

async fn a_claim_whose_instance_is_lost_before_the_dial_is_free_after_the_lease(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let [one, other] = [setup.instance().await, setup.instance().await];
    setup.sandbox.hoc.next(Fault::Hang);
    let lost = send_to(&one);
    setup.sandbox.hoc.wait_for_requests(1).await;
    one.kill().await;
    assert!(lost.await.unwrap().is_err(), "nobody answers");
    let reply = retried_beyond_the_lease(&setup, &other).await;
    assert!(!reply.is_replayed(), "it was never dialled, so the retry dials");
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

async fn an_instance_that_stops_leaves_its_unknown_calls_to_the_others_at_once(database: TestDatabase) {
    let setup = Setup::new()
        .await
        .on(&database)
        .adjust(|config| config.store.duplicates.unknown_patience = Duration::from_millis(300));
    let one = setup.instance().await;
    setup.sandbox.elevenlabs.hide_new_conversations();
    setup.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Close));
    one.trigger(&call()).await.assert_error(504, "Call outcome unknown");
    one.stop().await;
    setup.sandbox.elevenlabs.release_conversations();
    // Far less than the lease.
    setup.clock.advance(2 * SECOND);
    let other = setup.instance().await;
    let reply = other.retry_until_success(&call()).await;
    assert_eq!(reply.conversation_id(), other.only_conversation().conversation_id);
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

each_database!(
    forty_triggers_four_fold_at_two_instances_are_forty_dials,
    a_duplicate_at_another_instance_waits_for_the_one_that_dials,
    a_dial_whose_instance_is_lost_is_settled_by_another,
    a_dial_that_got_lost_with_its_instance_is_made_again_once_that_is_proved,
    a_claim_whose_instance_is_lost_before_the_dial_is_free_after_the_lease,
    an_instance_that_stops_leaves_its_unknown_calls_to_the_others_at_once,
);
