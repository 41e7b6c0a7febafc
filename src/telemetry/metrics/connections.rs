//! Connections of the HTTP server.

use prometheus::core::Collector;
use prometheus::{IntCounterVec, IntGauge};

use super::Instruments;
use super::families::{counters, gauge};

/// Counts connections.
#[derive(Debug, Clone)]
pub struct ConnectionMetrics {
    open: IntGauge,
    cut: IntCounterVec,
}

impl Default for ConnectionMetrics {
    fn default() -> Self {
        let cut = counters(
            "sellcruiting_connections_cut_total",
            "Connections that did not end by themselves: error (a head or an answer that took too long, a broken line), place_needed (all places were taken), draining.",
            &["reason"],
        );
        for reason in ["error", "place_needed", "draining"] {
            cut.with_label_values(&[reason]);
        }
        Self {
            open: gauge("sellcruiting_connections", "Open HTTP connections, without the talks' lines."),
            cut,
        }
    }
}

impl ConnectionMetrics {
    /// So many are open.
    pub fn open(&self, count: usize) {
        self.open.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// One was cut for this reason.
    pub fn cut(&self, reason: &'static str) {
        self.cut.with_label_values(&[reason]).inc();
    }
}

impl Instruments for ConnectionMetrics {
    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.open.clone()), Box::new(self.cut.clone())]
    }
}
