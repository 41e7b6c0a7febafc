//! The specification can be read in a browser. The page loads nothing else, and may do nothing else.

use reqwest::Method;

use crate::support::TestApp;

#[tokio::test]
async fn the_page_is_there_for_everyone_and_may_load_and_run_nothing() {
    let app = TestApp::start().await;
    let reply = app.get("/docs").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    for open in ["unsafe", "*", "http:", "https:", "script-src", "'self'"] {
        assert!(!policy.contains(open), "{open} in {policy}");
    }
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'none'"), "{policy}");
    assert!(reply.text.contains("Anrufen oder einen Link erzeugen"), "{}", reply.text);
    app.assert_nothing_asked();
}

#[tokio::test]
async fn the_page_holds_nothing_of_the_settings() {
    let app = TestApp::start().await;
    let page = app.get("/docs").await.text;
    for setting in [sellcruiting_webhook::sandbox::AGENT_ID, &app.sandbox.hoc.base_url(), &app.url] {
        assert!(!page.contains(setting), "{setting}");
    }
    assert_eq!(app.ask(Method::HEAD, "/docs").await.text, "");
}
