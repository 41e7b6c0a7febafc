use std::time::Duration;

use tokio::time::Instant;

use super::super::audio_format::AudioFormat;
use super::super::speech::Speech;
use super::super::voice::voice;

const TEXT: &str = "Bitte erzählen Sie mir etwas von Ihrer letzten Stelle.";

fn speech(format: AudioFormat, now: Instant) -> Speech {
    Speech::new(TEXT.to_owned(), false, format, 1, now)
}

#[test]
fn its_chunks_are_the_whole_voice_in_every_format() {
    for format in AudioFormat::ALL {
        let mut speech = speech(format, Instant::now());
        let mut bytes = Vec::new();
        while speech.due().is_some() {
            bytes.extend(speech.next_chunk());
        }
        assert_eq!(bytes, format.encode(&voice(TEXT, format.sample_rate())), "{format:?}");
    }
}

#[test]
fn it_is_sent_two_and_a_half_times_as_fast_as_it_is_played() {
    let now = Instant::now();
    let mut speech = speech(AudioFormat::Pcm16000, now);
    assert_eq!(speech.due(), Some(now), "the first at once");
    let mut last = now;
    while let Some(due) = speech.due() {
        last = due;
        speech.next_chunk();
    }
    let ratio = (speech.played_at() - now).as_secs_f64() / (last - now).as_secs_f64();
    assert!((2.5..3.0).contains(&ratio), "{ratio}");
}

#[test]
fn what_was_said_of_it_grows_by_whole_words() {
    let now = Instant::now();
    let speech = speech(AudioFormat::Ulaw8000, now);
    let length = speech.played_at() - now;
    assert_eq!(speech.said_until(now), "...");
    assert_eq!(speech.said_until(now + length / 2), "Bitte erzählen Sie mir...");
    assert_eq!(speech.said_until(now + length), format!("{TEXT}..."));
    assert_eq!(speech.said_until(now + length / 2 + Duration::from_millis(1)), "Bitte erzählen Sie mir...");
}
