//! ElevenLabs' id of a telephone number.

use super::is_plain_id;

/// ElevenLabs' id of a telephone number (`phnum_…`), not the number itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentPhoneNumberId(String);

impl AgentPhoneNumberId {
    /// The longest id that is accepted, in characters. ElevenLabs' own have about 34.
    pub const MAX_CHARS: usize = 100;

    /// `None` unless the id is 1 to [`Self::MAX_CHARS`] letters, digits, `_` or `-`, so that it is safe in a path.
    ///
    /// At least one character must be a letter. Otherwise it may be somebody's telephone number, which belongs in no
    /// path and no log.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let id = raw.trim();
        let has_letter = id.bytes().any(|b| b.is_ascii_alphabetic());
        (has_letter && is_plain_id(id) && id.len() <= Self::MAX_CHARS).then(|| Self(id.to_owned()))
    }

    /// The id as ElevenLabs writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_id_cannot_leave_its_path_segment_and_is_no_number() {
        for bad in ["", "../agents", "a/b", "a?b", "phnum x", "ü", "493023125001", "030-23125-001"] {
            assert_eq!(AgentPhoneNumberId::parse(bad), None, "{bad:?}");
        }
        let id = AgentPhoneNumberId::parse(" phnum_01-x ").expect("an id");
        assert_eq!(id.as_str(), "phnum_01-x");
    }
}
