use super::*;

const SIGNED_URL: &str = "/v1/convai/conversation/get-signed-url";

#[tokio::test]
async fn a_number_tells_its_provider() {
    let sandbox = sandbox().await;
    for (id, provider) in
        [(PHONE_NUMBER_TWILIO, "twilio"), (PHONE_NUMBER_SIP, "sip_trunk"), (PHONE_NUMBER_EXOTEL, "exotel")]
    {
        let (status, body) = answer(get(&sandbox, &format!("/v1/convai/phone-numbers/{id}"))).await;
        assert_eq!(status, 200);
        assert_eq!((&body["provider"], &body["phone_number_id"]), (&json!(provider), &json!(id)));
        assert_eq!(body["outbound_trunk"].is_object(), provider == "sip_trunk");
    }
    let (status, body) = answer(get(&sandbox, "/v1/convai/phone-numbers/phnum_unknown")).await;
    assert_eq!((status.as_u16(), &body["detail"]["code"]), (404, &json!("phone_number_not_found")));
}

#[tokio::test]
async fn the_list_of_numbers_is_a_bare_array() {
    let sandbox = sandbox().await;
    let (_, all) = answer(get(&sandbox, "/v1/convai/phone-numbers")).await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    let (_, twilio) = answer(get(&sandbox, "/v1/convai/phone-numbers?provider=twilio")).await;
    assert_eq!(twilio[0]["phone_number_id"], PHONE_NUMBER_TWILIO);
    assert_eq!(twilio.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_agent_tells_which_overrides_it_allows() {
    let sandbox = sandbox().await;
    let path = format!("/v1/convai/agents/{AGENT_ID}");
    let overrides = "/platform_settings/overrides/conversation_config_override";
    let (_, agent) = answer(get(&sandbox, &path)).await;
    let all = json!({ "agent": { "first_message": true, "language": true, "prompt": { "prompt": true } } });
    assert_eq!(agent.pointer(overrides), Some(&all));
    sandbox.elevenlabs.allow_overrides(&["agent.language"]);
    let (_, agent) = answer(get(&sandbox, &path)).await;
    assert_eq!(agent.pointer(overrides), Some(&json!({ "agent": { "language": true } })));

    let (status, body) = answer(get(&sandbox, "/v1/convai/agents/agent_unknown")).await;
    assert_eq!((status.as_u16(), &body["detail"]["code"]), (404, &json!("agent_not_found")));
}

#[tokio::test]
async fn a_signed_url_points_to_the_sandbox_and_is_signed_anew_each_time() {
    let sandbox = sandbox().await;
    let host = sandbox.elevenlabs.base_url().replace("http://", "ws://");
    let (status, body) = answer(get(&sandbox, &format!("{SIGNED_URL}?agent_id={AGENT_ID}"))).await;
    assert_eq!(status, 200);
    let expected = format!(
        "{host}/v1/convai/conversation?agent_id={AGENT_ID}&conversation_signature=sandbox_signature_0001"
    );
    assert_eq!(body["signed_url"], expected);
    let query = format!("?agent_id={AGENT_ID}&include_conversation_id=true");
    let (_, body) = answer(get(&sandbox, &format!("{SIGNED_URL}{query}"))).await;
    let url = body["signed_url"].as_str().unwrap();
    assert!(url.ends_with("sandbox_signature_0002&conversation_id=conv_sandbox_browser_0002"), "{url}");

    assert_eq!(answer(get(&sandbox, SIGNED_URL)).await.0, 422);
    assert_eq!(answer(get(&sandbox, &format!("{SIGNED_URL}?agent_id=agent_unknown"))).await.0, 404);
}

#[tokio::test]
async fn every_lookup_checks_the_key_and_can_fail() {
    let sandbox = sandbox().await;
    let number = format!("/v1/convai/phone-numbers/{PHONE_NUMBER_TWILIO}");
    let agent = format!("/v1/convai/agents/{AGENT_ID}");
    let signed_url = format!("{SIGNED_URL}?agent_id={AGENT_ID}");
    for (path, lookup) in [
        (number.as_str(), Lookup::PhoneNumber),
        (agent.as_str(), Lookup::Agent),
        (signed_url.as_str(), Lookup::SignedUrl),
        ("/v1/convai/conversations", Lookup::Listing),
        ("/v1/convai/conversations/conv_unknown", Lookup::Conversation),
    ] {
        let url = format!("{}{path}", sandbox.elevenlabs.base_url());
        let (status, body) = answer(client().get(&url).header("xi-api-key", "wrong")).await;
        assert_eq!((status.as_u16(), &body["detail"]["status"]), (401, &json!("invalid_api_key")), "{path}");

        sandbox.elevenlabs.always(lookup, Fault::status(StatusCode::BAD_GATEWAY));
        assert_eq!(answer(get(&sandbox, path)).await.0, 502, "{path}");
        sandbox.elevenlabs.always(lookup, Fault::Close);
        assert_closed(get(&sandbox, path)).await;
        sandbox.elevenlabs.heal(lookup);
        assert_ne!(answer(get(&sandbox, path)).await.0, 502, "{path}");
    }
}

#[tokio::test]
async fn a_tool_of_the_workspace_has_a_record_of_its_own() {
    let sandbox = sandbox().await;
    sandbox.elevenlabs.set_tool("tool_1", json!({ "name": "book" }));
    let (status, tool) = answer(get(&sandbox, "/v1/convai/tools/tool_1")).await;
    assert_eq!(
        (status.as_u16(), &tool["id"], &tool["tool_config"]["name"]),
        (200, &json!("tool_1"), &json!("book"))
    );
    let (status, body) = answer(get(&sandbox, "/v1/convai/tools/tool_2")).await;
    assert_eq!((status.as_u16(), &body["detail"]["code"]), (404, &json!("document_not_found")));
}

#[tokio::test]
async fn a_key_in_trouble_is_refused_for_what_it_lacks_only() {
    let sandbox = sandbox().await;
    let agent = format!("/v1/convai/agents/{AGENT_ID}");
    let signed_url = format!("{SIGNED_URL}?agent_id={AGENT_ID}");
    for (trouble, read, write) in [
        (KeyTrouble::OtherRegion, "invalid_api_key", "invalid_api_key"),
        (KeyTrouble::WithoutRead, "missing_permissions", ""),
        (KeyTrouble::WithoutWrite, "", "missing_permissions"),
        (KeyTrouble::OutOfCredits, "quota_exceeded", "quota_exceeded"),
    ] {
        sandbox.elevenlabs.set_key_trouble(trouble);
        for (path, expected) in [(&agent, read), (&signed_url, write)] {
            let (status, body) = answer(get(&sandbox, path)).await;
            assert_eq!(status == 401, !expected.is_empty(), "{trouble:?} {path}");
            assert_eq!(body["detail"]["status"].as_str().unwrap_or_default(), expected, "{trouble:?} {path}");
        }
    }
    sandbox.elevenlabs.set_key_trouble(None);
    assert_eq!(answer(get(&sandbox, &agent)).await.0, 200);
}
