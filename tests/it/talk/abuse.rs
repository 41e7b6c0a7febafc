//! Pages that no candidate has: each is disconnected, and nobody else notices.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use sellcruiting_webhook::sandbox::LiveConversation;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::{scripted, talk, talk_with};
use crate::support::{Page, TestApp, assert_hung_up, last_text};

/// Fails unless the talk is over on the agent's side, too, and the service goes on.
async fn assert_dismissed(app: &TestApp, agent: &LiveConversation) {
    assert_hung_up(agent).await;
    assert_eq!(app.health().await.status, 200);
}

#[tokio::test]
async fn what_no_page_of_ours_sends_ends_the_talk() {
    let app = scripted().await.start().await;
    for message in [
        Message::text("hello"),
        Message::text("{}"),
        Message::text(r#"{"type":"mute"}"#),
        Message::text(r#"{"type":"mute","muted":"yes"}"#),
        Message::text(r#"{"type":"end_call"}"#),
        Message::text(r#"{"type":"conversation_initiation_client_data","dynamic_variables":{}}"#),
        Message::text(r#"{"user_audio_chunk":"AAAA"}"#),
        Message::text("[".repeat(60_000)),
        // Half a sample.
        Message::binary(vec![1, 2, 3]),
        Message::binary(vec![0; 64 * 1024 + 2]),
    ] {
        let (mut page, agent) = app.invite().await.talk(&app.sandbox.elevenlabs).await;
        let kind = format!("{message:.40}");
        page.send(message).await;
        assert_eq!(page.end().await, ("broken_rules".to_owned(), 1008), "{kind}");
        assert_dismissed(&app, &agent).await;
    }
}

#[tokio::test]
async fn a_text_that_is_no_utf_8_ends_the_talk() {
    let (app, mut page, agent) = talk().await;
    page.send(Message::Frame(Frame::message(vec![0xFF, 0xFE], OpCode::Data(Data::Text), true))).await;
    assert_eq!(page.end().await, ("broken_rules".to_owned(), 1008));
    assert_dismissed(&app, &agent).await;
}

#[tokio::test]
async fn a_message_may_have_64_kib_and_no_more_in_however_many_frames() {
    let (app, mut page, agent) = talk().await;
    page.speak(&vec![9; 32 * 1024]).await;
    assert_eq!(agent.wait_for_audio(32 * 1024).await.len(), 32 * 1024);
    let kind = |first| OpCode::Data(if first { Data::Binary } else { Data::Continue });
    for n in 0..9 {
        page.send(Message::Frame(Frame::message(vec![0; 8 * 1024], kind(n == 0), false))).await;
    }
    assert_eq!(page.end().await, ("broken_rules".to_owned(), 1008));
    assert_dismissed(&app, &agent).await;
}

#[tokio::test]
async fn a_frame_of_100_megabytes_is_not_read() {
    let (app, page, agent) = talk().await;
    let start = Instant::now();
    let (mut sink, mut stream) = page.socket.split();
    let sending = tokio::spawn(async move { sink.send(Message::binary(vec![1; 100_000_000])).await });
    assert_dismissed(&app, &agent).await;
    assert!(start.elapsed() < Duration::from_secs(10));
    last_text(&mut stream).await;
    drop(stream);
    assert!(sending.await.unwrap().is_err(), "nobody reads it");
}

#[tokio::test]
async fn a_flood_of_tiny_frames_ends_the_talk() {
    let app = scripted().await.start().await;
    for tiny in [Message::binary(vec![]), Message::binary(vec![0, 0]), Message::Ping(vec![].into())] {
        let (page, agent) = app.invite().await.talk(&app.sandbox.elevenlabs).await;
        let (mut sink, mut stream) = page.socket.split();
        let flood = tokio::spawn(async move {
            for _ in 0..20_000 {
                if sink.send(tiny.clone()).await.is_err() {
                    break;
                }
            }
        });
        let told = last_text(&mut stream).await;
        assert_eq!(told.as_deref(), Some(r#"{"type":"ended","reason":"broken_rules"}"#));
        flood.await.unwrap();
        assert_dismissed(&app, &agent).await;
        assert!(agent.audio_frames() <= 3_100, "{}", agent.audio_frames());
    }
}

#[tokio::test]
async fn a_message_that_goes_on_without_content_and_end_is_given_up() {
    let setup = scripted().await.adjust(|config| config.talk.idle_timeout = Duration::from_secs(1));
    let (app, page, agent) = talk_with(setup).await;
    let (mut sink, mut stream) = page.socket.split();
    let empty = |kind| Message::Frame(Frame::message(Vec::new(), OpCode::Data(kind), false));
    let flood = tokio::spawn(async move {
        let mut kind = Data::Binary;
        while sink.send(empty(kind)).await.is_ok() {
            kind = Data::Continue;
        }
    });
    // The library does not pass such frames on. The talk ends because nobody says anything.
    assert_dismissed(&app, &agent).await;
    last_text(&mut stream).await;
    drop(stream);
    flood.await.unwrap();
}

#[tokio::test]
async fn more_sound_than_a_microphone_makes_ends_the_talk() {
    let (app, page, agent) = talk().await;
    let (mut sink, mut stream) = page.socket.split();
    let flood =
        tokio::spawn(async move { while sink.send(Message::binary(vec![0; 60_000])).await.is_ok() {} });
    last_text(&mut stream).await;
    drop(stream);
    flood.await.unwrap();
    assert_dismissed(&app, &agent).await;
    // Thirty seconds at 48 kHz, and what was added while they were read.
    assert!(agent.sample_count() < 2_000_000, "{}", agent.sample_count());
}

#[tokio::test]
async fn a_network_that_was_away_for_a_while_may_bring_all_it_has_kept() {
    let (_app, mut page, agent) = talk().await;
    // 25 seconds in chunks of 25 milliseconds.
    for _ in 0..1_000 {
        page.speak(&[3; 400]).await;
    }
    assert_eq!(agent.wait_for_audio(400_000).await.len(), 400_000);
    assert_eq!(agent.end(), None);
}

#[tokio::test]
async fn a_page_that_does_not_read_is_dismissed_before_much_is_kept_for_it() {
    let setup = scripted().await.adjust(|config| {
        config.talk.limits.ping_period = Duration::from_millis(200);
        config.talk.limits.stall = Duration::from_millis(600);
        config.talk.limits.silence = Duration::from_mins(1);
        // As if everything were to be played at once.
        config.talk.limits.speech_ahead = Duration::from_hours(1);
    });
    let app = setup.start().await;
    let invited = app.invite().await;
    let mut page = Page::open_narrow(invited.request("tab-1")).await;
    page.wait_for("ready").await;
    let [agent] = app.sandbox.elevenlabs.live_conversations().try_into().unwrap();
    // Many times what is buffered for it, with constant signs of life.
    let (mut sink, stream) = page.socket.split();
    let mut beats = tokio::time::interval(Duration::from_millis(20));
    let alive = tokio::spawn(async move {
        while sink.send(Message::binary(vec![0, 0])).await.is_ok() {
            beats.tick().await;
        }
    });
    for n in 0..30 {
        agent.send_audio(&vec![1; 80_000], n);
    }
    assert_dismissed(&app, &agent).await;
    drop(stream);
    alive.await.unwrap();
}

#[tokio::test]
async fn many_handshakes_at_once_leave_nothing_behind() {
    let app = scripted().await.set("MAX_TALKS", "5").start().await;
    let mut pages = tokio::task::JoinSet::new();
    for n in 0..60 {
        let invited = app.invite().await;
        pages.spawn(async move {
            match Page::open(invited.request("tab-1")).await {
                // Half of them drop the connection.
                Ok(page) if n % 2 == 0 => drop(page),
                Ok(page) => page.leave().await,
                Err(reply) => drop(reply.assert_error(503, "Too many talks")),
            }
        });
    }
    while let Some(done) = pages.join_next().await {
        done.unwrap();
    }
    // All five places are free again.
    let mut talks = Vec::new();
    for _ in 0..5 {
        talks.push(app.invite().await.open_once_not_refused("tab-1", 503, "Too many talks").await);
    }
    for page in &mut talks {
        page.wait_for("ready").await;
    }
}
