//! SIGTERM: no new connections, calls in flight are finished and answered, then the process ends.

use std::time::{Duration, Instant};

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};

use crate::support::{Setup, call, connect, link, raw_trigger};

const STOPPING: &str = "finishing what is in flight";

/// Tries until a connection is refused; fails if that never comes.
async fn assert_refuses_connections(url: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while connect(url).await.is_ok() {
        assert!(Instant::now() < end, "connections are still accepted");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_in_flight_is_finished_and_answered_and_no_new_one_comes_in() {
    let mut service = Setup::new().await.launch().await;
    let gate = Gate::new();
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = service.post().json(&call());
    let reply = tokio::spawn(caller.send());
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    service.program.terminate().await;
    service.program.stderr.wait_for(STOPPING).await;
    assert_refuses_connections(&service.url).await;
    assert!(!reply.is_finished());
    gate.open();
    let reply = reply.await.unwrap().unwrap();
    assert_eq!(reply.status(), 200);
    let body: serde_json::Value = reply.json().await.unwrap();
    assert_eq!(body["data"]["call_status"], "initiated");
    assert_eq!(service.program.ended().await.code(), Some(0));
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_call_whose_caller_has_gone_is_finished_all_the_same() {
    let mut service = Setup::new().await.launch().await;
    let gate = Gate::new();
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let body = call().to_string();
    let mut caller = connect(&service.url).await.unwrap();
    let head = raw_trigger(&[&format!("content-length: {}", body.len())]);
    caller.write((head + &body).as_bytes()).await;
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    drop(caller);
    service.program.stderr.wait_for("caller went away").await;
    service.program.terminate().await;
    service.program.stderr.wait_for(STOPPING).await;
    gate.open();
    service.program.stderr.wait_for("call placed").await;
    assert_eq!(service.program.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_call_that_outlasts_the_grace_does_not_keep_the_process() {
    let mut service = Setup::new().await.set("SHUTDOWN_GRACE", "300ms").launch().await;
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Hang));
    let caller = tokio::spawn(service.post().json(&call()).send());
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    let start = Instant::now();
    service.program.terminate().await;
    service.program.stderr.wait_for("raise SHUTDOWN_GRACE").await;
    service.program.ended().await;
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    assert!(caller.await.unwrap().is_err(), "the connection was cut");
}

#[tokio::test]
async fn idle_connections_do_not_keep_the_process() {
    let mut service = Setup::new().await.launch().await;
    service.trigger(&link()).await.assert_success();
    // One connection that may be used again, and one on which nothing was ever sent.
    let silent = connect(&service.url).await.unwrap();
    assert_eq!(service.health().await.status, 200);
    let start = Instant::now();
    service.stop().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(silent);
}
