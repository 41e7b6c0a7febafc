//! Requests to this service.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{HistogramVec, IntCounterVec};

use super::Instruments;
use super::families::{SLOW, counters, histograms};

/// Counts requests by route. A route is the router's pattern, never a path that somebody sent.
#[derive(Debug, Clone)]
pub struct RequestMetrics {
    answered: IntCounterVec,
    duration: HistogramVec,
    wrong_keys: IntCounterVec,
}

/// What alerts look for among the answers to triggers: of these the first must be seen, too, so they are counted from
/// zero on.
const TROUBLES_OF_TRIGGERS: [&str; 2] = ["400", "500"];

impl Default for RequestMetrics {
    fn default() -> Self {
        let answered = counters(
            "sellcruiting_http_requests_total",
            "Requests by method, route and status; 499: the caller went away before the answer.",
            &["method", "route", "status"],
        );
        for status in TROUBLES_OF_TRIGGERS {
            answered.with_label_values(&["POST", "/webhook/trigger-call", status]);
        }
        let wrong_keys = counters(
            "sellcruiting_wrong_keys_total",
            "Requests with a wrong key by what became of the answer: at_once, held_back (many came from the address), not_held (as many of its answers as may be were held back already).",
            &["answer"],
        );
        for answer in ["at_once", "held_back", "not_held"] {
            wrong_keys.with_label_values(&[answer]);
        }
        Self {
            wrong_keys,
            answered,
            duration: histograms(
                "sellcruiting_http_request_duration_seconds",
                "Time from a request's head to its answer's head.",
                &["route"],
                SLOW,
            ),
        }
    }
}

impl RequestMetrics {
    /// Counts one request.
    pub fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let status = status.to_string();
        self.answered.with_label_values(&[method, route, status.as_str()]).inc();
        self.duration.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// Counts one wrong key.
    pub fn wrong_key(&self, answer: &'static str) {
        self.wrong_keys.with_label_values(&[answer]).inc();
    }
}

impl Instruments for RequestMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![
            Box::new(self.answered.clone()),
            Box::new(self.duration.clone()),
            Box::new(self.wrong_keys.clone()),
        ]
    }
}
