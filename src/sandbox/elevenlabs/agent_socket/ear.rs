//! How the agent hears: by loudness only. Time is measured in samples, so it hears the same however fast they arrive.

use std::time::Duration;

use super::voice::count;

/// The length of a piece, whose loudness is measured as a whole.
const PIECE: Duration = Duration::from_millis(20);

/// A louder piece counts as voice, in decibels relative to full scale. A quiet room is far below that.
const THRESHOLD: f64 = -40.0;

/// How many loud pieces in a row are a voice and not a click: 100 ms.
const VOICE: u32 = 5;

/// How many quiet pieces in a row mean that somebody has finished: 700 ms.
const FINISHED: u32 = 35;

/// After how many pieces the loudness is reported, as `vad_score` is: 240 ms.
const REPORT: u32 = 12;

/// The level that stands for digital silence, which has none: it is below what 16 bits can represent.
const SILENCE: f64 = -100.0;

/// What the ear has noticed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Noticed {
    /// Somebody has started to speak.
    Began,
    /// Somebody has finished.
    Finished(Utterance),
    /// The likelihood that somebody is speaking, from 0 to 1.
    Likely(f64),
}

/// All that is known about something that was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Utterance {
    /// From the first loud piece to the last.
    pub(super) length: Duration,
    /// The mean level of its loud pieces, in decibels relative to full scale.
    pub(super) level: f64,
}

/// Consumes samples, chunk by chunk.
#[derive(Debug)]
pub(super) struct Ear {
    /// The number of samples in a piece.
    piece: usize,
    /// Samples left over that do not fill a piece.
    rest: Vec<i16>,
    /// How many pieces were heard so far.
    pieces: u32,
    /// How many loud pieces in a row are not a voice yet.
    loud_run: u32,
    /// The sum of their mean squares.
    loud_energy: f64,
    voice: Option<Voice>,
}

#[derive(Debug)]
struct Voice {
    /// The sum of the mean squares of the loud pieces.
    energy: f64,
    loud: u32,
    /// The number of pieces up to the last loud one.
    length: u32,
    quiet_run: u32,
}

impl Ear {
    pub(super) fn new(sample_rate: u32) -> Self {
        let piece = count(PIECE, sample_rate) as usize;
        Self { piece, rest: Vec::new(), pieces: 0, loud_run: 0, loud_energy: 0.0, voice: None }
    }

    /// Whether somebody is speaking.
    pub(super) fn hears_a_voice(&self) -> bool {
        self.voice.is_some()
    }

    pub(super) fn hear(&mut self, samples: &[i16]) -> Vec<Noticed> {
        self.rest.extend_from_slice(samples);
        let heard = std::mem::take(&mut self.rest);
        let pieces = heard.chunks_exact(self.piece);
        self.rest = pieces.remainder().to_vec();
        pieces.flat_map(|piece| self.hear_piece(mean_square(piece))).collect()
    }

    fn hear_piece(&mut self, mean_square: f64) -> Vec<Noticed> {
        self.pieces += 1;
        let level = level(mean_square);
        let mut noticed = Vec::new();
        if self.pieces.is_multiple_of(REPORT) {
            noticed.push(Noticed::Likely(((level - THRESHOLD + 20.0) / 40.0).clamp(0.0, 1.0)));
        }
        let is_loud = level > THRESHOLD;
        noticed.extend(match self.voice.take() {
            Some(voice) => self.go_on(voice, mean_square, is_loud),
            None => self.listen(mean_square, is_loud),
        });
        noticed
    }

    fn listen(&mut self, mean_square: f64, is_loud: bool) -> Option<Noticed> {
        if is_loud {
            self.loud_run += 1;
            self.loud_energy += mean_square;
        }
        if is_loud && self.loud_run < VOICE {
            return None;
        }
        let loud = std::mem::take(&mut self.loud_run);
        let energy = std::mem::take(&mut self.loud_energy);
        if !is_loud {
            return None;
        }
        self.voice = Some(Voice { energy, loud, length: loud, quiet_run: 0 });
        Some(Noticed::Began)
    }

    fn go_on(&mut self, mut voice: Voice, mean_square: f64, is_loud: bool) -> Option<Noticed> {
        if is_loud {
            voice.energy += mean_square;
            voice.loud += 1;
            voice.length += voice.quiet_run + 1;
            voice.quiet_run = 0;
        } else {
            voice.quiet_run += 1;
        }
        if voice.quiet_run < FINISHED {
            self.voice = Some(voice);
            return None;
        }
        let level = level(voice.energy / f64::from(voice.loud));
        Some(Noticed::Finished(Utterance { length: PIECE * voice.length, level }))
    }
}

fn mean_square(samples: &[i16]) -> f64 {
    let mut sum = 0.0;
    let mut number = 0.0;
    for sample in samples {
        sum += f64::from(*sample).powi(2);
        number += 1.0;
    }
    sum / number
}

/// In decibels relative to full scale, where a full-scale sine has -3.
fn level(mean_square: f64) -> f64 {
    let full_scale = f64::from(i16::MAX).powi(2);
    (10.0 * (mean_square / full_scale).log10()).max(SILENCE)
}
