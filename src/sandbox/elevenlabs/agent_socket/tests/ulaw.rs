use super::super::audio_format::AudioFormat;
use super::super::ulaw::{decode, encode};

#[test]
fn known_values_of_g_711() {
    // Table 2a of ITU-T G.711, in 16 bits: the upper ends of the decision intervals and their decoded values.
    for (byte, sample) in [
        (0xff, 0),
        (0xfe, 8),
        (0xf0, 120),
        (0xef, 132),
        (0xdf, 396),
        (0xcf, 924),
        (0xbf, 1_980),
        (0xaf, 4_092),
        (0x9f, 8_316),
        (0x8f, 16_764),
        (0x80, 32_124),
        (0x7e, -8),
        (0x00, -32_124),
    ] {
        assert_eq!(decode(byte), sample, "{byte:#x}");
        assert_eq!(encode(sample), byte, "{sample}");
    }
    assert_eq!((encode(i16::MAX), encode(i16::MIN)), (0x80, 0x00));
}

#[test]
fn every_byte_is_encoded_as_it_was_decoded() {
    // Both zeros decode to the same sample.
    for byte in (0..=u8::MAX).filter(|byte| *byte != 0x7f) {
        assert_eq!(encode(decode(byte)), byte);
    }
    assert_eq!(decode(0x7f), 0);
}

#[test]
fn every_sample_comes_back_within_half_a_step() {
    for sample in i16::MIN..=i16::MAX {
        let error = i32::from(decode(encode(sample))) - i32::from(sample);
        // A step is at most a sixteenth of the magnitude including the bias.
        let allowed = (i32::from(sample).abs() + 132) / 32;
        assert!(error.abs() <= allowed, "{sample}: {error}");
    }
}

#[test]
fn half_a_sample_is_none() {
    for format in AudioFormat::ALL {
        let decoded = format.decode(&[0xff, 0xff, 0xff]);
        let expected = (format == AudioFormat::Ulaw8000).then(|| vec![0, 0, 0]);
        assert_eq!(decoded, expected, "{format:?}");
    }
}
