use super::support::*;
use crate::calls::store::*;

each_database!(
    finished_calls_are_forgotten_and_calls_in_flight_never,
    a_call_is_forgotten_by_its_age,
    the_oldest_calls_are_forgotten_first_and_no_more_than_asked_for,
    a_record_without_a_call_is_empty,
);

use CallState::{Claimed, Dialling, NotPlaced, Placed, Refused, Unknown};

async fn finished_calls_are_forgotten_and_calls_in_flight_never(db: &TestDatabase) {
    let store = db.store().await;
    let mut calls = Vec::new();
    for state in [Claimed, Dialling, Placed, Refused, Unknown, NotPlaced] {
        calls.push((state, store.in_state(&guard(), instance(), state).await));
    }
    assert_eq!(store.purge(at(10_000_000), 10).await, Ok(3));
    for (state, call_id) in calls {
        let kept = store.find(&call_id).await.expect("an answer").is_some();
        assert_eq!(kept, matches!(state, Claimed | Dialling | Unknown), "{state:?}");
    }
}

async fn a_call_is_forgotten_by_its_age(db: &TestDatabase) {
    let store = db.store().await;
    let call_id = store.in_state(&guard(), instance(), Placed).await;
    assert_eq!(store.purge(at(2), 10).await, Ok(0), "settled at that moment, not before");
    assert_eq!(store.record(&call_id).await.state, Placed);
    assert_eq!(store.purge(at(3), 10).await, Ok(1));
    assert_eq!(store.find(&call_id).await, Ok(None));
}

async fn the_oldest_calls_are_forgotten_first_and_no_more_than_asked_for(db: &TestDatabase) {
    let store = db.store().await;
    let mut calls = Vec::new();
    for _ in 0..5 {
        calls.push(store.in_state(&guard(), instance(), Placed).await);
    }
    for (removed, left) in [(2, 3), (2, 1), (1, 0), (0, 0)] {
        assert_eq!(store.purge(at(10_000_000), 2).await, Ok(removed));
        let mut kept = Vec::new();
        for call_id in &calls {
            kept.extend(store.find(call_id).await.expect("an answer").map(|record| record.call_id));
        }
        assert_eq!(kept, calls[calls.len() - left..]);
    }
}

async fn a_record_without_a_call_is_empty(db: &TestDatabase) {
    let store = db.store().await;
    assert_eq!(store.is_empty().await, Ok(true));
    store.wins(&guard(), instance(), at(0)).await;
    assert_eq!(store.is_empty().await, Ok(false));
}
