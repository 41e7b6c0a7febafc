//! The sealed payload, in as few bytes as possible (postcard: numbers in base 128, texts with a length prefix).

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::Invitation;
use crate::domain::{ApplicantId, CallId, CampaignId, Candidate, CompanyName, PersonName, Trigger};

/// The order and types of the fields are the wire format: changing them requires a new token version.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload<'a> {
    campaign_id: u64,
    /// Milliseconds since 1970, the precision of the time that HOC is told.
    expires_at: u64,
    company: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    applicant_id: Option<&'a str>,
}

impl<'a> Payload<'a> {
    pub(super) fn of(invitation: &'a Invitation) -> Self {
        let Invitation { trigger, expires_at, .. } = invitation;
        Self {
            campaign_id: trigger.campaign_id.get(),
            // A time before 1970 becomes 0, which has expired just the same.
            expires_at: expires_at.timestamp_millis().try_into().unwrap_or(0),
            company: trigger.company.reveal(),
            first_name: trigger.candidate.first_name.reveal(),
            last_name: trigger.candidate.last_name.reveal(),
            applicant_id: trigger.applicant_id.as_ref().map(ApplicantId::reveal),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("texts and numbers can always be written")
    }

    /// `None` unless `bytes` are exactly one payload.
    pub(super) fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        let (payload, rest) = postcard::take_from_bytes(bytes).ok()?;
        rest.is_empty().then_some(payload)
    }

    /// Parses the texts like those of a trigger: what an older version sealed must pass today's limits, too.
    pub(super) fn into_invitation(self, link_id: CallId) -> Option<Invitation> {
        let applicant_id = match self.applicant_id {
            Some(id) => Some(ApplicantId::parse(id)?),
            None => None,
        };
        Some(Invitation {
            link_id,
            trigger: Trigger {
                campaign_id: CampaignId::new(self.campaign_id)?,
                company: CompanyName::parse(self.company).ok()?,
                candidate: Candidate {
                    first_name: PersonName::parse(self.first_name).ok()?,
                    last_name: PersonName::parse(self.last_name).ok()?,
                },
                applicant_id,
                call: None,
            },
            expires_at: DateTime::from_timestamp_millis(self.expires_at.try_into().ok()?)?,
        })
    }
}
