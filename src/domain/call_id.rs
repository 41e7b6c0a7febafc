//! The service's own id of a call.

use std::fmt;

use uuid::Uuid;

/// The id that the service gives a call before it dials.
///
/// It travels with the call to ElevenLabs and back, so that a call whose outcome is unknown can be found again. It is
/// random, and a call's holds the time as well; it says nothing about a person and may be logged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(String);

impl CallId {
    /// The dynamic variable that carries the id to ElevenLabs. Its name must not hold a colon, or the list of
    /// conversations could not be filtered by it.
    pub const VARIABLE: &str = "sellcruiting_call_id";

    /// The id in the usual notation: lower case, with hyphens.
    #[must_use]
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid.hyphenated().to_string())
    }

    /// The nil id, which no call ever has: for what is written to look at it.
    #[must_use]
    pub fn of_no_call() -> Self {
        Self::from_uuid(Uuid::nil())
    }

    /// `None` unless `raw` is a UUID.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        Uuid::try_parse(raw.trim()).ok().map(Self::from_uuid)
    }

    /// The id as a UUID.
    #[must_use]
    pub fn as_uuid(&self) -> Uuid {
        Uuid::try_parse(&self.0).expect("an id is made from a UUID only")
    }

    /// The id as a string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_in_one_spelling() {
        let id = CallId::parse(" 67E55044-10B1-426F-9247-BB680E5FE0C8 ").expect("an id");
        assert_eq!(id.as_str(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
        assert_eq!(CallId::parse(&id.to_string()), Some(id));
        assert_eq!(CallId::parse("call-1"), None);
        let uuid = Uuid::new_v4();
        assert_eq!(CallId::from_uuid(uuid).as_uuid(), uuid);
    }
}
