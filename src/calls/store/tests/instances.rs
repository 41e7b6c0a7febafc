use std::collections::BTreeSet;

use super::support::*;
use crate::calls::store::*;

each_database!(
    a_lease_that_is_renewed_does_not_lapse,
    a_lease_is_renewed_for_ones_own_calls_in_flight_only,
    a_claim_cannot_be_kept_alive_beyond_its_longest_time,
    a_dial_cannot_be_kept_alive_beyond_the_time_it_could_appear_in,
    a_stale_claim_is_given_up_and_its_dial_refused,
    a_lost_dial_is_taken_over_by_exactly_one_of_two_instances,
    a_lost_dial_is_looked_for_as_long_as_either_clock_says,
    a_dial_that_was_taken_over_and_then_times_out_is_looked_for_from_its_end,
    a_lost_instance_that_comes_back_can_still_say_that_it_placed_the_call,
    a_graceful_stop_leaves_everything_in_flight_to_the_others_at_once,
    an_unknown_call_is_due_when_its_time_has_come,
    an_unknown_call_of_another_instance_is_due_when_its_lease_has_lapsed,
    an_unknown_call_stays_with_an_instance_that_lives,
    two_instances_settle_more_unknown_calls_than_they_can_check_within_a_lease,
    an_unknown_call_of_another_instance_is_looked_for_by_the_clock_of_whoever_takes_it,
    a_lost_instance_that_comes_back_can_still_say_that_the_conversation_failed,
    due_calls_are_handed_out_oldest_first_and_no_more_than_asked_for,
    of_two_instances_each_unknown_call_goes_to_one,
    a_check_in_vain_is_postponed_by_its_owner_only,
    unknown_calls_are_counted,
    a_row_that_cannot_be_understood_does_not_hide_the_others,
);

use CallState::{Claimed, Dialling, NotPlaced, Placed, Refused, Unknown};

fn ids(records: &[CallRecord]) -> Vec<CallId> {
    records.iter().map(|record| record.call_id.clone()).collect()
}

async fn a_lease_that_is_renewed_does_not_lapse(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let claimed = store.in_state(&guard(), owner, Claimed).await;
    let dialling = store.in_state(&guard(), owner, Dialling).await;
    assert_eq!(store.renew_leases(owner, at(50)).await, Ok(2));
    assert_eq!(store.abandon_stale_claims(at(49)).await, Ok(vec![]));
    assert_eq!(store.take_over(instance(), at(49), at(80), at(200)).await, Ok(vec![]));
    assert_eq!(store.renew_leases(owner, at(45)).await, Ok(0), "a lease never shrinks");
    assert_eq!(store.stored(&claimed).await.lease_until, at(50));
    assert_eq!(store.stored(&dialling).await.lease_until, at(50));
}

async fn a_lease_is_renewed_for_ones_own_calls_in_flight_only(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    for state in [Placed, Refused, NotPlaced] {
        store.in_state(&guard(), owner, state).await;
    }
    for state in [Dialling, Unknown] {
        store.in_state(&guard(), instance(), state).await;
    }
    assert_eq!(store.renew_leases(owner, at(50)).await, Ok(0));
}

async fn a_claim_cannot_be_kept_alive_beyond_its_longest_time(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.in_state(&guard(), owner, Claimed).await;
    assert_eq!(store.renew_leases(owner, at(1_000)).await, Ok(1));
    assert_eq!(store.stored(&call_id).await.lease_until, at(60), "one minute after the claim");
    assert_eq!(store.renew_leases(owner, at(2_000)).await, Ok(0));
    assert_eq!(store.abandon_stale_claims(at(60)).await, Ok(vec![call_id]));
}

async fn a_dial_cannot_be_kept_alive_beyond_the_time_it_could_appear_in(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.in_state(&guard(), owner, Dialling).await;
    assert_eq!(store.renew_leases(owner, at(1_000)).await, Ok(1));
    assert_eq!(store.stored(&call_id).await.lease_until, at(200), "settle_until");
    assert_eq!(ids(&store.take_over(owner, at(200), at(230), at(200)).await.expect("an answer")), [call_id]);
}

async fn a_stale_claim_is_given_up_and_its_dial_refused(db: &TestDatabase) {
    let (store, guard, owner) = (db.store().await, guard(), instance());
    let call_id = store.wins(&guard, owner, at(0)).await;
    assert_eq!(store.abandon_stale_claims(at(29)).await, Ok(vec![]));
    assert_eq!(store.abandon_stale_claims(at(30)).await, Ok(vec![call_id.clone()]));
    assert!(!store.dials(&call_id, owner, at(31)).await, "the claim was lost");
    let StoredCall { record, settled_at, .. } = store.stored(&call_id).await;
    assert_eq!((record.state, record.outcome.as_deref()), (NotPlaced, Some("claim_abandoned")));
    assert_eq!(settled_at, Some(at(30)));
    assert_eq!(store.holder(&guard, at(31)).await, None);
}

async fn a_lost_dial_is_taken_over_by_exactly_one_of_two_instances(db: &TestDatabase) {
    let instances = [(db.store().await, instance()), (db.store().await, instance())];
    let (store, lost) = (&instances[0].0, instance());
    let mut dials = BTreeSet::new();
    for _ in 0..20 {
        dials.insert(store.in_state(&guard(), lost, Dialling).await);
    }
    assert_eq!(
        store.take_over(instances[0].1, at(30), at(60), at(200)).await,
        Ok(vec![]),
        "the lease has a second left"
    );
    let (first, second) = tokio::join!(
        instances[0].0.take_over(instances[0].1, at(31), at(61), at(200)),
        instances[1].0.take_over(instances[1].1, at(31), at(61), at(200))
    );
    let (first, second) = (first.expect("an answer"), second.expect("an answer"));
    assert_eq!(first.len() + second.len(), 20);
    assert_eq!(ids(&first).into_iter().chain(ids(&second)).collect::<BTreeSet<_>>(), dials);
    for (records, owner) in [(first, instances[0].1), (second, instances[1].1)] {
        for record in records {
            let stored = store.stored(&record.call_id).await;
            assert_eq!((record.state, record.owner, stored.holding), (Unknown, owner, true));
            assert_eq!((stored.next_check_at, stored.lease_until), (Some(at(31)), at(61)));
            assert_eq!(
                (record.settle_until, record.outcome.as_deref()),
                (Some(at(200)), Some("instance_lost"))
            );
            assert_eq!(stored.record, record);
        }
    }
}

async fn a_lost_dial_is_looked_for_as_long_as_either_clock_says(db: &TestDatabase) {
    let (store, lost, other) = (db.store().await, instance(), instance());
    for (said, until) in [(at(199), at(200)), (at(211), at(211))] {
        let call_id = store.in_state(&guard(), lost, Dialling).await;
        store.take_over(other, at(31), at(61), said).await.expect("an answer");
        assert_eq!(store.record(&call_id).await.settle_until, Some(until));
    }
}

/// The instance that was taken for lost is still dialling, and learns only later that it does not know the outcome.
async fn a_dial_that_was_taken_over_and_then_times_out_is_looked_for_from_its_end(db: &TestDatabase) {
    let (store, guard, slow) = (db.store().await, guard(), instance());
    let call_id = store.in_state(&guard, slow, Dialling).await;
    store.take_over(instance(), at(31), at(61), at(31)).await.expect("an answer");
    let unknown =
        |settle_until| Settlement::Unknown { outcome: "timeout", settle_until, next_check_at: at(121) };
    assert!(store.settles(&call_id, &unknown(at(260)), at(120)).await);
    let StoredCall { record, next_check_at, .. } = store.stored(&call_id).await;
    assert_eq!((record.state, record.settle_until, next_check_at), (Unknown, Some(at(260)), Some(at(121))));
    store.settles(&call_id, &unknown(at(150)), at(122)).await;
    assert_eq!(store.record(&call_id).await.settle_until, Some(at(260)), "it never shrinks");
}

async fn a_lost_instance_that_comes_back_can_still_say_that_it_placed_the_call(db: &TestDatabase) {
    let (store, guard, slow) = (db.store().await, guard(), instance());
    let call_id = store.in_state(&guard, slow, Dialling).await;
    assert_eq!(store.take_over(instance(), at(31), at(61), at(200)).await.expect("an answer").len(), 1);
    assert!(
        !store.settles(&call_id, &refused(), at(32)).await,
        "only proof frees what others are looking for"
    );
    assert!(store.settles(&call_id, &placed(), at(33)).await);
    assert_eq!(store.holder(&guard, at(34)).await.map(|held| held.state), Some(Placed));
}

async fn a_graceful_stop_leaves_everything_in_flight_to_the_others_at_once(db: &TestDatabase) {
    let (store, leaving, other) = (db.store().await, instance(), instance());
    let claimed = store.in_state(&guard(), leaving, Claimed).await;
    let dialling = store.in_state(&guard(), leaving, Dialling).await;
    let unknown = store.in_state(&guard(), leaving, Unknown).await;
    let placed = store.in_state(&guard(), leaving, Placed).await;
    let kept = store.in_state(&guard(), other, Dialling).await;
    assert_eq!(store.due_for_check(other, at(20), at(60), at(200), 10).await, Ok(vec![]));
    assert_eq!(store.release_leases(leaving, at(20)).await, Ok(3));
    assert_eq!(store.abandon_stale_claims(at(20)).await, Ok(vec![claimed]));
    assert_eq!(
        ids(&store.take_over(other, at(20), at(60), at(200)).await.expect("an answer")),
        std::slice::from_ref(&dialling)
    );
    let due = store.due_for_check(other, at(20), at(60), at(200), 10).await.expect("an answer");
    assert_eq!(ids(&due).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([dialling, unknown]));
    assert_eq!(store.stored(&placed).await.lease_until, at(31));
    assert_eq!(store.record(&kept).await.state, Dialling);
}

async fn an_unknown_call_is_due_when_its_time_has_come(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.in_state(&guard(), owner, Unknown).await;
    assert_eq!(store.due_for_check(owner, at(19), at(60), at(200), 10).await, Ok(vec![]));
    let due = store.due_for_check(owner, at(20), at(60), at(200), 10).await.expect("an answer");
    let stored = store.stored(&call_id).await;
    assert_eq!((due[0].owner, stored.lease_until), (owner, at(60)));
    assert_eq!(due, [stored.record]);
    assert!(store.settles(&call_id, &not_placed(), at(21)).await);
    assert_eq!(store.due_for_check(owner, at(90), at(120), at(200), 10).await, Ok(vec![]));
}

async fn an_unknown_call_of_another_instance_is_due_when_its_lease_has_lapsed(db: &TestDatabase) {
    let (store, owner, other) = (db.store().await, instance(), instance());
    let call_id = store.in_state(&guard(), owner, Unknown).await;
    assert_eq!(store.due_for_check(other, at(30), at(60), at(200), 10).await, Ok(vec![]), "leased until 31");
    let due = store.due_for_check(other, at(31), at(61), at(200), 10).await.expect("an answer");
    assert_eq!(ids(&due), std::slice::from_ref(&call_id));
    assert_eq!((due[0].owner, store.stored(&call_id).await.lease_until), (other, at(61)));
    assert_eq!(
        store.due_for_check(owner, at(32), at(62), at(200), 10).await,
        Ok(vec![]),
        "it is the other's now"
    );
}

async fn an_unknown_call_stays_with_an_instance_that_lives(db: &TestDatabase) {
    let (store, owner, other) = (db.store().await, instance(), instance());
    let call_id = store.in_state(&guard(), owner, Unknown).await;
    for second in [30, 250] {
        assert_eq!(store.renew_leases(owner, at(second + 30)).await, Ok(1));
        assert_eq!(store.due_for_check(other, at(second + 29), at(500), at(500), 10).await, Ok(vec![]));
    }
    assert_eq!(store.record(&call_id).await.settle_until, Some(at(200)));
    let due = store.due_for_check(other, at(280), at(310), at(480), 10).await.expect("an answer");
    assert_eq!(ids(&due), [call_id], "it is gone now");
}

/// As after an outage at ElevenLabs whose list is still slow: 5 checks a second for 110 calls, so that without its
/// lease each would change hands at each check.
async fn two_instances_settle_more_unknown_calls_than_they_can_check_within_a_lease(db: &TestDatabase) {
    let store = db.store().await;
    let instances = [instance(), instance()];
    for call in 0..110 {
        store.in_state(&guard(), instances[call % 2], Unknown).await;
    }
    for (turn, second) in (20..900).step_by(2).enumerate() {
        let (owner, now, lease_until) = (instances[turn % 2], at(second), at(second + 15));
        store.renew_leases(owner, lease_until).await.expect("an answer");
        let due = store.due_for_check(owner, now, lease_until, at(second + 195), 10).await;
        for call in due.expect("an answer") {
            if call.settle_until.is_some_and(|until| until <= now) {
                assert!(store.settles(&call.call_id, &not_placed(), now).await);
            } else {
                let next = at(second + 10);
                store.postpone_check(&call.call_id, owner, next, lease_until).await.expect("an answer");
            }
        }
    }
    assert_eq!(store.open_unknowns().await, Ok(0));
}

/// The other instance's clock may be minutes ahead, so that the call's time seems over at once.
async fn an_unknown_call_of_another_instance_is_looked_for_by_the_clock_of_whoever_takes_it(
    db: &TestDatabase,
) {
    let (store, owner, other) = (db.store().await, instance(), instance());
    let call_id = store.in_state(&guard(), owner, Unknown).await;
    let own = store.due_for_check(owner, at(20), at(30), at(400), 10).await.expect("an answer");
    assert_eq!(own[0].settle_until, Some(at(200)), "its own clock is the one that the time was taken from");
    let ahead = store.due_for_check(other, at(300), at(315), at(495), 10).await.expect("an answer");
    assert_eq!((&ahead[0].call_id, ahead[0].settle_until), (&call_id, Some(at(495))));
    let again = store.due_for_check(other, at(310), at(325), at(505), 10).await.expect("an answer");
    assert_eq!(again[0].settle_until, Some(at(495)));
    let behind = store.due_for_check(instance(), at(325), at(340), at(400), 10).await.expect("an answer");
    assert_eq!(behind[0].settle_until, Some(at(495)), "it never shrinks");
}

async fn a_lost_instance_that_comes_back_can_still_say_that_the_conversation_failed(db: &TestDatabase) {
    let (store, slow) = (db.store().await, instance());
    let failed = |conversation_id| Settlement::Failed { outcome: "provider_failed", conversation_id };
    for named in [Some(conversation()), None] {
        let guard = guard();
        let call_id = store.in_state(&guard, slow, Dialling).await;
        store.take_over(instance(), at(31), at(61), at(200)).await.expect("an answer");
        assert!(store.settles(&call_id, &placed(), at(32)).await, "it is in the list");
        let another = ConversationId::parse("conv_another");
        assert!(!store.settles(&call_id, &failed(another), at(33)).await, "that says nothing of this one");
        assert!(store.settles(&call_id, &failed(named), at(34)).await);
        let record = store.record(&call_id).await;
        assert_eq!((record.state, record.conversation_id), (Refused, None));
        assert_eq!(store.holder(&guard, at(35)).await, None, "the trigger may dial again");
        assert!(!store.settles(&call_id, &failed(None), at(36)).await);
    }
}

async fn due_calls_are_handed_out_oldest_first_and_no_more_than_asked_for(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let mut calls = Vec::new();
    for due in [15, 5, 10] {
        let call_id = store.in_state(&guard(), owner, Dialling).await;
        let unknown =
            Settlement::Unknown { outcome: "timeout", settle_until: at(200), next_check_at: at(due) };
        assert!(store.settles(&call_id, &unknown, at(2)).await);
        calls.push(call_id);
    }
    let due = store.due_for_check(owner, at(20), at(60), at(200), 2).await.expect("an answer");
    let expected = BTreeSet::from([calls[1].clone(), calls[2].clone()]);
    assert_eq!(ids(&due).into_iter().collect::<BTreeSet<_>>(), expected);
}

async fn of_two_instances_each_unknown_call_goes_to_one(db: &TestDatabase) {
    let instances = [(db.store().await, instance()), (db.store().await, instance())];
    let lost = instance();
    let mut unknown = BTreeSet::new();
    for _ in 0..20 {
        unknown.insert(instances[0].0.in_state(&guard(), lost, Unknown).await);
    }
    let (first, second) = tokio::join!(
        instances[0].0.due_for_check(instances[0].1, at(40), at(70), at(200), 100),
        instances[1].0.due_for_check(instances[1].1, at(40), at(70), at(200), 100)
    );
    let all: Vec<_> = [first, second].into_iter().flat_map(|due| ids(&due.expect("an answer"))).collect();
    assert_eq!(all.len(), 20, "none is handed out twice");
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), unknown);
}

async fn a_check_in_vain_is_postponed_by_its_owner_only(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.in_state(&guard(), owner, Unknown).await;
    assert_eq!(store.postpone_check(&call_id, instance(), at(40), at(70)).await, Ok(false));
    assert_eq!(store.postpone_check(&call_id, owner, at(40), at(70)).await, Ok(true));
    assert_eq!(store.postpone_check(&call_id, owner, at(50), at(80)).await, Ok(true));
    let stored = store.stored(&call_id).await;
    assert_eq!((stored.record.checks, stored.next_check_at, stored.lease_until), (2, Some(at(50)), at(80)));
    assert_eq!(store.due_for_check(owner, at(49), at(90), at(200), 10).await, Ok(vec![]));
    for state in [Claimed, Dialling, Placed, Refused, NotPlaced] {
        let call_id = store.in_state(&guard(), owner, state).await;
        assert_eq!(store.postpone_check(&call_id, owner, at(40), at(70)).await, Ok(false), "{state:?}");
    }
}

async fn unknown_calls_are_counted(db: &TestDatabase) {
    let store = db.store().await;
    for state in [Claimed, Dialling, Placed, Refused, Unknown, NotPlaced, Unknown] {
        store.in_state(&guard(), instance(), state).await;
    }
    assert_eq!(store.open_unknowns().await, Ok(2));
}

async fn a_row_that_cannot_be_understood_does_not_hide_the_others(db: &TestDatabase) {
    let (store, lost, owner) = (db.store().await, instance(), instance());
    let (guard_of_broken, guard_of_sound) = (guard(), guard());
    let broken = store.in_state(&guard_of_broken, lost, Dialling).await;
    assert_eq!(store.tamper("UPDATE calls SET fingerprint = 'nonsense'").await, 1);
    let sound = store.in_state(&guard_of_sound, lost, Dialling).await;
    assert_eq!(
        ids(&store.take_over(owner, at(31), at(61), at(200)).await.expect("an answer")),
        std::slice::from_ref(&sound)
    );
    assert_eq!(
        ids(&store.due_for_check(owner, at(31), at(61), at(200), 10).await.expect("an answer")),
        [sound]
    );
    let unreadable = StoreError::Unreadable { call_id: broken.to_string(), column: "fingerprint" };
    assert_eq!(store.find(&broken).await, Err(unreadable.clone()));
    assert_eq!(
        store.claim(&claim_of(&guard_of_broken, owner, at(32))).await,
        Err(unreadable),
        "it still holds"
    );
}
