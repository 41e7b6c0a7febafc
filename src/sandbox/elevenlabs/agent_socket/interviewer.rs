//! What the lively agent says: for a few turns, it tells candidates how well it hears them, and then says goodbye.

use std::time::Duration;

use super::ear::Utterance;

/// A louder voice is too loud, in decibels relative to full scale.
const LOUD: f64 = -9.0;

/// A quieter voice is too quiet.
const QUIET: f64 = -30.0;

/// What it adds, turn by turn, after telling what it heard.
const FOLLOW_UPS: [&str; 3] = [
    "Bitte sprechen Sie weiter.",
    "Sie dürfen mir auch ins Wort fallen, dann höre ich sofort auf zu sprechen.",
    "Sagen Sie gern noch etwas.",
];

const NUDGE: &str = "Sind Sie noch da? Ich höre Sie gerade nicht.";
const GOODBYE: &str = "Vielen Dank für das Gespräch. Auf Wiederhören!";

/// Something to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    /// Whether the agent hangs up afterwards.
    pub(super) is_last: bool,
}

impl Line {
    pub(super) fn goodbye() -> Self {
        Self { text: GOODBYE.to_owned(), is_last: true }
    }
}

#[derive(Debug)]
pub(super) struct Interviewer {
    /// How long it tolerates silence.
    pub(super) patience: Duration,
    turns: usize,
    turn: usize,
    has_nudged: bool,
}

impl Interviewer {
    pub(super) fn new(patience: Duration, turns: usize) -> Self {
        Self { patience, turns, turn: 0, has_nudged: false }
    }

    /// The reply to what the candidate has said.
    pub(super) fn reply(&mut self, heard: Utterance) -> Line {
        self.turn += 1;
        self.has_nudged = false;
        let is_last = self.turn >= self.turns;
        let follow_up = if is_last { GOODBYE } else { FOLLOW_UPS[(self.turn - 1) % FOLLOW_UPS.len()] };
        let text = format!(
            "Ich habe Sie {} Sekunden lang gehört, mit {} Dezibel. {} {follow_up}",
            seconds(heard.length),
            heard.level.round().to_string().replace('-', "minus "),
            judgement(heard.level),
        );
        Line { text, is_last }
    }

    /// What it says into a silence: first a question, then goodbye.
    pub(super) fn break_silence(&mut self) -> Line {
        if std::mem::replace(&mut self.has_nudged, true) {
            return Line::goodbye();
        }
        Line { text: NUDGE.to_owned(), is_last: false }
    }
}

/// What it has understood, for `user_transcript`.
pub(super) fn transcript(heard: Utterance) -> String {
    let level = heard.level.round().to_string().replace('-', "−");
    format!("(Ton von {} Sekunden, {level} dB)", seconds(heard.length))
}

fn judgement(level: f64) -> &'static str {
    match level {
        level if level > LOUD => "Das ist sehr laut.",
        level if level < QUIET => "Das ist recht leise.",
        _ => "Das ist gut zu verstehen.",
    }
}

/// With one decimal, in German notation.
fn seconds(length: Duration) -> String {
    format!("{:.1}", length.as_secs_f64()).replace('.', ",")
}
