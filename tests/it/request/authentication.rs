//! Nobody triggers a call without a key, and nobody has to send a body to learn that the key is wrong.

use crate::support::{API_KEY, Reply, SECOND_API_KEY, TestApp, connect, link};

#[track_caller]
fn assert_refused(reply: &Reply, error: &str, message: &str) {
    let body = reply.assert_error(401, error);
    assert_eq!(body, serde_json::json!({ "status": "error", "error": error, "message": message }));
}

#[tokio::test]
async fn a_request_without_the_header_is_told_which_one_to_send() {
    let app = TestApp::start().await;
    assert_refused(
        &app.trigger_as(None, &link()).await,
        "Missing Authorization header",
        "Please provide Authorization: Bearer {API_KEY}",
    );
    app.assert_nothing_asked();
}

#[tokio::test]
async fn anything_but_a_bearer_token_is_told_the_format() {
    let app = TestApp::start().await;
    let basic = format!("Basic {API_KEY}");
    let glued = format!("Bearer{API_KEY}");
    for authorization in [API_KEY, &basic, &glued, "Bearer", "Bearer ", "", "Token x"] {
        assert_refused(
            &app.trigger_as(Some(authorization), &link()).await,
            "Invalid Authorization format",
            "Use format: Authorization: Bearer {API_KEY}",
        );
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn a_wrong_key_is_refused_however_near_it_comes() {
    let app = TestApp::start().await;
    let (upper, cut, longer) = (API_KEY.to_uppercase(), &API_KEY[1..], format!("{API_KEY}x"));
    let both = format!("{API_KEY},{SECOND_API_KEY}");
    let twice = format!("{API_KEY} {API_KEY}");
    for key in ["wrong", &upper, cut, &longer, &both, &twice] {
        assert_refused(
            &app.trigger_as(Some(&format!("Bearer {key}")), &link()).await,
            "Invalid API key",
            "The provided API key is invalid",
        );
    }
    app.assert_nothing_asked();
}

#[tokio::test]
async fn the_scheme_is_case_insensitive_and_every_configured_key_is_valid() {
    let app = TestApp::start().await;
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "] {
        for key in [API_KEY, SECOND_API_KEY] {
            app.trigger_as(Some(&format!("{scheme} {key}")), &link()).await.assert_success();
        }
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_before_anything_is_looked_at_in_the_body() {
    let app = TestApp::start().await;
    for body in ["", "no JSON", "[]", "{}"] {
        app.send(app.post().headers(wrong_key()).body(body)).await.assert_error(401, "Invalid API key");
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_without_a_byte_of_the_body_being_asked_for() {
    let app = TestApp::start().await;
    let mut connection = connect(&app.url).await.unwrap();
    // Announces ten gigabytes and sends none of them.
    let head = "POST /webhook/trigger-call HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer wrong\r\n\
                content-length: 10000000000\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n";
    connection.write(head.as_bytes()).await;
    let answer = connection.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains(r#""error":"Invalid API key""#), "{answer}");
}

#[tokio::test]
async fn the_health_check_needs_no_key_and_does_not_mind_a_wrong_one() {
    let app = TestApp::start().await;
    assert_eq!(app.health().await.status, 200);
    let with_wrong_key = app.request(reqwest::Method::GET, "/webhook/health").headers(wrong_key());
    assert_eq!(app.send(with_wrong_key).await.status, 200);
}

fn wrong_key() -> reqwest::header::HeaderMap {
    let value = reqwest::header::HeaderValue::from_static("Bearer wrong");
    [(reqwest::header::AUTHORIZATION, value)].into_iter().collect()
}
