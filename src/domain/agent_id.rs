//! ElevenLabs' id of an agent.

use std::fmt;

use super::is_plain_id;

/// ElevenLabs' id of an agent (`agent_…`). Not personal data, so it may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentId(String);

impl AgentId {
    /// `None` unless the id consists of letters, digits, `_` and `-`, so that it is safe in a path and in a query.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        is_plain_id(raw).then(|| Self(raw.to_owned()))
    }

    /// The id as ElevenLabs writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_s_id_cannot_leave_its_path_segment_or_its_place_in_a_query() {
        for bad in ["", "../agents", "a/b", "a?b", "a&b", "agent x", "ü"] {
            assert_eq!(AgentId::parse(bad), None, "{bad:?}");
        }
        assert_eq!(AgentId::parse("agent_01-x").expect("an id").to_string(), "agent_01-x");
    }
}
