//! Talks in the browser.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{HistogramVec, IntCounterVec};

use super::Instruments;
use super::families::{counters, histograms};

/// Seconds to the 45 minutes that a talk may last by default, and more.
const MINUTES: &[f64] = &[1.0, 10.0, 30.0, 60.0, 180.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0];

/// Why a talk can end. Each is counted from zero on, so that an alert sees the first of it.
pub(crate) const TALK_ENDS: [&str; 13] = [
    "agent",
    "candidate",
    "left",
    "vanished",
    "too_long",
    "idle",
    "shutdown",
    "taken_over",
    "busy",
    "unavailable",
    "lost_agent",
    "broken_rules",
    "aborted",
];

/// Counts talks.
#[derive(Debug, Clone)]
pub struct TalkMetrics {
    ended: IntCounterVec,
    duration: HistogramVec,
    refused: IntCounterVec,
}

impl Default for TalkMetrics {
    fn default() -> Self {
        let ended = counters("sellcruiting_talks_ended_total", "Talks that ended, by reason.", &["reason"]);
        for reason in TALK_ENDS {
            ended.with_label_values(&[reason]);
        }
        Self {
            ended,
            duration: histograms(
                "sellcruiting_talk_duration_seconds",
                "Talks from the open connection to the end.",
                &[],
                MINUTES,
            ),
            refused: counters(
                "sellcruiting_talks_refused_total",
                "Talks that could not begin because of a limit, by reason.",
                &["reason"],
            ),
        }
    }
}

impl TalkMetrics {
    /// Counts the end of a talk.
    pub fn ended(&self, reason: &'static str, lasted: Duration) {
        self.ended.with_label_values(&[reason]).inc();
        self.duration.with_label_values::<&str>(&[]).observe(lasted.as_secs_f64());
    }

    /// Counts a talk that could not begin.
    pub fn refused(&self, reason: &'static str) {
        self.refused.with_label_values(&[reason]).inc();
    }
}

impl Instruments for TalkMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.ended.clone()), Box::new(self.duration.clone()), Box::new(self.refused.clone())]
    }
}
