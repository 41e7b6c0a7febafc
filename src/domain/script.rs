//! What the agent is told before it speaks.

use std::collections::BTreeMap;

use super::Private;

/// The interview, ready for the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What the agent is and does. Holds no placeholder.
    pub prompt: Private<String>,
    /// The first sentence the candidate hears. Holds no placeholder.
    pub first_message: Private<String>,
    /// What the agent's own prompt, its tools and the service that files the results read.
    pub variables: Variables,
    /// How many questions had to be left out because the prompt would have become too long.
    pub omitted_questions: usize,
}

/// Dynamic variables: names that ElevenLabs replaces in the agent's own texts, each with a text as value.
///
/// All names are always present, because a variable that the agent's prompt uses and that is not sent ends the call
/// after one second. Only scalars are allowed as values; all are texts here.
pub type Variables = BTreeMap<&'static str, Private<String>>;
