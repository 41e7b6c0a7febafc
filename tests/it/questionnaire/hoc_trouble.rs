//! Trouble at HOC costs the interview its questions, but never the call, and never more than ten seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::config::Config;
use sellcruiting_webhook::sandbox::{Answer, CAMPAIGNS, Campaign, Fault, Section};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::{Reply, Setup, TestApp, call, link, with};

/// Long enough for a second attempt, short enough for a test.
const DEADLINE: Duration = Duration::from_millis(2_500);

fn shorten(config: &mut Config) {
    config.hoc.deadline = DEADLINE;
}

fn troubles() -> impl Iterator<Item = &'static Campaign> {
    CAMPAIGNS.iter().filter(|campaign| campaign.section != Section::ElevenLabsTrouble)
}

async fn app() -> TestApp {
    Setup::new().await.adjust(shorten).start().await
}

/// Sends the trigger for every campaign at once.
async fn trigger_all(app: &Arc<TestApp>, trigger: &Value) -> Vec<(&'static Campaign, Reply, Duration)> {
    let mut replies = JoinSet::new();
    for campaign in troubles() {
        let (app, trigger) = (Arc::clone(app), with(trigger.clone(), json!({ "campaign_id": campaign.id })));
        replies.spawn(async move {
            let start = Instant::now();
            (campaign, app.trigger(&trigger).await, start.elapsed())
        });
    }
    replies.join_all().await
}

#[tokio::test]
async fn every_trouble_of_hoc_leads_to_one_call_or_a_link_all_the_same() {
    let (calling, linking) = (Arc::new(app().await), Arc::new(app().await));
    let (called, linked) = (call(), link());
    let (calls, links) = tokio::join!(trigger_all(&calling, &called), trigger_all(&linking, &linked));
    for (campaign, reply, took) in calls.iter().chain(&links) {
        let data = reply.assert_success();
        assert_eq!(data["questionnaire_loaded"], campaign.questionnaire_loaded, "{campaign:?}");
        assert!(data["first_message"].as_str().unwrap().starts_with("Guten Tag Max Mustermann, hier"));
        assert!(*took < DEADLINE + Duration::from_secs(3), "{campaign:?} took {took:?}");
    }
    assert!(calls.iter().all(|(_, reply, _)| reply.json()["data"]["conversation_id"].is_string()));
    assert!(links.iter().all(|(_, reply, _)| reply.json()["data"]["conversation_link"].is_string()));
    assert_eq!(calling.sandbox.elevenlabs.dial_count(), troubles().count());
    assert_eq!(linking.sandbox.elevenlabs.dial_count(), 0);
    for conversation in calling.sandbox.elevenlabs.conversations() {
        assert_eq!(conversation.status, "initiated", "{}", conversation.termination_reason);
    }
}

#[tokio::test]
async fn no_usable_question_counts_as_no_questionnaire() {
    let app = app().await;
    let nothing = [
        json!({}),
        json!([]),
        json!(null),
        json!("text"),
        json!({ "questions": [] }),
        json!({ "questions": null }),
        json!({ "questions": [{ "id": 1, "question": " " }, { "id": 2, "question": null }, null, 7] }),
        json!({ "pages": [{ "id": 1, "name": "Seite", "prompts": [] }] }),
        json!({ "detail": "Not found." }),
    ];
    for nothing in nothing {
        app.sandbox.hoc.set_questionnaire(7, &nothing);
        let data = app.trigger(&with(link(), json!({ "campaign_id": 7 }))).await.assert_success();
        assert_eq!(data["questionnaire_loaded"], false, "{nothing}");
    }
}

#[tokio::test]
async fn an_upstream_s_own_words_stay_out_of_the_answer() {
    let app = app().await;
    for status in [400, 401, 403, 404, 500] {
        let body = json!({ "detail": "UPSTREAM-MARKER" });
        let answer = Answer::json(StatusCode::from_u16(status).unwrap(), &body);
        app.sandbox.hoc.always(7, Fault::Answer(answer));
        let reply = app.trigger(&with(link(), json!({ "campaign_id": 7 }))).await;
        reply.assert_success();
        assert!(!format!("{reply:?}").contains("UPSTREAM-MARKER"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_wrong_token_leads_to_a_call_all_the_same() {
    let app = Setup::new().await.set("HIRINGS_API_TOKEN", "wrong").start().await;
    let data = app.trigger(&call()).await.assert_success();
    assert_eq!(data["questionnaire_loaded"], false);
    app.only_conversation();
}

#[tokio::test]
async fn hoc_that_is_not_there_leads_to_a_call_all_the_same() {
    let setup = Setup::new().await.set("HIRINGS_API_URL", "http://127.0.0.1:9/api/v1");
    let app = setup.adjust(shorten).start().await;
    let data = app.trigger(&call()).await.assert_success();
    assert_eq!(data["questionnaire_loaded"], false);
    app.only_conversation();
}

/// A server whose answer never ends: every byte comes soon enough, but the last one never does.
async fn endless_answer() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                // An answer before the request would be refused.
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n").await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn the_deadline_holds_for_an_answer_that_trickles() {
    let deadline = Duration::from_millis(600);
    let setup = Setup::new().await.set("HIRINGS_API_URL", endless_answer().await);
    let app = setup.adjust(move |config| config.hoc.deadline = deadline).start().await;
    let start = Instant::now();
    let data = app.trigger(&call()).await.assert_success();
    let took = start.elapsed();
    assert_eq!(data["questionnaire_loaded"], false);
    assert!((deadline..deadline + Duration::from_secs(3)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn waiting_for_hoc_and_for_the_number_s_record_do_not_add_up() {
    let adjust = |config: &mut Config| {
        shorten(config);
        config.elevenlabs.lookup_timeout = DEADLINE;
    };
    let app = Setup::new().await.adjust(adjust).start().await;
    app.sandbox.elevenlabs.always(sellcruiting_webhook::sandbox::Lookup::PhoneNumber, Fault::Hang);
    let start = Instant::now();
    let data = app.trigger(&with(call(), json!({ "campaign_id": 503 }))).await.assert_success();
    let took = start.elapsed();
    assert_eq!(data["questionnaire_loaded"], false);
    assert!((DEADLINE..DEADLINE + DEADLINE * 4 / 5).contains(&took), "{took:?}");
    app.only_conversation();
}
