use super::*;

#[tokio::test]
async fn each_built_in_campaign_has_its_questionnaire() {
    let sandbox = sandbox().await;
    for (campaign_id, questions) in [(100, 18), (200, 7), (400, 0), (505, 7), (608, 7)] {
        let (status, body) = answer(questionnaire(&sandbox, campaign_id)).await;
        assert_eq!(status, 200, "{campaign_id}");
        assert_eq!(body["questions"].as_array().unwrap().len(), questions, "{campaign_id}");
    }
    let (_, pages) = answer(questionnaire(&sandbox, 300)).await;
    assert_eq!(pages["pages"].as_array().unwrap().len(), 3);
    assert!(pages.to_string().contains("AP: Frau Muster, Personalabteilung, bewerbung@example.org"));
}

#[tokio::test]
async fn the_hospital_shows_everything_that_a_questionnaire_can_hold() {
    let sandbox = sandbox().await;
    let (_, body) = answer(questionnaire(&sandbox, 100)).await;
    let questions = body["questions"].as_array().unwrap();
    for kind in
        ["string", "text", "number", "date", "boolean", "choice", "multi_choice", "ranked_list", "info"]
    {
        assert!(questions.iter().any(|question| question["type"] == kind), "{kind}");
    }
    assert!(questions.iter().any(|question| question["gate_config"]["alternative_for"] == "examen"));
    assert!(questions.iter().any(|question| question["conversation_flow"]["clustered_options"].is_object()));
    assert!(questions.iter().any(|question| question["conditions"][0]["when"]["op"] == "in"));
    assert!(body["campaignrole_title"].is_string() && body["campaignlocation_label"].is_string());
}

#[tokio::test]
async fn only_the_bare_token_is_accepted() {
    let sandbox = sandbox().await;
    let url = format!("{}/questionnaire/200", sandbox.hoc.base_url());
    for authorization in [Some(format!("Bearer {HOC_TOKEN}")), Some("another-token".to_owned()), None] {
        let mut request = client().get(&url).header("accept", "application/json");
        if let Some(authorization) = &authorization {
            request = request.header("authorization", authorization);
        }
        let (status, body) = answer(request).await;
        assert_eq!((status.as_u16(), &body["detail"]), (401, &json!("Invalid token.")), "{authorization:?}");
    }
}

#[tokio::test]
async fn who_does_not_ask_for_json_gets_html() {
    let sandbox = sandbox().await;
    let url = format!("{}/questionnaire/200", sandbox.hoc.base_url());
    let response = client().get(url).header("authorization", HOC_TOKEN).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn an_unknown_campaign_is_not_found() {
    let sandbox = sandbox().await;
    for campaign_id in ["404", "12345", "abc", "-1", "200/"] {
        let (status, _) = answer(questionnaire(&sandbox, campaign_id)).await;
        assert_eq!(status, 404, "{campaign_id}");
    }
}

#[tokio::test]
async fn its_troubles_are_as_announced() {
    let sandbox = sandbox().await;
    assert_eq!(questionnaire(&sandbox, 500).send().await.unwrap().status(), 500);
    assert_eq!(answer(questionnaire(&sandbox, 504)).await.0, 403);
    assert_closed(questionnaire(&sandbox, 509)).await;

    let login = questionnaire(&sandbox, 501).send().await.unwrap();
    assert_eq!(login.status(), 200);
    assert_eq!(login.headers()["content-type"], "text/html; charset=utf-8");

    let broken = questionnaire(&sandbox, 502).send().await.unwrap();
    assert_eq!(broken.headers()["content-type"], "application/json");
    let broken = broken.bytes().await.unwrap();
    assert!(serde_json::from_slice::<Value>(&broken).unwrap_err().is_eof());

    let plain = questionnaire(&sandbox, 505).send().await.unwrap();
    assert_eq!(plain.headers()["content-type"], "text/plain; charset=utf-8");

    let huge = questionnaire(&sandbox, 507).send().await.unwrap().bytes().await.unwrap();
    assert!(huge.len() > 2 * 1024 * 1024);
    assert!(serde_json::from_slice::<Value>(&huge).is_ok(), "only the size may be wrong");
}

#[tokio::test]
async fn campaign_503_never_answers() {
    let sandbox = sandbox().await;
    let hanging = tokio::spawn(questionnaire(&sandbox, 503).send());
    assert_eq!(sandbox.hoc.wait_for_requests(1).await.len(), 1);
    assert_hangs(hanging).await;
}

#[tokio::test]
async fn campaign_506_fails_at_every_first_try_only() {
    let sandbox = sandbox().await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(questionnaire(&sandbox, 506).send().await.unwrap().status().as_u16());
    }
    assert_eq!(seen, [500, 200, 500, 200]);
}

#[tokio::test]
async fn campaign_508_redirects_to_an_address_that_would_answer() {
    let sandbox = sandbox().await;
    let response = questionnaire(&sandbox, 508).send().await.unwrap();
    assert_eq!(response.status(), 302);
    let target = response.headers()["location"].to_str().unwrap();
    let request =
        client().get(target).header("authorization", HOC_TOKEN).header("accept", "application/json");
    assert_eq!(answer(request).await.0, 200);
}

#[tokio::test]
async fn a_test_may_set_questionnaires() {
    let sandbox = sandbox().await;
    sandbox.hoc.set_questionnaire(7, &json!({ "questions": [{ "id": 1 }] }));
    assert_eq!(answer(questionnaire(&sandbox, 7)).await.1["questions"][0]["id"], 1);

    sandbox.hoc.set_raw_questionnaire(500, "text/plain", "nonsense");
    let response = questionnaire(&sandbox, 500).send().await.unwrap();
    assert_eq!(response.status(), 200, "a questionnaire that is set replaces the built-in trouble");
    assert_eq!(response.headers()["content-type"], "text/plain");
    assert_eq!(response.text().await.unwrap(), "nonsense");
}

#[tokio::test]
async fn faults_queue_up_and_are_used_up_by_authorised_requests() {
    let sandbox = sandbox().await;
    sandbox.hoc.next(Fault::status(StatusCode::BAD_GATEWAY));
    sandbox.hoc.next(Fault::Close);
    let url = format!("{}/questionnaire/200", sandbox.hoc.base_url());
    assert_eq!(client().get(url).send().await.unwrap().status(), 401);
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 502);
    assert_closed(questionnaire(&sandbox, 200)).await;
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 200);
}

#[tokio::test]
async fn a_campaign_can_always_fail() {
    let sandbox = sandbox().await;
    sandbox.hoc.always(200, Fault::status(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 503);
    assert_eq!(answer(questionnaire(&sandbox, 200)).await.0, 503);
    assert_eq!(answer(questionnaire(&sandbox, 100)).await.0, 200);
}
