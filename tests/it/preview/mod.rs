//! A preview shows exactly what a trigger would do, and does none of it.

mod elevenlabs;
mod harmless;
mod questionnaire;
mod request;
mod texts;

use serde_json::Value;

use crate::support::TestApp;

/// The codes of a preview's warnings.
#[track_caller]
fn codes(data: &Value) -> Vec<&str> {
    let warnings = data["warnings"].as_array().unwrap();
    warnings
        .iter()
        .map(|warning| {
            let message = warning["message"].as_str().unwrap();
            assert!(message.len() > 30 && message.ends_with(['.', ')']), "no sentence: {message}");
            warning["code"].as_str().unwrap()
        })
        .collect()
}

#[track_caller]
fn message<'a>(data: &'a Value, code: &str) -> &'a str {
    let warnings = data["warnings"].as_array().unwrap();
    let found = warnings.iter().find(|warning| warning["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}: {warnings:?}"))["message"].as_str().unwrap()
}

async fn preview_of(app: &TestApp, trigger: &Value) -> Value {
    app.preview(trigger).await.assert_success()
}
