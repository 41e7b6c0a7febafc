//! Statements to the call store.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{HistogramVec, IntCounterVec};

use super::Instruments;
use super::families::{FAST, counters, histograms};

/// Measures statements by kind.
#[derive(Debug, Clone)]
pub struct StoreMetrics {
    duration: HistogramVec,
    errors: IntCounterVec,
}

impl StoreMetrics {
    /// For these statements, which can fail for these reasons. Each counts its failures from zero on, so that an alert
    /// sees the first of them.
    #[must_use]
    pub fn of(statements: impl IntoIterator<Item = &'static str>, reasons: &[&'static str]) -> Self {
        let errors = counters(
            "sellcruiting_store_errors_total",
            "Statements to the call store that failed, by kind and reason.",
            &["statement", "reason"],
        );
        for statement in statements {
            for reason in reasons {
                errors.with_label_values(&[statement, *reason]);
            }
        }
        Self {
            errors,
            duration: histograms(
                "sellcruiting_store_statement_duration_seconds",
                "Statements to the call store, the wait for a connection included, successful or not.",
                &["statement"],
                FAST,
            ),
        }
    }

    /// Notes one statement, and why it failed.
    pub fn executed(&self, statement: &'static str, took: Duration, failure: Option<&'static str>) {
        self.duration.with_label_values(&[statement]).observe(took.as_secs_f64());
        if let Some(reason) = failure {
            self.errors.with_label_values(&[statement, reason]).inc();
        }
    }
}

impl Instruments for StoreMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.duration.clone()), Box::new(self.errors.clone())]
    }
}
