use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{advance, sleep};

use super::*;
use crate::domain::ConversationId;
use crate::elevenlabs::Refusal;

const LIMITS: DialLimits = DialLimits { at_once: 2, waiting: 3, patience: Duration::from_secs(10) };

fn placed() -> DialOutcome {
    DialOutcome::Placed { conversation_id: ConversationId::parse("conv_1").expect("an id") }
}

const BUSY: DialOutcome = DialOutcome::Busy { retry_after: None };

fn busy_for(seconds: u64) -> DialOutcome {
    DialOutcome::Busy { retry_after: Some(Duration::from_secs(seconds)) }
}

async fn dial(gate: &DialGate, outcome: &DialOutcome) -> Result<(), HeldBack> {
    gate.enter().await.map(|pass| pass.done(outcome))
}

const fn no_free_line(seconds: u64) -> Result<(), HeldBack> {
    Err(HeldBack::NoFreeLine { retry_after: Duration::from_secs(seconds) })
}

#[tokio::test(start_paused = true)]
async fn so_many_pass_at_once_and_the_others_in_the_order_they_came() {
    let gate = Arc::new(DialGate::new(LIMITS));
    let (first, _second) = (gate.enter().await.expect("a pass"), gate.enter().await.expect("a pass"));
    let passed = Arc::new(Mutex::new(Vec::new()));
    let mut line = JoinSet::new();
    for number in 1..=3 {
        let (waits, passed) = (Arc::clone(&gate), Arc::clone(&passed));
        line.spawn(async move {
            let pass = waits.enter().await.expect("a pass");
            passed.lock().expect("no panic").push(number);
            sleep(Duration::from_secs(1)).await;
            drop(pass);
        });
        while gate.waiting() < number {
            tokio::task::yield_now().await;
        }
    }
    assert!(passed.lock().expect("no panic").is_empty());
    drop(first);
    line.join_all().await;
    assert_eq!(*passed.lock().expect("no panic"), [1, 2, 3]);
    assert_eq!(gate.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_or_in_an_endless_line() {
    let gate = Arc::new(DialGate::new(LIMITS));
    let _passes = (gate.enter().await.expect("a pass"), gate.enter().await.expect("a pass"));
    let mut line = JoinSet::new();
    for _ in 0..LIMITS.waiting {
        let gate = Arc::clone(&gate);
        line.spawn(async move { dial(&gate, &placed()).await });
    }
    while gate.waiting() < LIMITS.waiting {
        tokio::task::yield_now().await;
    }
    let begin = Instant::now();
    let at_limit = Err(HeldBack::AtLimit { retry_after: WHILE_AT_LIMIT });
    assert_eq!(dial(&gate, &placed()).await, at_limit);
    assert_eq!(begin.elapsed(), Duration::ZERO, "the line is full");
    assert_eq!(line.join_all().await, [at_limit; LIMITS.waiting]);
    assert_eq!(begin.elapsed(), LIMITS.patience);
    assert_eq!(gate.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn while_no_line_is_free_one_at_a_time_tries_and_less_and_less_often() {
    let gate = DialGate::new(LIMITS);
    assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    let tries = gate.enter().await.expect("after one vain dial the next one tries at once");
    let placed = placed();
    let (waited, ()) = tokio::join!(dial(&gate, &placed), async { tries.done(&BUSY) });
    assert_eq!(waited, no_free_line(1), "whoever waited hears at once that it was in vain");
    for pause in [1, 2, 4, 8, 16, 30, 30] {
        assert_eq!(dial(&gate, &placed).await, no_free_line(pause));
        advance(Duration::from_secs(pause)).await;
        assert_eq!(dial(&gate, &BUSY).await, Ok(()), "after {pause} s one tries");
    }
    advance(LONGEST_PAUSE).await;
    assert_eq!(dial(&gate, &placed).await, Ok(()));
    let all = (gate.enter().await, gate.enter().await);
    assert!(all.0.is_ok() && all.1.is_ok(), "a placed call opens the gate again");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_the_one_that_tries_passes_after_it() {
    let gate = DialGate::new(LIMITS);
    assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    let tries = gate.enter().await.expect("a pass");
    let (placed, begin) = (placed(), Instant::now());
    let (waited, ()) = tokio::join!(dial(&gate, &placed), async { tries.done(&placed) });
    assert_eq!((waited, begin.elapsed()), (Ok(()), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_telephone_that_rings_long_holds_nobody_up() {
    let gate = DialGate::new(DialLimits { at_once: 4, ..LIMITS });
    assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    let _rings = gate.enter().await.expect("a pass");
    let begin = Instant::now();
    let _rings_too = gate.enter().await.expect("a pass");
    assert_eq!(begin.elapsed(), PROBE_TIME);
    let _and_another = gate.enter().await.expect("a pass");
    assert_eq!(begin.elapsed(), PROBE_TIME, "a line was free, so nobody waits any more");
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_refused_late_is_held_against_the_next() {
    let gate = DialGate::new(LIMITS);
    assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    let late = gate.enter().await.expect("a pass");
    advance(PROBE_TIME).await;
    assert_eq!(dial(&gate, &DialOutcome::Refused(Refusal::Unreachable)).await, Ok(()));
    late.done(&BUSY);
    let _probe = gate.enter().await.expect("a pass");
    let begin = Instant::now();
    let _next = gate.enter().await.expect("a pass");
    assert_eq!(begin.elapsed(), PROBE_TIME);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_was_busy_long_ago_holds_nobody_up() {
    for failures in [1, 2, 20] {
        let gate = DialGate::new(LIMITS);
        for _ in 0..failures {
            assert_eq!(dial(&gate, &BUSY).await, Ok(()));
            advance(LONGEST_PAUSE).await;
        }
        advance(MEMORY).await;
        let begin = Instant::now();
        let _rings = gate.enter().await.expect("a pass");
        assert!(gate.enter().await.is_ok());
        assert_eq!(begin.elapsed(), Duration::ZERO, "{failures}");
        assert_eq!(dial(&gate, &BUSY).await, Ok(()));
        assert!(gate.enter().await.is_ok(), "the first one counts as the first again");
    }
}

#[tokio::test(start_paused = true)]
async fn elevenlabs_own_pause_holds_up_to_half_a_minute() {
    for (said, kept) in [(5, 5), (300, 30)] {
        let gate = DialGate::new(LIMITS);
        for _ in 0..2 {
            assert_eq!(dial(&gate, &busy_for(said)).await, Ok(()));
        }
        assert_eq!(dial(&gate, &placed()).await, no_free_line(kept));
    }
}

#[tokio::test(start_paused = true)]
async fn dials_that_were_on_their_way_together_count_as_one() {
    let gate = DialGate::new(LIMITS);
    let (one, other) = (gate.enter().await.expect("a pass"), gate.enter().await.expect("a pass"));
    one.done(&BUSY);
    other.done(&BUSY);
    assert!(gate.enter().await.is_ok(), "no pause yet");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_on_its_way_before_does_not_open_the_gate() {
    let gate = DialGate::new(LIMITS);
    let early = gate.enter().await.expect("a pass");
    for _ in 0..2 {
        assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    }
    early.done(&placed());
    assert_eq!(dial(&gate, &placed()).await, no_free_line(1));
}

#[tokio::test(start_paused = true)]
async fn whoever_tries_and_learns_nothing_lets_the_next_one_try() {
    let gate = DialGate::new(LIMITS);
    assert_eq!(dial(&gate, &BUSY).await, Ok(()));
    drop(gate.enter().await.expect("a pass"));
    assert_eq!(dial(&gate, &DialOutcome::Refused(Refusal::Unreachable)).await, Ok(()));
    assert_eq!(dial(&gate, &placed()).await, Ok(()));
}
