//! Why a conversation could not be started.

use reqwest::StatusCode;
use thiserror::Error;

use super::super::error_detail::ErrorDetail;
use crate::elevenlabs::Refusal;

/// Why a conversation could not be started, as far as somebody can do something about it. Contains none of ElevenLabs'
/// own words, and never the signed URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AgentError {
    /// No free line: try again later.
    #[error("ElevenLabs has no free line")]
    Busy,
    /// The key, the agent or the account is unsuitable; the same request would fail again.
    #[error("ElevenLabs refuses the conversation: {}", .0.advice())]
    Refused(Refusal),
    /// The agent does not allow an override.
    #[error(
        "the agent does not allow an override: allow prompt, first message and language in its security settings at \
         ElevenLabs, or leave them out of ELEVENLABS_OVERRIDES"
    )]
    OverrideNotAllowed,
    /// The agent needs a variable that this service does not send.
    #[error(
        "the agent's own texts or tools name a dynamic variable that is not sent: take it out of the agent"
    )]
    MissingVariable,
    /// The agent is set to an audio format that this service does not know.
    #[error("the agent's audio format is not supported: set it to PCM or µ-law 8000 Hz at ElevenLabs")]
    UnknownFormat,
    /// ElevenLabs closed the socket before the conversation began.
    #[error("ElevenLabs closed the connection before the conversation began (code {code:?})")]
    Closed {
        /// The close frame's code, or the one of ElevenLabs' error event; `None`: there was none.
        code: Option<u16>,
    },
    /// No connection, or it broke.
    #[error("ElevenLabs cannot be reached")]
    Unreachable,
    /// A step took too long.
    #[error("ElevenLabs did not answer in time")]
    Timeout,
    /// An answer that is not what ElevenLabs declares.
    #[error("ElevenLabs' answer could not be read")]
    UnreadableAnswer,
}

impl AgentError {
    /// The error for a status which means that nothing was done, given the words in its body.
    pub(super) fn of_refusal(status: StatusCode, body: &[u8]) -> Self {
        if ErrorDetail::read(body).is_about_busy_lines(status) {
            return Self::Busy;
        }
        Self::Refused(Refusal::from_status(status, body))
    }

    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Refused(refusal) => refusal.code(),
            Self::OverrideNotAllowed => "override_not_allowed",
            Self::MissingVariable => "missing_variable",
            Self::UnknownFormat => "unknown_format",
            Self::Closed { .. } => "closed",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::UnreadableAnswer => "unreadable_answer",
        }
    }
}
