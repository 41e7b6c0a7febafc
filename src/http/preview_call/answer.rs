//! A preview as JSON. Members that the trigger's answer has, too, have the same names and values.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calls::preview::{Preview, QuestionnaireState};
use crate::config::{LinkPage, Overrides};
use crate::domain::{CallTarget, Trigger};
use crate::elevenlabs::Provider;

/// The answer with status 200. It names the candidate, so it has no `Debug`.
#[derive(Serialize)]
pub(crate) struct PreviewAnswer {
    status: &'static str,
    message: &'static str,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    mode: &'static str,
    campaign_id: u64,
    candidate: String,
    company: String,
    #[serde(flatten)]
    way: Way,
    questionnaire_loaded: bool,
    questionnaire: QuestionnaireView,
    /// Which texts are sent in place of the agent's own.
    overrides: OverridesView,
    prompt_length: usize,
    prompt: String,
    first_message: String,
    variables: BTreeMap<&'static str, String>,
    warnings: Vec<WarningView>,
}

/// How the candidate would be reached.
#[derive(Serialize)]
#[serde(untagged)]
enum Way {
    Call { to_number: String, number: NumberView, dialling: DiallingView },
    Link { link_page: &'static str },
}

#[derive(Serialize)]
struct NumberView {
    /// Two letters (ISO 3166-1), or null if the number is no single country's.
    country: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct DiallingView {
    agent_phone_number_id: String,
    /// Null if ElevenLabs was not asked.
    provider: Option<&'static str>,
    endpoint: Option<String>,
}

#[derive(Serialize)]
struct QuestionnaireView {
    loaded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    age_seconds: u64,
    questions: usize,
    facts: usize,
    dropped: Vec<DroppedView>,
}

#[derive(Serialize)]
struct DroppedView {
    id: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct OverridesView {
    prompt: bool,
    first_message: bool,
    language: bool,
}

#[derive(Serialize)]
struct WarningView {
    code: &'static str,
    message: String,
}

impl PreviewAnswer {
    pub(crate) fn new(trigger: &Trigger, link_page: LinkPage, preview: Preview) -> Self {
        let way = match &trigger.call {
            Some(target) => call(target, preview.provider),
            None => Way::Link { link_page: page(link_page) },
        };
        Self {
            status: "success",
            message: match way {
                Way::Call { .. } => "Preview of a call: nobody was called and nothing was stored",
                Way::Link { .. } => "Preview of a conversation link: no link was made and nothing was stored",
            },
            data: data(trigger, way, preview),
        }
    }
}

fn data(trigger: &Trigger, way: Way, preview: Preview) -> Data {
    let warnings = preview.warnings.iter();
    Data {
        mode: if trigger.call.is_some() { "call" } else { "link" },
        campaign_id: trigger.campaign_id.get(),
        candidate: trigger.candidate.full_name().into_inner(),
        company: trigger.company.reveal().to_owned(),
        way,
        questionnaire_loaded: preview.questionnaire.failure.is_none(),
        questionnaire: preview.questionnaire.into(),
        overrides: preview.sent.into(),
        prompt_length: preview.script.prompt.reveal().chars().count(),
        warnings: warnings
            .map(|warning| WarningView { code: warning.code(), message: warning.to_string() })
            .collect(),
        prompt: preview.script.prompt.into_inner(),
        first_message: preview.script.first_message.into_inner(),
        variables: preview.variables.into_iter().map(|(name, value)| (name, value.into_inner())).collect(),
    }
}

fn call(target: &CallTarget, provider: Option<Provider>) -> Way {
    Way::Call {
        to_number: target.to_number.e164().to_owned(),
        number: NumberView {
            country: target.to_number.country().map(|country| country.to_string()),
            kind: target.to_number.kind().code(),
        },
        dialling: DiallingView {
            agent_phone_number_id: target.from.as_str().to_owned(),
            provider: provider.map(Provider::code),
            endpoint: provider.map(Provider::endpoint),
        },
    }
}

const fn page(page: LinkPage) -> &'static str {
    match page {
        LinkPage::Own => "own",
        LinkPage::ElevenLabs => "elevenlabs",
    }
}

impl From<QuestionnaireState> for QuestionnaireView {
    fn from(state: QuestionnaireState) -> Self {
        let dropped = state.dropped.into_iter();
        Self {
            loaded: state.failure.is_none(),
            reason: state.failure,
            age_seconds: state.age_seconds,
            questions: state.questions,
            facts: state.facts,
            dropped: dropped.map(|entry| DroppedView { id: entry.id, reason: entry.reason.code() }).collect(),
        }
    }
}

impl From<Overrides> for OverridesView {
    fn from(sent: Overrides) -> Self {
        Self { prompt: sent.prompt, first_message: sent.first_message, language: sent.language }
    }
}
