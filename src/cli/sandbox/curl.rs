//! Requests to paste into a shell.

use serde_json::{Value, json};

/// A trigger as HOC sends it. The number is one of those reserved for fiction.
pub(super) fn trigger(campaign_id: u64, with_number: bool) -> Value {
    let mut trigger = json!({
        "campaign_id": campaign_id,
        "company_name": "Musterwerk GmbH",
        "candidate_first_name": "Max",
        "candidate_last_name": "Mustermann",
    });
    if with_number {
        trigger["to_number"] = json!("+49 30 23125 001");
    }
    trigger
}

/// The command that sends `body` with the key.
pub(super) fn trigger_call(url: &str, key: &str, body: &str) -> String {
    authorized(url, "trigger-call", key, body)
}

/// The command that asks, with the key, what `body` would do.
pub(super) fn preview_call(url: &str, key: &str, body: &str) -> String {
    authorized(url, "preview-call", key, body)
}

fn authorized(url: &str, route: &str, key: &str, body: &str) -> String {
    format!("curl -sS -i {url}/webhook/{route} -H 'Authorization: Bearer {key}' -d '{body}'")
}

/// Requests that fail, each for a reason of its own, with what is wrong and the status it gets.
pub(super) fn bad_requests(url: &str, key: &str) -> Vec<(u16, &'static str, String)> {
    let good = trigger(200, true).to_string();
    let trigger_url = format!("{url}/webhook/trigger-call");
    let send = |body: &str| trigger_call(url, key, body);
    vec![
        (401, "no Authorization header", format!("curl -sS -i {trigger_url} -d '{good}'")),
        (
            401,
            "another scheme",
            format!("curl -sS -i {trigger_url} -H 'Authorization: Basic {key}' -d '{good}'"),
        ),
        (401, "a wrong key", trigger_call(url, "wrong", &good)),
        (400, "an empty body", send("")),
        (400, "no JSON", send("campaign_id=200")),
        (400, "JSON, but no object", send("[]")),
        (400, "required fields missing", send(r#"{"campaign_id":200}"#)),
        (400, "a premium-rate number", send(&good.replace("+49 30 23125 001", "0900 1234567"))),
        (404, "an unknown path", format!("curl -sS -i {url}/webhook/trigger")),
        (405, "a wrong method", format!("curl -sS -i -X PUT {trigger_url}")),
        (
            413,
            "a body above 64 KiB",
            format!(
                "head -c 70000 /dev/zero | curl -sS -i {trigger_url} -H 'Authorization: Bearer {key}' --data-binary @-"
            ),
        ),
    ]
}
