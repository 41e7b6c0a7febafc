//! ITU-T G.711 µ-law: a logarithmic byte for a 14-bit sample, here the upper 14 of 16 bits.

/// Added before the logarithm, so that the lowest segment works like the others.
const BIAS: u16 = 0x84;

/// The largest magnitude that does not overflow together with the bias.
const CLIP: u16 = 0x7fff - BIAS;

const SIGN: u8 = 0x80;

pub(super) fn encode(sample: i16) -> u8 {
    let sign = if sample < 0 { SIGN } else { 0 };
    let magnitude = sample.unsigned_abs().min(CLIP) + BIAS;
    // From 0 to 7, because the bias sets at least bit 7.
    let segment = 8 - magnitude.leading_zeros();
    let [mantissa, _] = ((magnitude >> (segment + 3)) & 0x0f).to_le_bytes();
    let [segment, ..] = segment.to_le_bytes();
    !(sign | (segment << 4) | mantissa)
}

pub(super) fn decode(byte: u8) -> i16 {
    let bits = !byte;
    let mantissa = (i16::from(bits & 0x0f) << 3) + BIAS.cast_signed();
    let magnitude = (mantissa << ((bits >> 4) & 0x07)) - BIAS.cast_signed();
    if bits & SIGN == 0 { magnitude } else { -magnitude }
}
