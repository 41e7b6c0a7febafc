//! A preview takes what the trigger takes, and refuses what it refuses.

use reqwest::Method;
use serde_json::json;

use super::{codes, preview_of};
use crate::support::{API_KEY, CALLED, TestApp, call, with, without};

#[tokio::test]
async fn what_the_trigger_refuses_the_preview_refuses_in_the_same_words() {
    let app = TestApp::start().await;
    let bodies = [
        String::new(),
        "no json".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "x".repeat(70_000),
        with(call(), json!({ "to_number": "112", "campaign_id": -1 })).to_string(),
        without(call(), "agent_phone_number_id").to_string(),
    ];
    for body in bodies {
        let refused = app.trigger_raw(body.clone()).await;
        let shown = app.send(app.post_preview().body(body)).await;
        assert!(refused.status >= 400);
        assert_eq!((shown.status, &shown.text), (refused.status, &refused.text));
    }
    for authorization in [None, Some("Basic eA=="), Some("Bearer wrong")] {
        let refused = app.trigger_as(authorization, &call()).await;
        let mut request = app.request(Method::POST, "/webhook/preview-call").json(&call());
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let shown = app.send(request).await;
        assert_eq!((shown.status, &shown.text), (401, &refused.text));
        assert_eq!(shown.header("www-authenticate"), Some("Bearer"));
    }
    let wrong_method = app.send(app.request(Method::GET, "/webhook/preview-call").bearer_auth(API_KEY)).await;
    wrong_method.assert_error(405, "Method not allowed");
    assert_eq!(wrong_method.header("allow"), Some("POST"));
    app.assert_nothing_asked();
}

#[tokio::test]
async fn hoc_s_habits_are_accepted() {
    let app = TestApp::start().await;
    let text = json!(with(call(), json!({ "campaign_id": "200", "to_number": "030 23125-001" })).to_string());
    let data = app.send(app.post_preview().body(text.to_string())).await.assert_success();
    assert_eq!(data["to_number"], CALLED);
}

#[tokio::test]
async fn a_number_is_shown_normalised_with_its_country_and_type() {
    let app = TestApp::start().await;
    for (raw, e164, country, kind, is_odd) in [
        ("030 23125-001", CALLED, "DE", "fixed_line", false),
        // The contract's own sample: possible, but not valid.
        ("+491234567890", "+491234567890", "DE", "unknown", true),
    ] {
        let data = preview_of(&app, &with(call(), json!({ "to_number": raw }))).await;
        assert_eq!(data["to_number"], e164);
        assert_eq!(data["number"], json!({ "country": country, "type": kind }));
        assert_eq!(codes(&data).contains(&"number_not_valid"), is_odd, "{data}");
    }
}
