//! What is wrong with the agent or the number at ElevenLabs is a warning.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{
    FakeElevenLabs, Fault, Lookup, PHONE_NUMBER_EXOTEL, PHONE_NUMBER_TWILIO, Provider,
};
use serde_json::{Value, json};

use super::{codes, message, preview_of};
use crate::support::{Setup, TestApp, call, link, with};

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
                fake.set_phone_number(PHONE_NUMBER_TWILIO, Provider::Exotel);
            },
            "provider_not_supported",
            "provider",
        ),
        (
            |fake| {
                fake.set_phone_number(PHONE_NUMBER_TWILIO, Provider::SipTrunk);
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
