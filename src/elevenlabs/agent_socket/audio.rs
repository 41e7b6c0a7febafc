//! The formats in which audio travels between ElevenLabs and this service. The browser's side is always PCM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::ulaw;

/// An audio format that an agent can be set to, for what it hears or for what it says. Always one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudioFormat {
    /// Signed 16-bit samples, little endian, with this many per second.
    Pcm(u32),
    /// G.711 µ-law, 8,000 samples per second, as telephones use it.
    Ulaw8000,
}

impl AudioFormat {
    /// What an agent hears if it does not say so.
    pub(super) const DEFAULT_INPUT: Self = Self::Pcm(16_000);

    /// The format with this name at ElevenLabs: `pcm_8000` to `pcm_48000`, `ulaw_8000`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "pcm_8000" => Some(Self::Pcm(8_000)),
            "pcm_16000" => Some(Self::Pcm(16_000)),
            "pcm_22050" => Some(Self::Pcm(22_050)),
            "pcm_24000" => Some(Self::Pcm(24_000)),
            "pcm_44100" => Some(Self::Pcm(44_100)),
            "pcm_48000" => Some(Self::Pcm(48_000)),
            "ulaw_8000" => Some(Self::Ulaw8000),
            _ => None,
        }
    }

    /// Samples per second, also of the PCM on the browser's side: rates are not converted here.
    #[must_use]
    pub const fn sample_rate(self) -> u32 {
        match self {
            Self::Pcm(rate) => rate,
            Self::Ulaw8000 => 8_000,
        }
    }

    /// Audio of this format as 16-bit PCM, little endian. Half a sample at the end is dropped.
    #[must_use]
    pub fn to_pcm(self, mut audio: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Pcm(_) => {
                audio.truncate(audio.len() & !1);
                audio
            }
            Self::Ulaw8000 => audio.into_iter().flat_map(|byte| ulaw::decode(byte).to_le_bytes()).collect(),
        }
    }

    /// Converts 16-bit PCM, little endian, to this format and appends it to `text` as base64. Half a sample at the end
    /// is dropped.
    pub fn encode_pcm(self, pcm: &[u8], text: &mut String) {
        let (samples, _half) = pcm.as_chunks::<2>();
        match self {
            Self::Pcm(_) => STANDARD.encode_string(samples.as_flattened(), text),
            Self::Ulaw8000 => {
                let audio: Vec<u8> = samples.iter().map(|le| ulaw::encode(i16::from_le_bytes(*le))).collect();
                STANDARD.encode_string(audio, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [&str; 7] =
        ["pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100", "pcm_48000", "ulaw_8000"];

    fn encoded(format: AudioFormat, pcm: &[u8]) -> String {
        let mut text = String::new();
        format.encode_pcm(pcm, &mut text);
        text
    }

    #[test]
    fn every_format_has_the_rate_of_its_name() {
        for name in ALL {
            let rate = name.split_once('_').and_then(|(_, rate)| rate.parse().ok());
            assert_eq!(AudioFormat::from_name(name).map(AudioFormat::sample_rate), rate, "{name}");
        }
        for unknown in ["", "pcm", "pcm_12000", "mp3_44100_128", "PCM_16000", "alaw_8000"] {
            assert_eq!(AudioFormat::from_name(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn samples_are_encoded_as_base64_of_the_format() {
        let pcm: Vec<u8> = [0_i16, 1, -1, i16::MAX, i16::MIN].iter().flat_map(|s| s.to_le_bytes()).collect();
        assert_eq!(encoded(AudioFormat::Pcm(16_000), &pcm), "AAABAP///38AgA==");
        assert_eq!(encoded(AudioFormat::Ulaw8000, &pcm), "//9/gAA=");
    }

    #[test]
    fn half_a_sample_is_dropped() {
        for format in [AudioFormat::Pcm(16_000), AudioFormat::Ulaw8000] {
            assert_eq!(encoded(format, &[1, 2, 3]), encoded(format, &[1, 2]));
            assert_eq!(encoded(format, &[1]), "");
        }
        assert_eq!(AudioFormat::Pcm(8_000).to_pcm(vec![1, 2, 3]), [1, 2]);
    }

    proptest! {
        #[test]
        fn pcm_is_carried_unchanged_and_ulaw_is_two_bytes_a_sample(audio: Vec<u8>) {
            let even = &audio[..audio.len() & !1];
            prop_assert_eq!(AudioFormat::Pcm(24_000).to_pcm(audio.clone()), even);
            prop_assert_eq!(STANDARD.decode(encoded(AudioFormat::Pcm(24_000), &audio)).unwrap(), even);
            let pcm = AudioFormat::Ulaw8000.to_pcm(audio.clone());
            prop_assert_eq!(pcm.len(), 2 * audio.len());
            let back = STANDARD.decode(encoded(AudioFormat::Ulaw8000, &pcm)).unwrap();
            // Negative zero is the only byte that does not come back unchanged.
            let expected: Vec<u8> = audio.iter().map(|byte| if *byte == 0x7F { 0xFF } else { *byte }).collect();
            prop_assert_eq!(back, expected);
        }
    }
}
