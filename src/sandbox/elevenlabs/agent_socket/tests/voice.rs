use super::super::voice::voice;

/// The root mean square.
fn level(samples: &[i16]) -> f64 {
    let number = f64::from(u32::try_from(samples.len()).unwrap());
    (samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / number).sqrt()
}

/// Counts the gaps of at least 10 ms between and around runs of sound.
fn syllables_and_pauses(samples: &[i16], sample_rate: usize) -> usize {
    samples.split(|sample| *sample != 0).filter(|pause| pause.len() >= sample_rate / 100).count()
}

#[test]
fn the_same_text_sounds_the_same_and_another_does_not() {
    assert_eq!(voice("Guten Tag", 16_000), voice("Guten Tag", 16_000));
    assert_ne!(voice("Guten Tag", 16_000), voice("Guten Abend", 16_000));
    assert_ne!(voice("Ja.", 16_000), voice("Ja?", 16_000));
    assert!(voice(" ", 16_000).is_empty());
}

#[test]
fn it_is_audible_and_never_too_loud() {
    for sample_rate in [8_000, 16_000, 22_050, 24_000, 44_100, 48_000] {
        let samples = voice("Guten Tag, wie geht es Ihnen? Schön, dass Sie da sind!", sample_rate);
        let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((9_000..=10_000).contains(&peak), "{sample_rate}: {peak}");
        assert!((1_500.0..5_000.0).contains(&level(&samples)), "{sample_rate}: {}", level(&samples));
    }
}

#[test]
fn it_lasts_as_long_in_every_format() {
    let seconds = |sample_rate: u32| {
        let samples = u32::try_from(voice("Bitte sprechen Sie weiter.", sample_rate).len()).unwrap();
        f64::from(samples) / f64::from(sample_rate)
    };
    for sample_rate in [8_000, 22_050, 44_100, 48_000] {
        assert!((seconds(sample_rate) - seconds(16_000)).abs() < 0.005, "{sample_rate}");
    }
    assert!((1.5..3.0).contains(&seconds(16_000)), "{}", seconds(16_000));
}

#[test]
fn a_word_is_followed_by_a_pause_and_starts_without_a_click() {
    let samples = voice("Guten Tag, hier spricht Susi.", 16_000);
    assert_eq!(syllables_and_pauses(&samples, 16_000), 5);
    let steps = samples.windows(2).map(|pair| pair[0].abs_diff(pair[1]));
    assert!(steps.max().unwrap() < 12_000);
    // The first 2 ms of sound after silence.
    let onsets = samples.windows(64).filter(|part| part[..32] == [0; 32] && part[32] != 0);
    let loudest = onsets.flatten().map(|sample| sample.unsigned_abs()).max().unwrap();
    assert!(loudest < 1_500, "{loudest}");
}

#[test]
fn digits_and_abbreviations_are_heard_too() {
    for word in ["7", "GmbH", "−18", "m²"] {
        assert!(level(&voice(word, 16_000)) > 500.0, "{word}");
    }
    assert!(voice("2025", 16_000).len() > voice("25", 16_000).len());
}
