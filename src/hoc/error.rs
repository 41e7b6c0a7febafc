//! Why there is no questionnaire.

use thiserror::Error;

/// Why HOC's questionnaire could not be obtained. Each variant calls for a different action by the operator; none holds
/// any part of HOC's response.
#[derive(Debug, Error)]
pub enum HocError {
    /// There was no complete response within the deadline.
    #[error("HOC did not answer in time")]
    Timeout,
    /// No connection could be established: DNS, TCP or TLS failed.
    #[error("HOC cannot be reached: check HIRINGS_API_URL, the network and HOC's certificate")]
    Unreachable(#[source] reqwest::Error),
    /// The connection broke, or what came over it was not HTTP.
    #[error("the connection to HOC broke")]
    ConnectionBroken(#[source] reqwest::Error),
    /// 401.
    #[error("HOC rejects the token: check HIRINGS_API_TOKEN")]
    TokenRejected,
    /// 403.
    #[error("the token has no right to this campaign")]
    Forbidden,
    /// 404.
    #[error("HOC knows no such campaign, or HIRINGS_API_URL is wrong")]
    UnknownCampaign,
    /// 3xx. Not followed, because the token would be sent along.
    #[error("HOC redirects, perhaps to a login page: check HIRINGS_API_URL and HIRINGS_API_TOKEN")]
    Redirected,
    /// Any other status that is not a success.
    #[error("HOC answered with status {0}")]
    UnexpectedStatus(u16),
    /// The response is larger than any questionnaire may be.
    #[error("HOC's answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A success whose body is not JSON.
    #[error("HOC's answer is not JSON, perhaps a login page: check HIRINGS_API_URL and HIRINGS_API_TOKEN")]
    NotJson,
    /// JSON, but in neither of HOC's two forms.
    #[error("HOC's answer is JSON, but no questionnaire")]
    NotAQuestionnaire,
    /// A questionnaire in which nothing can be asked or told.
    #[error("HOC's questionnaire holds no usable question")]
    NoUsableQuestion,
}

impl HocError {
    /// A short, stable name for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable(_) => "unreachable",
            Self::ConnectionBroken(_) => "connection_broken",
            Self::TokenRejected => "token_rejected",
            Self::Forbidden => "forbidden",
            Self::UnknownCampaign => "unknown_campaign",
            Self::Redirected => "redirected",
            Self::UnexpectedStatus(_) => "unexpected_status",
            Self::TooLarge { .. } => "too_large",
            Self::NotJson => "not_json",
            Self::NotAQuestionnaire => "not_a_questionnaire",
            Self::NoUsableQuestion => "no_usable_question",
        }
    }

    /// The HTTP status, where [`Self::code`] does not imply it.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::UnexpectedStatus(status) => Some(*status),
            _ => None,
        }
    }

    /// Whether a retry may help: the connection failed, or HOC had a transient problem.
    pub(super) const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::ConnectionBroken(_) | Self::UnexpectedStatus(500 | 502 | 503 | 504)
        )
    }

    /// Whether HOC is unreachable, overloaded or failing, so that the next request would most likely fail, too. A
    /// response that is merely unusable proves that HOC is up.
    pub(crate) const fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Timeout
                | Self::Unreachable(_)
                | Self::ConnectionBroken(_)
                | Self::UnexpectedStatus(429 | 500..)
        )
    }

    /// Whether HOC itself says that there is nothing to ask, rather than failing to say what to ask.
    pub(crate) const fn says_there_is_none(&self) -> bool {
        matches!(self, Self::UnknownCampaign | Self::NoUsableQuestion)
    }
}
