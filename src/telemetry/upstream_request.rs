//! One request to an upstream: measured, and a step of the trace.

use std::time::Instant;

use axum::http::HeaderMap;

use super::metrics::UpstreamMetrics;
use super::traces::Step;
use crate::domain::CallId;

/// A request, from here to [`UpstreamRequest::ended`].
#[derive(Debug)]
pub struct UpstreamRequest<'a> {
    metrics: &'a UpstreamMetrics,
    operation: &'static str,
    start: Instant,
    step: Step,
}

impl<'a> UpstreamRequest<'a> {
    /// Metrics and traces know it by this word.
    #[must_use]
    pub fn begin(metrics: &'a UpstreamMetrics, operation: &'static str) -> Self {
        Self::begin_step(metrics, operation, operation)
    }

    /// The same where traces have a word of their own.
    #[must_use]
    pub fn begin_step(metrics: &'a UpstreamMetrics, operation: &'static str, step: &'static str) -> Self {
        Self { metrics, operation, start: Instant::now(), step: Step::ask(step) }
    }

    /// Says which call it is about.
    #[must_use]
    pub fn of(self, call_id: &CallId) -> Self {
        Self { step: self.step.of(call_id), ..self }
    }

    /// See [`Step::headers`].
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        self.step.headers()
    }

    /// Says what came of it, in a word of this program.
    pub fn outcome(&self, outcome: &'static str) {
        self.step.outcome(outcome);
    }

    /// It is over. Says why it brought nothing, if it did not.
    pub fn ended(self, failure: Option<&'static str>) {
        self.step.done(failure);
        self.metrics.asked(self.operation, self.start.elapsed(), failure);
    }
}
