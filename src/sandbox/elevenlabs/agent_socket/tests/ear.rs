use std::time::Duration;

use super::super::ear::{Ear, Noticed, Utterance};

const RATE: u32 = 16_000;

/// A square wave, whose level is that of its amplitude.
fn sound(millis: usize, amplitude: i16) -> Vec<i16> {
    (0..millis * 16).map(|index| if index / 20 % 2 == 0 { amplitude } else { -amplitude }).collect()
}

/// What the ear notices, without the reports of loudness.
fn noticed(samples: &[i16]) -> Vec<Noticed> {
    let mut ear = Ear::new(RATE);
    ear.hear(samples).into_iter().filter(|noticed| !matches!(noticed, Noticed::Likely(_))).collect()
}

#[test]
fn a_voice_begins_and_ends_with_its_length_and_level() {
    // A tenth of full scale is -20 dB.
    let samples = [sound(400, 0), sound(500, 3_277), sound(700, 0)].concat();
    let [Noticed::Began, Noticed::Finished(heard)] = noticed(&samples)[..] else {
        panic!("{:?}", noticed(&samples))
    };
    assert_eq!(heard.length, Duration::from_millis(500));
    assert!((heard.level + 20.0).abs() < 0.01, "{}", heard.level);
}

#[test]
fn a_pause_belongs_to_what_is_said_and_does_not_lower_its_level() {
    let samples = [sound(300, 3_277), sound(600, 0), sound(300, 3_277), sound(700, 0)].concat();
    let [Noticed::Began, Noticed::Finished(Utterance { length, level })] = noticed(&samples)[..] else {
        panic!("{:?}", noticed(&samples))
    };
    assert_eq!(length, Duration::from_millis(1_200));
    assert!((level + 20.0).abs() < 0.01, "{level}");
}

#[test]
fn a_click_or_a_murmur_is_no_voice() {
    let click = [sound(80, 20_000), sound(20, 0)].concat().repeat(5);
    // 1 % of full scale is -40 dB, the threshold.
    for quiet in [click, sound(2_000, 327), sound(2_000, 0)] {
        assert_eq!(noticed(&quiet), []);
    }
    assert_eq!(noticed(&sound(100, 400)), [Noticed::Began]);
}

#[test]
fn it_does_not_matter_how_the_samples_come() {
    let samples = [sound(333, 9_000), sound(1_000, 0)].concat();
    let whole = Ear::new(RATE).hear(&samples);
    let mut ear = Ear::new(RATE);
    let pieces: Vec<Noticed> = samples.chunks(7).flat_map(|chunk| ear.hear(chunk)).collect();
    assert_eq!(pieces, whole);
}

#[test]
fn loudness_is_told_four_times_a_second() {
    let mut ear = Ear::new(RATE);
    let told = ear.hear(&sound(2_400, 0));
    assert_eq!(told, [Noticed::Likely(0.0); 10]);
    assert_eq!(ear.hear(&sound(240, 32_767)).last(), Some(&Noticed::Likely(1.0)));
}
