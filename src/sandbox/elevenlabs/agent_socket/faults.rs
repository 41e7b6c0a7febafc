//! The ways in which a browser's conversation can fail, and which campaign demonstrates each.

use std::time::Duration;

use serde_json::Value;

use super::super::start_rules::POLICY_VIOLATION;
use crate::sandbox::faults::Fault;

/// The close code of a server that is too busy (registered with IANA for RFC 6455).
const TRY_AGAIN_LATER: u16 = 1013;

/// What a server without a free line says: the wording of the answer to a dial.
const NO_FREE_LINE: &str =
    "Too many concurrent requests. Your current subscription allows 10 concurrent calls.";

/// How long a conversation lasts before its connection is lost.
const LOST_AFTER: Duration = Duration::from_secs(4);

/// A way for a conversation over a WebSocket to fail.
#[derive(Debug, Clone)]
pub enum AgentFault {
    /// There is no upgrade, unless the fault lets the usual answer through.
    NoUpgrade(Fault),
    /// The agent closes the connection instead of starting.
    Refuses {
        /// An event that is sent first, such as `error`.
        error: Option<Value>,
        /// The close frame's code.
        code: u16,
        /// The close frame's reason.
        reason: String,
    },
    /// The agent accepts the initiation data and then says nothing, not even its metadata.
    Silent,
    /// The agent sends this instead of its metadata, and nothing else.
    InsteadOfMetadata(Value),
    /// The agent says goodbye instead of hello, and closes with 1000.
    HangsUp,
    /// The connection drops, without a close frame.
    Lost {
        /// Counted from the metadata.
        after: Duration,
    },
}

impl AgentFault {
    /// No free line, reported after the upgrade.
    ///
    /// It is not known how the real service reports it there. This uses the close code for "try again later" and the
    /// real service's wording for HTTP.
    #[must_use]
    pub fn busy() -> Self {
        Self::Refuses { error: None, code: TRY_AGAIN_LATER, reason: NO_FREE_LINE.to_owned() }
    }

    /// An override that the agent's settings do not allow.
    #[must_use]
    pub fn override_not_allowed() -> Self {
        let reason = "Override for field 'prompt' is not allowed by config.".to_owned();
        Self::Refuses { error: None, code: POLICY_VIOLATION, reason }
    }
}

/// The trouble that a campaign causes for its conversation.
pub(super) fn of(campaign_id: u64) -> Option<AgentFault> {
    Some(match campaign_id {
        700 => AgentFault::busy(),
        701 => AgentFault::HangsUp,
        702 => AgentFault::Lost { after: LOST_AFTER },
        703 => AgentFault::override_not_allowed(),
        704 => AgentFault::Silent,
        _ => return None,
    })
}
