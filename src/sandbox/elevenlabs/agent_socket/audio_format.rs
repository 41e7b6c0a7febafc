//! The formats in which an agent hears and speaks.

use super::ulaw;

/// A value of `user_input_audio_format` or `agent_output_audio_format`. All are mono.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudioFormat {
    /// `pcm_8000`: 16-bit little-endian, like all `Pcm` formats.
    Pcm8000,
    /// `pcm_16000`, the usual one.
    Pcm16000,
    /// `pcm_22050`.
    Pcm22050,
    /// `pcm_24000`.
    Pcm24000,
    /// `pcm_44100`.
    Pcm44100,
    /// `pcm_48000`.
    Pcm48000,
    /// `ulaw_8000`: ITU-T G.711 µ-law, one byte per sample.
    Ulaw8000,
}

impl AudioFormat {
    /// All formats.
    pub const ALL: [Self; 7] = [
        Self::Pcm8000,
        Self::Pcm16000,
        Self::Pcm22050,
        Self::Pcm24000,
        Self::Pcm44100,
        Self::Pcm48000,
        Self::Ulaw8000,
    ];

    /// Its name in the protocol.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcm8000 => "pcm_8000",
            Self::Pcm16000 => "pcm_16000",
            Self::Pcm22050 => "pcm_22050",
            Self::Pcm24000 => "pcm_24000",
            Self::Pcm44100 => "pcm_44100",
            Self::Pcm48000 => "pcm_48000",
            Self::Ulaw8000 => "ulaw_8000",
        }
    }

    /// Samples per second.
    #[must_use]
    pub const fn sample_rate(self) -> u32 {
        match self {
            Self::Pcm8000 | Self::Ulaw8000 => 8_000,
            Self::Pcm16000 => 16_000,
            Self::Pcm22050 => 22_050,
            Self::Pcm24000 => 24_000,
            Self::Pcm44100 => 44_100,
            Self::Pcm48000 => 48_000,
        }
    }

    /// Encodes samples.
    #[must_use]
    pub fn encode(self, samples: &[i16]) -> Vec<u8> {
        match self {
            Self::Ulaw8000 => samples.iter().copied().map(ulaw::encode).collect(),
            _ => samples.iter().flat_map(|sample| sample.to_le_bytes()).collect(),
        }
    }

    /// Decodes bytes into samples. `None` if they end in the middle of a sample.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Vec<i16>> {
        if self == Self::Ulaw8000 {
            return Some(bytes.iter().copied().map(ulaw::decode).collect());
        }
        let (pairs, rest) = bytes.as_chunks::<2>();
        rest.is_empty().then(|| pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect())
    }
}
