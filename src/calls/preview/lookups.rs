//! What ElevenLabs says about the agent and the number to call from, and whether a conversation would go well with
//! them.

use std::collections::BTreeSet;

use super::warning::Warning;
use crate::config::Overrides;
use crate::domain::{Trigger, Variables};
use crate::elevenlabs::{Agent, AgentNumber, CannotDial, ElevenLabs, LookupError, Provider, WantedVariables};

/// What ElevenLabs said.
#[derive(Debug, Clone)]
pub struct Lookups {
    /// The agent.
    pub agent: Result<Agent, LookupError>,
    /// The number to call from; `None` for a link.
    pub number: Option<Result<AgentNumber, LookupError>>,
}

impl Lookups {
    /// Reads both records at the same time.
    pub async fn ask(elevenlabs: &ElevenLabs, trigger: &Trigger) -> Self {
        let number = async {
            match &trigger.call {
                Some(target) => Some(elevenlabs.number(&target.from).await),
                None => None,
            }
        };
        let (agent, number) = tokio::join!(elevenlabs.agent(), number);
        Self { agent, number }
    }

    /// The provider a call would be dialled through.
    pub(super) fn provider(&self, elevenlabs: &ElevenLabs, trigger: &Trigger) -> Option<Provider> {
        let record = self.number.as_ref().and_then(|number| number.as_ref().ok());
        trigger.call.as_ref().map(|target| elevenlabs.next_provider(&target.from, record))
    }

    /// `sent` are the texts that replace the agent's own; `is_vendor_page` tells whether this is a link to ElevenLabs'
    /// page.
    pub(super) fn warnings(
        &self,
        sent: Overrides,
        is_vendor_page: bool,
        variables: &Variables,
    ) -> Vec<Warning> {
        let mut warnings = match &self.agent {
            Ok(agent) => of_agent(agent, sent, is_vendor_page, variables),
            Err(LookupError::NotFound) => vec![Warning::AgentUnknown],
            Err(error) => vec![Warning::AgentNotChecked(*error)],
        };
        match &self.number {
            Some(Ok(number)) => warnings.extend(number.dials_through().err().map(of_number)),
            Some(Err(LookupError::NotFound)) => warnings.push(Warning::NumberUnknown),
            Some(Err(error)) => warnings.push(Warning::NumberNotChecked(*error)),
            None => {}
        }
        warnings
    }
}

fn of_agent(agent: &Agent, sent: Overrides, is_vendor_page: bool, variables: &Variables) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if agent.archived {
        warnings.push(Warning::AgentArchived);
    }
    if is_vendor_page && !agent.is_public {
        warnings.push(Warning::AgentNotPublic);
    }
    warnings.extend(sent.not_in(agent.allowed).map(Warning::OverrideNotAllowed));
    let parts = agent.wants(sent);
    for WantedVariables { part, names, is_replaced } in parts {
        let missing = names.iter().filter(|name| !variables.contains_key(name.as_str())).cloned();
        warnings.extend(missing.map(|name| Warning::VariableNotFilled { name, part, is_replaced }));
    }
    let spoken = parts.into_iter().filter(|wanted| !wanted.is_replaced);
    let empty: BTreeSet<String> = spoken
        .flat_map(|wanted| wanted.names)
        .filter(|name| variables.get(name.as_str()).is_some_and(|value| value.reveal().is_empty()))
        .cloned()
        .collect();
    if !empty.is_empty() {
        warnings.push(Warning::VariablesEmpty(empty));
    }
    if !agent.tools_read {
        warnings.push(Warning::ToolsNotChecked);
    }
    warnings
}

const fn of_number(reason: CannotDial) -> Warning {
    match reason {
        CannotDial::UnknownProvider => Warning::ProviderNotSupported,
        CannotDial::NoOutboundTrunk => Warning::NumberCannotDial,
    }
}
