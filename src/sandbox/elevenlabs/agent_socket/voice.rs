//! The agent's voice. It has no words, but sings one syllable per syllable of the text, so that listeners hear that
//! somebody speaks, when a sentence ends, and when it is a question. The same text always sounds the same.

use std::time::Duration;

/// The notes it sings, in hertz: a pentatonic scale, in which nothing sounds wrong.
const SCALE: [f64; 5] = [196.0, 220.0, 246.9, 293.7, 329.6];

/// The note on which a text starts.
const FIRST_NOTE: usize = 2;

const SYLLABLE: Duration = Duration::from_millis(170);
const LAST_SYLLABLE: Duration = Duration::from_millis(280);
const BETWEEN_WORDS: Duration = Duration::from_millis(50);
const AT_A_COMMA: Duration = Duration::from_millis(160);
const BETWEEN_SENTENCES: Duration = Duration::from_millis(320);
const ATTACK: Duration = Duration::from_millis(20);
const RELEASE: Duration = Duration::from_millis(60);

/// The peak of a syllable: some 10 dB below full scale.
const PEAK: f64 = 10_000.0;

/// How many harmonics are audible. The tenth of the highest note is below 4 kHz, which every format can carry.
const HARMONICS: u32 = 10;

/// The width of a formant, in hertz.
const FORMANT_WIDTH: f64 = 180.0;

/// The number of points in one period of a vowel.
const PERIOD: u32 = 1024;

/// A part of the melody.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Syllable { vowel: char, note: usize, length: Duration },
    Rest(Duration),
}

/// The sound of `text`, at this sample rate.
#[must_use]
pub fn voice(text: &str, sample_rate: u32) -> Vec<i16> {
    let mut samples = Vec::new();
    for part in score(text) {
        match part {
            Part::Rest(length) => samples.extend((0..count(length, sample_rate)).map(|_| 0)),
            Part::Syllable { vowel, note, length } => sing(&mut samples, vowel, note, length, sample_rate),
        }
    }
    samples
}

/// The melody: it moves by one note per syllable, falls at the end of a sentence and rises at the end of a question.
fn score(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut note = FIRST_NOTE;
    for word in text.split_whitespace() {
        let vowels = vowels(word);
        let end = word.trim_end_matches(|quote| "“\"»)".contains(quote)).chars().last();
        for (index, vowel) in vowels.iter().enumerate() {
            let is_last = index + 1 == vowels.len();
            let (next, length) = match end {
                Some('?') if is_last => (SCALE.len() - 1, LAST_SYLLABLE),
                Some('.' | '!') if is_last => (0, LAST_SYLLABLE),
                _ => (wander(note, *vowel, index), SYLLABLE),
            };
            note = next;
            parts.push(Part::Syllable { vowel: *vowel, note, length });
        }
        parts.push(Part::Rest(match end {
            Some('.' | '!' | '?') => BETWEEN_SENTENCES,
            Some(',' | ';' | ':') => AT_A_COMMA,
            _ => BETWEEN_WORDS,
        }));
    }
    parts
}

/// Moves one note up or down, as the syllable decides, and turns back at the ends of the scale.
fn wander(note: usize, vowel: char, index: usize) -> usize {
    let up = (u32::from(vowel) as usize + index).is_multiple_of(2);
    match note {
        0 => 1,
        top if top + 1 == SCALE.len() => top - 1,
        note if up => note + 1,
        note => note - 1,
    }
}

/// The vowels of a word's syllables. A digit counts as a syllable; a word with neither gets one.
fn vowels(word: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut after_vowel = false;
    for letter in word.to_lowercase().chars() {
        let is_vowel = formants(letter).is_some();
        match letter {
            vowel if is_vowel && !after_vowel => found.push(vowel),
            '0'..='9' => found.push(['o', 'a', 'i', 'e', 'ü'][u32::from(letter) as usize % 5]),
            _ => {}
        }
        after_vowel = is_vowel;
    }
    if found.is_empty() && word.chars().any(char::is_alphanumeric) {
        found.push('e');
    }
    found
}

/// The two formants by which a vowel is recognised, in hertz.
fn formants(vowel: char) -> Option<[f64; 2]> {
    Some(match vowel {
        'a' => [750.0, 1_300.0],
        'e' => [450.0, 2_000.0],
        'i' => [300.0, 2_200.0],
        'o' => [450.0, 850.0],
        'u' => [320.0, 750.0],
        'ä' => [600.0, 1_800.0],
        'ö' => [450.0, 1_500.0],
        'ü' | 'y' => [300.0, 1_700.0],
        _ => return None,
    })
}

fn sing(samples: &mut Vec<i16>, vowel: char, note: usize, length: Duration, sample_rate: u32) {
    let pitch = SCALE[note];
    let period = period(vowel, pitch);
    let length = count(length, sample_rate);
    let (attack, release) = (count(ATTACK, sample_rate), count(RELEASE, sample_rate));
    let step = pitch / f64::from(sample_rate);
    for index in 0..length {
        let rising = f64::from(index) / f64::from(attack);
        let falling = f64::from(length - index) / f64::from(release);
        let envelope = rising.min(falling).min(1.0);
        let phase = (f64::from(index) * step).fract();
        samples.push(to_sample(PEAK * envelope * period[point(phase)]));
    }
}

/// One period of a vowel on a note, from -1 to 1. The harmonics near the vowel's formants are the loudest.
fn period(vowel: char, pitch: f64) -> Vec<f64> {
    let formants = formants(vowel).unwrap_or([500.0, 1_500.0]);
    let weight = |harmonic: u32| {
        let frequency = f64::from(harmonic) * pitch;
        let resonance: f64 = formants
            .iter()
            .map(|formant| 1.0 / (1.0 + ((frequency - formant) / FORMANT_WIDTH).powi(2)))
            .sum();
        (0.15 + resonance) / f64::from(harmonic)
    };
    let harmonics: Vec<(f64, f64)> = (1..=HARMONICS).map(|n| (f64::from(n), weight(n))).collect();
    let value = |index: u32| {
        let angle = std::f64::consts::TAU * f64::from(index) / f64::from(PERIOD);
        harmonics.iter().map(|(harmonic, weight)| weight * (harmonic * angle).sin()).sum::<f64>()
    };
    let mut period: Vec<f64> = (0..PERIOD).map(value).collect();
    let peak = period.iter().fold(f64::MIN_POSITIVE, |peak, value| peak.max(value.abs()));
    for value in &mut period {
        *value /= peak;
    }
    period
}

/// The number of samples in a length of time.
pub(super) fn count(length: Duration, sample_rate: u32) -> u32 {
    let samples = length.as_micros() * u128::from(sample_rate) / 1_000_000;
    u32::try_from(samples).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a phase is from 0 to below 1")]
fn point(phase: f64) -> usize {
    (phase * f64::from(PERIOD)) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "below PEAK, and `as` saturates")]
fn to_sample(value: f64) -> i16 {
    value.round() as i16
}
