//! The sound of a talk, measured: what the microphone hears reaches the agent, and what the agent says is played.
//!
//! The browser's own cleaning of the sound (echo, noise, gain) is disabled for the measurement: it would take the test
//! signal for noise. Another check makes sure that the page requests it.

use std::ops::Range;
use std::time::{Duration, Instant};

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

/// How often a stretch of sound may have to be measured again.
const STRETCHES: usize = 10;

/// A stretch of what is said into the microphone, measured at both ends.
struct Stretch<'a> {
    tab: &'a Tab,
    agent: &'a LiveConversation,
    format: AudioFormat,
    /// How many samples the agent had heard before.
    before: usize,
}

impl<'a> Stretch<'a> {
    async fn begin(tab: &'a Tab, agent: &'a LiveConversation, format: AudioFormat) -> Self {
        tab.record_microphone().await;
        Self { tab, agent, format, before: agent.sample_count() }
    }

    /// The number of samples in this many seconds.
    fn seconds(&self, seconds: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
        let samples = (f64::from(self.format.sample_rate()) * seconds) as usize;
        samples
    }

    /// Waits until the agent has heard this many seconds of the stretch.
    async fn heard(&self, seconds: f64) {
        self.agent.wait_for_audio(self.before + self.seconds(seconds)).await;
    }

    /// How faithfully the agent heard the signal between these seconds.
    ///
    /// `None` if the microphone itself stuttered, as the browser's does on a busy machine: the result would say nothing
    /// about the page.
    async fn fidelity(&self, seconds: Range<f64>) -> Option<Fidelity> {
        self.heard(seconds.end).await;
        // Everything that was heard had been given by then.
        self.tab.until(&format!("window.__listenedFor() >= {}", 1_000.0 * seconds.end)).await;
        let given = self.tab.recorded_microphone().await;
        if !is_true(&Signal::at(self.tab.sample_rate().await).fidelity_of(&given)) {
            return None;
        }
        let heard = self.before + self.seconds(seconds.start)..self.before + self.seconds(seconds.end);
        let audio = self.agent.audio();
        let heard = audio[heard].iter().map(|sample| f64::from(*sample) / 32_768.0);
        Some(at(self.format).fidelity_of(&heard.collect::<Vec<_>>()))
    }
}

/// How faithfully the agent hears what the microphone hears, over 2 s, once the filters have settled.
async fn heard_by(tab: &Tab, agent: &LiveConversation, format: AudioFormat) -> Fidelity {
    for _ in 0..STRETCHES {
        let stretch = Stretch::begin(tab, agent, format).await;
        if let Some(fidelity) = stretch.fidelity(1.0..3.0).await {
            return fidelity;
        }
    }
    panic!(
        "the microphone stuttered in each of {STRETCHES} stretches: the machine is too busy to measure sound"
    );
}

/// Sample by sample, except for rounding and the filters.
fn is_true(fidelity: &Fidelity) -> bool {
    fidelity.signal_to_rest > 60.0 && fidelity.slip < 0.01
}

/// How faithfully the agent's speech is played, over the middle second of two.
async fn played_in(tab: &Tab, agent: &LiveConversation, format: AudioFormat) -> Fidelity {
    agent.send_audio(&at(format).samples(8), 1);
    tab.until("window.__heardFor() > 1900").await;
    played(tab, 2..6).await
}

/// How faithful these windows of the played sound are.
async fn played(tab: &Tab, windows: Range<usize>) -> Fidelity {
    let rate = tab.sample_rate().await;
    let window = usize::try_from(rate / 4).unwrap();
    Signal::at(rate).fidelity_of(&tab.played().await[windows.start * window..windows.end * window])
}

#[tokio::test]
async fn what_the_microphone_hears_arrives_at_the_agent_sample_by_sample() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(microphone, format, format).await else { return };
    let fidelity = heard_by(&tab, &agent, format).await;
    assert!(is_true(&fidelity) && fidelity.level_error < 0.1, "{fidelity:?}");
    // The cleaning that the measurement leaves out.
    let audio = tab.evaluate("__asked[0].audio").await;
    for cleaning in ["echoCancellation", "noiseSuppression", "autoGainControl"] {
        assert_eq!(audio[cleaning], json!(true), "{cleaning}");
    }
}

#[tokio::test]
async fn what_the_microphone_hears_arrives_as_well_as_a_telephone_carries_it() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let format = AudioFormat::Ulaw8000;
    let Some((_candidate, tab, agent)) = talk(microphone, format, format).await else { return };
    let fidelity = heard_by(&tab, &agent, format).await;
    // G.711 allows some 38 dB at best.
    assert!(fidelity.signal_to_rest > 33.0, "{fidelity:?}");
    assert!(fidelity.level_error < 0.2 && fidelity.slip < 0.1, "{fidelity:?}");
}

#[tokio::test]
async fn what_the_agent_says_is_played_sample_by_sample() {
    let setup = Setup::new().await;
    let Some(candidate) = Candidate::invited_alone(setup, Microphone::Beeps).await else { return };
    for format in [AudioFormat::Pcm16000, AudioFormat::Pcm44100] {
        candidate.app.sandbox.elevenlabs.set_audio_formats(Some(format), format);
        let tab = candidate.opens_link(Look::DESKTOP).await;
        let agent = candidate.begins_talk(&tab).await;
        let fidelity = played_in(&tab, &agent, format).await;
        assert!(is_true(&fidelity) && fidelity.level_error < 0.1, "{format:?}: {fidelity:?}");
        tab.leave().await;
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
    // By now, anything still queued would have been played.
    tab.until(&format!("window.__recordedUntil() > {}", interrupted + 1_000.0)).await;
    let silent_after = tab.number("__heardUntil()").await - interrupted;
    assert!((0.0..200.0).contains(&silent_after), "silent after {silent_after} ms");
    // What she says after that is heard.
    agent.send_audio(&at(format).samples(4), 3);
    tab.until(&format!("window.__heardUntil() > {}", interrupted + 1_000.0)).await;
}

/// For this long, the page's own thread does nothing else.
const BUSY: Duration = Duration::from_secs(4);

async fn be_busy(tab: &Tab) {
    let busy =
        format!("(() => {{ const end = Date.now() + {}; while (Date.now() < end); }})()", BUSY.as_millis());
    tab.evaluate(&busy).await;
}

#[tokio::test]
async fn a_tab_that_is_busy_listens_without_a_gap() {
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(Microphone::Hears(Signal::at(48_000)), format, format).await
    else {
        return;
    };
    for _ in 0..STRETCHES {
        let stretch = Stretch::begin(&tab, &agent, format).await;
        let (begin, heard) = (Instant::now(), async {
            stretch.heard(1.5).await;
            Instant::now()
        });
        let ((), heard) = tokio::join!(be_busy(&tab), heard);
        let took = heard - begin;
        if let Some(fidelity) = stretch.fidelity(0.5..2.5).await {
            assert!(Duration::from_secs(1) < took && took < BUSY, "1.5 s of sound took {took:?}");
            assert!(is_true(&fidelity), "{fidelity:?}");
            return;
        }
    }
    panic!(
        "the microphone stuttered in each of {STRETCHES} stretches: the machine is too busy to measure sound"
    );
}

#[tokio::test]
async fn a_tab_that_is_busy_plays_without_a_gap() {
    let format = AudioFormat::Pcm16000;
    let Some((_candidate, tab, agent)) = talk(Microphone::Beeps, format, format).await else { return };
    agent.send_audio(&at(format).samples(4), 1);
    tab.until("window.__heardFor() > 300").await;
    // Even what arrives only now is played.
    tokio::join!(be_busy(&tab), async { agent.send_audio(&at(format).samples(8), 2) });
    tab.until("window.__heardFor() > 2900").await;
    let fidelity = played(&tab, 2..11).await;
    assert!(is_true(&fidelity), "{fidelity:?}");
}
