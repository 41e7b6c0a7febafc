//! Links to this service's own page: sealed, short, and the same for a retry.

use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use sellcruiting_webhook::sandbox::Fault;
use serde_json::{Value, json};

use crate::support::{
    NOW, PUBLIC_BASE_URL, Reply, Setup, TestApp, TestDatabase, each_database, link, questionnaire, with,
};

const KEY: &str = "own-link-1";
const MINUTE: Duration = Duration::from_mins(1);

/// Fails unless the link leads to this service's own page. Returns its last segment.
#[track_caller]
fn token(data: &Value) -> String {
    let link = data["conversation_link"].as_str().unwrap();
    let token = link.strip_prefix(PUBLIC_BASE_URL).and_then(|path| path.strip_prefix("/talk/"));
    let token = token.unwrap_or_else(|| panic!("not to the own page: {link}"));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    assert!(token.len() > 60 && token.bytes().all(is_plain), "{link}");
    token.to_owned()
}

#[tokio::test]
async fn the_answer_to_a_link_has_exactly_the_members_of_the_contract() {
    let app = TestApp::start().await;
    let body = app.trigger(&link()).await.json();
    let data = &body["data"];
    token(data);
    assert!(data["first_message"].as_str().unwrap().starts_with("Guten Tag Max Mustermann, hier"), "{data}");
    assert!(data["prompt_length"].as_u64().unwrap() > 1_000, "{data}");
    assert_eq!(
        body,
        json!({
            "status": "success",
            "message": "Conversation link created successfully",
            "data": {
                "campaign_id": 200,
                "candidate": "Max Mustermann",
                "company": "Tech Startup GmbH",
                "conversation_link": data["conversation_link"],
                "link_expires_at": "2025-12-02T11:20:05.169000",
                "questionnaire_loaded": true,
                "questionnaire_age_seconds": 0,
                "timestamp": NOW,
                "prompt_length": data["prompt_length"],
                "first_message": data["first_message"],
            }
        })
    );
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
}

#[tokio::test]
async fn the_sample_request_s_link_fits_into_a_text_message() {
    let app = TestApp::start().await;
    let data = app.trigger(&link()).await.assert_success();
    let link = data["conversation_link"].as_str().unwrap();
    assert!(link.len() <= 220, "{} characters: {link}", link.len());
}

#[tokio::test]
async fn a_link_s_length_does_not_depend_on_the_questionnaire() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    app.sandbox.hoc.set_questionnaire(8, &json!({ "questions": [] }));
    let mut lengths = Vec::new();
    for campaign in [7, 8] {
        let data = app.trigger(&with(link(), json!({ "campaign_id": campaign }))).await.assert_success();
        lengths.push(token(&data).len());
    }
    assert_eq!(lengths[0], lengths[1]);
}

#[tokio::test]
async fn nothing_that_a_link_is_about_can_be_read_in_it() {
    let app = TestApp::start().await;
    let trigger = with(link(), json!({ "applicant_id": "A4711x", "campaign_id": 200 }));
    let token = token(&app.trigger(&trigger).await.assert_success());
    let bytes = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, &token).unwrap();
    for private in ["Mustermann", "Tech", "Startup", "A4711x", "agent"] {
        assert!(!bytes.windows(private.len()).any(|window| window == private.as_bytes()), "{private}");
        assert!(!token.contains(private), "{private}");
    }
}

async fn a_link_with_a_key_comes_again_byte_for_byte(database: TestDatabase) {
    let setup = Setup::new().await.on(&database);
    let app = setup.instance().await;
    let trigger = with(link(), json!({ "applicant_id": "A-1", "candidate_last_name": "O’Connor-Müller" }));
    let first = app.trigger_with_key(KEY, &trigger).await;
    token(&first.assert_success());
    let asked = setup.sandbox.hoc.requests().len();
    setup.clock.advance(MINUTE);
    let again = app.trigger_with_key(KEY, &trigger).await;
    app.stop().await;
    setup.clock.advance(MINUTE);
    let by_another = setup.instance().await.trigger_with_key(KEY, &trigger).await;
    for reply in [again, by_another] {
        assert!(reply.is_replayed());
        assert_eq!(reply.text, first.text);
    }
    assert_eq!(setup.sandbox.hoc.requests().len(), asked, "a replay asks for nothing");
}

each_database!(a_link_with_a_key_comes_again_byte_for_byte);

/// The instance was killed before it could record that the link was handed out.
#[tokio::test]
async fn a_link_of_which_nobody_knows_whether_it_was_answered_comes_again_byte_for_byte() {
    let database = TestDatabase::sqlite_file();
    let setup = Setup::new().await.on(&database);
    let app = setup.instance().await;
    let first = app.trigger_with_key(KEY, &link()).await;
    token(&first.assert_success());
    app.stop().await;
    assert_eq!(
        database.open_file().execute("UPDATE calls SET state = 'dialling', settled_at = NULL", []),
        Ok(1)
    );
    setup.clock.advance(MINUTE);
    let again = setup.instance().await.retry_with_key_until_success(KEY, &link()).await;
    assert!(again.is_replayed());
    assert_eq!(again.text, first.text);
}

#[tokio::test]
async fn two_links_are_two_even_for_the_same_candidate() {
    let app = TestApp::start().await;
    let first = token(&app.trigger(&link()).await.assert_success());
    let second = token(&app.trigger(&link()).await.assert_success());
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_link_is_valid_for_as_long_as_the_operator_says() {
    let app = Setup::new().await.set("LINK_TTL", "36h").start().await;
    let data = app.trigger(&link()).await.assert_success();
    assert_eq!(data["link_expires_at"], "2025-11-26T23:20:05.169000");
}

#[tokio::test]
async fn under_its_key_a_link_that_has_expired_is_still_the_answer_and_another_key_brings_a_new_one() {
    let app = Setup::new().await.set("LINK_TTL", "1h").start().await;
    let first = app.trigger_with_key(KEY, &link()).await;
    app.clock.advance(120 * MINUTE);
    let again = app.trigger_with_key(KEY, &link()).await;
    assert_eq!((again.is_replayed(), again.text), (true, first.text.clone()));
    let opened = async |reply: &Reply| {
        let path = format!("/talk/{}", token(&reply.assert_success()));
        app.send(app.request(Method::GET, &path)).await.status
    };
    assert_eq!(opened(&first).await, StatusCode::GONE);
    let other = app.trigger_with_key("own-link-2", &link()).await;
    assert!(!other.is_replayed());
    assert_eq!(opened(&other).await, StatusCode::OK);
}

#[tokio::test]
async fn trouble_at_an_upstream_does_not_touch_a_link() {
    let app = TestApp::start().await;
    for campaign in [401, 429, 602, 607] {
        token(&app.trigger(&with(link(), json!({ "campaign_id": campaign }))).await.assert_success());
    }
    app.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    let data = app.trigger(&link()).await.assert_success();
    token(&data);
    assert_eq!(data["questionnaire_loaded"], false);
}

#[tokio::test]
async fn without_an_address_links_lead_to_elevenlabs_and_the_log_says_so_at_start() {
    let mut service = Setup::new().await.unset("PUBLIC_BASE_URL").launch().await;
    let data = service.trigger(&link()).await.assert_success();
    let link = data["conversation_link"].as_str().unwrap();
    assert!(link.starts_with("https://eu.residency.elevenlabs.io/app/talk-to?"), "{link}");
    let log = service.stop().await;
    let is_warning = |line: &&String| line.contains("\"WARN\"") && line.contains("\"setting\":\"LINK_PAGE\"");
    assert_eq!(log.iter().filter(is_warning).count(), 1, "{log:#?}");
}

#[tokio::test]
async fn the_own_page_without_an_address_stops_the_start() {
    let setup = Setup::new().await.unset("PUBLIC_BASE_URL").set("LINK_PAGE", "own");
    let mut program = setup.run();
    assert_eq!(program.ended().await.code(), Some(1));
    let message = program.stderr.to_end().await.join("\n");
    assert!(message.contains("LINK_PAGE") && message.contains("PUBLIC_BASE_URL"), "{message}");
}
