use super::support::*;
use crate::calls::store::*;

each_database!(
    every_settlement_is_taken_or_refused_as_the_table_says,
    a_dial_begins_only_from_a_claim_of_ones_own,
    a_dial_keeps_the_answer,
    a_link_keeps_its_end,
    a_placed_call_keeps_its_conversation,
    a_placed_call_found_later_says_what_it_had_been_taken_for,
    a_refusal_keeps_its_reason_and_its_pause,
    an_unknown_call_keeps_what_is_needed_to_look_for_it,
    a_call_nobody_knows_cannot_be_changed,
    a_call_found_late_holds_its_guard_again,
    a_call_found_late_takes_the_guard_from_a_claim_that_sent_nothing,
    a_call_found_late_takes_the_guard_even_if_that_was_interrupted,
    a_call_found_late_leaves_the_guard_to_a_call_that_may_have_been_sent,
    of_two_calls_found_late_at_once_one_holds_and_both_are_placed,
);

use CallState::{Claimed, Dialling, NotPlaced, Placed, Refused, Unknown};

const STATES: [CallState; 6] = [Claimed, Dialling, Placed, Refused, Unknown, NotPlaced];

async fn every_settlement_is_taken_or_refused_as_the_table_says(db: &TestDatabase) {
    let store = db.store().await;
    for (settlement, to, allowed_from) in [
        (placed(), Placed, &[Claimed, Dialling, Unknown, NotPlaced][..]),
        (refused(), Refused, &[Claimed, Dialling]),
        (unknown(), Unknown, &[Claimed, Dialling, Unknown]),
        (not_placed(), NotPlaced, &[Claimed, Dialling, Unknown]),
    ] {
        for from in STATES {
            let call_id = store.in_state(&guard(), instance(), from).await;
            let before = store.stored(&call_id).await;
            let changed = store.settles(&call_id, &settlement, at(9)).await;
            let after = store.stored(&call_id).await;
            assert_eq!(changed, allowed_from.contains(&from), "{from:?} to {to:?}");
            if changed {
                assert_eq!(after.record.state, to, "{from:?} to {to:?}");
                assert_eq!(after.holding, matches!(to, Placed | Unknown), "{from:?} to {to:?}");
                assert_eq!(after.settled_at, (to != Unknown).then_some(at(9)), "{from:?} to {to:?}");
            } else {
                assert_eq!(after, before, "{from:?} to {to:?}");
            }
        }
    }
}

async fn a_dial_begins_only_from_a_claim_of_ones_own(db: &TestDatabase) {
    let store = db.store().await;
    for from in STATES {
        let owner = instance();
        let call_id = store.in_state(&guard(), owner, from).await;
        let before = store.stored(&call_id).await;
        assert!(!store.dials(&call_id, instance(), at(9)).await, "{from:?}, another instance");
        assert_eq!(store.stored(&call_id).await, before);
        assert_eq!(store.dials(&call_id, owner, at(9)).await, from == Claimed, "{from:?}");
    }
}

async fn a_dial_keeps_the_answer(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.wins(&guard(), owner, at(0)).await;
    assert_eq!(store.begin_dial(&call_id, owner, at(5), &begun(&answer(), at(200)), at(40)).await, Ok(true));
    let StoredCall { record, lease_until, .. } = store.stored(&call_id).await;
    assert_eq!(record.answer, Some(answer()));
    assert_eq!(
        (record.state, record.dialled_at, record.settle_until, lease_until),
        (Dialling, Some(at(5)), Some(at(200)), at(40))
    );
}

async fn a_link_keeps_its_end(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let new = NewClaim { mode: Mode::Link, ..claim_of(&guard(), owner, at(0)) };
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    let link =
        StoredAnswer { questionnaire_age_seconds: None, link_expires_at: Some(at(604_800)), ..answer() };
    assert_eq!(store.begin_dial(&new.call_id, owner, at(0), &begun(&link, at(200)), at(30)).await, Ok(true));
    let made = Settlement::Placed { conversation_id: None };
    assert!(store.settles(&new.call_id, &made, at(0)).await);
    let record = store.record(&new.call_id).await;
    assert_eq!((record.mode, record.state, record.conversation_id), (Mode::Link, Placed, None));
    assert_eq!(record.answer, Some(link));
}

async fn a_placed_call_keeps_its_conversation(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    let call_id = store.in_state(&guard(), owner, Dialling).await;
    assert!(store.settles(&call_id, &placed(), at(8)).await);
    let StoredCall { record, settled_at, .. } = store.stored(&call_id).await;
    assert_eq!((record.conversation_id, settled_at), (Some(conversation()), Some(at(8))));
    assert_eq!(record.answer, Some(answer()), "as it was when the dial began");
}

async fn a_placed_call_found_later_says_what_it_had_been_taken_for(db: &TestDatabase) {
    let store = db.store().await;
    let call_id = store.in_state(&guard(), instance(), Unknown).await;
    assert!(store.settles(&call_id, &placed(), at(30)).await);
    let StoredCall { record, next_check_at, .. } = store.stored(&call_id).await;
    assert_eq!((record.state, record.outcome.as_deref()), (Placed, Some("timeout")));
    assert_eq!(next_check_at, None);
    assert_eq!(record.answer, Some(answer()));
}

async fn a_refusal_keeps_its_reason_and_its_pause(db: &TestDatabase) {
    let store = db.store().await;
    let call_id = store.in_state(&guard(), instance(), Refused).await;
    let record = store.record(&call_id).await;
    assert_eq!((record.outcome.as_deref(), record.retry_after_secs), (Some("busy"), Some(30)));
}

async fn an_unknown_call_keeps_what_is_needed_to_look_for_it(db: &TestDatabase) {
    let store = db.store().await;
    let call_id = store.in_state(&guard(), instance(), Dialling).await;
    let unknown = Settlement::Unknown { outcome: "http_503", settle_until: at(180), next_check_at: at(4) };
    assert!(store.settles(&call_id, &unknown, at(3)).await);
    let StoredCall { record, next_check_at, .. } = store.stored(&call_id).await;
    assert_eq!(record.outcome.as_deref(), Some("http_503"));
    assert_eq!((record.settle_until, next_check_at), (Some(at(180)), Some(at(4))));
}

async fn a_call_nobody_knows_cannot_be_changed(db: &TestDatabase) {
    let store = db.store().await;
    for settlement in [placed(), refused(), unknown(), not_placed()] {
        assert!(!store.settles(&new_id(), &settlement, at(0)).await);
    }
    assert!(!store.dials(&new_id(), instance(), at(0)).await);
    assert_eq!(store.find(&new_id()).await, Ok(None));
}

async fn a_call_found_late_holds_its_guard_again(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    let late = store.in_state(&guard, instance(), NotPlaced).await;
    assert!(store.settles(&late, &placed(), at(9)).await);
    assert_eq!(store.holder(&guard, at(10)).await.map(|held| held.call_id), Some(late));
}

async fn a_call_found_late_takes_the_guard_from_a_claim_that_sent_nothing(db: &TestDatabase) {
    let (store, guard, owner) = (db.store().await, guard(), instance());
    let late = store.in_state(&guard, instance(), NotPlaced).await;
    let next = store.wins(&guard, owner, at(9)).await;
    assert!(store.settles(&late, &placed(), at(10)).await);
    assert!(!store.dials(&next, owner, at(11)).await, "the candidate has been called");
    let superseded = store.record(&next).await;
    assert_eq!((superseded.state, superseded.outcome.as_deref()), (NotPlaced, Some("superseded")));
    assert_eq!(store.holder(&guard, at(11)).await, Some(store.record(&late).await));
}

async fn a_call_found_late_takes_the_guard_even_if_that_was_interrupted(db: &TestDatabase) {
    let (store, owner) = (db.store().await, instance());
    for statement in [statements::SUPERSEDE_CLAIM, statements::PLACED_LATE] {
        let guard = guard();
        let late = store.in_state(&guard, instance(), NotPlaced).await;
        let next = store.wins(&guard, owner, at(9)).await;
        // Whichever was the last to be written before the store, or the process, was gone.
        let values = match statement {
            statements::SUPERSEDE_CLAIM => values![&late, at(10)],
            _ => values![&late, Some(&conversation()), at(10)],
        };
        store.execute(statement, values).await.expect("an answer");
        assert!(store.settles(&late, &placed(), at(11)).await, "it is repeated");
        assert!(!store.dials(&next, owner, at(12)).await, "the candidate has been called");
        assert_eq!(store.holder(&guard, at(13)).await.map(|held| held.call_id), Some(late));
    }
}

async fn a_call_found_late_leaves_the_guard_to_a_call_that_may_have_been_sent(db: &TestDatabase) {
    let store = db.store().await;
    for state in [Dialling, Unknown, Placed] {
        let guard = guard();
        let late = store.in_state(&guard, instance(), NotPlaced).await;
        let next = store.in_state(&guard, instance(), state).await;
        assert!(store.settles(&late, &placed(), at(9)).await);
        let StoredCall { record, holding, .. } = store.stored(&late).await;
        assert_eq!((record.state, holding), (Placed, false), "the truth, without the guard");
        assert_eq!(record.conversation_id, Some(conversation()));
        assert_eq!(
            store.holder(&guard, at(10)).await.map(|held| (held.call_id, held.state)),
            Some((next, state))
        );
    }
}

async fn of_two_calls_found_late_at_once_one_holds_and_both_are_placed(db: &TestDatabase) {
    let instances = [db.store().await, db.store().await];
    for _ in 0..20 {
        let guard = guard();
        let late = [
            instances[0].in_state(&guard, instance(), NotPlaced).await,
            instances[0].in_state(&guard, instance(), NotPlaced).await,
        ];
        let (placed, claimed) = (placed(), claim_of(&guard, instance(), at(9)));
        let (first, second, _claim) = tokio::join!(
            instances[0].settle(&late[0], &placed, at(9)),
            instances[1].settle(&late[1], &placed, at(9)),
            instances[1].claim(&claimed)
        );
        assert_eq!((first, second), (Ok(true), Ok(true)));
        let mut holders = 0;
        for call_id in &late {
            let StoredCall { record, holding, .. } = instances[0].stored(call_id).await;
            assert_eq!(record.state, Placed);
            holders += u32::from(holding);
        }
        assert_eq!(holders, 1);
        assert!(!instances[1].dials(&claimed.call_id, claimed.owner, at(10)).await);
    }
}
