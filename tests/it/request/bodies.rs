//! A body that is not a trigger is refused with the reason.

use crate::support::{Reply, TestApp, exchange, link, raw_trigger};

const LIMIT: usize = 64 * 1024;

/// A valid trigger of exactly this many bytes.
fn padded(bytes: usize) -> String {
    let trigger = link().to_string();
    let spaces = bytes - trigger.len();
    trigger + &" ".repeat(spaces)
}

#[tokio::test]
async fn an_empty_body_holds_no_data() {
    let app = TestApp::start().await;
    for body in ["", " ", "\r\n\t"] {
        app.trigger_raw(body).await.assert_error(400, "No JSON data provided");
    }
    app.send(app.post()).await.assert_error(400, "No JSON data provided");
}

#[tokio::test]
async fn what_is_no_json_is_called_so() {
    let app = TestApp::start().await;
    for body in ["campaign_id=200", "{", "{\"campaign_id\": 200,}", "{'a': 1}", "<xml/>", "{} {}", "NaN"] {
        app.trigger_raw(body).await.assert_error(400, "Invalid JSON format");
    }
    app.trigger_raw(vec![0xFF, 0xFE, 0x00]).await.assert_error(400, "Invalid JSON format");
    app.trigger_raw("[".repeat(60_000)).await.assert_error(400, "Invalid JSON format");
}

#[tokio::test]
async fn json_that_is_no_object_is_called_so() {
    let app = TestApp::start().await;
    for body in ["[]", "null", "1", "true", "\"text\"", "[{\"campaign_id\":1}]", r#""[]""#, r#""{""#] {
        app.trigger_raw(body).await.assert_error(400, "Invalid request format");
    }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
    let app = TestApp::start().await;
    app.trigger_raw(padded(LIMIT)).await.assert_success();
    app.trigger_raw(padded(LIMIT + 1)).await.assert_error(413, "Request body too large");
}

#[tokio::test]
async fn the_limit_holds_for_a_body_that_does_not_tell_its_length() {
    let app = TestApp::start().await;
    let head = raw_trigger(&["transfer-encoding: chunked"]);
    for (bytes, status) in [(LIMIT, "200"), (LIMIT + 1, "413")] {
        let request = format!("{head}{bytes:x}\r\n{}\r\n0\r\n\r\n", padded(bytes));
        let answer = exchange(&app.url, request.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
}

/// A request that is not HTTP is answered before this service sees it. The documents say so.
#[tokio::test]
async fn what_is_no_http_gets_an_empty_answer() {
    let app = TestApp::start().await;
    let headers = "x-header: y\r\n".repeat(101);
    let head_of_32_kib = format!("GET /webhook/health HTTP/1.1\r\nx-header: {}", "y".repeat(32 * 1024));
    for (request, status) in [
        ("GET /webhook/health ?x HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), "400"),
        (format!("GET /webhook/health HTTP/1.1\r\n{headers}\r\n"), "431"),
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(LIMIT)), "431"),
        (format!("{head_of_32_kib}\r\n\r\n"), "431"),
        (head_of_32_kib, "431"),
    ] {
        let answer = exchange(&app.url, request.as_bytes()).await.to_lowercase();
        assert!(answer.starts_with(&format!("http/1.1 {status} ")), "{answer}");
        assert!(answer.contains("content-length: 0\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
        assert!(!answer.contains("x-request-id"), "{answer}");
    }
}

#[tokio::test]
async fn a_caller_that_sends_far_too_much_reads_the_answer_all_the_same() {
    let app = TestApp::start().await;
    let replies: Vec<Reply> =
        vec![app.trigger_raw(vec![b' '; 1024 * 1024]).await, app.trigger_raw(vec![0; 3 * 1024 * 1024]).await];
    for reply in replies {
        reply.assert_error(413, "Request body too large");
    }
    app.assert_nothing_asked();
}
