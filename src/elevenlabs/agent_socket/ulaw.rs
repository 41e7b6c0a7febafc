//! G.711 µ-law (ITU-T G.711, table 2): 14 bits of a sample in one byte, as telephone networks carry speech.

/// The 16-bit sample that each µ-law byte stands for.
const SAMPLES: [i16; 256] = samples();

/// Added to a magnitude so that every segment begins at a power of two.
const BIAS: u16 = 0x84;

/// The largest magnitude that is encoded; louder ones are clipped to it. With the bias added, it just fits into 15
/// bits.
const CLIP: u16 = 32_635;

/// The 16-bit sample of a µ-law byte.
pub(super) const fn decode(byte: u8) -> i16 {
    SAMPLES[byte as usize]
}

/// The µ-law byte nearest to a 16-bit sample; what is too loud is clipped.
#[expect(clippy::cast_possible_truncation, reason = "sign, segment and step are the bits of a byte")]
pub(super) const fn encode(sample: i16) -> u8 {
    let magnitude = sample.unsigned_abs();
    let biased = if magnitude > CLIP { CLIP } else { magnitude } + BIAS;
    // The bias sets bit 7, and the clipping keeps bit 15 clear.
    let segment = 8 - biased.leading_zeros() as u16;
    let step = (biased >> (segment + 3)) & 0x0F;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !((sign | segment << 4 | step) as u8)
}

const fn samples() -> [i16; 256] {
    let mut samples = [0; 256];
    let mut bits = 0;
    while bits < 256 {
        let (segment, step) = ((bits >> 4) & 0x07, bits & 0x0F);
        // At most 32,124.
        let magnitude = ((((step << 3) + BIAS) << segment) - BIAS).cast_signed();
        // On the wire all bits are inverted.
        samples[(bits ^ 0xFF) as usize] = if bits & 0x80 == 0 { magnitude } else { -magnitude };
        bits += 1;
    }
    samples
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bytes_are_those_of_g_711() {
        // The ends, zero, and the first value of each segment, from table 2a/G.711 (there in 14 bits: times 4 here).
        for (byte, sample) in [
            (0x80, 32_124),
            (0x8F, 16_764),
            (0x90, 15_996),
            (0x9F, 8_316),
            (0xA0, 7_932),
            (0xAF, 4_092),
            (0xB0, 3_900),
            (0xBF, 1_980),
            (0xC0, 1_884),
            (0xCF, 924),
            (0xD0, 876),
            (0xDF, 396),
            (0xE0, 372),
            (0xEF, 132),
            (0xF0, 120),
            (0xFE, 8),
            (0xFF, 0),
            (0x00, -32_124),
            (0x7E, -8),
            (0x7F, 0),
        ] {
            assert_eq!(decode(byte), sample, "{byte:#x}");
            if byte != 0x7F {
                assert_eq!(encode(sample), byte, "{sample}");
            }
        }
        assert_eq!((encode(i16::MAX), encode(i16::MIN)), (0x80, 0x00));
    }

    #[test]
    fn a_byte_survives_the_way_there_and_back() {
        for byte in 0..=u8::MAX {
            // There are two zeros.
            let back = encode(decode(byte));
            assert_eq!(back, if byte == 0x7F { 0xFF } else { byte });
        }
    }

    proptest! {
        #[test]
        fn no_sample_is_off_by_more_than_half_a_step(sample: i16) {
            let magnitude = i32::from(sample).abs();
            let error = (i32::from(decode(encode(sample))) - i32::from(sample)).abs();
            // A step is a sixteenth of its segment, and a segment is as long as the (biased) magnitude at which it
            // begins.
            let half_a_step = (magnitude.min(i32::from(CLIP)) + i32::from(BIAS)) / 32 + 1;
            prop_assert!(error <= half_a_step.max(magnitude - 32_124), "{sample}: off by {error}");
        }
    }
}
