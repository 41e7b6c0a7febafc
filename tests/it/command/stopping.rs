//! SIGTERM and similar signals: no new connections, calls in flight are finished and answered, then the process ends.

use std::time::{Duration, Instant};

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};

use crate::support::{
    Setup, TestDatabase, assert_refuses_connections, call, connect, each_database, link, ring_for_nobody,
};

const STOPPING: &str = "finishing what is in flight";

#[tokio::test]
async fn a_call_in_flight_is_finished_and_answered_and_no_new_one_comes_in() {
    for signal in ["TERM", "INT", "HUP"] {
        a_call_in_flight_outlasts(signal).await;
    }
}

async fn a_call_in_flight_outlasts(signal: &str) {
    let mut service = Setup::new().await.launch().await;
    let gate = Gate::new();
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = service.post().json(&call());
    let reply = tokio::spawn(caller.send());
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    service.program.signal(signal).await;
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
    let gate = ring_for_nobody(&service.sandbox, &service.url).await;
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
    // One connection that could be reused, and one on which nothing was ever sent.
    let silent = connect(&service.url).await.unwrap();
    assert_eq!(service.health().await.status, 200);
    let start = Instant::now();
    service.stop().await;
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(silent);
}

async fn what_was_finished_at_the_stop_is_the_next_process_s_answer(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let mut service = setup.process().await;
    let gate = Gate::new();
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = service.caller();
    let reply = tokio::spawn(async move { caller.trigger(&call()).await });
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    service.program.terminate().await;
    service.program.stderr.wait_for(STOPPING).await;
    // As in a deployment, the new process runs before the old one has ended.
    let next = setup.process().await;
    let caller = next.caller();
    let retry = tokio::spawn(async move { caller.trigger(&call()).await });
    gate.open();
    let (reply, retry) = (reply.await.unwrap(), retry.await.unwrap());
    assert!(service.program.ended().await.success());
    assert_eq!(retry.text, reply.text);
    assert!(retry.is_replayed() && !reply.is_replayed());
    assert_eq!(next.trigger(&call()).await.text, reply.text);
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

async fn what_outlasts_the_grace_is_settled_by_the_next_process_at_once(database: TestDatabase) {
    let setup = Setup::new().await.on(&database).set("SHUTDOWN_GRACE", "300ms");
    let mut service = setup.process().await;
    service.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::Hang));
    let cut_off = tokio::spawn(service.post().json(&call()).send());
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    service.program.terminate().await;
    service.program.ended().await;
    assert!(cut_off.await.unwrap().is_err(), "the connection was cut");
    let next = setup.process().await;
    let start = Instant::now();
    let retry = next.trigger(&call()).await;
    // It was handed over: nobody had to wait 15 s for the lease.
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    assert_eq!(retry.conversation_id(), setup.sandbox.elevenlabs.conversations()[0].conversation_id);
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}

each_database!(
    what_was_finished_at_the_stop_is_the_next_process_s_answer,
    what_outlasts_the_grace_is_settled_by_the_next_process_at_once,
);
