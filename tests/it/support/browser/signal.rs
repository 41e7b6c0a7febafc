//! A sound that is known to the last sample, and a measure of how faithfully another sound reproduces it.
//!
//! It is a sum of tones that all repeat after 250 ms, whatever the sample rate. Over such a window, each tone has a
//! frequency bin of its own, so everything else is not the signal. And since all windows are equal, a lost or added
//! sample shows as a jump in all phases.

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

/// Windows per second, and the spacing of the tones in Hz.
const WINDOWS: u32 = 4;

/// The frequencies of the tones in Hz, spread over the range of a voice, up to what 8 kHz can carry. They are primes
/// times the spacing, so that no tone lies where the distortion of another would.
const TONES: [f64; 9] = [188.0, 332.0, 524.0, 788.0, 1_244.0, 1_732.0, 2_308.0, 2_732.0, 3_092.0];

/// The amplitude of each tone. Together they reach at most a half.
const AMPLITUDE: f64 = 0.055;

/// The signal at a sample rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signal {
    rate: u32,
}

/// How faithful a sound is to the signal, in its worst window.
#[derive(Debug)]
pub(crate) struct Fidelity {
    /// The ratio of the signal to everything else, in decibels.
    pub(crate) signal_to_rest: f64,
    /// The error in the level of a tone, in decibels.
    pub(crate) level_error: f64,
    /// The difference in a tone's phase between one window and the next, expressed in samples.
    pub(crate) slip: f64,
}

impl Signal {
    /// The signal at this rate.
    pub(crate) fn at(rate: u32) -> Self {
        Self { rate }
    }

    /// Its samples.
    pub(crate) fn samples(self, windows: usize) -> Vec<i16> {
        let window: Vec<i16> = (0..self.window()).map(|index| self.sample(index)).collect();
        window.repeat(windows)
    }

    fn sample(self, index: usize) -> i16 {
        let time = count(index) / f64::from(self.rate);
        // Different phases, so that the tones do not peak together.
        let sum: f64 =
            TONES.iter().enumerate().map(|(tone, f)| (TAU * f * time + count(tone * tone)).sin()).sum();
        #[expect(clippy::cast_possible_truncation, reason = "it is within ±0.5")]
        let value = (AMPLITUDE * sum * 32_768.0).round() as i16;
        value
    }

    fn window(self) -> usize {
        usize::try_from(self.rate / WINDOWS).unwrap()
    }

    /// Writes a minute of the signal to a file: Chromium repeats a file, but not seamlessly.
    pub(crate) fn write_wav(self, path: &Path) {
        let data: Vec<u8> = self.samples(240).into_iter().flat_map(i16::to_le_bytes).collect();
        let size = u32::try_from(data.len()).unwrap();
        let mut file = Vec::with_capacity(44 + data.len());
        file.extend_from_slice(b"RIFF");
        file.extend_from_slice(&(36 + size).to_le_bytes());
        file.extend_from_slice(b"WAVEfmt ");
        file.extend_from_slice(&16_u32.to_le_bytes());
        // PCM, mono.
        file.extend_from_slice(&[1, 0, 1, 0]);
        file.extend_from_slice(&self.rate.to_le_bytes());
        file.extend_from_slice(&(2 * self.rate).to_le_bytes());
        // Two bytes per sample, 16 bits.
        file.extend_from_slice(&[2, 0, 16, 0]);
        file.extend_from_slice(b"data");
        file.extend_from_slice(&size.to_le_bytes());
        file.extend_from_slice(&data);
        fs::write(path, file).unwrap();
    }

    /// Compares a sound with the signal. It must have the signal's rate and at least two windows, and may start late.
    #[track_caller]
    pub(crate) fn fidelity_of(self, sound: &[f64]) -> Fidelity {
        let windows: Vec<&[f64]> = sound.chunks_exact(self.window()).collect();
        assert!(windows.len() >= 2, "only {} samples", sound.len());
        let measured: Vec<Vec<Tone>> = windows.iter().map(|window| self.tones(window)).collect();
        let mut worst = Fidelity { signal_to_rest: f64::INFINITY, level_error: 0.0, slip: 0.0 };
        for (window, tones) in windows.iter().zip(&measured) {
            worst.signal_to_rest = worst.signal_to_rest.min(signal_to_rest(window, tones));
            for tone in tones {
                let error = 20.0 * (tone.amplitude / AMPLITUDE).log10();
                worst.level_error = worst.level_error.max(error.abs());
            }
        }
        for pair in measured.windows(2) {
            for (before, after) in pair[0].iter().zip(&pair[1]) {
                let turn = (after.phase - before.phase + 1.5 * TAU).rem_euclid(TAU) - TAU / 2.0;
                worst.slip = worst.slip.max((turn / TAU / before.frequency * f64::from(self.rate)).abs());
            }
        }
        worst
    }

    fn tones(self, window: &[f64]) -> Vec<Tone> {
        TONES.iter().map(|frequency| Tone::in_window(*frequency, window, self.rate)).collect()
    }
}

/// A measured tone.
struct Tone {
    frequency: f64,
    amplitude: f64,
    phase: f64,
}

impl Tone {
    fn in_window(frequency: f64, window: &[f64], rate: u32) -> Self {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (index, sample) in window.iter().enumerate() {
            let (sin, cos) = (TAU * frequency * count(index) / f64::from(rate)).sin_cos();
            real += sample * cos;
            imaginary += sample * sin;
        }
        let amplitude = 2.0 * real.hypot(imaginary) / count(window.len());
        Self { frequency, amplitude, phase: real.atan2(imaginary) }
    }
}

/// The power of the tones relative to the rest, in decibels.
fn signal_to_rest(window: &[f64], tones: &[Tone]) -> f64 {
    let all: f64 = window.iter().map(|sample| sample * sample).sum::<f64>() / count(window.len());
    let signal: f64 = tones.iter().map(|tone| tone.amplitude * tone.amplitude / 2.0).sum();
    10.0 * (signal / (all - signal).max(1e-15)).log10()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}
