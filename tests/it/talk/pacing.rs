//! The agent's speech is sent to the page bit by bit, so that only a little is in flight when it is interrupted.

use std::time::{Duration, Instant};

use sellcruiting_webhook::sandbox::LiveConversation;
use serde_json::json;
use tokio::time::timeout;

use super::{scripted, talk, talk_with};
use crate::support::Heard;

/// Samples per second.
const RATE: usize = 16_000;

/// Speech of this many seconds, in which no two consecutive samples are equal.
fn speech(seconds: usize) -> Vec<i16> {
    (1..=i16::MAX).cycle().take(seconds * RATE).collect()
}

/// Sends it all at once, in messages of one second.
fn say(agent: &LiveConversation, speech: &[i16]) {
    for second in speech.chunks(RATE) {
        agent.send_audio(second, 1);
    }
}

#[tokio::test]
async fn a_long_answer_comes_whole_and_not_before_its_time() {
    let (_app, mut page, agent) = talk().await;
    let answer = speech(4);
    let start = Instant::now();
    say(&agent, &answer);
    assert!(page.wait_for_audio(answer.len()).await == answer);
    // A second ahead, and a piece of a quarter of a second.
    assert!(start.elapsed() >= Duration::from_millis(2_700), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_interruption_overtakes_what_is_still_to_be_said() {
    let (_app, mut page, agent) = talk().await;
    let start = Instant::now();
    say(&agent, &speech(60));
    page.wait_for_audio(RATE).await;
    agent.send_interruption(2);
    agent.send_audio(&[-7; 100], 2);
    page.wait_for("interrupted").await;
    let most = start.elapsed() + Duration::from_millis(1_300);
    let heard = Duration::from_millis((page.audio.len() * 1_000 / RATE) as u64);
    assert!(heard <= most, "{heard:?} were sent within {most:?}");
    assert_eq!(page.hear().await, Heard::Audio(vec![-7; 100]), "and nothing of what was said before");
}

#[tokio::test]
async fn last_words_are_sent_at_once_and_whole() {
    let (_app, mut page, agent) = talk().await;
    let last_words = speech(40);
    let start = Instant::now();
    say(&agent, &last_words);
    agent.close(1000, "");
    assert_eq!(page.end().await, ("agent".to_owned(), 1000));
    assert!(page.audio == last_words);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[tokio::test]
async fn an_agent_that_says_more_than_is_kept_is_read_no_further() {
    let setup = scripted().await.adjust(|config| config.talk.limits.held_speech_bytes = RATE);
    let (_app, page, agent) = talk_with(setup).await;
    let start = Instant::now();
    for _ in 0..8 {
        agent.send_audio(&speech(1)[..RATE / 2], 1);
    }
    agent.send_ping(9, None);
    assert_eq!(agent.wait_for_frames("pong", 1).await, [json!({ "type": "pong", "event_id": 9 })]);
    // Of the four seconds, one is ahead, half a second is buffered, and another half came with the last message.
    assert!(start.elapsed() >= Duration::from_millis(1_400), "{:?}", start.elapsed());
    drop(page);
}

#[tokio::test]
async fn last_words_that_a_page_does_not_take_do_not_keep_it_from_coming_back() {
    let setup = scripted().await.adjust(|config| config.talk.limits.stall = Duration::from_mins(10));
    let app = setup.start().await;
    let invited = app.invite().await;
    let (_page, agent) = invited.talk(&app.sandbox.elevenlabs).await;
    say(&agent, &speech(60));
    agent.close(1000, "");
    agent.wait_for_end().await;
    let mut again = invited.open().await;
    let ready = timeout(Duration::from_secs(20), again.wait_for("ready")).await;
    assert!(ready.is_ok(), "it waits for what nobody takes");
}
