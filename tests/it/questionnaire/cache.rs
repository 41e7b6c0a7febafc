//! One request to HOC serves many triggers. While HOC fails, the last good questionnaire stands in, and nobody waits
//! for HOC again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{Answer, Fault, Gate};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    Reply, Setup, TestApp, TestDatabase, as_json, call, call_to, each_database, link, questionnaire, with,
};

/// The default of `QUESTIONNAIRE_TTL`.
const TTL: Duration = Duration::from_mins(1);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

/// How long the service leaves HOC alone, and after how many failing campaigns.
const REST: Duration = Duration::from_secs(5);
const HOC_LIMIT: u64 = 5;

fn asked(app: &TestApp) -> usize {
    app.sandbox.hoc.requests().len()
}

fn campaign(trigger: Value, id: u64) -> Value {
    with(trigger, json!({ "campaign_id": id }))
}

/// Whether the answer had a questionnaire, and how old it was.
#[track_caller]
fn told(reply: &Reply) -> (bool, Option<u64>) {
    let data = reply.assert_success();
    assert!(data.get("questionnaire_age_seconds").is_some(), "{data}");
    (data["questionnaire_loaded"].as_bool().unwrap(), data["questionnaire_age_seconds"].as_u64())
}

/// An app that has fetched campaign 7's questionnaire from HOC for a first call.
async fn app_that_knows_one(setup: Setup) -> TestApp {
    let app = setup.start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    assert_eq!(told(&app.trigger(&campaign(call(), 7)).await), (true, Some(0)));
    app
}

#[tokio::test]
async fn a_hundred_triggers_at_once_cost_one_request() {
    let app = Arc::new(TestApp::start().await);
    let gate = Gate::new();
    app.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let mut replies = JoinSet::new();
    for number in 0..100 {
        let caller = app.caller();
        replies.spawn(async move { caller.trigger(&call_to(number)).await });
    }
    app.sandbox.hoc.wait_for_requests(1).await;
    gate.open();
    for reply in replies.join_all().await {
        assert_eq!(told(&reply), (true, Some(0)));
    }
    assert_eq!((asked(&app), app.sandbox.elevenlabs.dial_count()), (1, 100));
}

#[tokio::test]
async fn a_fresh_questionnaire_is_used_again_for_calls_links_and_previews_alike() {
    let app = app_that_knows_one(Setup::new().await).await;
    app.clock.advance(Duration::from_secs(59));
    assert_eq!(told(&app.trigger(&campaign(call_to(2), 7)).await), (true, Some(59)));
    let reply = app.trigger(&campaign(link(), 7)).await;
    assert_eq!(told(&reply), (true, Some(59)));
    assert_eq!(asked(&app), 1);
    // The candidate hears the same as without a cache.
    let dials = app.sandbox.elevenlabs.dials();
    let prompt = |body: &Value| {
        let agent = &body["conversation_initiation_client_data"]["conversation_config_override"]["agent"];
        agent["prompt"]["prompt"].clone()
    };
    assert_eq!(prompt(&dials[0].body), prompt(&dials[1].body));
}

#[tokio::test]
async fn campaigns_that_hoc_sends_the_same_for_have_nothing_else_in_common() {
    let app = TestApp::start().await;
    for id in [7, 8] {
        app.sandbox.hoc.set_questionnaire(id, &questionnaire());
    }
    let calls = [(7, "Musterwerk"), (8, "Beispielbau"), (7, "Musterwerk"), (8, "Beispielbau")];
    for (number, (id, company)) in calls.into_iter().enumerate() {
        let trigger = with(campaign(call_to(number), id), json!({ "company_name": company }));
        assert!(told(&app.trigger(&trigger).await).0);
    }
    assert_eq!(asked(&app), 2);
    for (dial, (id, company)) in app.sandbox.elevenlabs.dials().iter().zip(calls) {
        let data = &dial.body["conversation_initiation_client_data"];
        assert_eq!(data["dynamic_variables"]["campaign_id"], id.to_string());
        let other = if company == "Musterwerk" { "Beispielbau" } else { "Musterwerk" };
        let told = data.to_string();
        assert!(told.contains(company) && !told.contains(other), "{told}");
    }
}

#[tokio::test]
async fn a_talk_in_the_browser_uses_what_is_on_hand() {
    let app = TestApp::start().await;
    let invited = app.invite().await;
    invited.open().await.wait_for("ready").await;
    assert_eq!(asked(&app), 1);
}

#[tokio::test]
async fn one_that_is_no_longer_fresh_is_asked_for_once() {
    let app = app_that_knows_one(Setup::new().await).await;
    app.clock.advance(TTL);
    assert_eq!(told(&app.trigger(&campaign(call_to(2), 7)).await), (true, Some(0)));
    assert_eq!(told(&app.trigger(&campaign(call_to(3), 7)).await), (true, Some(0)));
    assert_eq!(asked(&app), 2);
}

#[tokio::test]
async fn without_a_time_to_live_hoc_is_asked_for_every_trigger() {
    let app = app_that_knows_one(Setup::new().await.set("QUESTIONNAIRE_TTL", "0")).await;
    for number in 2..5 {
        assert_eq!(told(&app.trigger(&campaign(call_to(number), 7)).await), (true, Some(0)));
    }
    assert_eq!(asked(&app), 4);
}

#[tokio::test]
async fn the_last_good_one_stands_in_whatever_is_wrong_with_hoc() {
    let answer = |status, body: &str| Fault::Answer(Answer::raw(status, "application/json", body.to_owned()));
    let faults = [
        Fault::Hang,
        Fault::Close,
        Fault::broken_json(),
        Fault::status(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::status(StatusCode::UNAUTHORIZED),
        Fault::status(StatusCode::FORBIDDEN),
        Fault::status(StatusCode::TOO_MANY_REQUESTS),
        answer(StatusCode::OK, r#"{"detail": "maintenance"}"#),
        answer(StatusCode::OK, "<html>Anmelden</html>"),
    ];
    for fault in faults {
        let setup = Setup::new().await.adjust(|config| config.hoc.deadline = Duration::from_millis(700));
        let app = app_that_knows_one(setup).await;
        app.sandbox.hoc.always(7, fault.clone());
        app.clock.advance(HOUR);
        let reply = app.trigger(&campaign(call_to(2), 7)).await;
        assert_eq!(told(&reply), (true, Some(3_600)), "{fault:?}");
        let dial = app.sandbox.elevenlabs.dials().remove(1);
        assert!(dial.body.to_string().contains("Quittenleiter"), "{fault:?}");
    }
}

#[tokio::test]
async fn after_a_day_it_does_no_longer_stand_in() {
    let app = app_that_knows_one(Setup::new().await).await;
    app.sandbox.hoc.always(7, Fault::status(StatusCode::INTERNAL_SERVER_ERROR));
    app.clock.advance(24 * HOUR);
    assert_eq!(told(&app.trigger(&campaign(call_to(2), 7)).await), (true, Some(86_400)));
    app.clock.advance(SECOND);
    assert_eq!(told(&app.trigger(&campaign(call_to(3), 7)).await), (false, None));
}

#[tokio::test]
async fn what_hoc_says_is_gone_is_gone() {
    let nothing = Answer::json(StatusCode::OK, &json!({ "questions": [] }));
    for word in [Fault::status(StatusCode::NOT_FOUND), Fault::Answer(nothing)] {
        let app = app_that_knows_one(Setup::new().await).await;
        app.clock.advance(TTL);
        app.sandbox.hoc.next(word);
        assert_eq!(told(&app.trigger(&campaign(call_to(2), 7)).await), (false, None));
        app.sandbox.hoc.always(7, Fault::status(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(told(&app.trigger(&campaign(call_to(3), 7)).await), (false, None));
    }
}

#[tokio::test]
async fn while_hoc_never_answers_only_the_first_triggers_and_one_now_and_then_wait() {
    const DEADLINE: Duration = Duration::from_millis(1_500);
    let setup = Setup::new().await.adjust(|config| config.hoc.deadline = DEADLINE);
    let app = app_that_knows_one(setup).await;
    app.clock.advance(TTL);
    let mut triggers = JoinSet::new();
    for id in 1..=HOC_LIMIT {
        app.sandbox.hoc.always(id, Fault::Hang);
        let caller = app.caller();
        triggers.spawn(async move { caller.trigger(&campaign(link(), id)).await });
    }
    triggers.join_all().await;
    app.sandbox.hoc.always(7, Fault::Hang);
    let (before, start) = (asked(&app), Instant::now());
    for number in 2..22 {
        assert_eq!(told(&app.trigger(&campaign(call_to(number), 7)).await), (true, Some(60)));
        assert_eq!(told(&app.trigger(&campaign(link(), 200)).await), (false, None));
    }
    assert_eq!(asked(&app), before);
    // Forty waits would take a minute.
    assert!(start.elapsed() < 20 * DEADLINE, "{:?}", start.elapsed());

    app.clock.advance(REST);
    assert_eq!(told(&app.trigger(&campaign(link(), 7)).await), (true, Some(65)));
    assert_eq!(asked(&app), before + 1, "one probe");
    assert_eq!(told(&app.trigger(&campaign(link(), 200)).await), (false, None));
    app.clock.advance(REST);
    assert_eq!(told(&app.trigger(&campaign(link(), 200)).await), (true, Some(0)));
    assert_eq!(told(&app.trigger(&campaign(link(), 300)).await), (true, Some(0)));
    assert_eq!(asked(&app), before + 3);
}

async fn a_replay_tells_the_age_that_was_told_first(database: TestDatabase) {
    let app = app_that_knows_one(Setup::new().await.on(&database)).await;
    app.sandbox.hoc.always(7, Fault::status(StatusCode::INTERNAL_SERVER_ERROR));
    app.clock.advance(HOUR);
    for trigger in [campaign(call_to(2), 7), campaign(link(), 7)] {
        let key = if trigger.get("to_number").is_some() { "call" } else { "link" };
        let first = app.trigger_with_key(key, &trigger).await;
        let age = told(&first).1;
        assert!(age >= Some(3_600), "{age:?}");
        app.clock.advance(2 * SECOND);
        let again = app.trigger_with_key(key, &trigger).await;
        assert!(again.is_replayed());
        assert_eq!(again.text, first.text);
    }
    let none = app.trigger_with_key("none", &campaign(call_to(3), 404)).await;
    assert_eq!(told(&none), (false, None));
    assert_eq!(app.trigger_with_key("none", &campaign(call_to(3), 404)).await.text, none.text);
}
each_database!(a_replay_tells_the_age_that_was_told_first);

#[tokio::test]
async fn a_preview_asks_anew_and_the_next_call_has_what_it_saw() {
    let app = app_that_knows_one(Setup::new().await).await;
    let other = json!({ "questions": [{ "id": 1, "question": "Mögen Sie Mispeln?" }] });
    app.sandbox.hoc.set_questionnaire(7, &other);
    let preview = app.preview(&campaign(link(), 7)).await;
    assert_eq!(told(&preview), (true, Some(0)));
    assert!(preview.json()["data"]["prompt"].as_str().unwrap().contains("Mispeln"));
    assert_eq!(asked(&app), 2);
    app.clock.advance(SECOND);
    assert_eq!(told(&app.trigger(&campaign(call_to(2), 7)).await), (true, Some(1)));
    assert_eq!(asked(&app), 2);
    assert!(app.sandbox.elevenlabs.dials()[1].body.to_string().contains("Mispeln"));
}

#[tokio::test]
async fn a_preview_shows_the_last_good_one_and_warns_of_it() {
    let app = app_that_knows_one(Setup::new().await).await;
    app.sandbox.hoc.always(7, Fault::status(StatusCode::UNAUTHORIZED));
    app.clock.advance(SECOND);
    let preview = app.preview(&campaign(link(), 7)).await;
    assert_eq!(told(&preview), (true, Some(1)));
    let data = &preview.json()["data"];
    assert_eq!(data["questionnaire"]["age_seconds"], 1);
    let warnings = data["warnings"].as_array().unwrap();
    let stale: Vec<_> = warnings.iter().filter(|one| one["code"] == "questionnaire_stale").collect();
    assert_eq!(stale.len(), 1, "{warnings:?}");
    assert!(stale[0]["message"].as_str().unwrap().contains("HIRINGS_API_TOKEN"), "{stale:?}");
    app.sandbox.hoc.always(7, Fault::status(StatusCode::NOT_FOUND));
    assert_eq!(told(&app.preview(&campaign(link(), 7)).await), (false, None));
}

#[tokio::test]
async fn the_log_tells_where_a_questionnaire_is_from_and_of_an_outage_once() {
    let mut service = Setup::new().await.launch().await;
    service.trigger(&call_to(1)).await.assert_success();
    service.trigger(&call_to(2)).await.assert_success();
    for id in 1_000..1_000 + HOC_LIMIT {
        service.sandbox.hoc.always(id, Fault::status(StatusCode::BAD_GATEWAY));
        service.trigger(&campaign(link(), id)).await.assert_success();
    }
    for _ in 0..3 {
        service.trigger(&campaign(link(), 100)).await.assert_success();
    }
    let log = as_json(&service.stop().await);
    let with_message =
        |message: &str| log.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    let placed = with_message("call placed");
    assert_eq!(
        (&placed[0]["questionnaire"], &placed[0]["questionnaire_age_s"]),
        (&json!("loaded"), &json!(0))
    );
    assert_eq!(placed[1]["questionnaire"], "cached");
    assert!(placed[1]["questionnaire_age_s"].is_u64(), "{}", placed[1]);
    let opened = with_message("HOC fails again and again; it is asked only now and then");
    assert_eq!(opened.len(), 1, "{log:#?}");
    assert_eq!(opened[0]["level"], "WARN");
    let links = with_message("link made");
    assert_eq!(links[0]["questionnaire"], "unexpected_status");
    let left_alone = links.iter().filter(|line| line["questionnaire"] == "circuit_open");
    assert_eq!(left_alone.clone().count(), 3, "{links:#?}");
    assert!(left_alone.clone().all(|line| line.get("questionnaire_age_s").is_none()));
    let warned = with_message("no questionnaire; the interview goes on without it");
    assert_eq!(warned.len() as u64, HOC_LIMIT, "no line a trigger while HOC is left alone");
}
