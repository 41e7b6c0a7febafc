//! Traces for an OpenTelemetry collector. Where none is configured, there is no layer, and a step costs a look at a
//! flag.
//!
//! Only spans are sent, no log lines. Their attributes are ids and words of this program.

mod collector;
mod request;
mod step;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use secrecy::ExposeSecret;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use self::collector::Collector;
use super::logs::OWN_TARGET;
use crate::config::TraceConfig;
use crate::upstream;

pub use request::request_span;
pub use step::Step;

/// The target of spans that are for traces only. In the log they would take the request's place.
const STEPS: &str = concat!(env!("CARGO_CRATE_NAME"), "::step");

/// Whether this process sends traces. Checked before a span is made, rather than with `span_enabled!`, which leaves
/// per-layer filters in a state in which the next span is lost.
static ON: AtomicBool = AtomicBool::new(false);

/// How long the collector may take to answer.
const COLLECTOR_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the last spans may take to be sent at the end.
const LAST_SPANS: Duration = Duration::from_secs(2);

/// Sends spans in the background. A thread of its own collects up to 2,048 and drops the rest, so a collector that is
/// slow or gone delays no call.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The HTTP client cannot start.
    #[error("the HTTP client for traces cannot start")]
    HttpClient(#[source] upstream::ClientError),
    /// The exporter does not take the settings.
    #[error("traces cannot be sent with these settings (OTEL_EXPORTER_OTLP_…)")]
    Exporter(#[source] ExporterBuildError),
}

impl Traces {
    /// Begins to send. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// See [`TraceError`].
    pub fn start(config: &TraceConfig) -> Result<Self, TraceError> {
        let client = upstream::client().map_err(TraceError::HttpClient)?;
        let headers =
            config.headers.iter().map(|(name, value)| (name.clone(), value.expose_secret().to_owned()));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(client, COLLECTOR_TIMEOUT))
            .with_headers(headers.collect::<HashMap<_, _>>())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(upstream::endpoint(&config.endpoint, &["v1", "traces"]))
            .with_timeout(COLLECTOR_TIMEOUT)
            .build()
            .map_err(TraceError::Exporter)?;
        let service = Resource::builder_empty()
            .with_service_name(env!("CARGO_PKG_NAME"))
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let provider =
            SdkTracerProvider::builder().with_resource(service.build()).with_batch_exporter(exporter);
        ON.store(true, Ordering::Relaxed);
        Ok(Self(provider.build()))
    }

    /// What makes spans of what `tracing` knows.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_traced))
    }

    /// Sends what is left, for 2 s at most.
    pub async fn finish(self) {
        let flushed = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST_SPANS));
        let _ = tokio::time::timeout(LAST_SPANS + Duration::from_secs(1), flushed).await;
    }
}

fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

fn is_traced(what: &Metadata<'_>) -> bool {
    what.is_span() && *what.level() <= Level::INFO && what.target().starts_with(OWN_TARGET)
}

/// Whether a span is for traces only.
pub(super) fn is_step(what: &Metadata<'_>) -> bool {
    what.target() == STEPS
}
