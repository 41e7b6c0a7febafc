//! A preview shows exactly what a trigger would do, and does none of it.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::{Method, Url};
use rusqlite::Connection;
use sellcruiting_webhook::sandbox::{
    CAMPAIGNS, FakeElevenLabs, Fault, Lookup, PHONE_NUMBER_EXOTEL, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO,
};
use serde_json::{Value, json};

use crate::support::{
    API_KEY, CALLED, Setup, TestApp, TestDatabase, call, call_to, link, questionnaire, with, without,
};

/// The variable that differs for every call.
const CALL_ID: &str = "sellcruiting_call_id";
const NO_CALL: &str = "00000000-0000-0000-0000-000000000000";

/// How many calls the store has recorded.
fn stored(database: &TestDatabase) -> i64 {
    let connection = Connection::open(database.url().trim_start_matches("sqlite://")).unwrap();
    connection.query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap()
}

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

#[tokio::test]
async fn nobody_is_dialled_nothing_is_stored_and_the_trigger_stays_free() {
    let database = TestDatabase::sqlite_file();
    let app = Setup::new().await.on(&database).start().await;
    for trigger in [call(), call(), link()] {
        let reply = app.preview(&trigger).await;
        reply.assert_success();
        assert!(!reply.is_replayed());
    }
    // A preview ignores the key, so it is still free afterwards.
    let with_key = app.post_preview().header("idempotency-key", "one").json(&call_to(2));
    app.send(with_key).await.assert_success();
    assert_eq!((app.sandbox.elevenlabs.dial_count(), stored(&database)), (0, 0));
    assert!(app.sandbox.elevenlabs.requests().iter().all(|request| request.method == Method::GET));

    for reply in [app.trigger(&call()).await, app.trigger_with_key("one", &call_to(3)).await] {
        reply.assert_success();
        assert!(!reply.is_replayed(), "{reply:?}");
    }
    app.preview(&call()).await.assert_success();
    assert_eq!((app.sandbox.elevenlabs.dial_count(), stored(&database)), (2, 2));
}

#[tokio::test]
async fn a_preview_needs_no_store() {
    let app = Setup::new().await.set("DATABASE_URL", "postgres://nobody@127.0.0.1:9/calls").start().await;
    app.preview(&call()).await.assert_success();
}

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

#[tokio::test]
async fn a_trigger_without_fault_has_no_warning() {
    let app = TestApp::start().await;
    let data = preview_of(&app, &with(call(), json!({ "campaign_id": 300 }))).await;
    assert_eq!(data["warnings"], json!([]));
    assert_eq!(data["questionnaire"]["loaded"], true);
    assert_eq!(data["questionnaire"]["age_seconds"], 0);
    assert_eq!(data["questionnaire"].get("reason"), None);
}

/// What can be wrong with the agent or the number, and what the preview of a call says about it.
#[tokio::test]
async fn what_is_wrong_at_elevenlabs_is_a_warning_of_its_own() {
    type Breakage = fn(&FakeElevenLabs);
    let cases: [(Breakage, &str, &str); 9] = [
        (
            |fake| fake.allow_overrides(&["agent.first_message", "agent.language"]),
            "override_not_allowed",
            "prompt",
        ),
        (
            |fake| {
                fake.change_agent(|agent| {
                    agent["conversation_config"]["agent"]["prompt"]["prompt"] = json!("Für {{owner_name}}");
                });
            },
            "variable_not_filled",
            "owner_name",
        ),
        (
            |fake| {
                fake.change_agent(|agent| {
                    let tool = json!({ "api_schema": { "url": "https://crm.example.org/{{crm_id}}" } });
                    agent["conversation_config"]["agent"]["prompt"]["tools"] = json!([tool]);
                });
            },
            "variable_not_filled",
            "crm_id",
        ),
        (
            |fake| {
                let schema = json!({ "id": { "type": "string", "dynamic_variable": "booking_id" } });
                fake.set_tool("tool_1", json!({ "api_schema": { "path_params_schema": schema } }));
                fake.change_agent(|agent| {
                    agent["conversation_config"]["agent"]["prompt"]["tool_ids"] = json!(["tool_1"]);
                });
            },
            "variable_not_filled",
            "booking_id",
        ),
        (
            |fake| {
                fake.change_agent(|agent| {
                    agent["conversation_config"]["agent"]["prompt"]["tool_ids"] = json!(["tool_gone"]);
                });
            },
            "tools_not_checked",
            "tools",
        ),
        (
            |fake| fake.change_agent(|agent| agent["archived"] = json!(true)),
            "agent_archived",
            "ELEVENLABS_AGENT_ID",
        ),
        (
            |fake| {
                fake.set_phone_number(PHONE_NUMBER_TWILIO, sellcruiting_webhook::sandbox::Provider::Exotel);
            },
            "provider_not_supported",
            "provider",
        ),
        (
            |fake| {
                fake.set_phone_number(PHONE_NUMBER_TWILIO, sellcruiting_webhook::sandbox::Provider::SipTrunk);
                fake.change_phone_number(PHONE_NUMBER_TWILIO, |number| {
                    number["outbound_trunk"] = Value::Null;
                    number["provider_config"] = Value::Null;
                });
            },
            "number_cannot_dial",
            "outbound SIP trunk",
        ),
        (|fake| fake.always(Lookup::PhoneNumber, status(500)), "number_not_checked", "HTTP status 500"),
    ];
    for (break_it, code, says) in cases {
        let app = TestApp::start().await;
        break_it(&app.sandbox.elevenlabs);
        let data = preview_of(&app, &with(call(), json!({ "campaign_id": 300 }))).await;
        assert_eq!(codes(&data), [code]);
        assert!(message(&data, code).contains(says), "{says:?}: {data}");
    }
}

fn status(status: u16) -> Fault {
    Fault::status(StatusCode::from_u16(status).unwrap())
}

#[tokio::test]
async fn an_agent_that_is_not_public_is_a_warning_for_links_to_elevenlabs_page_only() {
    let setup = Setup::new().await;
    let private = |agent: &mut Value| agent["platform_settings"]["auth"]["enable_auth"] = json!(true);
    setup.sandbox.elevenlabs.change_agent(private);
    let own = setup.instance().await;
    let theirs = setup.set("LINK_PAGE", "elevenlabs").start().await;
    assert!(codes(&preview_of(&theirs, &link()).await).contains(&"agent_not_public"));
    assert!(!codes(&preview_of(&theirs, &call()).await).contains(&"agent_not_public"));
    assert!(!codes(&preview_of(&own, &link()).await).contains(&"agent_not_public"));
}

#[tokio::test]
async fn variables_without_a_value_are_a_warning_where_the_agent_speaks_its_own_texts() {
    let trigger = with(call(), json!({ "campaign_id": 300 }));
    let app = Setup::new().await.set("ELEVENLABS_OVERRIDES", "first_message").start().await;
    let data = preview_of(&app, &trigger).await;
    assert!(message(&data, "variables_empty").contains("companysize"), "{data}");
    assert!(message(&data, "texts_not_sent").contains("instead: prompt."), "{data}");
    assert_eq!(data["overrides"], json!({ "prompt": false, "first_message": true, "language": false }));
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

#[tokio::test]
async fn elevenlabs_in_trouble_costs_the_check_and_not_the_preview() {
    for fault in [status(500), Fault::broken_json(), Fault::Close, Fault::Hang] {
        let case = format!("{fault:?}");
        let setup = Setup::new().await;
        let app = setup
            .adjust(|config| config.elevenlabs.lookup_timeout = Duration::from_millis(300))
            .start()
            .await;
        for lookup in [Lookup::Agent, Lookup::PhoneNumber] {
            app.sandbox.elevenlabs.always(lookup, fault.clone());
        }
        let data = preview_of(&app, &with(call(), json!({ "campaign_id": 300 }))).await;
        assert_eq!(codes(&data), ["agent_not_checked", "number_not_checked"], "{case}");
        assert_eq!(data["dialling"]["provider"], "twilio", "as a call would assume, too: {case}");
        assert!(data["prompt"].as_str().unwrap().len() > 1_000);
    }
}

#[tokio::test]
async fn what_elevenlabs_does_not_know_is_told_before_it_refuses_the_call() {
    let trigger = with(call(), json!({ "campaign_id": 300, "agent_phone_number_id": "phnum_other" }));
    let app = Setup::new().await.set("ELEVENLABS_AGENT_ID", "agent_other").start().await;
    assert_eq!(codes(&preview_of(&app, &trigger).await), ["agent_unknown", "number_unknown"]);
    app.trigger(&trigger).await.assert_error(502, "API call failed");
}

#[tokio::test]
async fn a_provider_without_an_endpoint_is_shown_as_it_would_be_dialled() {
    let app = TestApp::start().await;
    let trigger = with(call(), json!({ "agent_phone_number_id": PHONE_NUMBER_EXOTEL }));
    let data = preview_of(&app, &trigger).await;
    assert!(codes(&data).contains(&"provider_not_supported"));
    app.trigger(&trigger).await.assert_error(502, "API call failed");
    assert_eq!(data["dialling"]["endpoint"], app.only_dial().path);
}
