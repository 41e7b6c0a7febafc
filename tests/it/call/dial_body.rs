//! What ElevenLabs receives, field by field, as its own SDK sends it.

use sellcruiting_webhook::sandbox::{
    AGENT_ID, ELEVENLABS_API_KEY, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO, Recorded,
};
use serde_json::{Value, json};

use crate::support::{CALLED, TestApp, call, questionnaire, with};

/// Calls with [`questionnaire`] from this number.
async fn dial_from(number: &str) -> Recorded {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = json!({ "campaign_id": 7, "agent_phone_number_id": number, "applicant_id": 4711 });
    app.trigger(&with(call(), trigger)).await.assert_success();
    app.only_conversation();
    app.only_dial()
}

/// A text from the templates, which must contain `holds`. Other tests compare such texts as a whole.
#[track_caller]
fn text<'a>(value: &'a Value, holds: &str) -> &'a str {
    let text = value.as_str().unwrap_or_else(|| panic!("no text: {value}"));
    assert!(text.contains(holds), "{holds:?} is not in {text:?}");
    text
}

/// The whole expected body. Texts from templates are taken from `sent`, once they are known to contain the
/// questionnaire's.
#[track_caller]
fn expected(sent: &Value, number: &str) -> Value {
    let client_data = &sent["conversation_initiation_client_data"];
    let agent = &client_data["conversation_config_override"]["agent"];
    let variables = &client_data["dynamic_variables"];
    let (must, wish) = ("eigene Quittenleiter", "Welche Quittensorten");
    text(&variables["questions"], must);
    let call_id = client_data["user_id"].as_str().unwrap();
    assert!(uuid::Uuid::try_parse(call_id).is_ok(), "{call_id}");
    json!({
        "agent_id": AGENT_ID,
        "agent_phone_number_id": number,
        "to_number": CALLED,
        "conversation_initiation_client_data": {
            "conversation_config_override": {
                "agent": {
                    "prompt": { "prompt": text(&agent["prompt"]["prompt"], must) },
                    "first_message": text(&agent["first_message"], "Guten Tag Max Mustermann, hier"),
                    "language": "de",
                },
            },
            "user_id": call_id,
            "dynamic_variables": {
                "candidatefirst_name": "Max",
                "candidatelast_name": "Mustermann",
                "companyname": "Tech Startup GmbH",
                "companysize": "40 Pflückende",
                "companypitch": "",
                "companypriorities": text(&variables["companypriorities"], "Quittenleiter"),
                "campaignlocation_label": "Obsthof Quittenau",
                "campaignrole_title": "Quittenpflücker",
                "questionnaire_context": text(&variables["questionnaire_context"], "Quittenpflücker"),
                "questions": text(&variables["questions"], wish),
                "gate_questions": text(&variables["gate_questions"], must),
                "preference_questions": text(&variables["preference_questions"], wish),
                "campaign_id": "7",
                "applicant_id": "4711",
                "candidate_first_name": "Max",
                "candidate_last_name": "Mustermann",
                "company_name": "Tech Startup GmbH",
                "to_number": CALLED,
                "agent_phone_number_id": number,
                "sellcruiting_call_id": call_id,
            },
        },
    })
}

#[track_caller]
fn assert_well_formed(dial: &Recorded) {
    assert_eq!(dial.method, "POST");
    assert_eq!(dial.query, []);
    assert_eq!(dial.header("xi-api-key"), Some(ELEVENLABS_API_KEY));
    assert_eq!(dial.header("content-type"), Some("application/json"));
    assert_eq!(dial.headers.get("authorization"), None, "the key has one place");
}

#[tokio::test]
async fn a_call_from_a_twilio_number_is_sent_whole() {
    let dial = dial_from(PHONE_NUMBER_TWILIO).await;
    assert_eq!(dial.path, "/v1/convai/twilio/outbound-call");
    assert_well_formed(&dial);
    assert_eq!(dial.body, expected(&dial.body, PHONE_NUMBER_TWILIO));
}

#[tokio::test]
async fn a_call_from_a_sip_number_is_sent_whole() {
    let dial = dial_from(PHONE_NUMBER_SIP).await;
    assert_eq!(dial.path, "/v1/convai/sip-trunk/outbound-call");
    assert_well_formed(&dial);
    assert_eq!(dial.body, expected(&dial.body, PHONE_NUMBER_SIP));
}

#[tokio::test]
async fn without_a_questionnaire_every_variable_is_there_all_the_same() {
    let app = TestApp::start().await;
    app.trigger(&with(call(), json!({ "campaign_id": 404 }))).await.assert_success();
    let dial = app.only_dial().body;
    let with_questionnaire = dial_from(PHONE_NUMBER_TWILIO).await;
    let variables = |body: &Value| {
        let variables = &body["conversation_initiation_client_data"]["dynamic_variables"];
        variables.as_object().unwrap().clone()
    };
    let (without, with) = (variables(&dial), variables(&with_questionnaire.body));
    assert_eq!(without.keys().collect::<Vec<_>>(), with.keys().collect::<Vec<_>>());
    assert!(without.values().all(Value::is_string), "only scalars are allowed: {without:?}");
    assert_eq!(without["campaignrole_title"], "Ihre Position");
    assert_eq!(without["campaignlocation_label"], "");
    assert_eq!(without["questions"], "");
    app.only_conversation();
}

#[tokio::test]
async fn no_placeholder_leaves_the_service() {
    let app = TestApp::start().await;
    let questionnaire = json!({ "questions": [
        { "id": 1, "question": "Spreche ich mit {{first_name}} {{last_name}}?", "question_type": "boolean" },
        { "id": 2, "question": "Wohnen Sie noch in {{street}}, {{city}}?", "question_type": "boolean" },
        { "id": 3, "question": "Kennen Sie {{companyname}} und {{unbekannt}}?", "question_type": "boolean" },
    ] });
    app.sandbox.hoc.set_questionnaire(7, &questionnaire);
    app.trigger(&with(call(), json!({ "campaign_id": 7 }))).await.assert_success();
    let dial = app.only_dial().body;
    let client_data = &dial["conversation_initiation_client_data"];
    let agent = &client_data["conversation_config_override"]["agent"];
    let variables = client_data["dynamic_variables"].as_object().unwrap().values();
    for text in variables.chain([&agent["prompt"]["prompt"], &agent["first_message"]]) {
        let text = text.as_str().unwrap();
        assert!(!text.contains("{{") && !text.contains("}}"), "{text}");
    }
    text(&agent["prompt"]["prompt"], "Spreche ich mit Max Mustermann?");
    app.only_conversation();
}

#[tokio::test]
async fn every_call_has_an_id_of_its_own() {
    let app = TestApp::start().await;
    for number in ["+493023125011", "+493023125012"] {
        app.trigger(&with(call(), json!({ "to_number": number }))).await.assert_success();
    }
    let ids: Vec<_> = app
        .sandbox
        .elevenlabs
        .conversations()
        .iter()
        .map(|conversation| conversation.dynamic_variable("sellcruiting_call_id").unwrap().clone())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}
