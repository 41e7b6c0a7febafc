//! What is wrong with the settings, all of it at once.

use std::fmt;

use super::ConfigWarning;

/// Everything that is wrong with the settings, a line each. Holds no values: they may be secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// What is wrong, a sentence for each setting that begins with its name.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The same, followed by what is no fault by itself and may be the cause of one.
    pub(super) fn with(mut self, warnings: &[ConfigWarning]) -> Self {
        self.problems
            .extend(warnings.iter().map(|warning| format!("{}: {}", warning.setting, warning.advice)));
        self
    }

    pub(super) const fn of(problems: Vec<String>) -> Self {
        Self { problems }
    }

    pub(super) fn unreadable(source: &str) -> Self {
        Self { problems: vec![format!("{source} cannot be read as KEY=value pairs")] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are not complete; mend these (environment or .env, see .env.example):")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl std::error::Error for ConfigError {}
