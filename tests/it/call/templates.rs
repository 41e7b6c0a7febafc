//! An operator may replace the texts. A template that fails on a value is an error on our side, and nobody is called.

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Setup, TestApp, call, link, with};

const BUILT_IN: &str = include_str!("../../../templates/first_message.txt");

/// A service with this template for the first message. The directory must live as long as the service.
async fn app_with(first_message: &str) -> (TestApp, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("first_message.txt"), first_message).unwrap();
    let setup = Setup::new().await.set("TEMPLATES_DIR", directory.path().to_str().unwrap());
    (setup.start().await, directory)
}

#[tokio::test]
async fn a_template_of_the_operator_replaces_the_built_in_one() {
    let (app, _directory) = app_with(&format!("{} Prima!", BUILT_IN.trim_end())).await;
    let data = app.trigger(&call()).await.assert_success();
    assert!(data["first_message"].as_str().unwrap().ends_with(" Prima!"), "{data}");
    app.only_conversation();
}

#[tokio::test]
async fn a_fault_of_our_own_tells_nothing_of_its_cause_and_calls_nobody() {
    // Only this company makes it fail, so the check at start cannot notice.
    let fails = "{% if company == 'MARKER GmbH' %}{{ company.secret.member }}{% endif %}";
    let (app, directory) = app_with(&format!("{}{fails}", BUILT_IN.trim_end())).await;
    for trigger in [call(), link()] {
        let reply = app.trigger(&with(trigger, json!({ "company_name": "MARKER GmbH" }))).await;
        let body = reply.assert_error(500, "Internal server error");
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
        for cause in ["MARKER", "template", "first_message", "secret", directory.path().to_str().unwrap()] {
            assert!(!reply.text.contains(cause), "{cause} in {reply:?}");
        }
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
    app.trigger(&call()).await.assert_success();
}
