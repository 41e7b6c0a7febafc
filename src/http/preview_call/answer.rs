//! A preview as JSON. Members that also exist in the trigger's answer have the same names and values.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Object;

use crate::calls::preview::{Preview, QuestionnaireState, headline};
use crate::calls::store::Mode;
use crate::config::{LinkPage, Overrides};
use crate::domain::{CallTarget, Trigger};
use crate::elevenlabs::Provider;
use crate::http::openapi::schemas;

/// The answer with status 200. It names the candidate, so it has no `Debug`.
#[derive(Serialize, ToSchema)]
#[schema(as = Preview)]
pub(crate) struct PreviewAnswer {
    #[schema(schema_with = schemas::success)]
    status: &'static str,
    #[schema(schema_with = messages)]
    message: &'static str,
    data: Data,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewData)]
struct Data {
    #[schema(schema_with = mode)]
    mode: &'static str,
    #[schema(schema_with = schemas::campaign_id)]
    campaign_id: u64,
    #[schema(schema_with = schemas::full_name)]
    candidate: String,
    #[schema(schema_with = schemas::company)]
    company: String,
    #[serde(flatten)]
    way: Way,
    questionnaire_loaded: bool,
    #[schema(schema_with = schemas::optional_count)]
    questionnaire_age_seconds: Option<u32>,
    questionnaire: QuestionnaireView,
    /// Which texts are sent in place of the agent's own.
    overrides: OverridesView,
    #[schema(schema_with = schemas::prompt_length)]
    prompt_length: usize,
    #[schema(schema_with = schemas::prompt)]
    prompt: String,
    #[schema(schema_with = schemas::first_message)]
    first_message: String,
    #[schema(schema_with = schemas::variables)]
    variables: BTreeMap<&'static str, String>,
    warnings: Vec<WarningView>,
}

/// How the candidate would be reached.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = PreviewWay)]
enum Way {
    #[schema(title = "Anruf")]
    Call {
        #[schema(schema_with = schemas::e164)]
        to_number: String,
        number: NumberView,
        dialling: DiallingView,
    },
    #[schema(title = "Link")]
    Link {
        #[schema(schema_with = link_page)]
        link_page: &'static str,
    },
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewNumber)]
struct NumberView {
    /// Two letters (ISO 3166-1).
    #[schema(schema_with = schemas::country)]
    country: String,
    #[serde(rename = "type")]
    #[schema(schema_with = schemas::code)]
    kind: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewDialling)]
struct DiallingView {
    #[schema(schema_with = schemas::agent_phone_number_id)]
    agent_phone_number_id: String,
    /// Null if ElevenLabs was not asked.
    #[schema(schema_with = schemas::optional_code)]
    provider: Option<&'static str>,
    #[schema(schema_with = schemas::optional_path)]
    endpoint: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewQuestionnaire)]
struct QuestionnaireView {
    loaded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = schemas::code, required = false)]
    reason: Option<&'static str>,
    #[schema(schema_with = schemas::count)]
    age_seconds: u32,
    #[schema(schema_with = schemas::count)]
    questions: usize,
    #[schema(schema_with = schemas::count)]
    facts: usize,
    dropped: Vec<DroppedView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewDropped)]
struct DroppedView {
    #[schema(schema_with = schemas::entry_id)]
    id: String,
    #[schema(schema_with = schemas::code)]
    reason: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewOverrides)]
struct OverridesView {
    prompt: bool,
    first_message: bool,
    language: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PreviewWarning)]
struct WarningView {
    #[schema(schema_with = schemas::code)]
    code: &'static str,
    #[schema(schema_with = schemas::sentence)]
    message: String,
}

impl PreviewAnswer {
    pub(crate) fn new(trigger: &Trigger, preview: Preview) -> Self {
        let way = match &trigger.call {
            Some(target) => call(target, preview.provider),
            None => Way::Link { link_page: page(preview.link_page) },
        };
        Self { status: "success", message: headline(Mode::of(trigger)), data: data(trigger, way, preview) }
    }
}

fn data(trigger: &Trigger, way: Way, preview: Preview) -> Data {
    let warnings = preview.warnings.iter();
    Data {
        mode: Mode::of(trigger).as_str(),
        campaign_id: trigger.campaign_id.get(),
        candidate: trigger.candidate.full_name().into_inner(),
        company: trigger.company.reveal().to_owned(),
        way,
        questionnaire_loaded: preview.questionnaire.failure.is_none(),
        questionnaire_age_seconds: preview.questionnaire.loaded_age_seconds(),
        questionnaire: preview.questionnaire.into(),
        overrides: preview.sent.into(),
        prompt_length: preview.script.prompt_chars(),
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
            country: target.to_number.country().to_string(),
            kind: target.to_number.kind().code(),
        },
        dialling: DiallingView {
            agent_phone_number_id: target.from.as_str().to_owned(),
            provider: provider.map(Provider::code),
            endpoint: provider.map(Provider::endpoint),
        },
    }
}

fn messages() -> Object {
    schemas::word(&[headline(Mode::Call), headline(Mode::Link)])
}

fn mode() -> Object {
    schemas::word(&[Mode::Call.as_str(), Mode::Link.as_str()])
}

fn link_page() -> Object {
    schemas::word(&[page(LinkPage::Own), page(LinkPage::ElevenLabs)])
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
