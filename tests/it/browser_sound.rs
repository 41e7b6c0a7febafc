//! The sound of a talk, measured: what the microphone hears arrives at the agent, what the agent says is played.
//!
//! The browser's own cleaning of the sound (echo, noise, gain) is taken out for the measurement: it would take the
//! measuring signal for noise. That the page asks for it is tested by itself.

use std::ops::Range;
use std::time::Duration;

use sellcruiting_webhook::sandbox::{AudioFormat, LiveConversation};
use serde_json::json;

use crate::support::Setup;
use crate::support::browser::{Candidate, Fidelity, Look, Microphone, Signal, Tab};

async fn talk(
    microphone: Microphone,
    input: AudioFormat,
    output: AudioFormat,
) -> Option<(Candidate, Tab, LiveConversation)> {
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.set_audio_formats(Some(input), output);
    let candidate = Candidate::invited_alone(setup, microphone).await?;
    let tab = candidate.opens_link(Look::DESKTOP).await;
    let agent = candidate.begins_talk(&tab).await;
    Some((candidate, tab, agent))
}

fn at(format: AudioFormat) -> Signal {
    Signal::at(format.sample_rate())
}

/// How true what the agent heard is to what the microphone hears, over 2 s, once the filters have swung in.
async fn heard_by(agent: &LiveConversation, format: AudioFormat) -> Fidelity {
    let second = usize::try_from(format.sample_rate()).unwrap();
    let audio = agent.wait_for_audio(3 * second).await;
    let audio: Vec<f64> =
        audio[second..3 * second].iter().map(|sample| f64::from(*sample) / 32_768.0).collect();
    at(format).fidelity_of(&audio)
}

/// How true what is played is to what the agent says, over the middle second of two.
async fn played_in(tab: &Tab, agent: &LiveConversation, format: AudioFormat) -> Fidelity {
    agent.send_audio(&at(format).samples(8), 1);
    tab.until("window.__heardFor() > 1900").await;
    played(tab, 2..6).await
}

/// How true these windows of what was played are.
async fn played(tab: &Tab, windows: Range<usize>) -> Fidelity {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sample rate")]
    let rate = tab.number("__context.sampleRate").await as u32;
    let window = usize::try_from(rate / 4).unwrap();
    Signal::at(rate).fidelity_of(&tab.played().await[windows.start * window..windows.end * window])
}

#[tokio::test]
async fn what_the_microphone_hears_arrives_at_the_agent_sample_by_sample() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(microphone, format, format).await else { return };
    let fidelity = heard_by(&agent, format).await;
    assert!(fidelity.signal_to_rest > 60.0, "{fidelity:?}");
    assert!(fidelity.level_error < 0.1 && fidelity.slip < 0.01, "{fidelity:?}");
    // What the measurement leaves out.
    let audio = tab.evaluate("__asked[0].audio").await;
    for cleaning in ["echoCancellation", "noiseSuppression", "autoGainControl"] {
        assert_eq!(audio[cleaning], json!(true), "{cleaning}");
    }
}

#[tokio::test]
async fn what_the_microphone_hears_arrives_as_well_as_a_telephone_carries_it() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let format = AudioFormat::Ulaw8000;
    let Some((_candidate, _tab, agent)) = talk(microphone, format, format).await else { return };
    let fidelity = heard_by(&agent, format).await;
    // G.711 allows for some 38 dB at best.
    assert!(fidelity.signal_to_rest > 33.0, "{fidelity:?}");
    assert!(fidelity.level_error < 0.2 && fidelity.slip < 0.1, "{fidelity:?}");
}

#[tokio::test]
async fn what_the_agent_says_is_played_sample_by_sample() {
    for format in [AudioFormat::Pcm16000, AudioFormat::Pcm44100] {
        let Some((_candidate, tab, agent)) = talk(Microphone::Beeps, format, format).await else { return };
        let fidelity = played_in(&tab, &agent, format).await;
        assert!(fidelity.signal_to_rest > 60.0, "{format:?}: {fidelity:?}");
        assert!(fidelity.level_error < 0.1 && fidelity.slip < 0.01, "{format:?}: {fidelity:?}");
    }
}

#[tokio::test]
async fn what_the_agent_says_is_played_as_well_as_a_telephone_carries_it() {
    let format = AudioFormat::Ulaw8000;
    let Some((_candidate, tab, agent)) = talk(Microphone::Beeps, format, format).await else { return };
    let fidelity = played_in(&tab, &agent, format).await;
    assert!(fidelity.signal_to_rest > 33.0, "{fidelity:?}");
    assert!(fidelity.level_error < 0.2 && fidelity.slip < 0.1, "{fidelity:?}");
}

#[tokio::test]
async fn an_interruption_silences_susi_within_200_ms() {
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(Microphone::Beeps, format, format).await else { return };
    agent.send_audio(&at(format).samples(40), 1);
    tab.until("window.__heardFor() > 500").await;
    let interrupted = tab.number("__now()").await;
    agent.send_interruption(2);
    tab.reads("Susi hört Ihnen zu").await;
    // Whatever was still to be played would have been played by now.
    tab.until(&format!("window.__recordedUntil() > {}", interrupted + 1_000.0)).await;
    let silent_after = tab.number("__heardUntil()").await - interrupted;
    assert!((0.0..200.0).contains(&silent_after), "silent after {silent_after} ms");
    // What she says then is heard.
    agent.send_audio(&at(format).samples(4), 3);
    tab.until(&format!("window.__heardUntil() > {}", interrupted + 1_000.0)).await;
}

#[tokio::test]
async fn a_tab_that_is_busy_plays_and_listens_without_a_gap() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(microphone, format, format).await else { return };
    let second = usize::try_from(format.sample_rate()).unwrap();
    agent.send_audio(&at(format).samples(4), 1);
    tab.until("window.__heardFor() > 300").await;
    let before = agent.sample_count();
    let busy =
        tab.evaluate("(() => { const end = Date.now() + 2500; while (Date.now() < end); return 1; })()");
    let meanwhile = async {
        // Also what arrives only now is played, and what is said is heard, while the page's own thread does nothing.
        let one_second = Duration::from_secs(1);
        agent.send_audio(&at(format).samples(8), 2);
        let begin = std::time::Instant::now();
        agent.wait_for_audio(before + 3 * second / 2).await;
        (begin.elapsed() > one_second, begin.elapsed())
    };
    let (_, (in_real_time, took)) = tokio::join!(busy, meanwhile);
    assert!(in_real_time && took < Duration::from_millis(2_300), "1.5 s of sound took {took:?}");
    tab.until("window.__heardFor() > 2900").await;
    let fidelity = played(&tab, 2..11).await;
    assert!(fidelity.signal_to_rest > 60.0 && fidelity.slip < 0.01, "{fidelity:?}");
    let audio = agent.audio();
    let audio: Vec<f64> =
        audio[before..before + 2 * second].iter().map(|sample| f64::from(*sample) / 32_768.0).collect();
    let fidelity = at(format).fidelity_of(&audio);
    assert!(fidelity.signal_to_rest > 60.0 && fidelity.slip < 0.01, "{fidelity:?}");
}
