//! What HOC asks for: one interview with one candidate of one campaign.

use super::{AgentPhoneNumberId, ApplicantId, CampaignId, Candidate, CompanyName, PhoneNumber};

/// A complete, valid request for an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The campaign whose questionnaire is asked.
    pub campaign_id: CampaignId,
    /// The company in whose name Susi speaks.
    pub company: CompanyName,
    /// The person to be interviewed.
    pub candidate: Candidate,
    /// HOC's own id of the applicant, passed on to the conversation.
    pub applicant_id: Option<ApplicantId>,
    /// Whom to call, and from which number. If `None`, the candidate gets a link instead.
    pub call: Option<CallTarget>,
}

/// The two ends of a telephone call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTarget {
    /// The candidate's number.
    pub to_number: PhoneNumber,
    /// The number at ElevenLabs to call from.
    pub from: AgentPhoneNumberId,
    /// Whether that is the configured number, because HOC named none.
    pub from_is_default: bool,
}
