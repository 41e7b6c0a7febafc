use super::*;

const TWILIO: &str = "/v1/convai/twilio/outbound-call";

/// The last conversation's status, and why it ended.
fn ending(sandbox: &Sandbox) -> (String, String) {
    let last = sandbox.elevenlabs.conversations().pop().unwrap();
    (last.status, last.termination_reason)
}

fn client_data(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = call();
    change(&mut body["conversation_initiation_client_data"]);
    body
}

#[tokio::test]
async fn an_accepted_call_gets_a_conversation_with_a_counting_id() {
    let sandbox = sandbox().await;
    let (status, body) = answer(dial(&sandbox, &call())).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "success": true,
            "message": "Success",
            "conversation_id": "conv_sandbox_0001",
            "callSid": "CA00000000000000000000000000000001",
        })
    );
    let (_, body) = answer(dial(&sandbox, &call())).await;
    assert_eq!(body["conversation_id"], "conv_sandbox_0002");

    let conversations = sandbox.elevenlabs.conversations();
    assert_eq!(conversations.len(), 2);
    let first = &conversations[0];
    assert_eq!(first.to_number(), Some("+493023125001"));
    assert_eq!(first.start_time_unix_secs, NOW);
    assert_eq!((first.status.as_str(), first.termination_reason.as_str()), ("initiated", ""));
    assert_eq!(first.dynamic_variable("candidate_first_name"), Some(&json!("Max")));
}

#[tokio::test]
async fn a_sip_trunk_answers_with_its_own_id() {
    let sandbox = sandbox().await;
    let mut body = call();
    body["agent_phone_number_id"] = json!(PHONE_NUMBER_SIP);
    let (status, answer) = answer(dial_at(&sandbox, "sip-trunk", &body)).await;
    assert_eq!(status, 200);
    assert_eq!(answer["sip_call_id"], "otb_sandbox_0001");
    assert!(answer.get("callSid").is_none());
}

#[tokio::test]
async fn client_data_may_be_left_out_only_if_the_agent_needs_no_variables() {
    let sandbox = sandbox().await;
    let mut body = call();
    body.as_object_mut().unwrap().remove("conversation_initiation_client_data");
    assert_eq!(answer(dial(&sandbox, &body)).await.0, 200);
    let (status, reason) = ending(&sandbox);
    assert_eq!(status, "failed");
    assert_eq!(
        reason,
        "Missing required dynamic variables in first message: \
         {'candidatefirst_name', 'candidatelast_name', 'companyname'}"
    );

    sandbox.elevenlabs.set_agent(json!({ "agent_id": "agent_plain" }));
    body["agent_id"] = json!("agent_plain");
    assert_eq!(answer(dial(&sandbox, &body)).await.0, 200);
    assert_eq!(ending(&sandbox).0, "initiated");
}

#[tokio::test]
async fn the_key_is_checked_first_and_the_refusal_tells_which_fault_it_is() {
    let sandbox = sandbox().await;
    let url = format!("{}{TWILIO}", sandbox.elevenlabs.base_url());
    let (status, body) = answer(client().post(&url).header("xi-api-key", "wrong").body("nonsense")).await;
    assert_eq!(status, 401);
    assert_eq!(body["detail"]["code"], "unauthorized");
    assert_eq!(body["detail"]["status"], "invalid_api_key");
    let (status, body) = answer(client().post(&url)).await;
    assert_eq!((status.as_u16(), &body["detail"]["status"]), (401, &json!("needs_authorization")));
    let bearer = client().post(&url).header("authorization", format!("Bearer {ELEVENLABS_API_KEY}"));
    assert_eq!(answer(bearer).await.0, 401);
    assert_eq!(sandbox.elevenlabs.dial_count(), 3);
    assert!(sandbox.elevenlabs.conversations().is_empty());
}

#[tokio::test]
async fn a_malformed_body_is_refused_with_the_place_of_the_fault() {
    let sandbox = sandbox().await;
    let data = "conversation_initiation_client_data";
    let overrides = "conversation_config_override";
    let cases: [(&str, Value, Vec<&str>); 15] = [
        ("a list", json!([]), vec!["body"]),
        (
            "no number",
            json!({ "agent_id": AGENT_ID, "agent_phone_number_id": PHONE_NUMBER_TWILIO }),
            vec!["body", "to_number"],
        ),
        (
            "a numeric number",
            json!({ "agent_id": AGENT_ID, "agent_phone_number_id": PHONE_NUMBER_TWILIO, "to_number": 49 }),
            vec!["body", "to_number"],
        ),
        (
            "a bare prompt",
            client_data(|it| it[overrides]["agent"]["prompt"] = json!("Du bist Susi.")),
            vec!["body", data, overrides, "agent", "prompt"],
        ),
        (
            "a null override",
            client_data(|it| it[overrides]["agent"]["language"] = Value::Null),
            vec!["body", data, overrides, "agent", "language"],
        ),
        (
            "an empty override",
            client_data(|it| it[overrides]["agent"]["first_message"] = json!("")),
            vec!["body", data, overrides, "agent", "first_message"],
        ),
        (
            "an empty group",
            client_data(|it| it[overrides] = json!({ "agent": {} })),
            vec!["body", data, overrides, "agent"],
        ),
        ("no overrides", client_data(|it| it[overrides] = json!({})), vec!["body", data, overrides]),
        (
            "an unknown override",
            client_data(|it| it[overrides]["agent"]["firstMessage"] = json!("x")),
            vec!["body", data, overrides, "agent", "firstMessage"],
        ),
        (
            "a null variable",
            client_data(|it| it["dynamic_variables"]["x"] = Value::Null),
            vec!["body", data, "dynamic_variables", "x"],
        ),
        (
            "a list as variable",
            client_data(|it| it["dynamic_variables"]["x"] = json!([1])),
            vec!["body", data, "dynamic_variables", "x"],
        ),
        (
            "null variables",
            client_data(|it| it["dynamic_variables"] = Value::Null),
            vec!["body", data, "dynamic_variables"],
        ),
        (
            "a misplaced member",
            client_data(|it| it["first_message"] = json!("x")),
            vec!["body", data, "first_message"],
        ),
        ("a numeric user", client_data(|it| it["user_id"] = json!(5)), vec!["body", data, "user_id"]),
        (
            "data that is a string",
            {
                let mut body = call();
                body[data] = json!("x");
                body
            },
            vec!["body", data],
        ),
    ];
    for (name, body, location) in cases {
        let (status, answer) = answer(dial(&sandbox, &body)).await;
        assert_eq!(status, 422, "{name}");
        assert_eq!(answer["detail"].as_array().unwrap().len(), 1, "{name}: {answer}");
        assert_eq!(answer["detail"][0]["loc"], json!(location), "{name}");
    }
    assert!(sandbox.elevenlabs.conversations().is_empty());
}

#[tokio::test]
async fn a_variable_on_the_top_level_of_the_body_is_refused() {
    let sandbox = sandbox().await;
    let mut body = call();
    body["dynamic_variables"] = json!({});
    let (status, answer) = answer(dial(&sandbox, &body)).await;
    assert_eq!((status.as_u16(), &answer["detail"][0]["type"]), (422, &json!("extra_forbidden")));
}

#[tokio::test]
async fn recording_can_be_asked_of_twilio_only() {
    let sandbox = sandbox().await;
    let mut body = call();
    body["call_recording_enabled"] = json!(false);
    assert_eq!(answer(dial(&sandbox, &body)).await.0, 200);
    body["agent_phone_number_id"] = json!(PHONE_NUMBER_SIP);
    assert_eq!(answer(dial_at(&sandbox, "sip-trunk", &body)).await.0, 422);
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    let sandbox = sandbox().await;
    let url = format!("{}{TWILIO}", sandbox.elevenlabs.base_url());
    let request = client().post(url).header("xi-api-key", ELEVENLABS_API_KEY).body(call().to_string());
    assert_eq!(answer(request).await.0, 422);
}

#[tokio::test]
async fn unknown_agents_and_numbers_are_not_found() {
    let sandbox = sandbox().await;
    for (member, code) in
        [("agent_id", "agent_not_found"), ("agent_phone_number_id", "phone_number_not_found")]
    {
        let mut body = call();
        body[member] = json!("unknown");
        let (status, answer) = answer(dial(&sandbox, &body)).await;
        assert_eq!((status.as_u16(), &answer["detail"]["code"]), (404, &json!(code)));
    }
}

#[tokio::test]
async fn a_number_of_another_provider_is_refused() {
    let sandbox = sandbox().await;
    assert_eq!(answer(dial_at(&sandbox, "sip-trunk", &call())).await.0, 400);
    for phone_number_id in [PHONE_NUMBER_SIP, PHONE_NUMBER_EXOTEL] {
        let mut body = call();
        body["agent_phone_number_id"] = json!(phone_number_id);
        assert_eq!(answer(dial(&sandbox, &body)).await.0, 400, "{phone_number_id}");
    }
    sandbox.elevenlabs.set_phone_number(PHONE_NUMBER_TWILIO, Provider::SipTrunk);
    assert_eq!(answer(dial_at(&sandbox, "sip-trunk", &call())).await.0, 200);
}

#[tokio::test]
async fn a_number_that_is_not_e164_is_a_success_that_is_none() {
    let sandbox = sandbox().await;
    for number in ["030 23125001", "+49 30 23125001", "+0493023125001", "+49", ""] {
        let mut body = call();
        body["to_number"] = json!(number);
        let (status, answer) = answer(dial(&sandbox, &body)).await;
        assert_eq!((status.as_u16(), &answer["success"]), (200, &json!(false)), "{number}");
        assert!(answer["conversation_id"].is_null());
    }
    assert!(sandbox.elevenlabs.conversations().is_empty());
}

#[tokio::test]
async fn an_override_that_the_agent_does_not_allow_kills_the_conversation_but_not_the_request() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.allow_overrides(&["agent.first_message", "agent.language"]);
    let (status, body) = answer(dial(&sandbox, &call())).await;
    assert_eq!((status.as_u16(), &body["success"]), (200, &json!(true)));
    let failed = ("failed".to_owned(), "Override for field 'prompt' is not allowed by config.".to_owned());
    assert_eq!(ending(&sandbox), failed);
    assert_eq!(sandbox.elevenlabs.conversations()[0].error_code, Some(1008));

    let body = client_data(|it| it["conversation_config_override"]["tts"] = json!({ "voice_id": "voice_1" }));
    sandbox.elevenlabs.allow_overrides(&["agent.first_message", "agent.language", "agent.prompt.prompt"]);
    assert_eq!(answer(dial(&sandbox, &body)).await.0, 200);
    assert_eq!(ending(&sandbox).1, "Override for field 'voice_id' is not allowed by config.");
}

#[tokio::test]
async fn a_placeholder_without_a_variable_kills_the_conversation() {
    let sandbox = sandbox().await;
    for (text, expected) in [
        ("Guten Tag {{ first_name }}, {{street}}!", Some("{'first_name', 'street'}")),
        ("Guten Tag {{candidate_first_name}}, {{system__time}}!", None),
        ("Guten Tag {{Candidate_First_Name}}!", Some("{'Candidate_First_Name'}")),
        ("Eine {Klammer} und {{ kein Ende", None),
    ] {
        let body = client_data(|it| {
            it["conversation_config_override"]["agent"]["prompt"]["prompt"] = json!(text);
        });
        assert_eq!(answer(dial(&sandbox, &body)).await.0, 200);
        let reason = expected
            .map(|names| format!("Missing required dynamic variables in prompt: {names}"))
            .unwrap_or_default();
        assert_eq!(ending(&sandbox).1, reason, "{text}");
    }
}

#[tokio::test]
async fn without_overrides_the_agents_own_prompt_needs_all_variables() {
    let sandbox = sandbox().await;
    let names = [
        "candidatefirst_name",
        "candidatelast_name",
        "companyname",
        "companysize",
        "companypitch",
        "companypriorities",
        "campaignlocation_label",
        "campaignrole_title",
        "questionnaire_context",
        "questions",
        "gate_questions",
        "preference_questions",
    ];
    let mut variables: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!(""))).collect();
    let with = |variables: &serde_json::Map<String, Value>| {
        client_data(|it| *it = json!({ "dynamic_variables": variables }))
    };
    answer(dial(&sandbox, &with(&variables))).await;
    assert_eq!(ending(&sandbox).0, "initiated");
    variables.remove("gate_questions");
    answer(dial(&sandbox, &with(&variables))).await;
    assert_eq!(ending(&sandbox).1, "Missing required dynamic variables in prompt: {'gate_questions'}");
}
