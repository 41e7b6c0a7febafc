use std::time::Instant;

use super::*;

fn conversations(sandbox: &Sandbox) -> usize {
    sandbox.elevenlabs.conversations().len()
}

#[tokio::test]
async fn a_refusal_by_campaign_places_nothing() {
    let sandbox = sandbox().await;
    for (campaign_id, status, legacy) in [
        (401, 401, "invalid_api_key"),
        (402, 401, "quota_exceeded"),
        (429, 429, "too_many_concurrent_requests"),
        (604, 503, "service_unavailable"),
    ] {
        let (actual, body) = answer(dial(&sandbox, &call_for_campaign(campaign_id))).await;
        assert_eq!((actual.as_u16(), &body["detail"]["status"]), (status, &json!(legacy)), "{campaign_id}");
    }
    let busy = dial(&sandbox, &call_for_campaign(429)).send().await.unwrap();
    assert_eq!(busy.headers()["retry-after"], "20");
    let (status, body) = answer(dial(&sandbox, &call_for_campaign(422))).await;
    assert_eq!(status, 422);
    assert!(body["detail"].is_array());
    assert_eq!(conversations(&sandbox), 0);
}

#[tokio::test]
async fn the_campaign_may_be_a_string_of_digits() {
    let sandbox = sandbox().await;
    assert_eq!(answer(dial(&sandbox, &call_for_campaign("429"))).await.0, 429);
}

#[tokio::test]
async fn success_false_comes_without_and_with_a_conversation() {
    let sandbox = sandbox().await;
    let (status, body) = answer(dial(&sandbox, &call_for_campaign(600))).await;
    assert_eq!((status.as_u16(), &body["success"]), (200, &json!(false)));
    assert!(body["conversation_id"].is_null() && body["callSid"].is_null());
    assert!(body["message"].as_str().unwrap().contains("+493023125999"), "a number that must not leak");
    assert_eq!(conversations(&sandbox), 0);

    let (status, body) = answer(dial(&sandbox, &call_for_campaign(601))).await;
    assert_eq!((status.as_u16(), &body["success"]), (200, &json!(false)));
    assert_eq!(body["conversation_id"], "conv_sandbox_0001");
    let (_, record) = answer(get(&sandbox, "/v1/convai/conversations/conv_sandbox_0001")).await;
    assert_eq!(record["status"], "failed");
    assert_eq!(record["metadata"]["error"]["code"], 404);
}

#[tokio::test]
async fn a_call_may_be_placed_although_the_answer_says_nothing_of_it() {
    let sandbox = sandbox().await;
    assert_eq!(answer(dial(&sandbox, &call_for_campaign(602))).await.0, 500);
    assert_eq!(conversations(&sandbox), 1);

    assert_closed(dial(&sandbox, &call_for_campaign(603))).await;
    assert_eq!(conversations(&sandbox), 2);

    let broken = dial(&sandbox, &call_for_campaign(605)).send().await.unwrap();
    assert_eq!(broken.status(), 200);
    assert!(serde_json::from_slice::<Value>(&broken.bytes().await.unwrap()).is_err());
    assert_eq!(conversations(&sandbox), 3);

    let (status, body) = answer(dial(&sandbox, &call_for_campaign(606))).await;
    assert_eq!((status.as_u16(), &body["success"]), (200, &json!(true)));
    assert!(body["conversation_id"].is_null());
    assert_eq!(conversations(&sandbox), 4);

    let hanging = tokio::spawn(dial(&sandbox, &call_for_campaign(607)).send());
    sandbox.elevenlabs.wait_for_dials(5).await;
    assert_hangs(hanging).await;
    assert_eq!(conversations(&sandbox), 5);
    assert_eq!(sandbox.elevenlabs.dial_count(), 5, "the client repeats nothing");
}

#[tokio::test]
async fn a_slow_call_is_placed_and_answered_late() {
    let sandbox = sandbox().await;
    let started = Instant::now();
    let slow = tokio::spawn(answer(dial(&sandbox, &call_for_campaign(608))));
    sandbox.elevenlabs.wait_for_dials(1).await;
    assert_eq!(conversations(&sandbox), 1);
    let (status, body) = slow.await.unwrap();
    assert_eq!((status.as_u16(), &body["conversation_id"]), (200, &json!("conv_sandbox_0001")));
    assert!(started.elapsed() >= Duration::from_secs(3));
}

#[tokio::test]
async fn queued_faults_come_before_lasting_ones_and_those_before_the_campaign() {
    let sandbox = sandbox().await;
    let with = |status| DialFault::NotPlaced(Fault::status(status));
    sandbox.elevenlabs.always_dial(with(StatusCode::BAD_GATEWAY));
    sandbox.elevenlabs.next_dial(with(StatusCode::CONFLICT));
    sandbox.elevenlabs.next_dial(with(StatusCode::GATEWAY_TIMEOUT));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(answer(dial(&sandbox, &call_for_campaign(429))).await.0.as_u16());
    }
    assert_eq!(seen, [409, 504, 502, 502]);
    sandbox.elevenlabs.next_dial(with(StatusCode::CONFLICT));
    sandbox.elevenlabs.heal_dials();
    assert_eq!(answer(dial(&sandbox, &call_for_campaign(429))).await.0, 429);
    assert_eq!(answer(dial(&sandbox, &call())).await.0, 200);
}

#[tokio::test]
async fn a_malformed_dial_uses_up_no_fault() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Close));
    assert_eq!(answer(dial(&sandbox, &json!({}))).await.0, 422);
    assert_closed(dial(&sandbox, &call())).await;
    assert_eq!(conversations(&sandbox), 0);
}

#[tokio::test]
async fn a_fault_that_lets_the_usual_answer_through_does_not_report_a_call_that_was_not_placed() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::Slow(Duration::from_millis(1))));
    assert_eq!(answer(dial(&sandbox, &call())).await.0, 503);
    assert_eq!(conversations(&sandbox), 0);
}

#[tokio::test]
async fn a_held_dial_has_placed_the_call_and_answers_once_the_gate_opens() {
    let sandbox = sandbox().await;
    let gate = Gate::new();
    sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let held = tokio::spawn(answer(dial(&sandbox, &call())));
    assert_eq!(sandbox.elevenlabs.wait_for_dials(1).await.len(), 1);
    assert_eq!(conversations(&sandbox), 1);
    // Another call overtakes the waiting one.
    assert_eq!(answer(dial(&sandbox, &call())).await.1["conversation_id"], "conv_sandbox_0002");
    assert!(!held.is_finished());
    gate.open();
    let (status, body) = held.await.unwrap();
    assert_eq!((status.as_u16(), &body["conversation_id"]), (200, &json!("conv_sandbox_0001")));
}

#[tokio::test]
async fn a_gate_that_is_open_already_holds_nobody() {
    let sandbox = sandbox().await;
    let gate = Gate::new();
    gate.open();
    sandbox.hoc.always(200, Fault::HoldUntil(gate));
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 200);
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 200);
}
