//! The health check always answers the same.

use reqwest::Method;
use sellcruiting_webhook::sandbox::{AGENT_ID, Fault, Lookup};
use serde_json::json;

use crate::support::{NOW, Setup, TestApp};

#[tokio::test]
async fn it_answers_with_exactly_five_members() {
    let app = TestApp::start().await;
    let reply = app.health().await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.json(),
        json!({
            "status": "healthy",
            "service": "Sellcruiting Agent Webhook",
            "agent_id": AGENT_ID,
            "hirings_api_url": app.sandbox.hoc.base_url(),
            "timestamp": NOW,
        })
    );
}

#[tokio::test]
async fn it_is_the_same_when_no_upstream_can_be_reached() {
    let nowhere = "http://127.0.0.1:9";
    let setup = Setup::new().await.set("HIRINGS_API_URL", format!("{nowhere}/api/v1/"));
    let app = setup.set("ELEVENLABS_API_URL", nowhere).start().await;
    let reply = app.health().await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("healthy")));
    assert_eq!(reply.json()["hirings_api_url"], "http://127.0.0.1:9/api/v1");
}

#[tokio::test]
async fn it_asks_nobody_and_waits_for_nobody() {
    let app = TestApp::start().await;
    app.sandbox.elevenlabs.always(Lookup::Agent, Fault::Hang);
    app.sandbox.elevenlabs.always(Lookup::PhoneNumber, Fault::Hang);
    for _ in 0..3 {
        assert_eq!(app.health().await.status, 200);
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_monitor_may_ask_for_the_head_only() {
    let app = TestApp::start().await;
    let reply = app.ask(Method::HEAD, "/webhook/health").await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
}
