//! From the fields sent to a [`Trigger`]. All errors are reported at once.

use std::fmt::Display;

use super::field::{
    AGENT_PHONE_NUMBER_ID, APPLICANT_ID, CAMPAIGN_ID, COMPANY_NAME, FIRST_NAME, LAST_NAME, TO_NUMBER,
};
use super::sent::{Sent, SentFields, whole_number};
use crate::config::TriggerConfig;
use crate::domain::{
    AgentPhoneNumberId, ApplicantId, CallTarget, CampaignId, Candidate, CompanyName, PersonName, PhoneNumber,
    Trigger, is_no_id, is_placeholder_for_id,
};
use crate::http::error::{ApiError, InvalidField};

/// The error for a string that is not valid Unicode.
const BROKEN_TEXT: &str = "holds half of a surrogate pair (such as \\ud83d alone), which is no character";

/// Reads a trigger; unknown fields are ignored.
///
/// # Errors
/// [`ApiError::MissingFields`] if a required field is absent, null or blank, else [`ApiError::InvalidFields`] if one has
/// a wrong type or value.
pub(crate) fn parse(body: &SentFields, settings: &TriggerConfig) -> Result<Trigger, ApiError> {
    let mut fields = Fields { body, missing: Vec::new(), invalid: Vec::new() };
    let campaign_id = fields.campaign_id();
    let company = fields.required_text(COMPANY_NAME, CompanyName::parse);
    let first_name = fields.required_text(FIRST_NAME, PersonName::parse);
    let last_name = fields.required_text(LAST_NAME, PersonName::parse);
    let call = fields.call_target(settings);
    let applicant_id = fields.applicant_id();
    fields.check()?;
    let (Some(campaign_id), Some(company), Some(first_name), Some(last_name)) =
        (campaign_id, company, first_name, last_name)
    else {
        return Err(ApiError::Internal);
    };
    Ok(Trigger { campaign_id, company, candidate: Candidate { first_name, last_name }, applicant_id, call })
}

/// Reads fields and collects their errors. A field with an error reads as `None`.
struct Fields<'a> {
    body: &'a SentFields,
    missing: Vec<&'static str>,
    invalid: Vec<InvalidField>,
}

impl<'a> Fields<'a> {
    /// Reports missing fields first: an absent field cannot be wrong.
    fn check(self) -> Result<(), ApiError> {
        if !self.missing.is_empty() {
            return Err(ApiError::MissingFields(self.missing));
        }
        if !self.invalid.is_empty() {
            return Err(ApiError::InvalidFields(self.invalid));
        }
        Ok(())
    }

    /// The value of a field; `None` if it is absent, null or blank.
    fn present(&self, field: &str) -> Option<&'a Sent> {
        self.body.get(field).filter(|value| !value.is_blank())
    }

    /// The value of an optional id. The word `null` in a string counts as absent, too: some programs write that.
    fn present_id(&self, field: &str) -> Option<&'a Sent> {
        self.present(field).filter(|value| !matches!(value, Sent::Text(text) if is_no_id(text)))
    }

    fn required(&mut self, field: &'static str) -> Option<&'a Sent> {
        let value = self.present(field);
        if value.is_none() {
            self.missing.push(field);
        }
        value
    }

    fn note<T>(&mut self, field: &'static str, message: impl Display) -> Option<T> {
        self.invalid.push(InvalidField { field, message: message.to_string() });
        None
    }

    fn required_text<T, E: Display>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.required(field)?;
        self.text(field, value, parse)
    }

    fn text<T, E: Display>(
        &mut self,
        field: &'static str,
        value: &Sent,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match value {
            Sent::Text(text) => parse(text).or_else(|error| self.note(field, error).ok_or(())).ok(),
            Sent::BrokenText => self.note(field, BROKEN_TEXT),
            Sent::Number(_) | Sent::Other => self.note(field, "must be a string"),
        }
    }

    /// A whole number above zero, also as a string of digits.
    fn campaign_id(&mut self) -> Option<CampaignId> {
        let id = match self.required(CAMPAIGN_ID)? {
            Sent::Number(number) => whole_number(number).and_then(|digits| digits.parse().ok()),
            Sent::Text(digits) if digits.trim().bytes().all(|b| b.is_ascii_digit()) => {
                digits.trim().parse().ok()
            }
            _ => None,
        };
        let message = format_args!("must be a whole number from 1 to {}", CampaignId::MAX);
        id.and_then(CampaignId::new).or_else(|| self.note(CAMPAIGN_ID, message))
    }

    /// Whom to call and from which number. `None` without a number to call, or if an error was noted.
    fn call_target(&mut self, settings: &TriggerConfig) -> Option<CallTarget> {
        let from = self.calling_number(settings);
        let to_number = self.present(TO_NUMBER)?;
        let to_number = self.text(TO_NUMBER, to_number, PhoneNumber::parse);
        if from.is_none() && self.present_id(AGENT_PHONE_NUMBER_ID).is_none() {
            self.missing.push(AGENT_PHONE_NUMBER_ID);
        }
        let to_number = to_number?;
        if !may_be_dialled(&to_number, settings) {
            return self.note(TO_NUMBER, "belongs to a country that this service may not call");
        }
        Some(CallTarget {
            to_number,
            from: from?,
            from_is_default: self.present_id(AGENT_PHONE_NUMBER_ID).is_none(),
        })
    }

    /// The number to call from: the trigger's, else the configured one.
    fn calling_number(&mut self, settings: &TriggerConfig) -> Option<AgentPhoneNumberId> {
        let Some(value) = self.present_id(AGENT_PHONE_NUMBER_ID) else {
            return settings.default_phone_number.clone();
        };
        self.text(AGENT_PHONE_NUMBER_ID, value, |raw| {
            AgentPhoneNumberId::parse(raw).ok_or("must be the id of a number at ElevenLabs (phnum_...)")
        })
    }

    fn applicant_id(&mut self) -> Option<ApplicantId> {
        let id = match self.present_id(APPLICANT_ID)? {
            Sent::Text(text) if is_placeholder_for_id(text) => {
                return self.note(APPLICANT_ID, "was not filled in: it holds a template's placeholder");
            }
            Sent::Text(text) => ApplicantId::parse(text),
            Sent::BrokenText => return self.note(APPLICANT_ID, BROKEN_TEXT),
            Sent::Number(number) => whole_number(number).and_then(|digits| ApplicantId::parse(&digits)),
            Sent::Other => None,
        };
        id.or_else(|| {
            self.note(APPLICANT_ID, "must be a whole number or a string of at most 100 readable characters")
        })
    }
}

fn may_be_dialled(number: &PhoneNumber, settings: &TriggerConfig) -> bool {
    let Some(countries) = &settings.countries else { return true };
    countries.contains(&number.country())
}
