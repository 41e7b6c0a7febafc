//! The settings themselves.

use super::{Finding, Report};
use crate::config::{Config, ConfigError, DatabaseUrl};

const NAME: &str = "settings";

/// A line for each setting that is missing or wrong. Nothing else can be tested without them.
pub(super) fn failed(error: &ConfigError) -> Report {
    let mut findings: Vec<_> =
        error.problems().iter().map(|problem| Finding::failed(NAME, problem.clone())).collect();
    findings.push(Finding::not_checked("everything else", NAME));
    Report::new(findings)
}

/// What the service itself warns of at its start. The public address and the database have checks of their own.
pub(super) fn check(config: &Config) -> Vec<Finding> {
    let elsewhere = ["PUBLIC_BASE_URL", DatabaseUrl::SETTING];
    let warnings = config.warnings.iter().filter(|warning| !elsewhere.contains(&&*warning.setting));
    let mut findings: Vec<_> = warnings
        .map(|warning| Finding::warning(NAME, format!("{}: {}", warning.setting, warning.advice)))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::ok(NAME, "complete"));
    }
    findings
}
