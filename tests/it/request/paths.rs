//! An unknown path is answered as such, in the common error envelope.

use reqwest::Method;

use crate::support::{API_KEY, TestApp};

#[tokio::test]
async fn an_unknown_path_is_not_found_whatever_the_method() {
    let app = TestApp::start().await;
    for path in
        ["/", "/webhook", "/webhook/", "/webhook/trigger", "/webhook/health/", "/webhook/trigger-call/x"]
    {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            app.ask(method, path).await.assert_error(404, "Not found");
        }
    }
    let reply = app.ask(Method::HEAD, "/webhook/nothing").await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let app = TestApp::start().await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        for key in [None, Some(API_KEY)] {
            let mut request = app.request(method.clone(), "/webhook/trigger-call");
            if let Some(key) = key {
                request = request.bearer_auth(key);
            }
            let reply = app.send(request).await;
            reply.assert_error(405, "Method not allowed");
            assert_eq!(reply.header("allow"), Some("POST"));
        }
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let reply = app.ask(method, "/webhook/health").await;
        reply.assert_error(405, "Method not allowed");
        assert_eq!(reply.header("allow"), Some("GET,HEAD"));
    }
}

#[tokio::test]
async fn an_unknown_path_is_not_repeated_in_the_answer() {
    let app = TestApp::start().await;
    let reply = app.get("/webhook/MARKER?name=MARKER").await;
    reply.assert_error(404, "Not found");
    assert!(!reply.text.contains("MARKER"), "{reply:?}");
}
