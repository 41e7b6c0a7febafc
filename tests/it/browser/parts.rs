//! The page's computing parts, one by one, in the browser that runs them.

use serde_json::json;

use crate::support::browser::{Candidate, Look, Microphone, Signal, Tab};

/// All of them on one page, with access to the parts, on which nothing else is going on: a browser takes seconds to
/// start.
#[tokio::test]
async fn every_part_computes_what_it_should() {
    let Some(candidate) = Candidate::invited(Microphone::Missing).await else { return };
    let tab = candidate.opens_link(Look::DESKTOP).await;
    sound_of_any_rate_becomes_sound_of_any_other_and_stays_true(&tab).await;
    what_the_lower_rate_cannot_carry_does_not_fold_back(&tab).await;
    how_sound_is_cut_into_blocks_changes_nothing_and_no_time_is_lost(&tab).await;
    samples_travel_as_16_bits_and_come_back_the_same(&tab).await;
    what_is_played_never_clicks_and_nothing_of_it_is_lost(&tab).await;
    a_gap_makes_the_queue_wait_for_more_from_then_on(&tab).await;
    what_is_cut_off_is_gone_within_a_few_milliseconds(&tab).await;
}

/// Runs a function in the browser that returns samples and can use the exports of a part.
async fn samples(tab: &Tab, part: &str, body: &str) -> Vec<f64> {
    let script = format!(
        "(async () => {{
           const part = await import(new URL('{part}', document.querySelector('script[type=module]').src));
           return __encoded(Float32Array.from((() => {{ {body} }})()));
         }})()"
    );
    tab.samples(&script).await
}

/// Resamples in blocks of this many samples.
async fn resample(tab: &Tab, input: &[f64], from: u32, to: u32, block: usize) -> Vec<f64> {
    let body = format!(
        "const input = Float32Array.from({input});
         const resampler = new part.Resampler({from}, {to});
         const output = [];
         const taken = new Float32Array(64);
         for (let at = 0; at < input.length; at += {block}) {{
           resampler.feed(input.subarray(at, at + {block}));
           for (let count = taken.length; count === taken.length;) {{
             count = resampler.take(taken, 0);
             output.push(...taken.subarray(0, count));
           }}
         }}
         return output;",
        input = json!(input)
    );
    samples(tab, "resampler.js", &body).await
}

/// The signal, preceded by a bit more of it for the filter to settle in.
fn signal(rate: u32) -> Vec<f64> {
    Signal::at(rate).samples(5).into_iter().map(|sample| f64::from(sample) / 32_768.0).collect()
}

async fn sound_of_any_rate_becomes_sound_of_any_other_and_stays_true(tab: &Tab) {
    for (from, to) in [
        (48_000, 16_000),
        (44_100, 16_000),
        (48_000, 8_000),
        (44_100, 24_000),
        (16_000, 48_000),
        (16_000, 44_100),
        (8_000, 48_000),
        (24_000, 44_100),
        (96_000, 16_000),
        (16_000, 16_000),
    ] {
        let output = resample(tab, &signal(from), from, to, 128).await;
        let window = usize::try_from(to / 4).unwrap();
        let fidelity = Signal::at(to).fidelity_of(&output[window..4 * window]);
        // The 16 bits of the input allow 92 dB here.
        assert!(fidelity.signal_to_rest > 80.0, "{from} to {to}: {fidelity:?}");
        assert!(fidelity.level_error < 0.05, "{from} to {to}: {fidelity:?}");
        assert!(fidelity.slip < 0.001, "{from} to {to}: {fidelity:?}");
    }
}

async fn what_the_lower_rate_cannot_carry_does_not_fold_back(tab: &Tab) {
    for (from, to, tone) in
        [(48_000_u32, 8_000_u32, 4_800.0), (48_000, 16_000, 9_200.0), (44_100, 16_000, 15_000.0)]
    {
        let input: Vec<f64> = (0..from)
            .map(|index| 0.5 * (std::f64::consts::TAU * tone * f64::from(index) / f64::from(from)).sin())
            .collect();
        let output = resample(tab, &input, from, to, 128).await;
        let settled = &output[output.len() / 4..];
        let loudest = settled.iter().fold(0.0_f64, |most, sample| most.max(sample.abs()));
        assert!(loudest < 0.5e-3, "{tone} Hz at {to}: {loudest}");
    }
}

async fn how_sound_is_cut_into_blocks_changes_nothing_and_no_time_is_lost(tab: &Tab) {
    let input = signal(44_100);
    let whole = resample(tab, &input, 44_100, 16_000, input.len()).await;
    for block in [1, 128, 441, 1_000] {
        assert_eq!(resample(tab, &input, 44_100, 16_000, block).await, whole, "blocks of {block}");
    }
    // 1.25 s, minus the filter's own delay of a millisecond.
    assert!((19_970..=20_000).contains(&whole.len()), "{}", whole.len());
}

async fn samples_travel_as_16_bits_and_come_back_the_same(tab: &Tab) {
    let body = "const sent = Float32Array.of(0, 0.5, -0.5, 1, -1, 2, -2, 1 / 32768);
                return [...part.decode(part.encode(sent)), ...new Uint8Array(part.encode(sent)).subarray(2, 4)];";
    let received = samples(tab, "pcm.js", body).await;
    let most = 32_767.0 / 32_768.0;
    // Then the bytes of 0.5: 0x4000, low byte first.
    assert_eq!(received, [0.0, 0.5, -0.5, most, -1.0, most, -1.0, 1.0 / 32_768.0, 0.0, 64.0]);
}

/// Plays through a queue of 16,000 samples per second. `push(ms)` adds, and `play(ms)` plays, sound of a constant 0.5,
/// in which every click is a step.
async fn played(tab: &Tab, scene: &str) -> Vec<f64> {
    let body = format!(
        "const queue = new part.PlaybackQueue(16000);
         const output = [];
         const block = new Float32Array(16);
         const play = (ms) => {{ for (let at = 0; at < ms; at += 1) {{ queue.pull(block); output.push(...block); }} }};
         const push = (ms) => queue.push(new Float32Array(16 * ms).fill(0.5));
         {scene}
         return output;"
    );
    let output = samples(tab, "playback_queue.js", &body).await;
    let largest = output.windows(2).fold(0.0_f64, |most, pair| most.max((pair[1] - pair[0]).abs()));
    // A fade of 5 ms from 0.5 has 80 steps.
    assert!(largest <= 0.5 / 80.0 + 1e-6, "it clicks: a step of {largest} in {scene}");
    output
}

/// When sounds start and end, in milliseconds.
fn sounds(output: &[f64]) -> Vec<(usize, usize)> {
    let mut sounds: Vec<(usize, usize)> = Vec::new();
    for (index, _) in output.iter().enumerate().filter(|(_, sample)| **sample > 0.0) {
        let time = index / 16;
        match sounds.last_mut() {
            Some(last) if time <= last.1 + 1 => last.1 = time,
            _ => sounds.push((time, time)),
        }
    }
    sounds
}

async fn what_is_played_never_clicks_and_nothing_of_it_is_lost(tab: &Tab) {
    // Enough at once, then nothing more: it starts immediately and fades out at its end.
    assert_eq!(sounds(&played(tab, "push(200); play(400);").await), [(0, 199)]);
    // In pieces, as a network delivers them: a single sound.
    let pieces = "for (let n = 0; n < 20; n += 1) { push(20); play(20); } play(200);";
    assert_eq!(sounds(&played(tab, pieces).await).len(), 1);
    // A little, and then nothing more: it is played all the same, after a wait.
    assert_eq!(sounds(&played(tab, "push(20); play(400);").await), [(149, 168)]);
}

async fn a_gap_makes_the_queue_wait_for_more_from_then_on(tab: &Tab) {
    // 80 ms are enough to start with, but no longer after an underrun.
    let gap = sounds(&played(tab, "push(80); play(180); push(80); play(60); push(80); play(300);").await);
    assert_eq!(gap, [(0, 79), (240, 399)]);
    // A pause between sentences is not an underrun.
    let sentences = sounds(&played(tab, "push(80); play(800); push(80); play(200);").await);
    assert_eq!(sentences, [(0, 79), (800, 879)]);
}

async fn what_is_cut_off_is_gone_within_a_few_milliseconds(tab: &Tab) {
    let cut = "push(3000); play(100); queue.flush(); play(200); push(100); play(200);";
    assert_eq!(sounds(&played(tab, cut).await), [(0, 104), (300, 399)]);
    // What arrives right after the cut is played after the fade.
    let follows = sounds(&played(tab, "push(3000); play(100); queue.flush(); push(100); play(300);").await);
    assert_eq!(follows, [(0, 204)]);
    // Before playing has started, there is nothing to fade.
    assert_eq!(sounds(&played(tab, "push(20); play(20); queue.flush(); play(300);").await), []);
}
