//! A talk that ends on one side ends on the other, immediately and properly.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use sellcruiting_webhook::config::TalkLimits;
use sellcruiting_webhook::sandbox::LiveConversation;
use tokio_tungstenite::tungstenite::Message;

use super::{scripted, talk, talk_with};
use crate::support::{assert_hung_up, last_text};

/// Limits for which no test has to wait long.
fn short(limits: &mut TalkLimits) {
    limits.ping_period = Duration::from_millis(200);
    limits.silence = Duration::from_millis(600);
    limits.stall = Duration::from_millis(600);
}

#[tokio::test]
async fn the_candidate_ends_it() {
    let (_app, mut page, agent) = talk().await;
    page.press_end().await;
    assert_eq!(page.end().await, ("candidate".to_owned(), 1000));
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn the_candidate_leaves_the_page() {
    let (_app, page, agent) = talk().await;
    page.leave().await;
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn the_candidate_s_connection_breaks() {
    let (_app, page, agent) = talk().await;
    drop(page);
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn the_candidate_vanishes_without_a_trace() {
    let (_app, page, agent) =
        talk_with(scripted().await.adjust(|config| short(&mut config.talk.limits))).await;
    // The connection is open, but the page does not read, and only reading answers pings.
    assert_hung_up(&agent).await;
    drop(page);
}

#[tokio::test]
async fn a_page_that_only_listens_stays() {
    // On a busy machine, a sign of life may take long.
    let silence = Duration::from_secs(4);
    let setup = scripted().await.adjust(move |config| {
        config.talk.limits.ping_period = Duration::from_millis(200);
        config.talk.limits.silence = silence;
    });
    let (_app, mut page, agent) = talk_with(setup).await;
    let start = Instant::now();
    // Reading answers pings; nothing else is sent from here.
    while start.elapsed() < silence + Duration::from_secs(1) {
        agent.send_agent_response("still here", 1);
        page.wait_for("agent_said").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(agent.end(), None);
}

#[tokio::test]
async fn the_agent_says_goodbye_and_its_last_words_are_heard() {
    let (_app, mut page, agent) = talk().await;
    let last_words = vec![5; 48_000];
    agent.send_audio(&last_words, 1);
    agent.send_agent_response("Auf Wiederhören", 1);
    agent.close(1000, "");
    assert_eq!(page.end().await, ("agent".to_owned(), 1000));
    assert_eq!(page.audio, last_words);
    assert_eq!(page.kinds(), ["ready", "agent_said", "ended"]);
}

#[tokio::test]
async fn however_an_agent_closes_that_has_said_goodbye_its_last_words_are_heard() {
    for close in [
        |agent: &LiveConversation| agent.close_without_status(),
        |agent: &LiveConversation| {
            agent.send_hung_up(2);
            agent.close_without_status();
        },
        |agent: &LiveConversation| {
            agent.send_hung_up(2);
            agent.close(1011, "");
        },
        |agent: &LiveConversation| {
            agent.send_hung_up(2);
            agent.drop_connection();
        },
    ] {
        let (_app, mut page, agent) = talk().await;
        let last_words = vec![5; 48_000];
        agent.send_audio(&last_words, 1);
        close(&agent);
        assert_eq!(page.end().await, ("agent".to_owned(), 1000));
        assert_eq!(page.audio, last_words);
    }
}

#[tokio::test]
async fn the_agent_is_lost() {
    for lose in [
        |agent: &LiveConversation| agent.drop_connection(),
        |agent: &LiveConversation| agent.close(1011, "MARKER"),
        |agent: &LiveConversation| agent.close(1001, ""),
        |agent: &LiveConversation| agent.send_text("x".repeat(2 * 1024 * 1024)),
    ] {
        let (_app, mut page, agent) = talk().await;
        lose(&agent);
        assert_eq!(page.end().await, ("lost_agent".to_owned(), 1011));
    }
}

#[tokio::test]
async fn an_agent_that_reads_no_more_is_lost() {
    let setup = scripted().await.adjust(|config| {
        short(&mut config.talk.limits);
        config.talk.limits.silence = Duration::from_mins(1);
        // More than the network's buffers hold may arrive at once.
        config.talk.limits.burst_seconds = 10_000;
    });
    let (_app, page, agent) = talk_with(setup).await;
    agent.stop_reading();
    let (mut microphone, mut ear) = page.socket.split();
    let speaking =
        tokio::spawn(async move { while microphone.send(Message::binary(vec![1; 16_000])).await.is_ok() {} });
    let told = last_text(&mut ear).await;
    assert_eq!(told.as_deref(), Some(r#"{"type":"ended","reason":"lost_agent"}"#));
    drop(ear);
    speaking.await.unwrap();
}

#[tokio::test]
async fn an_agent_that_gives_no_sign_of_life_is_lost() {
    let (_app, mut page, agent) =
        talk_with(scripted().await.adjust(|config| short(&mut config.talk.limits))).await;
    agent.stop_reading();
    assert_eq!(page.end().await, ("lost_agent".to_owned(), 1011));
}

#[tokio::test]
async fn a_talk_may_last_only_so_long() {
    let setup = scripted().await.adjust(|config| config.talk.max_duration = Duration::from_millis(400));
    let (_app, mut page, agent) = talk_with(setup).await;
    assert_eq!(page.end().await, ("too_long".to_owned(), 1000));
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn a_talk_in_which_nobody_says_anything_ends() {
    let setup = scripted().await.adjust(|config| config.talk.idle_timeout = Duration::from_millis(500));
    let (_app, mut page, agent) = talk_with(setup).await;
    // A muted microphone sends zeros, and a quiet room little more.
    for _ in 0..5 {
        page.speak(&[0; 400]).await;
        page.speak(&[12; 400]).await;
    }
    assert_eq!(page.end().await, ("idle".to_owned(), 1000));
    assert_hung_up(&agent).await;
}

#[tokio::test]
async fn a_talk_goes_on_while_one_of_both_is_heard() {
    // Ten times the time between two beats, because on a busy machine some of them come late.
    let setup = scripted().await.adjust(|config| config.talk.idle_timeout = Duration::from_millis(1_500));
    let (_app, mut page, agent) = talk_with(setup).await;
    let mut beats = tokio::time::interval(Duration::from_millis(150));
    for n in 0..36 {
        beats.tick().await;
        match n {
            0..12 => page.speak(&[5_000; 400]).await,
            12..24 => agent.send_user_transcript("so leise", n),
            // Four seconds of speech at once.
            24 => agent.send_audio(&vec![1; 64_000], 1),
            _ => {}
        }
    }
    assert_eq!(agent.end(), None);
    assert_eq!(page.end().await.0, "idle");
}
