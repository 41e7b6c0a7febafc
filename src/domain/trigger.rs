//! What HOC asks for: one interview with one candidate of one campaign.

use super::{CampaignId, Candidate, CompanyName, PhoneNumber};

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
        (has_letter && is_plain_id(id, Self::MAX_CHARS)).then(|| Self(id.to_owned()))
    }

    /// The id as ElevenLabs writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// HOC's id of an applicant: a number or a short word. It is a pseudonym, so it is not logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicantId(String);

impl ApplicantId {
    /// The longest id that is accepted, in characters.
    pub const MAX_CHARS: usize = 100;

    /// `None` unless cleaning leaves a line of 1 to [`Self::MAX_CHARS`] characters.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let id = super::clean_line(raw).into_owned();
        (!id.is_empty() && id.chars().count() <= Self::MAX_CHARS).then_some(Self(id))
    }

    /// The id as HOC writes it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ApplicantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[private]")
    }
}

fn is_plain_id(id: &str, max: usize) -> bool {
    !id.is_empty()
        && id.len() <= max
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
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

    #[test]
    fn an_applicant_id_is_one_clean_line() {
        assert_eq!(ApplicantId::parse("  "), None);
        assert_eq!(ApplicantId::parse(&"9".repeat(101)), None);
        assert_eq!(ApplicantId::parse("A-\n17").expect("an id").reveal(), "A- 17");
    }
}
