//! What became of a dial: one of four outcomes, whatever ElevenLabs answers.

use std::time::Duration;

use reqwest::StatusCode;

use super::error_detail::ErrorDetail;
use crate::domain::ConversationId;

/// The result of a dial, with what the log should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// What became of it.
    pub outcome: DialOutcome,
    /// ElevenLabs' own request id, for questions to their support: at most 100 visible ASCII characters.
    pub upstream_request_id: Option<String>,
}

/// What became of a dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialOutcome {
    /// The call was placed.
    Placed {
        /// The conversation that it became.
        conversation_id: ConversationId,
    },
    /// No call was placed, for another reason than that there is no free line.
    Refused(Refusal),
    /// No call was placed because there is no free line.
    Busy {
        /// When to retry, if ElevenLabs says so: 1 s to 5 min.
        retry_after: Option<Duration>,
    },
    /// Nobody can tell whether a call was placed. Dialling again might ring twice.
    Unknown(UnknownCause),
}

impl DialOutcome {
    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Placed { .. } => "placed",
            Self::Refused(_) => "refused",
            Self::Busy { .. } => "busy",
            Self::Unknown(_) => "unknown",
        }
    }

    /// A stable word for the reason, where [`Self::code`] does not say it all.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Placed { .. } | Self::Busy { .. } => None,
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Unknown(cause) => Some(cause.code()),
        }
    }
}

/// Why no call was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The key is wrong, or belongs to another region.
    InvalidApiKey,
    /// The key may not use this agent.
    NeedsAuthorization,
    /// The key lacks a permission.
    MissingPermission,
    /// Credits are used up, or a payment is due.
    OutOfCredits,
    /// The plan or the workspace does not include calls.
    AccessDenied,
    /// There is no such agent.
    AgentNotFound,
    /// There is no such number to call from.
    PhoneNumberNotFound,
    /// Something else was not found.
    NotFound,
    /// ElevenLabs does not accept the request.
    InvalidRequest,
    /// ElevenLabs took the request, but Twilio or the SIP trunk did not place the call (`success: false`).
    ProviderFailed {
        /// The conversation that ElevenLabs opened for it, if any.
        conversation_id: Option<ConversationId>,
    },
    /// There was no connection, so nothing was sent.
    Unreachable,
    /// Any other status which means that nothing was done.
    OtherStatus(u16),
}

/// Why nobody can tell whether a call was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCause {
    /// No complete answer in time.
    Timeout,
    /// The connection broke after the request may have been sent.
    ConnectionBroken,
    /// A status that says nothing about the call, such as 408 or 5xx.
    Status(u16),
    /// An answer that cannot be understood.
    UnreadableAnswer,
    /// Success, but without a conversation id.
    NoConversationId,
}

impl UnknownCause {
    /// The HTTP status, if there was one.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            _ => None,
        }
    }

    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ConnectionBroken => "connection_broken",
            Self::Status(_) => "status",
            Self::UnreadableAnswer => "unreadable_answer",
            Self::NoConversationId => "no_conversation_id",
        }
    }
}

impl Refusal {
    /// The conversation that ElevenLabs opened even though no call was placed.
    #[must_use]
    pub const fn conversation_id(&self) -> Option<&ConversationId> {
        match self {
            Self::ProviderFailed { conversation_id } => conversation_id.as_ref(),
            _ => None,
        }
    }

    /// The HTTP status, where the reason does not imply it.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::OtherStatus(status) => Some(*status),
            _ => None,
        }
    }

    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidApiKey => "invalid_api_key",
            Self::NeedsAuthorization => "needs_authorization",
            Self::MissingPermission => "missing_permission",
            Self::OutOfCredits => "out_of_credits",
            Self::AccessDenied => "access_denied",
            Self::AgentNotFound => "agent_not_found",
            Self::PhoneNumberNotFound => "phone_number_not_found",
            Self::NotFound => "not_found",
            Self::InvalidRequest => "invalid_request",
            Self::ProviderFailed { .. } => "provider_failed",
            Self::Unreachable => "unreachable",
            Self::OtherStatus(_) => "other_status",
        }
    }

    /// The reason that a word of [`Refusal::code`] stands for. Details that the word does not carry are lost.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "invalid_api_key" => Self::InvalidApiKey,
            "needs_authorization" => Self::NeedsAuthorization,
            "missing_permission" => Self::MissingPermission,
            "out_of_credits" => Self::OutOfCredits,
            "access_denied" => Self::AccessDenied,
            "agent_not_found" => Self::AgentNotFound,
            "phone_number_not_found" => Self::PhoneNumberNotFound,
            "not_found" => Self::NotFound,
            "invalid_request" => Self::InvalidRequest,
            "provider_failed" => Self::ProviderFailed { conversation_id: None },
            "unreachable" => Self::Unreachable,
            _ => Self::OtherStatus(0),
        }
    }

    /// What to do about it, for a person.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::InvalidApiKey => {
                "ElevenLabs does not accept the API key. Check ELEVENLABS_API_KEY, and that it belongs to the same \
                 region as ELEVENLABS_API_URL."
            }
            Self::NeedsAuthorization => {
                "The ElevenLabs API key may not use this agent. Check that ELEVENLABS_API_KEY and \
                 ELEVENLABS_AGENT_ID belong to the same workspace."
            }
            Self::MissingPermission => {
                "The ElevenLabs API key lacks a permission. Give it write access to Agents (convai_write)."
            }
            Self::OutOfCredits => {
                "The ElevenLabs account has no credits left or a payment is due. Check the subscription at ElevenLabs."
            }
            Self::AccessDenied => {
                "ElevenLabs does not allow calls for this workspace. Check its plan, and that ELEVENLABS_API_KEY \
                 belongs to the workspace of the agent."
            }
            Self::AgentNotFound => {
                "ElevenLabs does not know the agent. Check ELEVENLABS_AGENT_ID, and that the agent belongs to the \
                 workspace and region of the API key."
            }
            Self::PhoneNumberNotFound => {
                "ElevenLabs does not know the number to call from. Check agent_phone_number_id: it is the number's id \
                 at ElevenLabs (phnum_...), not a telephone number."
            }
            Self::NotFound => {
                "ElevenLabs does not know the agent or the number to call from. Check ELEVENLABS_AGENT_ID, \
                 agent_phone_number_id and ELEVENLABS_API_URL."
            }
            Self::InvalidRequest => {
                "ElevenLabs does not accept the call as requested. Check agent_phone_number_id and to_number."
            }
            Self::ProviderFailed { .. } => {
                "No conversation came about: the telephone provider refused the call, or, with a SIP trunk, nobody \
                 picked up. Check to_number and the number's Twilio or SIP trunk settings in ElevenLabs."
            }
            Self::Unreachable => {
                "ElevenLabs could not be reached, and no call was placed. Try again later; if it persists, check \
                 ELEVENLABS_API_URL."
            }
            Self::OtherStatus(_) => {
                "ElevenLabs refused the call with an unexpected status. Check ELEVENLABS_API_URL and the status page \
                 of ElevenLabs."
            }
        }
    }

    /// The reason behind a status which means that nothing was done.
    pub(super) fn from_status(status: StatusCode, body: &[u8]) -> Self {
        let detail = ErrorDetail::read(body);
        if detail.lacks_permission() {
            return Self::MissingPermission;
        }
        if detail.is_about_payment() {
            return Self::OutOfCredits;
        }
        if detail.is_any(&["agent_not_found"]) {
            return Self::AgentNotFound;
        }
        if detail.is_any(&["phone_number_not_found"]) {
            return Self::PhoneNumberNotFound;
        }
        match status.as_u16() {
            401 if detail.is_any(&["needs_authorization"]) => Self::NeedsAuthorization,
            401 => Self::InvalidApiKey,
            402 => Self::OutOfCredits,
            403 => Self::AccessDenied,
            404 => Self::NotFound,
            400 | 422 => Self::InvalidRequest,
            other => Self::OtherStatus(other),
        }
    }
}
