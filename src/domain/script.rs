//! What the agent is told before it speaks.

use std::collections::BTreeMap;

use super::Private;

/// The interview, ready for the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What the agent is and does. It holds no placeholders.
    pub prompt: Private<String>,
    /// The first words the candidate hears. They hold no placeholders.
    pub first_message: Private<String>,
    /// Values for the agent's own prompt, for its tools and for the service that files the results.
    pub variables: Variables,
    /// How many questions were left out because the prompt would have been too long.
    pub omitted_questions: usize,
}

impl Script {
    /// How long the prompt is, in characters.
    #[must_use]
    pub fn prompt_chars(&self) -> usize {
        self.prompt.reveal().chars().count()
    }
}

/// Dynamic variables: names that ElevenLabs replaces in the agent's own texts, and their values.
///
/// All names are always present: if the agent's prompt uses a variable that is not sent, the call ends after one
/// second. ElevenLabs allows only scalars as values; here all are strings.
pub type Variables = BTreeMap<&'static str, Private<String>>;
