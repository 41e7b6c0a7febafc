//! The names of a trigger's fields, in the order in which missing ones are reported.

pub(crate) const CAMPAIGN_ID: &str = "campaign_id";
pub(crate) const COMPANY_NAME: &str = "company_name";
pub(crate) const FIRST_NAME: &str = "candidate_first_name";
pub(crate) const LAST_NAME: &str = "candidate_last_name";
pub(crate) const TO_NUMBER: &str = "to_number";
pub(crate) const AGENT_PHONE_NUMBER_ID: &str = "agent_phone_number_id";
pub(crate) const APPLICANT_ID: &str = "applicant_id";

/// All known fields. Others are ignored.
pub(super) const FIELDS: [&str; 7] =
    [CAMPAIGN_ID, COMPANY_NAME, FIRST_NAME, LAST_NAME, TO_NUMBER, AGENT_PHONE_NUMBER_ID, APPLICANT_ID];
