//! Clients that are slow, silent or too many cost nobody a trigger.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::config::Config;
use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};
use tokio::time::timeout;

use crate::support::{Setup, TestApp, call, call_to, connect, link, raw_trigger};

/// How many connections there may be in these tests.
const AT_MOST: usize = 8;

/// An app that closes first whoever has not sent a request yet, however new the connection is.
async fn app() -> TestApp {
    app_with_time_to_ask(Duration::ZERO).await
}

async fn app_with_time_to_ask(time_to_ask: Duration) -> TestApp {
    let adjust = move |config: &mut Config| {
        (config.connections.at_most, config.connections.time_to_ask) = (AT_MOST, time_to_ask);
    };
    Setup::new().await.with_metrics().adjust(adjust).start().await
}

/// Fails unless the health check answers within a second.
async fn assert_healthy_at_once(app: &TestApp) {
    let asked = Instant::now();
    assert_eq!(app.health().await.status, StatusCode::OK);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let short = Duration::from_millis(300);
    let app = Setup::new().await.adjust(move |config| config.connections.head = short).start().await;
    let mut slow = connect(&app.url).await.unwrap();
    slow.write(b"POST /webhook/trigger-call HTTP/1.1\r\nhost: loc").await;
    let answer = slow.read_to_end().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn silent_connections_make_room_for_triggers() {
    let app = app().await;
    let mut silent = Vec::new();
    for _ in 0..3 * AT_MOST {
        silent.push(connect(&app.url).await.unwrap());
        app.trigger(&link()).await.assert_success();
    }
    assert_healthy_at_once(&app).await;
    assert_eq!(silent[0].read_to_end().await, "", "the oldest one had to go");
    let scrape = app.scrape().await;
    assert!(scrape.find("sellcruiting_connections").unwrap() <= 8.0, "{}", scrape.text);
    let cut = scrape.find(r#"sellcruiting_connections_cut_total{reason="place_needed"}"#).unwrap();
    assert!(cut >= 15.0, "{cut}");
}

#[tokio::test]
async fn a_connection_that_is_kept_for_the_next_trigger_outlives_silent_ones() {
    let app = app().await;
    let request = raw_trigger(&["content-length: 2"]).replace("connection: close\r\n", "") + "{}";
    let mut kept = connect(&app.url).await.unwrap();
    kept.write(request.as_bytes()).await;
    kept.read_some().await;
    let mut silent = Vec::new();
    for _ in 0..2 * AT_MOST {
        silent.push(connect(&app.url).await.unwrap());
        assert_healthy_at_once(&app).await;
    }
    kept.write(request.replace("{}", "[]").as_bytes()).await;
    assert!(kept.read_some().await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn whoever_holds_every_place_cannot_have_newcomers_closed_before_they_ask() {
    let app = app_with_time_to_ask(Duration::from_mins(1)).await;
    let request = raw_trigger(&["content-length: 2"]).replace("connection: close\r\n", "") + "{}";
    let mut kept = Vec::new();
    for _ in 0..AT_MOST {
        let mut connection = connect(&app.url).await.unwrap();
        connection.write(request.as_bytes()).await;
        connection.read_some().await;
        kept.push(connection);
    }
    let mut newcomer = connect(&app.url).await.unwrap();
    let mut silent = Vec::new();
    for _ in 0..AT_MOST / 2 {
        silent.push(connect(&app.url).await.unwrap());
        // And what comes in time is answered, too.
        assert_healthy_at_once(&app).await;
    }
    newcomer.write(request.as_bytes()).await;
    assert!(newcomer.read_some().await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_connection_whose_request_was_not_read_to_its_end_is_closed_with_an_announcement() {
    let app = app().await;
    for (line, status) in [
        ("POST /webhook/trigger-call", "401 "),
        ("POST /no-such-path", "404 "),
        ("DELETE /webhook/trigger-call", "405 "),
    ] {
        let head = format!("{line} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 300\r\n\r\n");
        let mut caller = connect(&app.url).await.unwrap();
        caller.write(head.as_bytes()).await;
        let answer = caller.read_to_end().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.to_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
        // If there is nothing to read, nothing is left unread.
        caller = connect(&app.url).await.unwrap();
        caller.write(head.replace("300", "0").as_bytes()).await;
        let answer = caller.read_some().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(!answer.to_lowercase().contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn whoever_is_being_answered_keeps_its_place() {
    let app = app().await;
    let gate = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let caller = app.caller();
    let reply = tokio::spawn(async move { caller.trigger(&call()).await });
    app.sandbox.elevenlabs.wait_for_dials(1).await;
    let mut silent = Vec::new();
    for _ in 0..3 * AT_MOST {
        silent.push(connect(&app.url).await.unwrap());
        assert_healthy_at_once(&app).await;
    }
    gate.open();
    reply.await.unwrap().assert_success();
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_stop() {
    let mut service = Setup::new().await.launch().await;
    let mut slow = connect(&service.url).await.unwrap();
    slow.write(b"POST /webhook/trigger-call HTTP/1.1\r\nhost: loc").await;
    // Makes sure that the half request has arrived, too.
    assert_eq!(service.health().await.status, StatusCode::OK);
    let begin = Instant::now();
    service.stop().await;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn where_all_are_being_answered_the_next_one_waits_and_nobody_is_cut_off() {
    let app = Setup::new().await.adjust(|config| config.connections.at_most = 2).start().await;
    let gate = Gate::new();
    app.sandbox.elevenlabs.always_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let replies: Vec<_> = (0..2)
        .map(|number| {
            let caller = app.caller();
            tokio::spawn(async move { caller.trigger(&call_to(number)).await })
        })
        .collect();
    app.sandbox.elevenlabs.wait_for_dials(2).await;
    let mut third = connect(&app.url).await.unwrap();
    third.write(b"GET /webhook/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    let mut waiting = tokio::spawn(async move { third.read_to_end().await });
    assert!(timeout(Duration::from_millis(300), &mut waiting).await.is_err(), "it waits");
    gate.open();
    for reply in replies {
        reply.await.unwrap().assert_success();
    }
    // Long before their callers close the two connections.
    let answer = timeout(Duration::from_secs(5), waiting).await.expect("an answer").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
