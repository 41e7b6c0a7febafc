//! Requests to HOC and ElevenLabs.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{HistogramVec, IntCounterVec};

use super::Instruments;
use super::families::{SLOW, counters, histograms};

/// Measures the requests to one upstream.
#[derive(Debug, Clone)]
pub struct UpstreamMetrics {
    duration: HistogramVec,
    errors: IntCounterVec,
}

impl UpstreamMetrics {
    /// For HOC.
    #[must_use]
    pub fn hoc() -> Self {
        Self::new(
            "sellcruiting_hoc_request_duration_seconds",
            "Requests to HOC from the first byte out to the last one in, successful or not.",
            "sellcruiting_hoc_errors_total",
            "Requests to HOC that brought nothing usable, by operation and reason.",
        )
    }

    /// For ElevenLabs.
    #[must_use]
    pub fn elevenlabs() -> Self {
        Self::new(
            "sellcruiting_elevenlabs_request_duration_seconds",
            "Requests to ElevenLabs from the first byte out to the last one in, successful or not.",
            "sellcruiting_elevenlabs_errors_total",
            "Requests to ElevenLabs that brought nothing usable, by operation and reason.",
        )
    }

    fn new(duration: &str, duration_help: &str, errors: &str, errors_help: &str) -> Self {
        Self {
            duration: histograms(duration, duration_help, &["operation"], SLOW),
            errors: counters(errors, errors_help, &["operation", "reason"]),
        }
    }

    /// Notes one request, and why it brought nothing.
    pub fn asked(&self, operation: &'static str, took: Duration, failure: Option<&'static str>) {
        self.duration.with_label_values(&[operation]).observe(took.as_secs_f64());
        if let Some(reason) = failure {
            self.errors.with_label_values(&[operation, reason]).inc();
        }
    }
}

impl Instruments for UpstreamMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.duration.clone()), Box::new(self.errors.clone())]
    }
}
