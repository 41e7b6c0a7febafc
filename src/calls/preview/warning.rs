//! What a person should look at before a candidate's telephone rings. No warning contains a name, a number, a prompt or
//! an upstream's own words.

use std::collections::BTreeSet;

use thiserror::Error;

use super::QuestionnaireState;
use crate::config::Overrides;
use crate::domain::{NumberKind, Question, QuestionKind, Trigger, Variables};
use crate::elevenlabs::{AgentPart, LookupError};
use crate::hoc::HocError;
use crate::interview::Losses;
use crate::questionnaires::{Found, Missing, Source};

/// Something to fix, or at least to know. The sentence says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Warning {
    /// There is no such agent.
    #[error(
        "ElevenLabs does not know the agent: a call would be refused. Check ELEVENLABS_AGENT_ID, and that the agent \
         belongs to the workspace and region of the API key."
    )]
    AgentUnknown,
    /// The agent is archived.
    #[error("The agent is archived at ElevenLabs. Restore it, or set ELEVENLABS_AGENT_ID to another one.")]
    AgentArchived,
    /// The link leads to a page that will not let the candidate in.
    #[error(
        "The agent is not public, so ElevenLabs' page behind the link lets nobody talk to it. Switch its \
         authentication off in its security settings."
    )]
    AgentNotPublic,
    /// An override that is sent and not allowed.
    #[error(
        "The agent does not allow the override {0}: the call would end when the candidate picks up. Allow it in the \
         agent's security settings at ElevenLabs, or leave it out of ELEVENLABS_OVERRIDES."
    )]
    OverrideNotAllowed(&'static str),
    /// A variable that the agent wants and that is not sent.
    #[error(
        "The agent's own {part} asks for the variable {name}, which this service does not send: {}. Take it out there.",
        if *is_replaced {
            "the text is replaced for this call, but it would end a conversation that keeps it"
        } else {
            "the conversation would end after a second"
        }
    )]
    VariableNotFilled {
        /// The variable.
        name: String,
        /// Where it is wanted.
        part: AgentPart,
        /// Whether that text is replaced for this conversation.
        is_replaced: bool,
    },
    /// Variables that the agent's own texts use and that have no value here.
    #[error(
        "The agent's own texts use variables that are empty for this trigger: {}. HOC's questionnaire says nothing of \
         them, so a sentence may sound odd.", list(.0)
    )]
    VariablesEmpty(BTreeSet<String>),
    /// The agent's record could not be read.
    #[error("The agent could not be checked: {0}. Run `sellcruiting-webhook check` for the reason.")]
    AgentNotChecked(LookupError),
    /// The record of one of the agent's tools could not be read.
    #[error("Not all of the agent's tools could be read, so variables that they want may be missing here.")]
    ToolsNotChecked,
    /// There is no such number to call from.
    #[error(
        "ElevenLabs does not know the number to call from: a call would be refused. Check agent_phone_number_id: it is \
         the number's id at ElevenLabs (phnum_...), not a telephone number."
    )]
    NumberUnknown,
    /// The record of the number to call from could not be read.
    #[error(
        "The number to call from could not be checked: {0}. Unless it is known already, Twilio is assumed."
    )]
    NumberNotChecked(LookupError),
    /// The number to call from is carried by somebody for whom there is no endpoint here.
    #[error(
        "The number to call from belongs to a provider that this service cannot dial through; ElevenLabs would refuse \
         the call. Use a Twilio or SIP trunk number."
    )]
    ProviderNotSupported,
    /// The number to call from can only receive calls.
    #[error(
        "The number to call from has no outbound SIP trunk, so it cannot dial. Add one to the number at ElevenLabs."
    )]
    NumberCannotDial,
    /// ElevenLabs was not asked.
    #[error("ElevenLabs was not asked: neither the agent nor the number to call from was checked.")]
    ElevenLabsNotAsked,
    /// The number is possible, but not valid.
    #[error(
        "to_number is possible, but in no range that is in use; most likely a digit is wrong. It would be dialled all \
         the same."
    )]
    NumberNotValid,
    /// There is no questionnaire: HOC is in trouble, or does not give it out.
    #[error("There is no questionnaire: {0}. Susi would ask openly instead.")]
    QuestionnaireUnavailable(String),
    /// There is no questionnaire: what HOC sends is not one.
    #[error("The questionnaire cannot be read: {0}. Susi would ask openly instead.")]
    QuestionnaireUnreadable(String),
    /// There is no questionnaire: it asks nothing.
    #[error("The questionnaire is empty: {0}. Susi would ask openly instead.")]
    QuestionnaireEmpty(String),
    /// The questionnaire is an older one, because HOC fails.
    #[error(
        "HOC does not give out the questionnaire: {reason}. Susi would ask the last good one, {age_seconds} s old; calls \
         do so for 24 hours at most."
    )]
    QuestionnaireStale {
        /// What keeps a newer one away.
        reason: String,
        /// How old it is.
        age_seconds: u32,
    },
    /// Entries that are neither asked nor told.
    #[error(
        "Entries of the questionnaire that are neither asked nor told: {0}. `dropped` names each with its reason; mend them in HOC."
    )]
    EntriesDropped(usize),
    /// Choice questions without anything to choose from.
    #[error(
        "Questions that offer a choice came without options, or with none that can be read, and are asked without any: \
         {}. Send their options as a list of texts.", list(.0)
    )]
    OptionsMissing(BTreeSet<String>),
    /// Placeholders that were removed.
    #[error(
        "Placeholders that nobody fills were removed from HOC's texts, with the words around them: {}. Reword these \
         texts in HOC.", list(.0)
    )]
    PlaceholdersRemoved(BTreeSet<String>),
    /// Questions that were left out.
    #[error(
        "The questionnaire is too long: its {0} least important questions are not asked. Shorten it in HOC."
    )]
    QuestionsOmitted(usize),
    /// Texts that were cut.
    #[error("{0} texts of the questionnaire are too long and were cut. Shorten them in HOC.")]
    TextsShortened(usize),
    /// Options and facts that were left out.
    #[error("{0} options or facts of the questionnaire were left out, because there are too many of them.")]
    SurplusLeftOut(usize),
    /// The prompt was cut.
    #[error("The prompt is too long even without questions and was cut. Shorten the template prompt.md.")]
    PromptShortened,
    /// Variables that were cut.
    #[error("The values of these variables are too long and were cut: {}.", .0.join(", "))]
    VariablesShortened(Vec<&'static str>),
    /// Variables that a link carries shortened.
    #[error(
        "A link has no room for all of the questionnaire. The values of these variables are cut in it: {}.",
        .0.join(", ")
    )]
    LinkValuesShortened(Vec<&'static str>),
    /// Texts that are shown here and not sent.
    #[error(
        "These texts are not sent, so the agent speaks its own instead: {}. (A link to ElevenLabs' page takes none; for \
         calls ELEVENLABS_OVERRIDES decides.)", .0.join(", ")
    )]
    TextsNotSent(Vec<&'static str>),
}

impl Warning {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AgentUnknown => "agent_unknown",
            Self::AgentArchived => "agent_archived",
            Self::AgentNotPublic => "agent_not_public",
            Self::OverrideNotAllowed(_) => "override_not_allowed",
            Self::VariableNotFilled { .. } => "variable_not_filled",
            Self::VariablesEmpty(_) => "variables_empty",
            Self::AgentNotChecked(_) => "agent_not_checked",
            Self::ToolsNotChecked => "tools_not_checked",
            Self::NumberUnknown => "number_unknown",
            Self::NumberNotChecked(_) => "number_not_checked",
            Self::ProviderNotSupported => "provider_not_supported",
            Self::NumberCannotDial => "number_cannot_dial",
            Self::ElevenLabsNotAsked => "elevenlabs_not_asked",
            Self::NumberNotValid => "number_not_valid",
            Self::QuestionnaireUnavailable(_) => "questionnaire_unavailable",
            Self::QuestionnaireUnreadable(_) => "questionnaire_unreadable",
            Self::QuestionnaireEmpty(_) => "questionnaire_empty",
            Self::QuestionnaireStale { .. } => "questionnaire_stale",
            Self::EntriesDropped(_) => "entries_dropped",
            Self::OptionsMissing(_) => "options_missing",
            Self::PlaceholdersRemoved(_) => "placeholders_removed",
            Self::QuestionsOmitted(_) => "questions_omitted",
            Self::TextsShortened(_) => "texts_shortened",
            Self::SurplusLeftOut(_) => "surplus_left_out",
            Self::PromptShortened => "prompt_shortened",
            Self::VariablesShortened(_) => "variables_shortened",
            Self::LinkValuesShortened(_) => "link_values_shortened",
            Self::TextsNotSent(_) => "texts_not_sent",
        }
    }
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

pub(super) fn of_number(trigger: &Trigger) -> Option<Warning> {
    let kind = trigger.call.as_ref()?.to_number.kind();
    (kind == NumberKind::Unknown).then_some(Warning::NumberNotValid)
}

pub(super) fn of_questionnaire(found: Result<&Found, &Missing>, state: &QuestionnaireState) -> Vec<Warning> {
    match found {
        Ok(found) => [stale(found), dropped(state), without_options(found)].into_iter().flatten().collect(),
        Err(missing) => vec![of_missing(missing)],
    }
}

fn stale(found: &Found) -> Option<Warning> {
    let Source::Stale(missing) = &found.source else { return None };
    Some(Warning::QuestionnaireStale { reason: missing.to_string(), age_seconds: found.age_seconds })
}

fn dropped(state: &QuestionnaireState) -> Option<Warning> {
    let to_mend = state.dropped.iter().filter(|entry| entry.reason.is_to_mend()).count();
    (to_mend > 0).then_some(Warning::EntriesDropped(to_mend))
}

fn without_options(found: &Found) -> Option<Warning> {
    let lacks_options = |question: &&Question| {
        let is_choice =
            matches!(question.kind, QuestionKind::Choice | QuestionKind::MultiChoice | QuestionKind::Ranking);
        is_choice && question.options.is_empty() && question.flow.is_none()
    };
    let questions = found.questionnaire.questions.iter().filter(lacks_options);
    let ids: BTreeSet<String> = questions.map(|question| question.id.clone()).collect();
    (!ids.is_empty()).then_some(Warning::OptionsMissing(ids))
}

fn of_missing(missing: &Missing) -> Warning {
    let reason = missing.to_string();
    match missing.hoc() {
        Some(HocError::NoUsableQuestion) => Warning::QuestionnaireEmpty(reason),
        Some(HocError::NotJson | HocError::NotAQuestionnaire | HocError::TooLarge { .. }) => {
            Warning::QuestionnaireUnreadable(reason)
        }
        _ => Warning::QuestionnaireUnavailable(reason),
    }
}

pub(super) fn of_losses(losses: &Losses) -> Vec<Warning> {
    let counted = |count: usize, warning: fn(usize) -> Warning| (count > 0).then(|| warning(count));
    let placeholders = &losses.placeholders;
    let variables = &losses.shortened_variables;
    [
        losses.shortened_prompt.then_some(Warning::PromptShortened),
        counted(losses.omitted.len(), Warning::QuestionsOmitted),
        (!placeholders.is_empty()).then(|| Warning::PlaceholdersRemoved(placeholders.clone())),
        counted(losses.shortened_texts, Warning::TextsShortened),
        counted(losses.surplus, Warning::SurplusLeftOut),
        (!variables.is_empty()).then(|| Warning::VariablesShortened(variables.clone())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn of_link(written: &Variables, carried: &Variables) -> Option<Warning> {
    let cut = written.iter().filter(|(name, value)| carried.get(*name) != Some(*value));
    let names: Vec<_> = cut.map(|(name, _)| *name).collect();
    (!names.is_empty()).then_some(Warning::LinkValuesShortened(names))
}

pub(super) fn of_texts(sent: Overrides) -> Option<Warning> {
    let texts = [("prompt", sent.prompt), ("first_message", sent.first_message)];
    let kept: Vec<_> = texts.into_iter().filter(|(_, is_sent)| !is_sent).map(|(name, _)| name).collect();
    (!kept.is_empty()).then_some(Warning::TextsNotSent(kept))
}
