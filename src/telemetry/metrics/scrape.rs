//! Reads all instruments at once.

use prometheus::core::Collector;
use prometheus::process_collector::ProcessCollector;
use prometheus::{IntGauge, IntGaugeVec, Registry, TextEncoder};

use super::Instruments;
use super::families::{gauge, gauges};

/// All metrics of the service.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    calls_in_flight: IntGauge,
    dials_waiting: IntGauge,
    talks: IntGauge,
    unknown_calls: IntGaugeVec,
    hoc_circuit_open: IntGauge,
}

/// What is looked up at a scrape instead of counted.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot {
    /// Calls and links that this process is making.
    pub calls_in_flight: usize,
    /// Calls that wait for their turn to be dialled.
    pub dials_waiting: usize,
    /// Live talks of this process.
    pub talks: usize,
    /// Whether HOC is left alone.
    pub hoc_circuit_open: bool,
    /// Unknown calls of all instances; `None` if the store does not say. The metric is left out then.
    pub unknown_calls: Option<u64>,
}

impl Metrics {
    /// Reads the instruments of these parts, and some of the process itself.
    ///
    /// # Panics
    /// When two parts use one name, which is a mistake in this program and not in its settings.
    #[must_use]
    pub fn of(parts: &[&dyn Instruments]) -> Self {
        let metrics = Self {
            registry: Registry::new(),
            calls_in_flight: gauge(
                "sellcruiting_calls_in_flight",
                "Calls and links that this process is making now.",
            ),
            dials_waiting: gauge(
                "sellcruiting_dials_waiting",
                "Calls of this process that wait because MAX_CONCURRENT_DIALS others are being dialled.",
            ),
            talks: gauge("sellcruiting_talks", "Talks in the browser that are live in this process."),
            hoc_circuit_open: gauge(
                "sellcruiting_hoc_circuit_open",
                "1 while HOC is asked only now and then because it failed again and again.",
            ),
            unknown_calls: gauges(
                "sellcruiting_unknown_calls",
                "Calls whose outcome is still unknown, of all instances on the database.",
                &[],
            ),
        };
        let build =
            gauges("sellcruiting_build_info", "Always 1; the version stands in the label.", &["version"]);
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        metrics.read(Box::new(metrics.calls_in_flight.clone()));
        metrics.read(Box::new(metrics.dials_waiting.clone()));
        metrics.read(Box::new(metrics.talks.clone()));
        metrics.read(Box::new(metrics.hoc_circuit_open.clone()));
        metrics.read(Box::new(metrics.unknown_calls.clone()));
        metrics.read(Box::new(build));
        metrics.read(Box::new(ProcessCollector::for_self()));
        parts.iter().flat_map(|part| part.collectors()).for_each(|collector| metrics.read(collector));
        metrics
    }

    fn read(&self, collector: Box<dyn Collector>) {
        self.registry.register(collector).expect("every metric has a name of its own");
    }

    /// Everything as Prometheus' text, version 0.0.4.
    #[must_use]
    pub fn text(&self, now: Snapshot) -> String {
        self.calls_in_flight.set(number(now.calls_in_flight as u64));
        self.dials_waiting.set(number(now.dials_waiting as u64));
        self.talks.set(number(now.talks as u64));
        self.hoc_circuit_open.set(now.hoc_circuit_open.into());
        match now.unknown_calls {
            Some(count) => self.unknown_calls.with_label_values::<&str>(&[]).set(number(count)),
            None => self.unknown_calls.reset(),
        }
        // Only a family without a sample or a name could fail, and neither comes out of a registry.
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
