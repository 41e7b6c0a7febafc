use std::time::Duration;

use super::super::ear::Utterance;
use super::super::interviewer::{Interviewer, transcript};

fn heard(millis: u64, level: f64) -> Utterance {
    Utterance { length: Duration::from_millis(millis), level }
}

#[test]
fn a_transcript_tells_length_and_level_in_german() {
    assert_eq!(transcript(heard(2_060, -17.6)), "(Ton von 2,1 Sekunden, −18 dB)");
    assert_eq!(transcript(heard(12_000, -3.2)), "(Ton von 12,0 Sekunden, −3 dB)");
}

#[test]
fn it_says_whether_one_is_well_heard() {
    let mut interviewer = Interviewer::new(Duration::ZERO, 10);
    for (level, judgement) in [
        (-3.0, "mit minus 3 Dezibel. Das ist sehr laut."),
        (-18.0, "mit minus 18 Dezibel. Das ist gut zu verstehen."),
        (-35.0, "mit minus 35 Dezibel. Das ist recht leise."),
    ] {
        let line = interviewer.reply(heard(1_000, level));
        assert!(line.text.contains(judgement) && !line.is_last, "{line:?}");
    }
}

#[test]
fn it_says_goodbye_after_its_turns() {
    let mut interviewer = Interviewer::new(Duration::ZERO, 2);
    assert!(!interviewer.reply(heard(1_000, -18.0)).is_last);
    let last = interviewer.reply(heard(1_000, -18.0));
    assert!(last.is_last && last.text.ends_with("Auf Wiederhören!"), "{last:?}");
}

#[test]
fn it_asks_before_it_leaves_and_again_after_an_answer() {
    let mut interviewer = Interviewer::new(Duration::ZERO, 10);
    assert!(!interviewer.break_silence().is_last);
    interviewer.reply(heard(1_000, -18.0));
    let question = interviewer.break_silence();
    assert!(!question.is_last && question.text.starts_with("Sind Sie noch da?"), "{question:?}");
    assert!(interviewer.break_silence().is_last);
}
