//! What becomes of the questionnaire is told, entry by entry.

use std::time::Duration;

use serde_json::json;

use super::{codes, message, preview_of};
use crate::support::{Setup, TestApp, call, with};

#[tokio::test]
async fn a_trigger_without_fault_has_no_warning() {
    let app = TestApp::start().await;
    let data = preview_of(&app, &with(call(), json!({ "campaign_id": 300 }))).await;
    assert_eq!(data["warnings"], json!([]));
    assert_eq!(data["questionnaire"]["loaded"], true);
    assert_eq!(data["questionnaire"]["age_seconds"], 0);
    assert_eq!(data["questionnaire"].get("reason"), None);
}

#[tokio::test]
async fn every_state_of_the_questionnaire_is_told() {
    let setup = Setup::new().await.adjust(|config| config.hoc.deadline = Duration::from_secs(2));
    let app = setup.start().await;
    for (campaign, reason, code) in [
        (400, "no_usable_question", "questionnaire_empty"),
        (404, "unknown_campaign", "questionnaire_unavailable"),
        (500, "unexpected_status", "questionnaire_unavailable"),
        (501, "not_json", "questionnaire_unreadable"),
        (503, "timeout", "questionnaire_unavailable"),
        (504, "forbidden", "questionnaire_unavailable"),
        (507, "too_large", "questionnaire_unreadable"),
    ] {
        let data = preview_of(&app, &with(call(), json!({ "campaign_id": campaign }))).await;
        assert_eq!(data["questionnaire_loaded"], false);
        let nothing = json!({
            "loaded": false, "reason": reason, "age_seconds": 0, "questions": 0, "facts": 0, "dropped": [],
        });
        assert_eq!(data["questionnaire"], nothing, "{campaign}");
        assert_eq!(codes(&data), [code], "{campaign}");
    }
}

#[tokio::test]
async fn what_is_dropped_removed_or_cut_is_told_with_its_reason() {
    let app = TestApp::start().await;
    let mut questions = vec![
        json!({ "id": "wohnort", "question": "Wohnen Sie in der {{street}} in {{city}}?" }),
        json!({ "id": "nur", "question": "{{street}}?" }),
        json!({ "id": "leer", "question": " " }),
        json!({ "id": "kontakt", "question": "AP: Frau Kornblum" }),
        json!({ "id": "fakt", "question": "Wir backen Brot.", "type": "info" }),
        json!({ "id": "lohn", "question": "Wir zahlen {{salary}} Euro.", "type": "info" }),
        json!({
            "id": "visum", "question": "Wir helfen bei der Anerkennung.", "type": "info",
            "conditions": { "when": { "field": "has_visa", "op": "exists" }, "then": { "action": "ask" } },
        }),
        json!({ "id": "noch", "question": "Mögen Sie {{first_name}}s Brot wirklich", "type": "boolean" }),
        json!({ "id": "noch2", "question": "Mögen Sie {{first_name}}s Brot wirklich?", "type": "boolean" }),
        json!({ "id": "lang", "question": format!("Mögen Sie {}?", "wirklich ".repeat(200)) }),
        json!(7),
        json!({ "id": "wahl", "question": "Wann backen Sie?", "type": "choice", "options": [{ "id": 1 }, true] }),
    ];
    app.sandbox.hoc.set_questionnaire(7, &json!({ "questions": questions }));
    let trigger = with(call(), json!({ "campaign_id": 7 }));
    let data = preview_of(&app, &trigger).await;
    assert_eq!(
        data["questionnaire"],
        json!({
            "loaded": true, "age_seconds": 0, "questions": 6, "facts": 3,
            "dropped": [
                { "id": "leer", "reason": "no_text" },
                { "id": "kontakt", "reason": "contact_person" },
                { "id": "question-11", "reason": "not_a_question" },
                { "id": "nur", "reason": "only_placeholders" },
                { "id": "lohn", "reason": "value_missing" },
                { "id": "visum", "reason": "condition_unknown" },
                { "id": "noch2", "reason": "duplicate" },
            ],
        })
    );
    assert_eq!(
        codes(&data),
        ["entries_dropped", "options_missing", "placeholders_removed", "texts_shortened"]
    );
    assert!(message(&data, "options_missing").contains("without any: wahl."), "{data}");
    assert!(message(&data, "placeholders_removed").contains("city, salary, street"), "{data}");
    assert!(!data.to_string().contains("Kornblum"), "a contact person stays internal: {data}");

    questions.extend((0..120).map(|id| json!({ "id": id, "question": "Sehr lang? ".repeat(50) })));
    app.sandbox.hoc.set_questionnaire(7, &json!({ "questions": questions }));
    let data = preview_of(&app, &trigger).await;
    assert!(codes(&data).contains(&"questions_omitted"), "{data}");
    assert!(data["prompt_length"].as_u64().unwrap() <= 40_000);
    let dropped = data["questionnaire"]["dropped"].as_array().unwrap();
    assert!(dropped.contains(&json!({ "id": "119", "reason": "prompt_too_long" })), "{dropped:?}");
}
