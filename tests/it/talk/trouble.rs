//! A talk that cannot start: the page is told why, nothing goes on behind it, and HOC's trouble does not matter.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::config::Config;
use sellcruiting_webhook::sandbox::{AgentFault, Answer, Fault, Gate, Lookup, Sandbox};
use serde_json::{Value, json};

use super::scripted;
use crate::support::{Page, Setup, TestApp, assert_hung_up, link, with};

/// What a page is told about a talk that cannot start.
async fn outcome(app: &TestApp) -> (String, u16) {
    let mut page = app.invite().await.open().await;
    let end = page.end().await;
    assert_eq!(page.kinds(), ["ended"]);
    end
}

fn busy() -> (String, u16) {
    ("busy".to_owned(), 1013)
}

fn unavailable() -> (String, u16) {
    ("unavailable".to_owned(), 1011)
}

fn impatient(config: &mut Config) {
    config.elevenlabs.lookup_timeout = Duration::from_millis(300);
    config.elevenlabs.conversation_timeout = Duration::from_millis(300);
}

#[tokio::test]
async fn no_free_line_is_told_wherever_elevenlabs_says_so() {
    let app = TestApp::start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    elevenlabs.always(Lookup::SignedUrl, Fault::status(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(outcome(&app).await, busy());
    elevenlabs.heal(Lookup::SignedUrl);
    elevenlabs.next_agent(AgentFault::NoUpgrade(Fault::status(StatusCode::TOO_MANY_REQUESTS)));
    assert_eq!(outcome(&app).await, busy());
    elevenlabs.next_agent(AgentFault::busy());
    assert_eq!(outcome(&app).await, busy());
}

#[tokio::test]
async fn an_agent_that_cannot_be_had_is_unavailable() {
    let app = Setup::new().await.adjust(impatient).start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    let refused = |code, reason: &str| AgentFault::Refuses { error: None, code, reason: reason.to_owned() };
    for fault in [
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::status(StatusCode::BAD_GATEWAY),
        Fault::Answer(Answer::json(StatusCode::OK, &json!({ "signed_url": "https://evil.example" }))),
        Fault::broken_json(),
        Fault::Close,
        Fault::Hang,
    ] {
        elevenlabs.always(Lookup::SignedUrl, fault.clone());
        assert_eq!(outcome(&app).await, unavailable(), "{fault:?}");
    }
    elevenlabs.heal(Lookup::SignedUrl);
    for fault in [
        AgentFault::NoUpgrade(Fault::status(StatusCode::FORBIDDEN)),
        AgentFault::NoUpgrade(Fault::Close),
        AgentFault::NoUpgrade(Fault::Hang),
        AgentFault::override_not_allowed(),
        refused(1011, ""),
        AgentFault::Silent,
        AgentFault::InsteadOfMetadata(json!({ "type": "what_is_this" })),
    ] {
        elevenlabs.next_agent(fault.clone());
        assert_eq!(outcome(&app).await, unavailable(), "{fault:?}");
    }
    // The faults were the only reason.
    app.invite().await.open().await.wait_for("ready").await;
}

#[tokio::test]
async fn a_conversation_that_is_given_up_does_not_go_on() {
    let app = Setup::new().await.adjust(impatient).start().await;
    let elevenlabs = &app.sandbox.elevenlabs;
    elevenlabs.next_agent(AgentFault::Silent);
    assert_eq!(outcome(&app).await, unavailable());
    let [agent] = elevenlabs.live_conversations().try_into().unwrap();
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn hoc_s_trouble_does_not_keep_a_talk_from_beginning() {
    let app = scripted().await.set("QUESTIONNAIRE_TTL", "0").start().await;
    let invited = app.invite().await;
    app.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    let (_page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
    let told = agent.initiation().unwrap();
    assert_eq!(told["dynamic_variables"]["companyname"], "Tech Startup GmbH");
}

#[tokio::test]
async fn nobody_is_asked_before_a_page_has_its_line() {
    let app = Setup::new().await.set("QUESTIONNAIRE_TTL", "0").start().await;
    let invited = app.invite().await;
    let asked = |sandbox: &Sandbox| {
        let signed = |path: &str| path.ends_with("get-signed-url");
        let urls = sandbox.elevenlabs.requests().iter().filter(|request| signed(&request.path)).count();
        (sandbox.hoc.requests().len(), urls)
    };
    let before = asked(&app.sandbox);
    app.get(&format!("/talk/{}", invited.token)).await.assert_page(200);
    app.get(&invited.path("tab-1")).await.assert_error(426, "Upgrade required");
    let mut foreign = invited.request("tab-1");
    foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    Page::open(foreign).await.err().unwrap().assert_error(403, "Origin not allowed");
    assert_eq!(asked(&app.sandbox), before);
    invited.open().await.wait_for("ready").await;
    assert_eq!(asked(&app.sandbox), (before.0 + 1, before.1 + 1));
}

#[tokio::test]
async fn script_and_signed_url_are_asked_for_at_the_same_time() {
    let app = Setup::new().await.set("QUESTIONNAIRE_TTL", "0").start().await;
    let invited = app.invite().await;
    let gate = Gate::new();
    app.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    // The requests of every start may arrive late.
    let requests = app.sandbox.elevenlabs.wait_for_requests(3).await.len();
    let mut page = invited.open().await;
    let asked = app.sandbox.elevenlabs.wait_for_requests(requests + 1).await;
    assert!(asked.last().unwrap().path.ends_with("get-signed-url"));
    gate.open();
    page.wait_for("ready").await;
}

/// A page that leaves before HOC has answered.
async fn gone_while_waiting(leave: impl AsyncFnOnce(Page)) {
    let setup = Setup::new().await.set("MAX_TALKS", "1").set("QUESTIONNAIRE_TTL", "0");
    let app = setup.start().await;
    let (invited, next) = (app.invite().await, app.invite().await);
    let asked = app.sandbox.hoc.requests().len();
    app.sandbox.hoc.next(Fault::Hang);
    let page = invited.open().await;
    app.sandbox.hoc.wait_for_requests(asked + 1).await;
    leave(page).await;
    // Its place becomes free long before HOC's timeout, and there is never a conversation.
    let mut page = next.open_once_not_refused("tab-1", 503, "Too many talks").await;
    page.wait_for("ready").await;
    assert_eq!(app.sandbox.elevenlabs.live_conversations().len(), 1);
}

#[tokio::test]
async fn a_page_that_leaves_while_the_talk_is_prepared_is_not_waited_for() {
    gone_while_waiting(Page::leave).await;
}

#[tokio::test]
async fn a_page_that_ends_the_talk_while_it_is_prepared_is_heard() {
    gone_while_waiting(async |mut page: Page| {
        page.press_end().await;
        assert_eq!(page.end().await.0, "candidate");
    })
    .await;
}

#[tokio::test]
async fn what_is_said_before_the_agent_is_there_is_not_kept() {
    let app = scripted().await.set("QUESTIONNAIRE_TTL", "0").start().await;
    let invited = app.invite().await;
    let gate = Gate::new();
    app.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let mut page = invited.open().await;
    page.speak(&[1; 400]).await;
    // The mute button works from the start.
    page.say(json!({ "type": "mute", "muted": true })).await;
    page.speak(&[2; 400]).await;
    gate.open();
    page.wait_for("ready").await;
    page.speak(&[3; 400]).await;
    let [agent] = app.sandbox.elevenlabs.live_conversations().try_into().unwrap();
    assert_eq!(agent.wait_for_audio(400).await, [0; 400]);
}

#[tokio::test]
async fn trouble_by_campaign_is_told_as_what_it_is() {
    let end = async |app: &TestApp, campaign: u64| {
        let trigger: Value = with(link(), json!({ "campaign_id": campaign }));
        app.invite_to(&trigger).await.open().await.end().await.0
    };
    let app = TestApp::start().await;
    for (campaign, reason) in [(700, "busy"), (701, "agent"), (703, "unavailable")] {
        assert_eq!(end(&app, campaign).await, reason, "{campaign}");
    }
    let app = Setup::new().await.adjust(impatient).start().await;
    assert_eq!(end(&app, 704).await, "unavailable");
}
