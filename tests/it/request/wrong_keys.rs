//! Clients that keep sending wrong keys are slowed down, and nobody else is.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use reqwest::Method;
use sellcruiting_webhook::config::{Config, WrongKeyLimits};

use crate::support::{API_KEY, METRICS_TOKEN, Reply, Setup, TestApp, link};

const FREE: u32 = 3;

/// Delays no answer beyond the free ones, so that tests need not wait; the metrics show what happened.
fn strict(config: &mut Config) {
    config.wrong_keys = WrongKeyLimits { free: FREE, held_of_address: 0, ..WrongKeyLimits::default() };
}

async fn strict_app(trusted_proxies: &str) -> TestApp {
    Setup::new().await.with_metrics().set("TRUSTED_PROXIES", trusted_proxies).adjust(strict).start().await
}

/// A trigger with this key that, according to proxies, came from there.
async fn trigger(app: &TestApp, key: &str, forwarded_for: &str) -> Reply {
    let request = app.request(Method::POST, "/webhook/trigger-call").bearer_auth(key).json(&link());
    app.send(request.header("x-forwarded-for", forwarded_for)).await
}

/// Uses up the wrong keys that this address may send.
async fn use_up(app: &TestApp, forwarded_for: &str) {
    for _ in 0..FREE {
        trigger(app, "wrong", forwarded_for).await.assert_error(401, "Invalid API key");
    }
}

/// Fails unless this answers a wrong key beyond the free ones, of which there were this many so far.
async fn assert_beyond(app: &TestApp, reply: &Reply, so_far: f64) {
    reply.assert_error(401, "Invalid API key");
    app.scrape().await.assert(&[(r#"sellcruiting_wrong_keys_total{answer="not_held"}"#, so_far)]);
}

#[tokio::test]
async fn wrong_keys_again_and_again_are_refused_and_a_right_one_from_there_never_waits() {
    let app = strict_app("0").await;
    use_up(&app, "").await;
    assert_beyond(&app, &trigger(&app, "wrong", "").await, 1.0).await;
    trigger(&app, API_KEY, "").await.assert_success();
    assert_eq!(app.health().await.status, StatusCode::OK);
    // A request without a key does not try one.
    app.trigger_as(None, &link()).await.assert_error(401, "Missing Authorization header");
}

/// An app that holds back the answer to one wrong key for this long.
async fn app_that_holds_back(pause: Duration) -> TestApp {
    let limits = WrongKeyLimits { free: 0, pause, held_of_address: 1, ..WrongKeyLimits::default() };
    Setup::new().await.with_metrics().adjust(move |config| config.wrong_keys = limits).start().await
}

#[tokio::test]
async fn an_answer_that_is_held_back_holds_up_nobody_else() {
    let app = app_that_holds_back(Duration::from_hours(1)).await;
    let wrong = app.request(Method::POST, "/webhook/trigger-call").bearer_auth("wrong").json(&link());
    let held_back = tokio::spawn(wrong.send());
    app.scrape_until(r#"sellcruiting_wrong_keys_total{answer="held_back"}"#, 1.0).await;
    trigger(&app, API_KEY, "").await.assert_success();
    assert_beyond(&app, &trigger(&app, "wrong", "").await, 1.0).await;
    assert!(!held_back.is_finished());
}

#[tokio::test]
async fn an_answer_that_was_held_back_comes_after_the_pause() {
    let pause = Duration::from_millis(50);
    let app = app_that_holds_back(pause).await;
    let started = Instant::now();
    trigger(&app, "wrong", "").await.assert_error(401, "Invalid API key");
    assert!(started.elapsed() >= pause, "{:?}", started.elapsed());
}

#[tokio::test]
async fn addresses_behind_a_trusted_proxy_are_told_apart_and_none_can_pose_as_another() {
    let app = strict_app("1").await;
    use_up(&app, "192.0.2.1").await;
    let mut beyond = 0.0;
    for posing in ["192.0.2.1", "192.0.2.7, 192.0.2.1", "192.0.2.8,192.0.2.1"] {
        beyond += 1.0;
        assert_beyond(&app, &trigger(&app, "wrong", posing).await, beyond).await;
    }
    assert_beyond(&app, &trigger(&app, "wrong", "192.0.2.1, 192.0.2.2").await, beyond).await;
}

#[tokio::test]
async fn behind_two_trusted_proxies_the_outer_one_tells() {
    let app = strict_app("2").await;
    use_up(&app, "192.0.2.1, 198.51.100.1").await;
    assert_beyond(&app, &trigger(&app, "wrong", "192.0.2.9, 192.0.2.1, 198.51.100.2").await, 1.0).await;
    assert_beyond(&app, &trigger(&app, "wrong", "192.0.2.2, 198.51.100.1").await, 1.0).await;
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_is_believed_about_their_address() {
    let app = strict_app("0").await;
    use_up(&app, "192.0.2.1").await;
    assert_beyond(&app, &trigger(&app, "wrong", "192.0.2.2").await, 1.0).await;
}

#[tokio::test]
async fn wrong_tokens_for_the_metrics_count_as_well() {
    let app = Setup::new().await.with_metrics().adjust(strict).start().await;
    for _ in 0..FREE {
        app.metrics_as(Some("Bearer wrong")).await.assert_error(401, "Invalid API key");
    }
    assert_beyond(&app, &app.metrics_as(Some("Bearer wrong")).await, 1.0).await;
    assert_beyond(&app, &trigger(&app, "wrong", "").await, 2.0).await;
    assert_eq!(app.metrics_as(Some(&format!("Bearer {METRICS_TOKEN}"))).await.status, StatusCode::OK);
}
