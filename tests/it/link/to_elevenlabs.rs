//! A trigger without a number becomes a link, and nobody is called. Here the links lead to ElevenLabs' public page; see
//! `to_own_page.rs` for this service's own.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Url;
use sellcruiting_webhook::sandbox::AGENT_ID;
use serde_json::{Value, json};

use crate::support::{NOW, Setup, TestApp, call, link, questionnaire, with, without};

async fn setup() -> Setup {
    Setup::new().await.set("LINK_PAGE", "elevenlabs")
}

async fn start() -> TestApp {
    setup().await.start().await
}

/// The link's address and its variables.
#[track_caller]
fn parts(data: &Value) -> (Url, BTreeMap<String, String>) {
    let url = Url::parse(data["conversation_link"].as_str().unwrap()).unwrap();
    let variables = url
        .query_pairs()
        .filter_map(|(name, value)| Some((name.strip_prefix("var_")?.to_owned(), value.into_owned())));
    (url.clone(), variables.collect())
}

#[tokio::test]
async fn the_answer_to_a_link_has_exactly_the_members_of_the_contract() {
    let app = start().await;
    let reply = app.trigger(&link()).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    let (data, url) = (&body["data"], body["data"]["conversation_link"].as_str().unwrap());
    assert!(url.starts_with("https://"), "{url}");
    let first_message = data["first_message"].as_str().unwrap();
    let begin = "Guten Tag Max Mustermann, hier spricht Susi von Tech Startup GmbH";
    assert!(first_message.starts_with(begin), "{first_message}");
    let prompt_length = data["prompt_length"].as_u64().unwrap();
    assert!(prompt_length > 1_000, "{prompt_length}");
    assert_eq!(
        body,
        json!({
            "status": "success",
            "message": "Conversation link created successfully",
            "data": {
                "campaign_id": 200,
                "candidate": "Max Mustermann",
                "company": "Tech Startup GmbH",
                "conversation_link": url,
                "link_expires_at": "2025-12-02T11:20:05.169000",
                "questionnaire_loaded": true,
                "questionnaire_age_seconds": 0,
                "timestamp": NOW,
                "prompt_length": prompt_length,
                "first_message": first_message,
            }
        })
    );
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
    assert_eq!(app.sandbox.elevenlabs.conversations(), []);
}

#[tokio::test]
async fn a_number_that_is_null_or_blank_is_no_number() {
    let app = start().await;
    for to_number in [json!(null), json!(""), json!(" \t")] {
        let data = app.trigger(&with(call(), json!({ "to_number": to_number }))).await.assert_success();
        assert!(data["conversation_link"].is_string(), "{data}");
        assert_eq!(data.get("to_number"), None);
    }
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
}

#[tokio::test]
async fn a_link_needs_no_agent_phone_number() {
    let app = start().await;
    let data = app.trigger(&without(without(call(), "to_number"), "agent_phone_number_id")).await;
    assert!(data.assert_success()["conversation_link"].is_string());
}

#[tokio::test]
async fn the_link_leads_to_the_agent_with_all_that_is_known() {
    let app = start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = with(
        link(),
        json!({ "campaign_id": 7, "applicant_id": "A+17 %&=#", "candidate_last_name": "Müller & Söhne" }),
    );
    let data = app.trigger(&trigger).await.assert_success();
    let (url, variables) = parts(&data);
    assert_eq!(url.host_str(), Some("eu.residency.elevenlabs.io"));
    assert_eq!(url.path(), "/app/talk-to");
    assert_eq!(url.query_pairs().find(|(name, _)| name == "agent_id").unwrap().1, AGENT_ID);
    for (name, value) in [
        ("campaign_id", "7"),
        ("applicant_id", "A+17 %&=#"),
        ("candidatefirst_name", "Max"),
        ("candidate_last_name", "Müller & Söhne"),
        ("companyname", "Tech Startup GmbH"),
        ("campaignrole_title", "Quittenpflücker"),
        ("to_number", ""),
        ("agent_phone_number_id", ""),
    ] {
        assert_eq!(variables[name], value, "{name}");
    }
    assert!(variables["questions"].contains("Welche Quittensorten mögen Sie am liebsten?"));
    assert!(!url.as_str().contains('+'), "spaces are %20, which every mail program understands: {url}");
}

#[tokio::test]
async fn the_link_stays_short_enough_for_every_mail_program() {
    let app = start().await;
    let questions: Vec<_> = (0..150)
        .map(
            |id| json!({ "id": id, "question": format!("Mögen Sie Äpfel der Sorte Nummer {id} überhaupt?") }),
        )
        .collect();
    app.sandbox.hoc.set_questionnaire(7, &json!({ "questions": questions }));
    let data = app.trigger(&with(link(), json!({ "campaign_id": 7 }))).await.assert_success();
    let (url, variables) = parts(&data);
    assert!((7_000..8_000).contains(&url.as_str().len()), "{}", url.as_str().len());
    assert_eq!(variables["companyname"], "Tech Startup GmbH");
    assert!(variables["questions"].ends_with('…'), "what was cut says so: {}", variables["questions"]);
}

#[tokio::test]
async fn a_link_is_offered_for_as_long_as_the_operator_says() {
    let app = setup().await.set("LINK_TTL", "36h").start().await;
    let data = app.trigger(&link()).await.assert_success();
    assert_eq!(data["link_expires_at"], "2025-11-26T23:20:05.169000");
}

#[tokio::test]
async fn two_links_are_two_conversations() {
    let app = start().await;
    let first = app.trigger(&link()).await.assert_success();
    let second = app.trigger(&link()).await.assert_success();
    assert_ne!(first["conversation_link"], second["conversation_link"]);
}

#[tokio::test]
async fn trouble_at_elevenlabs_does_not_touch_a_link() {
    let app = start().await;
    for campaign in [401, 429, 602, 607] {
        app.trigger(&with(link(), json!({ "campaign_id": campaign }))).await.assert_success();
    }
}

/// Its address contains the text of HOC's questionnaire, which is not stored. Everything else is as it was answered
/// first.
#[tokio::test]
async fn a_link_with_a_key_is_the_same_conversation_again_with_the_questionnaire_as_it_is_now() {
    let app = start().await;
    let first = app.trigger_with_key("link-1", &link()).await.assert_success();
    let again = app.trigger_with_key("link-1", &link()).await;
    assert!(again.is_replayed());
    assert_eq!(again.assert_success(), first);
    let changed = json!({ "questions": [{ "id": "q", "question": "Mögen Sie Kaffee?", "type": "boolean" }] });
    app.sandbox.hoc.set_questionnaire(200, &changed);
    app.clock.advance(Duration::from_mins(2));
    let now = app.trigger_with_key("link-1", &link()).await;
    assert!(now.is_replayed());
    let now = now.assert_success();
    for member in ["link_expires_at", "timestamp", "first_message", "prompt_length"] {
        assert_eq!(now[member], first[member], "{member}");
    }
    let (before, now) = (parts(&first).1, parts(&now).1);
    assert_eq!(now["sellcruiting_call_id"], before["sellcruiting_call_id"]);
    assert!(now["questions"].contains("Kaffee") && !before["questions"].contains("Kaffee"), "{now:?}");
}
