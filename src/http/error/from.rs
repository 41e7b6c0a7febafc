//! What the rest of the service reports, as HOC or the candidate's page is told.

use super::ApiError;
use crate::calls::CallError;
use crate::invitations::InvitationError;
use crate::talk::SeatRefusal;

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(refusal) => Self::CallRefused(refusal.advice()),
            CallError::Busy { retry_after } => Self::NoFreeLine { retry_after },
            CallError::AtLimit { retry_after } => Self::TooManyCalls { retry_after },
            CallError::Unknown => Self::CallOutcomeUnknown,
            CallError::KeyReused => Self::IdempotencyKeyReused,
            CallError::InProgress => Self::CallInProgress,
            CallError::StoreUnavailable | CallError::ClaimLost => Self::StoreUnavailable,
            CallError::Script | CallError::Internal => Self::Internal,
        }
    }
}

impl From<InvitationError> for ApiError {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::Damaged => Self::LinkNotValid,
            InvitationError::Expired => Self::LinkExpired,
        }
    }
}

impl From<SeatRefusal> for ApiError {
    fn from(refusal: SeatRefusal) -> Self {
        match refusal {
            SeatRefusal::TooMany(retry_after) => Self::TooManyTalks { retry_after },
            SeatRefusal::TooManyStarts(retry_after) => Self::TooManyStarts { retry_after },
            SeatRefusal::Stopping(retry_after) => Self::ShuttingDown { retry_after },
            SeatRefusal::InProgress(retry_after) => Self::TalkInProgress { retry_after },
        }
    }
}
