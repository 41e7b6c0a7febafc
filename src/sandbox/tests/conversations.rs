use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;

const LIST: &str = "/v1/convai/conversations";

/// A sandbox whose clock the test sets.
async fn with_clock() -> (Sandbox, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(NOW));
    let shared = Arc::clone(&clock);
    (Sandbox::start_with(move || shared.load(Ordering::SeqCst)).await.unwrap(), clock)
}

/// Places a call with its own call id.
async fn place(sandbox: &Sandbox, call_id: impl Into<Value>) {
    let mut body = call();
    let data = &mut body["conversation_initiation_client_data"];
    data["user_id"] = json!("user_1");
    data["dynamic_variables"]["call_id"] = call_id.into();
    assert_eq!(answer(dial(sandbox, &body)).await.0, 200);
}

/// The last parts of the listed ids.
async fn listed(sandbox: &Sandbox, query: &str) -> Vec<String> {
    let (status, body) = answer(get(sandbox, &format!("{LIST}{query}"))).await;
    assert_eq!(status, 200, "{body}");
    ids(&body)
}

fn ids(body: &Value) -> Vec<String> {
    let rows = body["conversations"].as_array().unwrap().iter();
    rows.map(|row| row["conversation_id"].as_str().unwrap().replace("conv_sandbox_", "")).collect()
}

#[tokio::test]
async fn the_newest_come_first() {
    let (sandbox, clock) = with_clock().await;
    place(&sandbox, "a").await;
    clock.store(NOW + 10, Ordering::SeqCst);
    place(&sandbox, "b").await;
    place(&sandbox, "c").await;
    clock.store(NOW - 10, Ordering::SeqCst);
    place(&sandbox, "d").await;
    assert_eq!(listed(&sandbox, "").await, ["0003", "0002", "0001", "0004"]);
}

#[tokio::test]
async fn a_row_tells_the_status_and_why_it_ended() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.allow_overrides(&[]);
    place(&sandbox, "a").await;
    let (_, body) = answer(get(&sandbox, LIST)).await;
    let row = &body["conversations"][0];
    assert_eq!(row["agent_id"], AGENT_ID);
    assert_eq!(row["status"], "failed");
    assert_eq!(row["direction"], "outbound");
    assert_eq!(row["start_time_unix_secs"], NOW);
    assert_eq!(row["termination_reason"], "Override for field 'first_message' is not allowed by config.");
    assert_eq!((&body["has_more"], &body["next_cursor"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn filters_are_combined() {
    let (sandbox, clock) = with_clock().await;
    place(&sandbox, "a:1").await;
    clock.store(NOW + 10, Ordering::SeqCst);
    place(&sandbox, 7).await;
    let variable = "dynamic_variable_params=call_id:eq:";
    for (query, expected) in [
        (format!("?agent_id={AGENT_ID}"), vec!["0002", "0001"]),
        ("?agent_id=agent_other".to_owned(), vec![]),
        ("?user_id=user_1".to_owned(), vec!["0002", "0001"]),
        ("?user_id=user_2".to_owned(), vec![]),
        (format!("?call_start_after_unix={}", NOW - 1), vec!["0002", "0001"]),
        (format!("?call_start_after_unix={NOW}"), vec!["0002"]),
        (format!("?call_start_before_unix={}", NOW + 10), vec!["0001"]),
        (format!("?{variable}7"), vec!["0002"]),
        (format!("?{variable}a%3A1"), vec!["0001"]),
        (format!("?{variable}a"), vec![]),
        (format!("?{variable}7&dynamic_variable_params=campaign_id:eq:200"), vec!["0002"]),
        (format!("?{variable}7&dynamic_variable_params=campaign_id:eq:201"), vec![]),
        ("?dynamic_variable_params=final:eq:true".to_owned(), vec!["0002", "0001"]),
        ("?dynamic_variable_params=unknown:eq:7".to_owned(), vec![]),
        (format!("?{variable}7&call_start_after_unix={}", NOW + 10), vec![]),
    ] {
        assert_eq!(listed(&sandbox, &query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_malformed_filter_is_refused() {
    let sandbox = sandbox().await;
    for query in [
        "page_size=0",
        "page_size=101",
        "page_size=many",
        "call_start_after_unix=yesterday",
        "dynamic_variable_params=call_id",
        "dynamic_variable_params=call_id:gt:7",
    ] {
        let (status, body) = answer(get(&sandbox, &format!("{LIST}?{query}"))).await;
        assert_eq!(status, 422, "{query}");
        assert_eq!(body["detail"][0]["loc"][1], query.split_once('=').unwrap().0);
    }
}

#[tokio::test]
async fn pages_follow_each_other_even_if_a_call_comes_between() {
    let sandbox = sandbox().await;
    for call_id in ["a", "b", "c", "d", "e"] {
        place(&sandbox, call_id).await;
    }
    let (_, first) = answer(get(&sandbox, &format!("{LIST}?page_size=2"))).await;
    assert_eq!((ids(&first), &first["has_more"]), (vec!["0005".to_owned(), "0004".to_owned()], &json!(true)));
    place(&sandbox, "f").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, second) = answer(get(&sandbox, &format!("{LIST}?page_size=2&cursor={cursor}"))).await;
    assert_eq!(
        (ids(&second), &second["has_more"]),
        (vec!["0003".to_owned(), "0002".to_owned()], &json!(true))
    );
    let cursor = second["next_cursor"].as_str().unwrap();
    let (_, third) = answer(get(&sandbox, &format!("{LIST}?page_size=2&cursor={cursor}"))).await;
    assert_eq!((ids(&third), &third["has_more"]), (vec!["0001".to_owned()], &json!(false)));
    assert!(listed(&sandbox, "?cursor=nonsense").await.is_empty());
}

#[tokio::test]
async fn a_page_holds_thirty_rows_unless_more_are_asked_for() {
    let sandbox = sandbox().await;
    for call_id in 0..31 {
        place(&sandbox, call_id).await;
    }
    assert_eq!(listed(&sandbox, "").await.len(), 30);
    assert_eq!(listed(&sandbox, "?page_size=100").await.len(), 31);
}

#[tokio::test]
async fn a_hidden_conversation_can_neither_be_listed_nor_read_until_it_is_released() {
    let sandbox = sandbox().await;
    place(&sandbox, "a").await;
    sandbox.elevenlabs.hide_new_conversations();
    place(&sandbox, "b").await;
    let hidden = format!("{LIST}/conv_sandbox_0002");
    assert_eq!(listed(&sandbox, "").await, ["0001"]);
    assert_eq!(answer(get(&sandbox, &hidden)).await.0, 404);
    assert_eq!(sandbox.elevenlabs.conversations().len(), 2, "a test sees all");
    sandbox.elevenlabs.release_conversations();
    place(&sandbox, "c").await;
    assert_eq!(listed(&sandbox, "").await, ["0003", "0002", "0001"]);
    assert_eq!(answer(get(&sandbox, &hidden)).await.0, 200);
}

#[tokio::test]
async fn the_list_can_fail_and_heal() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.fail_listing(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer(get(&sandbox, LIST)).await.0, 500);
    assert_eq!(answer(get(&sandbox, LIST)).await.0, 500);
    sandbox.elevenlabs.heal(Lookup::Listing);
    assert_eq!(answer(get(&sandbox, LIST)).await.0, 200);
}

#[tokio::test]
async fn a_conversation_repeats_what_the_call_was_started_with() {
    let sandbox = sandbox().await;
    place(&sandbox, "a").await;
    let (status, body) = answer(get(&sandbox, &format!("{LIST}/conv_sandbox_0001"))).await;
    assert_eq!(status, 200);
    assert_eq!(body["status"], "initiated");
    assert_eq!(body["user_id"], "user_1");
    let echo = &body["conversation_initiation_client_data"];
    assert_eq!(echo["dynamic_variables"]["call_id"], "a");
    assert_eq!(echo["dynamic_variables"]["system__called_number"], "+493023125001");
    assert_eq!(echo["conversation_config_override"]["agent"]["language"], "de");
    let call = &body["metadata"]["phone_call"];
    assert_eq!((&call["type"], &call["external_number"]), (&json!("twilio"), &json!("+493023125001")));
    assert!(body["analysis"].is_null() && body["metadata"]["error"].is_null());
}

#[tokio::test]
async fn a_conversation_goes_on_when_a_test_says_so() {
    let sandbox = sandbox().await;
    place(&sandbox, "a").await;
    assert!(sandbox.elevenlabs.set_conversation_status("conv_sandbox_0001", "done"));
    assert!(!sandbox.elevenlabs.set_conversation_status("conv_unknown", "done"));
    let (_, body) = answer(get(&sandbox, &format!("{LIST}/conv_sandbox_0001"))).await;
    assert_eq!(body["status"], "done");
}

#[tokio::test]
async fn an_unknown_conversation_is_not_found_in_the_measured_words() {
    let sandbox = sandbox().await;
    let (status, body) = answer(get(&sandbox, &format!("{LIST}/conv_unknown"))).await;
    assert_eq!(status, 404);
    assert_eq!(body["detail"]["code"], "conversation_not_found");
    assert_eq!(body["detail"]["status"], "conversation_history_not_found");
}
