//! The dynamic variables of a call. All of them are always sent, each as a text.
//!
//! The agent's own prompt reads those about the campaign, and `candidatefirst_name`, `candidatelast_name` and
//! `companyname`. The service that files the results reads the others about the candidate and the call. If the agent's
//! prompt names a variable that is not sent, the call ends after one second.

use super::campaign::Campaign;
use super::limits;
use super::losses::Ledger;
use super::outline::{Entry, Outline, Weight};
use super::templates::Templates;
use crate::domain::{CallId, Private, Trigger, Variables};
use crate::templates::{Prepared, TemplateError};
use serde::Serialize;

/// The value of `campaignrole_title` if HOC names no position.
const UNKNOWN_ROLE: &str = "Ihre Position";

#[derive(Serialize)]
struct ListContext<'a> {
    entries: Vec<&'a Prepared<Entry>>,
}

#[derive(Serialize)]
struct CampaignContext<'a> {
    role: Option<&'a str>,
    location: Option<&'a str>,
    criteria: &'a [String],
    pitch: Option<&'a str>,
    facts: &'a [String],
}

/// The variables about the campaign.
pub(super) struct CampaignVariables {
    pub(super) values: Vec<(&'static str, String)>,
    /// The names of those that were longer than [`limits::VARIABLE`] and were shortened.
    pub(super) shortened: Vec<&'static str>,
}

/// Renders and collects the variables about the campaign.
pub(super) fn of_campaign(
    templates: &Templates,
    campaign: &Campaign,
    outline: &Outline,
    ledger: &Ledger,
) -> Result<CampaignVariables, TemplateError> {
    let criteria = criteria(outline);
    let list = |keep: &dyn Fn(&Entry) -> bool| {
        let entries = outline.asked().filter(|entry| keep(entry)).collect();
        templates.render("question_list.txt", ListContext { entries })
    };
    let context = CampaignContext {
        role: campaign.role.as_deref(),
        location: campaign.location.as_deref(),
        criteria: &criteria,
        pitch: campaign.pitch.as_deref(),
        facts: &outline.facts,
    };
    let facts_or_pitch = campaign.pitch.clone().unwrap_or_else(|| outline.facts.join("; "));
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = [
        ("companysize", or_empty(&campaign.company_size)),
        ("companypitch", facts_or_pitch),
        ("companypriorities", campaign.priorities.clone().unwrap_or_else(|| criteria.join("; "))),
        ("campaignlocation_label", or_empty(&campaign.location)),
        ("campaignrole_title", campaign.role.clone().unwrap_or_else(|| UNKNOWN_ROLE.to_owned())),
        ("questionnaire_context", templates.render("questionnaire_context.txt", context)?),
        ("questions", list(&|_| true)?),
        ("gate_questions", list(&|entry| entry.decisive)?),
        ("preference_questions", list(&|entry| !entry.decisive && !entry.contact)?),
    ];
    let mut shortened = Vec::new();
    let variables = values.into_iter().map(|(name, value)| {
        let length = value.len();
        let value = ledger.shorten_whole(value, limits::VARIABLE);
        if value.len() != length {
            shortened.push(name);
        }
        (name, value)
    });
    let values = variables.collect();
    Ok(CampaignVariables { values, shortened })
}

/// The variables about the candidate and the call. None is longer than [`limits::VARIABLE`]: the domain's types are
/// stricter.
pub(super) fn of_trigger(trigger: &Trigger, call_id: &CallId) -> Variables {
    let (candidate, company) = (&trigger.candidate, trigger.company.reveal());
    let call = trigger.call.as_ref();
    let values = [
        ("candidatefirst_name", candidate.first_name.reveal().to_owned()),
        ("candidatelast_name", candidate.last_name.reveal().to_owned()),
        ("companyname", company.to_owned()),
        ("campaign_id", trigger.campaign_id.to_string()),
        ("applicant_id", trigger.applicant_id.as_ref().map(|id| id.reveal().to_owned()).unwrap_or_default()),
        ("candidate_first_name", candidate.first_name.reveal().to_owned()),
        ("candidate_last_name", candidate.last_name.reveal().to_owned()),
        ("company_name", company.to_owned()),
        ("to_number", call.map(|call| call.to_number.e164().to_owned()).unwrap_or_default()),
        ("agent_phone_number_id", call.map(|call| call.from.as_str().to_owned()).unwrap_or_default()),
        (CallId::VARIABLE, call_id.to_string()),
    ];
    values.into_iter().map(|(name, value)| (name, Private::new(value))).collect()
}

/// What each must criterion is about, in HOC's own words: what its note names as the criterion, else its question.
fn criteria(outline: &Outline) -> Vec<String> {
    let criteria = outline.asked().filter(|entry| entry.weight == Weight::Criterion);
    criteria.map(|entry| entry.requirement.clone().unwrap_or_else(|| entry.text.clone())).collect()
}
