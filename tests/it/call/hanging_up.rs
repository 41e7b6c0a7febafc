//! A caller that hangs up changes nothing about the call.

use sellcruiting_webhook::sandbox::{Fault, Gate};
use serde_json::json;

use crate::support::{Setup, call, connect, questionnaire, raw_call, ring_for_nobody, with};

const CALLER_WENT_AWAY: &str = "caller went away before the answer";

#[tokio::test]
async fn a_caller_that_hangs_up_during_the_dial_does_not_end_it() {
    let service = Setup::new().await.launch().await;
    let gate = ring_for_nobody(&service.sandbox, &service.url).await;
    service.program.stderr.wait_for(CALLER_WENT_AWAY).await;
    gate.open();
    // The service waited for the dial's outcome, or it could not report it.
    let line = service.program.stderr.wait_for("call placed").await;
    let conversations = service.sandbox.elevenlabs.conversations();
    assert_eq!(conversations.len(), 1);
    assert!(line.contains(&conversations[0].conversation_id), "{line}");
    let retry = service.trigger(&call()).await;
    assert_eq!(retry.conversation_id(), conversations[0].conversation_id);
    assert!(retry.is_replayed());
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_before_the_dial_does_not_prevent_it() {
    let service = Setup::new().await.launch().await;
    let gate = Gate::new();
    service.sandbox.hoc.set_questionnaire(7, &questionnaire());
    service.sandbox.hoc.always(7, Fault::HoldUntil(gate.clone()));
    let mut caller = connect(&service.url).await.unwrap();
    caller.write(&raw_call(&with(call(), json!({ "campaign_id": 7 })))).await;
    service.sandbox.hoc.wait_for_requests(1).await;
    drop(caller);
    service.program.stderr.wait_for(CALLER_WENT_AWAY).await;
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 0);
    gate.open();
    service.sandbox.elevenlabs.wait_for_dials(1).await;
    let line = service.program.stderr.wait_for("call placed").await;
    assert!(line.contains("\"questionnaire\":\"loaded\""), "{line}");
    let retry = service.trigger(&with(call(), json!({ "campaign_id": 7 }))).await;
    assert_eq!(retry.conversation_id(), service.sandbox.elevenlabs.conversations()[0].conversation_id);
    assert!(retry.is_replayed());
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_retry_while_the_first_trigger_s_call_is_still_placed_waits_for_it() {
    let app = Setup::new().await.with_metrics().start().await;
    let gate = ring_for_nobody(&app.sandbox, &app.url).await;
    let caller = app.caller();
    let retry = tokio::spawn(async move { caller.trigger(&call()).await });
    let waits = r#"sellcruiting_duplicate_triggers_total{mode="call",state="dialling"}"#;
    app.scrape_until(waits, 1.0).await;
    gate.open();
    let retry = retry.await.unwrap();
    assert_eq!(retry.conversation_id(), app.only_conversation().conversation_id);
    assert!(retry.is_replayed());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}
