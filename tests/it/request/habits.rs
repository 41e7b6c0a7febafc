//! What HOC's backend really sends, which is not always what the document says.

use serde_json::{Value, json};

use crate::support::{TestApp, call, link, with};

#[tokio::test]
async fn the_content_type_is_not_looked_at() {
    let app = TestApp::start().await;
    let body = link().to_string();
    app.send(app.post().body(body.clone())).await.assert_success();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"] {
        let request = app.post().header("content-type", content_type).body(body.clone());
        app.send(request).await.assert_success();
    }
}

#[tokio::test]
async fn the_document_may_be_sent_as_a_string_that_contains_it() {
    let app = TestApp::start().await;
    let string = Value::String(call().to_string());
    app.trigger(&string).await.assert_success();
    app.only_conversation();
}

#[tokio::test]
async fn a_byte_order_mark_and_white_space_do_no_harm() {
    let app = TestApp::start().await;
    app.trigger_raw(format!("\u{FEFF}\r\n {}\n\n", link())).await.assert_success();
}

#[tokio::test]
async fn a_campaign_id_may_be_a_number_or_digits() {
    let app = TestApp::start().await;
    for id in ["123", "\"123\"", "\" 123 \"", "123.0", "\"0123\"", "1.23e2"] {
        let body = link().to_string().replace("200", id);
        let data = app.trigger_raw(body).await.assert_success();
        assert_eq!(data["campaign_id"], 123, "{id}");
    }
    let asked: Vec<_> = app.sandbox.hoc.requests().into_iter().map(|request| request.path).collect();
    assert!(asked.iter().all(|path| path == "/api/v1/questionnaire/123"), "{asked:?}");
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let app = TestApp::start().await;
    let unknown = json!({ "source": "hoc", "priority": [1, { "a": null }], "Campaign_Id": "x", "": 0 });
    app.trigger(&with(call(), unknown)).await.assert_success();
    app.only_conversation();
}

#[tokio::test]
async fn an_applicant_id_is_handed_through_as_text_or_number() {
    for (sent, received) in
        [(json!("A-17"), "A-17"), (json!(4711), "4711"), (json!(null), ""), (json!(""), "")]
    {
        let app = TestApp::start().await;
        app.trigger(&with(call(), json!({ "applicant_id": sent }))).await.assert_success();
        assert_eq!(app.variable("applicant_id"), received);
    }
}

#[tokio::test]
async fn without_an_applicant_id_the_variable_is_there_all_the_same() {
    let app = TestApp::start().await;
    app.trigger(&call()).await.assert_success();
    assert_eq!(app.variable("applicant_id"), "");
}
