//! What a preview shows is what the agent gets.

use reqwest::Url;
use sellcruiting_webhook::sandbox::{CAMPAIGNS, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO};
use serde_json::json;

use super::{codes, message, preview_of};
use crate::support::{Setup, TestApp, call_to, link, questionnaire, with};

/// The variable that differs for every call.
const CALL_ID: &str = "sellcruiting_call_id";
const NO_CALL: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn the_texts_are_those_of_the_call_byte_for_byte() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let campaigns =
        CAMPAIGNS.iter().map(|campaign| campaign.id).filter(|id| [100, 200, 300, 400, 404].contains(id));
    for (candidate, campaign) in campaigns.chain([7]).enumerate() {
        let from = if candidate % 2 == 0 { PHONE_NUMBER_TWILIO } else { PHONE_NUMBER_SIP };
        let trigger = json!({
            "campaign_id": campaign, "candidate_last_name": "Müller-Weiß", "applicant_id": "A 1",
            "agent_phone_number_id": from,
        });
        let trigger = with(call_to(candidate), trigger);
        let shown = preview_of(&app, &trigger).await;
        let answer = app.trigger(&trigger).await.assert_success();
        let dial = app.sandbox.elevenlabs.dials().pop().unwrap();
        let sent = &dial.body["conversation_initiation_client_data"];
        let agent = &sent["conversation_config_override"]["agent"];
        assert_eq!(shown["prompt"], agent["prompt"]["prompt"], "{campaign}");
        assert_eq!(shown["first_message"], agent["first_message"], "{campaign}");
        assert_eq!(shown["variables"][CALL_ID], NO_CALL);
        assert_ne!(sent["dynamic_variables"][CALL_ID], NO_CALL);
        let variables =
            with(shown["variables"].clone(), json!({ CALL_ID: sent["dynamic_variables"][CALL_ID] }));
        assert_eq!(variables, sent["dynamic_variables"], "{campaign}");
        assert_eq!(shown["overrides"], json!({ "prompt": true, "first_message": true, "language": true }));
        assert_eq!(shown["dialling"]["endpoint"], dial.path);
        assert_eq!(shown["dialling"]["agent_phone_number_id"], from);
        for member in
            ["campaign_id", "candidate", "company", "to_number", "questionnaire_loaded", "prompt_length"]
        {
            assert_eq!(shown[member], answer[member], "{member}");
        }
        assert_eq!(preview_of(&app, &trigger).await, shown, "a preview after the call is the same");
    }
}

#[tokio::test]
async fn a_preview_of_a_link_to_elevenlabs_page_shows_the_variables_that_it_carries() {
    let app = Setup::new().await.set("LINK_PAGE", "elevenlabs").start().await;
    let questions: Vec<_> = (0..150)
        .map(|id| json!({ "id": id, "question": format!("Mögen Sie Äpfel der Sorte {id}?") }))
        .collect();
    app.sandbox.hoc.set_questionnaire(7, &json!({ "questions": questions }));
    for campaign in [7, 200] {
        let trigger = with(link(), json!({ "campaign_id": campaign }));
        let shown = preview_of(&app, &trigger).await;
        assert_eq!((&shown["mode"], &shown["link_page"]), (&json!("link"), &json!("elevenlabs")));
        for absent in ["to_number", "number", "dialling", "conversation_link"] {
            assert_eq!(shown.get(absent), None, "{absent}");
        }
        assert_eq!(shown["overrides"], json!({ "prompt": false, "first_message": false, "language": false }));
        assert!(message(&shown, "texts_not_sent").contains("prompt, first_message"));
        let answer = app.trigger(&trigger).await.assert_success();
        assert_eq!(shown["first_message"], answer["first_message"]);
        assert_eq!(shown["prompt_length"], answer["prompt_length"]);
        let url = Url::parse(answer["conversation_link"].as_str().unwrap()).unwrap();
        let carried = url
            .query_pairs()
            .filter_map(|(name, value)| Some((name.strip_prefix("var_")?.to_owned(), value.into_owned())));
        for (name, value) in carried.filter(|(name, _)| name != CALL_ID) {
            assert_eq!(shown["variables"][&name], value, "{name}");
        }
        assert_eq!(codes(&shown).contains(&"link_values_shortened"), campaign == 7, "{shown}");
    }
}

#[tokio::test]
async fn a_preview_of_a_link_to_the_own_page_shows_all_that_the_agent_gets() {
    let app = TestApp::start().await;
    let questions: Vec<_> = (0..150)
        .map(|id| json!({ "id": id, "question": format!("Mögen Sie Äpfel der Sorte {id}?") }))
        .collect();
    app.sandbox.hoc.set_questionnaire(7, &json!({ "questions": questions }));
    let trigger = with(link(), json!({ "campaign_id": 7 }));
    let shown = preview_of(&app, &trigger).await;
    assert_eq!((&shown["mode"], &shown["link_page"]), (&json!("link"), &json!("own")));
    assert_eq!(shown["overrides"], json!({ "prompt": true, "first_message": true, "language": true }));
    for code in ["texts_not_sent", "link_values_shortened"] {
        assert!(!codes(&shown).contains(&code), "{shown}");
    }
    let answer = app.trigger(&trigger).await.assert_success();
    for member in ["first_message", "prompt_length", "questionnaire_loaded"] {
        assert_eq!(shown[member], answer[member], "{member}");
    }
}
