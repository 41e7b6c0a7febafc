//! The output of `GET /metrics`, parsed as Prometheus does it.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use super::app::Setup;
use super::caller::Caller;
use super::patience::until;
use super::reply::Reply;

/// The token that tests use.
pub(crate) const METRICS_TOKEN: &str = "it-metrics-token-one";

/// One scrape.
#[derive(Debug)]
pub(crate) struct Scrape {
    pub(crate) text: String,
    /// By name and labels, in the notation `name{label="value"}`.
    samples: BTreeMap<String, f64>,
}

impl Setup {
    /// Makes the metrics readable.
    pub(crate) fn with_metrics(self) -> Self {
        self.set("METRICS_TOKEN", METRICS_TOKEN)
    }
}

impl Caller {
    /// Requests the metrics with this `Authorization` header, or without one.
    pub(crate) async fn metrics_as(&self, authorization: Option<&str>) -> Reply {
        let mut request = self.request(Method::GET, "/metrics");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        self.send(request).await
    }

    /// Reads the metrics.
    pub(crate) async fn scrape(&self) -> Scrape {
        let reply = self.metrics_as(Some(&format!("Bearer {METRICS_TOKEN}"))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        let samples = reply.text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        });
        Scrape { samples: samples.collect(), text: reply.text }
    }

    /// Waits until a sample has this value. Fails if it never does.
    pub(crate) async fn scrape_until(&self, sample: &str, value: f64) {
        let has_come = || async { (self.scrape().await.find(sample) == Some(value)).then_some(()) };
        until(&format!("{sample} is never {value}"), has_come).await;
    }
}

impl Scrape {
    /// A sample's value, if there is one.
    pub(crate) fn find(&self, sample: &str) -> Option<f64> {
        self.samples.get(sample).copied()
    }

    /// Fails unless these samples have these values.
    #[track_caller]
    pub(crate) fn assert(&self, samples: &[(&str, f64)]) {
        for (sample, value) in samples {
            assert_eq!(self.find(sample), Some(*value), "{sample} in {}", self.text);
        }
    }

    /// All names and labels, without the numbers: those could contain any digits by chance.
    pub(crate) fn labels(&self) -> String {
        self.samples.keys().cloned().collect::<Vec<_>>().join("\n")
    }

    /// The samples about requests, by method, route and status.
    pub(crate) fn requests(&self) -> Vec<String> {
        let samples = self.samples.keys();
        samples.filter(|sample| sample.starts_with("sellcruiting_http_")).cloned().collect()
    }

    /// The names of all metrics. A histogram's are those of its samples.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.samples.keys().map(|sample| sample.split('{').next().unwrap()).collect()
    }
}
