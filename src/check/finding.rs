//! What a check found.

use std::borrow::Cow;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Calls can be placed, but somebody should look at it; or it could not be checked.
    Warning,
    /// Calls cannot be placed, would go wrong, or could not be settled.
    Failed,
}

impl Verdict {
    /// The mark at the beginning of a line.
    #[must_use]
    pub const fn mark(self) -> char {
        match self {
            Self::Ok => '✓',
            Self::Warning => '!',
            Self::Failed => '✗',
        }
    }

    /// A stable word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was tested, in a stable word.
    pub name: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found, and what to do about it. One line, without secrets and personal data.
    pub message: Cow<'static, str>,
}

impl Finding {
    pub(super) fn ok(name: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { name, verdict: Verdict::Ok, message: message.into() }
    }

    pub(super) fn warning(name: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { name, verdict: Verdict::Warning, message: message.into() }
    }

    pub(super) fn failed(name: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { name, verdict: Verdict::Failed, message: message.into() }
    }

    /// For what depends on something else that has failed.
    pub(super) fn not_checked(name: &'static str, because: &'static str) -> Self {
        Self::warning(name, format!("not checked: mend {because} first"))
    }
}

/// All findings, in the order in which to mend them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// A line each.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Whether nothing failed. Warnings do not count.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.count(Verdict::Failed) == 0
    }

    /// How many lines have this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }
}
