//! One step of a request.

use axum::http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::Status;
use opentelemetry_http::HeaderInjector;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::{STEPS, is_on};
use crate::domain::CallId;

/// A step, from here to where it is dropped. It is a child of the request but never the current span: log lines go on
/// being the request's.
#[derive(Debug)]
pub struct Step(Span);

impl Step {
    /// A step within this service.
    #[must_use]
    pub fn begin(name: &'static str) -> Self {
        if !is_on() {
            return Self(Span::none());
        }
        Self(tracing::info_span!(target: STEPS, "step", otel.name = name))
    }

    /// A request to somebody else.
    #[must_use]
    pub fn ask(name: &'static str) -> Self {
        if !is_on() {
            return Self(Span::none());
        }
        Self(tracing::info_span!(target: STEPS, "step", otel.name = name, otel.kind = "client"))
    }

    /// Says which call it is about.
    #[must_use]
    pub fn of(self, call_id: &CallId) -> Self {
        if !self.0.is_disabled() {
            self.0.set_attribute("call_id", call_id.to_string());
        }
        self
    }

    /// Says what came of it, in a word of this program.
    pub fn outcome(&self, outcome: &'static str) {
        if !self.0.is_disabled() {
            self.0.set_attribute("outcome", outcome);
        }
    }

    /// Says why it brought nothing, if it did not.
    pub fn done(&self, failure: Option<&'static str>) {
        if let (Some(reason), false) = (failure, self.0.is_disabled()) {
            self.0.set_attribute("error.type", reason);
            self.0.set_status(Status::error(reason));
        }
    }

    /// What tells the other side which trace this is (W3C Trace Context); nothing if traces are off.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !self.0.is_disabled() {
            TraceContextPropagator::new()
                .inject_context(&self.0.context(), &mut HeaderInjector(&mut headers));
        }
        headers
    }
}
