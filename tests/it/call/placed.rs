//! A trigger with a number becomes a call, and HOC's answer has exactly the form of the contract.

use sellcruiting_webhook::sandbox::PHONE_NUMBER_TWILIO;
use serde_json::{Value, json};

use crate::support::{CALLED, NOW, Setup, TestApp, call, link, questionnaire, with};

/// The texts that reached ElevenLabs.
fn agent(dial: &Value) -> &Value {
    &dial["conversation_initiation_client_data"]["conversation_config_override"]["agent"]
}

#[tokio::test]
async fn the_answer_to_a_call_has_exactly_the_members_of_the_contract() {
    let app = TestApp::start().await;
    let reply = app.trigger(&with(call(), json!({ "campaign_id": 123 }))).await;
    assert_eq!(reply.status, 200);
    let conversation = app.only_conversation();
    let dial = app.only_dial().body;
    let prompt = agent(&dial)["prompt"]["prompt"].as_str().unwrap();
    assert_eq!(
        reply.json(),
        json!({
            "status": "success",
            "message": "Outbound call initiated successfully",
            "data": {
                "campaign_id": 123,
                "candidate": "Max Mustermann",
                "company": "Tech Startup GmbH",
                "to_number": CALLED,
                "conversation_id": conversation.conversation_id,
                "call_status": "initiated",
                "questionnaire_loaded": false,
                "questionnaire_age_seconds": null,
                "timestamp": NOW,
                "prompt_length": prompt.chars().count(),
                "first_message": agent(&dial)["first_message"],
            }
        })
    );
}

#[tokio::test]
async fn the_length_of_the_prompt_counts_characters_and_not_bytes() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let data = app.trigger(&with(call(), json!({ "campaign_id": 7 }))).await.assert_success();
    let dial = app.only_dial().body;
    let prompt = agent(&dial)["prompt"]["prompt"].as_str().unwrap();
    assert!(prompt.len() > prompt.chars().count(), "a German prompt holds umlauts");
    assert_eq!(data["prompt_length"], prompt.chars().count());
}

#[tokio::test]
async fn the_first_message_begins_with_the_words_that_hoc_counts_on() {
    let app = TestApp::start().await;
    let data = app.trigger(&call()).await.assert_success();
    let first_message = data["first_message"].as_str().unwrap();
    assert!(
        first_message.starts_with("Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH"),
        "{first_message}"
    );
    assert!(first_message.contains("KI"), "she says that she is an AI: {first_message}");
    assert_eq!(agent(&app.only_dial().body)["first_message"], first_message);
}

#[tokio::test]
async fn the_questionnaire_reaches_the_prompt() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let data = app.trigger(&with(call(), json!({ "campaign_id": 7 }))).await.assert_success();
    assert_eq!(data["questionnaire_loaded"], true);
    let dial = app.only_dial().body;
    let prompt = agent(&dial)["prompt"]["prompt"].as_str().unwrap();
    assert!(prompt.contains("Besitzen Sie eine eigene Quittenleiter?"), "{prompt}");
    assert!(prompt.contains("Welche Quittensorten mögen Sie am liebsten?"), "{prompt}");
    app.only_conversation();
}

#[tokio::test]
async fn the_questionnaire_is_asked_for_once_with_the_bare_token() {
    let app = TestApp::start().await;
    app.trigger(&call()).await.assert_success();
    let [request] = app.sandbox.hoc.requests().try_into().expect("one request");
    assert_eq!(request.method, "GET");
    assert_eq!(request.path, "/api/v1/questionnaire/200");
    assert_eq!(request.query, []);
    assert_eq!(request.header("authorization"), Some(sellcruiting_webhook::sandbox::HOC_TOKEN));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(request.raw_body.is_empty());
}

#[tokio::test]
async fn texts_are_answered_as_the_candidate_hears_them() {
    let app = TestApp::start().await;
    let trigger = with(
        call(),
        json!({
            "company_name": "  Obst &\r\nGemüse\tGmbH ",
            "candidate_first_name": "Zoë {{ {system__time}",
            "candidate_last_name": "O’Connor\u{202E}-Müller",
        }),
    );
    let data = app.trigger(&trigger).await.assert_success();
    assert_eq!(data["company"], "Obst & Gemüse GmbH");
    assert_eq!(data["candidate"], "Zoë system__time O’Connor-Müller");
    let dial = app.only_dial().body.to_string();
    assert!(!dial.contains("{{") && !dial.contains('\u{202E}'), "{dial}");
    app.only_conversation();
}

#[tokio::test]
async fn without_an_agent_phone_number_the_configured_one_calls() {
    let app = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_TWILIO).start().await;
    for from in [json!({}), json!({ "agent_phone_number_id": null }), json!({ "agent_phone_number_id": " " })]
    {
        // Another candidate each time: whoever was just called is not called again.
        let number = format!("+4930231250{}", 10 + app.sandbox.elevenlabs.dial_count());
        let trigger = with(with(link(), json!({ "to_number": number })), from);
        app.trigger(&trigger).await.assert_success();
        let dial = app.sandbox.elevenlabs.dials().pop().unwrap();
        assert_eq!(dial.body["agent_phone_number_id"], PHONE_NUMBER_TWILIO);
    }
}

#[tokio::test]
async fn the_trigger_s_agent_phone_number_comes_before_the_configured_one() {
    let app = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", "phnum_unused").start().await;
    app.trigger(&call()).await.assert_success();
    assert_eq!(app.only_dial().body["agent_phone_number_id"], PHONE_NUMBER_TWILIO);
}
