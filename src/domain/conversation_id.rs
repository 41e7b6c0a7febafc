//! ElevenLabs' id of a conversation.

use std::fmt;

/// ElevenLabs' id of a conversation (`conv_…`). Not personal data, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationId(String);

impl ConversationId {
    /// The longest id that is accepted, in characters. ElevenLabs' own have about 33.
    pub const MAX_CHARS: usize = 200;

    /// `None` unless the id is 1 to [`Self::MAX_CHARS`] visible ASCII characters. Surrounding blanks are ignored.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        let is_sane = (1..=Self::MAX_CHARS).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic());
        is_sane.then(|| Self(raw.to_owned()))
    }

    /// The id as ElevenLabs writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_short_word() {
        for bad in ["", " ", "conv 1", "conv\n1", "cönv", &"c".repeat(ConversationId::MAX_CHARS + 1)] {
            assert_eq!(ConversationId::parse(bad), None, "{bad:?}");
        }
        for good in ["conv_1", " conv_1\n"] {
            assert_eq!(ConversationId::parse(good).expect("an id").to_string(), "conv_1");
        }
    }
}
