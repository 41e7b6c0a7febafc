use std::sync::Arc;

use tokio::sync::Barrier;

use super::support::*;
use crate::calls::store::*;

each_database!(
    of_fifty_parallel_claims_exactly_one_is_won,
    of_parallel_claims_after_the_window_exactly_one_is_won,
    a_claim_keeps_everything_it_was_given,
    guards_do_not_disturb_each_other,
    a_claim_in_flight_holds_its_guard_for_any_time,
    an_unknown_call_holds_its_guard_for_any_time,
    a_placed_call_holds_its_guard_until_its_window_is_over,
    a_call_that_is_found_after_its_window_guards_from_then_on,
    a_window_of_nothing_guards_only_what_is_in_flight,
    a_refused_call_frees_its_guard,
    a_call_that_was_not_placed_frees_its_guard,
    a_repeated_claim_is_won_again_until_it_is_given_up,
    a_call_id_that_was_used_before_is_an_error,
    a_key_stands_for_one_request_whatever_became_of_it,
    a_key_may_be_claimed_again_by_its_own_request,
    a_key_that_stood_for_two_requests_is_refused_to_both,
);

/// Makes claims at the same moment, alternating between two instances. Returns those that were won.
async fn race(db: &TestDatabase, guard: &GuardKey, claims: usize, seconds: i64) -> Vec<CallId> {
    let instances = [(db.store().await, instance()), (db.store().await, instance())];
    let start = Arc::new(Barrier::new(claims));
    let tasks: Vec<_> = (0..claims)
        .map(|n| {
            let (store, owner) = instances[n % 2].clone();
            let new = claim_of(guard, owner, at(seconds));
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                (store.claim(&new).await.expect("an answer"), new.call_id)
            })
        })
        .collect();
    let (mut won, mut holders) = (Vec::new(), Vec::new());
    for task in tasks {
        match task.await.expect("a task that ends") {
            (Claim::Won, call_id) => won.push(call_id),
            (Claim::Held(record), _) => holders.push(record.call_id),
        }
    }
    assert_eq!(won.len() + holders.len(), claims);
    assert!(holders.iter().all(|holder| won.contains(holder)), "the losers learn of the winner");
    won
}

async fn of_fifty_parallel_claims_exactly_one_is_won(db: &TestDatabase) {
    for _ in 0..5 {
        assert_eq!(race(db, &guard(), 50, 0).await.len(), 1);
    }
}

async fn of_parallel_claims_after_the_window_exactly_one_is_won(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    store.in_state(&guard, instance(), CallState::Placed).await;
    assert_eq!(race(db, &guard, 50, 602).await.len(), 1);
}

async fn a_claim_keeps_everything_it_was_given(db: &TestDatabase) {
    let store = db.store().await;
    let new = claim_of(&guard(), instance(), at(0));
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    let expected = CallRecord {
        call_id: new.call_id.clone(),
        fingerprint: new.fingerprint.clone(),
        mode: Mode::Call,
        campaign_id: new.campaign_id,
        state: CallState::Claimed,
        conversation_id: None,
        outcome: None,
        retry_after_secs: None,
        answer: None,
        claimed_at: at(0),
        dialled_at: None,
        settle_until: None,
        checks: 0,
        guarded_until: at(600),
        owner: new.owner,
        agent_id: None,
    };
    let stored = StoredCall {
        record: expected.clone(),
        guard: new.guard.as_str().to_owned(),
        holding: true,
        settled_at: None,
        next_check_at: None,
        lease_until: at(30),
    };
    assert_eq!(store.stored(&new.call_id).await, stored);
    assert_eq!(store.holder(&new.guard, at(1)).await, Some(expected));
}

async fn guards_do_not_disturb_each_other(db: &TestDatabase) {
    let store = db.store().await;
    for _ in 0..3 {
        store.wins(&guard(), instance(), at(0)).await;
    }
}

async fn a_claim_in_flight_holds_its_guard_for_any_time(db: &TestDatabase) {
    let store = db.store().await;
    for state in [CallState::Claimed, CallState::Dialling] {
        let guard = guard();
        let call_id = store.in_state(&guard, instance(), state).await;
        let holder = store.holder(&guard, at(1_000_000)).await.expect("a holder");
        assert_eq!((holder.call_id, holder.state), (call_id, state));
    }
}

async fn an_unknown_call_holds_its_guard_for_any_time(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    let call_id = store.in_state(&guard, instance(), CallState::Unknown).await;
    assert_eq!(store.holder(&guard, at(1_000_000)).await, Some(store.record(&call_id).await));
}

async fn a_placed_call_holds_its_guard_until_its_window_is_over(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    let call_id = store.in_state(&guard, instance(), CallState::Placed).await;
    assert_eq!(store.holder(&guard, at(601)).await, Some(store.record(&call_id).await));
    assert_eq!(store.holder(&guard, at(602)).await, None, "ten minutes after it was placed");
    let released = store.stored(&call_id).await;
    assert_eq!((released.record.state, released.holding), (CallState::Placed, false));
}

async fn a_call_that_is_found_after_its_window_guards_from_then_on(db: &TestDatabase) {
    for state in [CallState::Unknown, CallState::NotPlaced] {
        let (store, guard) = (db.store().await, guard());
        let call_id = store.in_state(&guard, instance(), state).await;
        assert_eq!(store.settle(&call_id, &placed(), at(900)).await, Ok(true));
        assert_eq!(store.holder(&guard, at(1_499)).await, Some(store.record(&call_id).await), "{state:?}");
        assert_eq!(store.holder(&guard, at(1_500)).await, None, "{state:?}");
    }
}

async fn a_window_of_nothing_guards_only_what_is_in_flight(db: &TestDatabase) {
    let (store, guard, owner) = (db.store().await, guard(), instance());
    let new = NewClaim { guarded_until: at(0), ..claim_of(&guard, owner, at(0)) };
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    assert!(store.dials(&new.call_id, owner, at(1)).await);
    assert_eq!(store.holder(&guard, at(2)).await.map(|held| held.state), Some(CallState::Dialling));
    assert!(store.settles(&new.call_id, &placed(), at(2)).await);
    assert_eq!(store.holder(&guard, at(2)).await, None);
}

async fn a_refused_call_frees_its_guard(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    store.in_state(&guard, instance(), CallState::Refused).await;
    assert_eq!(store.holder(&guard, at(2)).await, None);
}

async fn a_call_that_was_not_placed_frees_its_guard(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    store.in_state(&guard, instance(), CallState::NotPlaced).await;
    assert_eq!(store.holder(&guard, at(2)).await, None);
}

async fn a_repeated_claim_is_won_again_until_it_is_given_up(db: &TestDatabase) {
    let store = db.store().await;
    let new = claim_of(&guard(), instance(), at(0));
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    assert_eq!(store.claim(&new).await, Ok(Claim::Won), "the first answer may have been lost");
    assert!(store.dials(&new.call_id, new.owner, at(1)).await);
    let Ok(Claim::Held(held)) = store.claim(&new).await else {
        panic!("a call that is dialled is not claimed")
    };
    assert_eq!(held.call_id, new.call_id);
}

async fn a_call_id_that_was_used_before_is_an_error(db: &TestDatabase) {
    let store = db.store().await;
    let new = claim_of(&guard(), instance(), at(0));
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    let reused = NewClaim { guard: guard(), ..new };
    assert!(matches!(store.claim(&reused).await, Err(StoreError::Internal(_))));
}

async fn a_key_stands_for_one_request_whatever_became_of_it(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    for state in [
        CallState::Claimed,
        CallState::Dialling,
        CallState::Placed,
        CallState::Refused,
        CallState::Unknown,
        CallState::NotPlaced,
    ] {
        let guard = guard();
        let call_id = store.in_state(&guard, owner, state).await;
        let other = Fingerprint::from_digest([8; 32]);
        // Long after the call has freed its guard.
        let other = NewClaim { is_keyed: true, fingerprint: other, ..claim_of(&guard, owner, at(1_000_000)) };
        match store.claim(&other).await {
            Ok(Claim::Held(earlier)) => assert_eq!(earlier.call_id, call_id, "{state:?}"),
            won => panic!("{state:?}: {won:?}"),
        }
    }
}

async fn a_key_may_be_claimed_again_by_its_own_request(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    for state in [CallState::Placed, CallState::Refused, CallState::NotPlaced] {
        let guard = guard();
        store.in_state(&guard, owner, state).await;
        let again = NewClaim { is_keyed: true, ..claim_of(&guard, owner, at(1_000_000)) };
        assert_eq!(store.claim(&again).await, Ok(Claim::Won), "{state:?}");
    }
}

/// Two instances may each have admitted a request of their own, a moment apart.
async fn a_key_that_stood_for_two_requests_is_refused_to_both(db: &TestDatabase) {
    let (store, guard, owner) = (db.store().await, guard(), instance());
    let older = store.in_state(&guard, owner, CallState::Refused).await;
    let newer = Fingerprint::from_digest([8; 32]);
    let unkeyed = NewClaim { fingerprint: newer.clone(), ..claim_of(&guard, owner, at(1)) };
    assert_eq!(store.claim(&unkeyed).await, Ok(Claim::Won));
    assert!(store.settles(&unkeyed.call_id, &refused(), at(2)).await);
    for (fingerprint, in_its_way) in
        [(newer, older), (claim_of(&guard, owner, at(3)).fingerprint, unkeyed.call_id)]
    {
        let again = NewClaim { is_keyed: true, fingerprint, ..claim_of(&guard, owner, at(3)) };
        match store.claim(&again).await {
            Ok(Claim::Held(earlier)) => assert_eq!(earlier.call_id, in_its_way),
            other => panic!("{other:?}"),
        }
    }
}
