//! Every answer can be found again by its id.

use std::collections::HashSet;

use crate::support::{TestApp, link};

#[tokio::test]
async fn a_sane_id_of_the_caller_is_kept() {
    let app = TestApp::start().await;
    for id in ["hoc-42", "0f8fad5b-d9cb-469f-a165-70867728950e", "a.b:c_d", &"x".repeat(128)] {
        let reply = app.send(app.post().header("x-request-id", id).json(&link())).await;
        assert_eq!(reply.header("x-request-id"), Some(id));
    }
}

#[tokio::test]
async fn any_other_id_is_replaced() {
    let app = TestApp::start().await;
    for id in ["", "Max Mustermann", "{\"a\":1}", "+493023125001", "a\tb", &"x".repeat(129)] {
        let reply = app.send(app.post().header("x-request-id", id).json(&link())).await;
        let given = reply.header("x-request-id").unwrap();
        assert!(!given.is_empty() && given != id && given.is_ascii(), "{id:?} became {given:?}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let app = TestApp::start().await;
    let replies = [
        app.health().await,
        app.get("/nothing").await,
        app.trigger(&link()).await,
        app.trigger_raw("{").await,
        app.trigger_as(None, &link()).await,
    ];
    let ids: HashSet<_> = replies.iter().map(|reply| reply.header("x-request-id").unwrap()).collect();
    assert_eq!(ids.len(), replies.len());
}
