//! `ELEVENLABS_OVERRIDES` says which of the agent's own texts are replaced. One that the agent does not allow ends the
//! call when the candidate picks up.

use serde_json::{Value, json};

use crate::support::{Setup, TestApp, call};

/// Calls with this setting, and an agent that allows exactly these overrides.
async fn call_with(setting: &str, allowed: &[&str]) -> TestApp {
    let setup = Setup::new().await.set("ELEVENLABS_OVERRIDES", setting);
    setup.sandbox.elevenlabs.allow_overrides(allowed);
    let app = setup.start().await;
    let data = app.trigger(&call()).await.assert_success();
    assert!(data["prompt_length"].as_u64().unwrap() > 1_000);
    assert!(data["first_message"].as_str().unwrap().starts_with("Guten Tag Max Mustermann"));
    app.only_conversation();
    app
}

#[track_caller]
fn client_data(app: &TestApp) -> Value {
    app.only_dial().body["conversation_initiation_client_data"].clone()
}

/// The names below `agent`, sorted.
#[track_caller]
fn overridden(app: &TestApp) -> Vec<String> {
    let agent = client_data(app)["conversation_config_override"]["agent"].clone();
    let mut names: Vec<_> = agent.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[tokio::test]
async fn only_the_named_overrides_are_sent() {
    let app = call_with("prompt", &["agent.prompt.prompt"]).await;
    assert_eq!(overridden(&app), ["prompt"]);
    let app = call_with("First_Message, language", &["agent.first_message", "agent.language"]).await;
    assert_eq!(overridden(&app), ["first_message", "language"]);
    let all = ["agent.prompt.prompt", "agent.first_message", "agent.language"];
    let app = call_with("language,prompt,first_message", &all).await;
    assert_eq!(overridden(&app), ["first_message", "language", "prompt"]);
}

#[tokio::test]
async fn with_none_the_agent_keeps_its_texts_and_gets_all_variables() {
    let app = call_with("none", &[]).await;
    let client_data = client_data(&app);
    assert_eq!(client_data.get("conversation_config_override"), None);
    assert_eq!(client_data["dynamic_variables"]["companyname"], "Tech Startup GmbH");
}

#[tokio::test]
async fn at_start_a_warning_names_each_override_that_would_be_refused() {
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.allow_overrides(&["agent.language"]);
    let service = setup.launch().await;
    for name in ["prompt", "first_message"] {
        let line = service.program.stderr.wait_for(&format!("\"override\":\"{name}\"")).await;
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["level"], "WARN");
    }
    assert!(!service.program.stderr.all().iter().any(|line| line.contains("\"override\":\"language\"")));
}

#[tokio::test]
async fn an_agent_s_record_that_cannot_be_read_stops_nothing() {
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.always(
        sellcruiting_webhook::sandbox::Lookup::Agent,
        sellcruiting_webhook::sandbox::Fault::status(axum::http::StatusCode::INTERNAL_SERVER_ERROR),
    );
    let service = setup.launch().await;
    service.program.stderr.wait_for("agent's record could not be read").await;
    service.trigger(&call()).await.assert_success();
    assert_eq!(service.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn a_link_to_elevenlabs_page_carries_variables_whatever_is_overridden() {
    let app =
        Setup::new().await.set("ELEVENLABS_OVERRIDES", "none").set("LINK_PAGE", "elevenlabs").start().await;
    let data = app.trigger(&crate::support::link()).await.assert_success();
    let link = data["conversation_link"].as_str().unwrap();
    assert!(link.contains("var_companyname=Tech%20Startup%20GmbH"), "{link}");
    assert_eq!(data["questionnaire_loaded"], json!(true));
}
