//! Who may open the WebSocket of a talk, and what a page is told that may not.

use std::time::{Duration, Instant};

use reqwest::Method;
use sellcruiting_webhook::sandbox::AgentFault;
use serde_json::json;

use super::scripted;
use crate::support::{Invited, PUBLIC_BASE_URL, Page, Reply, Setup, TestApp, assert_hung_up};

async fn refused(invited: &Invited, header: &'static str, value: Option<&str>) -> Reply {
    let mut request = invited.request("tab-1");
    request.headers_mut().remove(header);
    if let Some(value) = value {
        request.headers_mut().insert(header, value.parse().unwrap());
    }
    Page::open(request).await.err().expect("a refusal")
}

#[tokio::test]
async fn a_link_that_was_cut_or_changed_opens_nothing() {
    let app = TestApp::start().await;
    let invited = app.invite().await;
    let token = invited.token.as_str();
    let (cut, rest) = token.split_at(token.len() / 2);
    let swapped = |from: char, to: char| token.replacen(from, &to.to_string(), 1);
    let changed = token.chars().nth(60).map(|c| swapped(c, if c == 'A' { 'B' } else { 'A' })).unwrap();
    for bad in [cut, rest, &changed, &format!("{token}A"), &token[1..], "x", "%FF", &"A".repeat(4_000)] {
        let bad = invited.with_token(bad);
        let refusal = Page::open(bad.request("tab-1")).await.err().expect("a refusal");
        refusal.assert_error(404, "Link not valid");
        app.get(&bad.path("tab-1")).await.assert_error(404, "Link not valid");
    }
    assert_eq!(app.sandbox.elevenlabs.live_conversations().len(), 0);
}

#[tokio::test]
async fn a_link_opens_nothing_once_it_is_too_old() {
    let setup = scripted().await.set("LINK_TTL", "2h");
    let clock = setup.clock.clone();
    let app = setup.start().await;
    let invited = app.invite().await;
    clock.set(Duration::from_secs(2 * 60 * 60 - 1));
    let (mut page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
    clock.set(Duration::from_hours(2));
    Page::open(invited.request("tab-1")).await.err().unwrap().assert_error(410, "Link expired");
    app.get(&invited.path("tab-1")).await.assert_error(410, "Link expired");
    // A talk that has started goes on.
    page.speak(&[1; 400]).await;
    assert_eq!(agent.wait_for_audio(400).await, [1; 400]);
}

#[tokio::test]
async fn only_our_own_page_gets_a_line() {
    let app = TestApp::start().await;
    let invited = app.invite().await;
    for origin in [Some("https://evil.example"), Some("null"), Some("http://127.0.0.1:1"), None] {
        refused(&invited, "origin", origin).await.assert_error(403, "Origin not allowed");
    }
    // The public address counts, too, in case a proxy sends another host name.
    let mut request = invited.request("tab-1");
    request.headers_mut().insert("origin", PUBLIC_BASE_URL.parse().unwrap());
    assert!(Page::open(request).await.is_ok());
}

#[tokio::test]
async fn a_plain_request_gets_the_same_answer_as_a_websocket_and_426_if_all_is_well() {
    let app = scripted().await.set("MAX_TALKS", "1").start().await;
    let (invited, other) = (app.invite().await, app.invite().await);
    let reply = app.get(&invited.path("tab-1")).await;
    reply.assert_error(426, "Upgrade required");
    assert_eq!(reply.header("upgrade"), Some("websocket"));
    // The page names its origin by itself where its browser does not.
    for header in ["origin", "talk-origin"] {
        let foreign = app.request(Method::GET, &invited.path("tab-1")).header(header, "https://evil.example");
        app.send(foreign).await.assert_error(403, "Origin not allowed");
        let own = app.request(Method::GET, &invited.path("tab-1")).header(header, PUBLIC_BASE_URL);
        app.send(own).await.assert_error(426, "Upgrade required");
    }
    for (header, value) in [
        ("sec-websocket-protocol", Some("talk.v2")),
        ("sec-websocket-protocol", None),
        ("sec-websocket-version", Some("12")),
        ("upgrade", Some("h2c")),
    ] {
        let reply = refused(&invited, header, value).await;
        reply.assert_error(426, "Upgrade required");
    }

    let (_page, _agent) = invited.talk(&app.sandbox.elevenlabs).await;
    app.get(&invited.path("tab-2")).await.assert_error(409, "Talk in progress");
    app.get(&other.path("tab-1")).await.assert_error(503, "Too many talks");
    app.get(&invited.path("tab-1")).await.assert_error(426, "Upgrade required");
    app.ask(Method::POST, &invited.path("tab-1")).await.assert_error(405, "Method not allowed");
}

#[tokio::test]
async fn a_page_must_give_itself_an_id() {
    let app = TestApp::start().await;
    let invited = app.invite().await;
    for tab in ["", "a b", "ä", "<", &"x".repeat(65)] {
        app.get(&invited.path(tab)).await.assert_invalid(&["tab"]);
    }
    let path = format!("/talk/{}/session", invited.token);
    app.get(&path).await.assert_invalid(&["tab"]);
    app.get(&invited.path(&"x".repeat(64))).await.assert_error(426, "Upgrade required");
}

#[tokio::test]
async fn a_second_page_on_the_same_link_is_refused_while_the_first_talks() {
    let app = scripted().await.start().await;
    let invited = app.invite().await;
    let (mut page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
    let refusal = Page::open(invited.request("tab-2")).await.err().expect("a refusal");
    refusal.assert_error(409, "Talk in progress");
    page.speak(&[1; 400]).await;
    assert_eq!(agent.wait_for_audio(400).await, [1; 400]);
    page.press_end().await;
    page.end().await;
    // The next page gets the WebSocket.
    invited.open_once_not_refused("tab-2", 409, "Talk in progress").await;
}

#[tokio::test]
async fn a_page_that_comes_back_takes_its_own_talk_over() {
    let app = scripted().await.set("MAX_TALKS", "1").start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    let invited = app.invite().await;
    let (mut old, agent) = invited.talk(elevenlabs).await;
    let mut new = invited.open().await;
    assert_eq!(old.end().await, ("taken_over".to_owned(), 1000));
    new.wait_for("ready").await;
    assert_hung_up(&agent).await;
    // There are never two conversations at once, and not one too many.
    let [_, current] = elevenlabs.live_conversations().try_into().unwrap();
    new.speak(&[5; 400]).await;
    assert_eq!(current.wait_for_audio(400).await, [5; 400]);
    assert_eq!(current.end(), None);
}

#[tokio::test]
async fn so_many_talks_as_the_operator_allows_go_on_at_once() {
    let app = scripted().await.set("MAX_TALKS", "3").start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    let mut talks = Vec::new();
    for _ in 0..3 {
        talks.push(app.invite().await.talk(elevenlabs).await);
    }
    let fourth = app.invite().await;
    Page::open(fourth.request("tab-1")).await.err().unwrap().assert_error(503, "Too many talks");
    // However a talk ends, its place becomes free.
    let (mut page, _) = talks.pop().unwrap();
    page.press_end().await;
    page.end().await;
    let (page, _) = talks.pop().unwrap();
    drop(page);
    let (_, agent) = talks.pop().unwrap();
    agent.drop_connection();
    let mut free = Vec::new();
    for _ in 0..3 {
        free.push(app.invite().await.open_once_not_refused("tab-1", 503, "Too many talks").await);
    }
}

#[tokio::test]
async fn a_place_is_free_again_where_no_talk_came_about() {
    let app = Setup::new().await.set("MAX_TALKS", "1").start().await;
    app.sandbox.elevenlabs.always_agent(AgentFault::busy());
    for _ in 0..3 {
        let invited = app.invite().await;
        let mut page = invited.open_once_not_refused("tab-1", 503, "Too many talks").await;
        assert_eq!(page.end().await.0, "busy");
    }
}

#[tokio::test]
async fn one_link_cannot_be_talked_on_without_end() {
    let setup = Setup::new().await.adjust(|config| config.talk.limits.starts = 2);
    let app = setup.start().await;
    let invited = app.invite().await;
    for _ in 0..2 {
        let mut page = invited.open().await;
        page.press_end().await;
        page.end().await;
    }
    let refusal = Page::open(invited.request("tab-1")).await.err().expect("a refusal");
    refusal.assert_error(429, "Too many starts");
    let wait: u64 = refusal.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    app.get(&invited.path("tab-1")).await.assert_error(429, "Too many starts");
    // Other links are not affected.
    app.invite().await.open().await;
}

#[tokio::test]
async fn whoever_takes_a_talk_over_waits_for_all_that_were_before() {
    let setup = scripted().await.adjust(|config| config.talk.limits.farewell = Duration::from_secs(1));
    let app = setup.start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    let invited = app.invite().await;
    let (mut first, agent) = invited.talk(elevenlabs).await;
    // It does not answer the end of its conversation.
    agent.stop_reading();
    let start = Instant::now();
    let mut second = invited.open().await;
    assert_eq!(first.end().await.0, "taken_over");
    let mut third = invited.open().await;
    assert_eq!(second.end().await.0, "taken_over");
    third.wait_for("ready").await;
    assert!(start.elapsed() >= Duration::from_millis(950), "{:?}", start.elapsed());
    assert_eq!(elevenlabs.live_conversations().len(), 2, "the second page never had one");
}

#[tokio::test]
async fn the_agent_is_told_what_the_link_promised() {
    let app = TestApp::start().await;
    let invited = app.invite().await;
    let (_page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
    let told = agent.initiation().unwrap();
    let variables = &told["dynamic_variables"];
    assert_eq!(told["user_id"], variables["sellcruiting_call_id"]);
    assert_eq!(variables["candidatefirst_name"], "Max");
    let words = &told["conversation_config_override"]["agent"];
    assert_eq!(words["language"], json!("de"));
    assert!(words["first_message"].as_str().unwrap().starts_with("Guten Tag Max Mustermann, hier"));
    assert!(words["prompt"]["prompt"].as_str().unwrap().len() > 1_000);
    // The conversation can be found by the link's id.
    let [conversation] = app.sandbox.elevenlabs.conversations().try_into().unwrap();
    assert_eq!(conversation.dynamic_variable("sellcruiting_call_id"), Some(&told["user_id"]));
}
