use std::time::Duration;

use tokio::time::Instant;

use super::super::pinger::Pinger;

#[test]
fn a_ping_is_due_every_two_seconds() {
    let now = Instant::now();
    let mut pinger = Pinger::new(now);
    assert_eq!(pinger.next_at, now + Duration::from_secs(2));
    pinger.sent(1, now + Duration::from_secs(3));
    assert_eq!(pinger.next_at, now + Duration::from_secs(5));
}

#[test]
fn an_answer_counts_once_and_gives_the_round_trip() {
    let now = Instant::now();
    let mut pinger = Pinger::new(now);
    pinger.sent(7, now);
    assert!(!pinger.answered(8, now));
    assert!(pinger.answered(7, now + Duration::from_millis(42)));
    assert_eq!(pinger.round_trip, Some(42));
    assert!(!pinger.answered(7, now));
}

#[test]
fn ten_pings_may_be_unanswered() {
    let now = Instant::now();
    let mut pinger = Pinger::new(now);
    assert!((1..=10).all(|id| pinger.sent(id, now)));
    assert!(!pinger.sent(11, now));
    assert!((1..=11).all(|id| pinger.answered(id, now)));
    assert!(pinger.sent(12, now));
}
