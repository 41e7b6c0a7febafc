//! The files in `deploy/` for Prometheus and Grafana match what the service exposes.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use regex::Regex;
use sellcruiting_webhook::sandbox::{DialFault, Fault};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::OPERATIONS;
use crate::support::{NO_SERVER, Page, Setup, call, call_to, is_installed, link, run, with};

const ALERTS: &str = include_str!("../../../deploy/alerts.yml");
const ALERTS_TEST: &str = include_str!("../../../deploy/alerts_test.yml");
const DASHBOARD: &str = include_str!("../../../deploy/grafana-dashboard.json");

/// The metrics named in a text.
fn named(text: &str) -> BTreeSet<&str> {
    let name = Regex::new(r"\b(?:sellcruiting|process)_[a-z_]+").unwrap();
    name.find_iter(text).map(|found| found.as_str()).collect()
}

/// The metrics of services to which a bit of everything has happened, once for all tests.
async fn shown() -> &'static BTreeSet<String> {
    static SHOWN: OnceCell<BTreeSet<String>> = OnceCell::const_new();
    SHOWN.get_or_init(scraped).await
}

async fn scraped() -> BTreeSet<String> {
    let app = Setup::new().await.with_metrics().start().await;
    app.trigger(&call()).await.assert_success();
    app.trigger(&call()).await.assert_success();
    app.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(StatusCode::PAYMENT_REQUIRED)));
    app.trigger(&call_to(2)).await.assert_error(502, "API call failed");
    app.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    app.trigger(&with(link(), json!({ "campaign_id": 7 }))).await.assert_success();
    let invited = app.invite().await;
    let (mut page, _agent) = invited.talk(&app.sandbox.elevenlabs).await;
    assert!(Page::open(invited.request("tab-2")).await.is_err());
    page.press_end().await;
    page.end().await;
    let without_store = Setup::new().await.with_metrics().set("DATABASE_URL", NO_SERVER);
    let without_store = without_store.start().await;
    without_store.trigger(&call()).await.assert_error(503, "Call store unavailable");
    let scrapes = [app.scrape().await, without_store.scrape().await];
    scrapes.iter().flat_map(|scrape| scrape.names()).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_metric_of_the_alerts_and_the_dashboard_exists() {
    let shown = shown().await;
    for text in [ALERTS, DASHBOARD] {
        let named = named(text);
        assert!(named.len() > 5, "{named:?}");
        let unknown: Vec<_> = named.into_iter().filter(|name| !shown.contains(*name)).collect();
        assert_eq!(unknown, Vec::<&str>::new(), "{shown:#?}");
    }
}

#[tokio::test]
async fn nothing_is_counted_that_nobody_looks_at() {
    let looked_at: BTreeSet<_> = named(ALERTS).into_iter().chain(named(DASHBOARD)).collect();
    let unseen = shown().await.iter().filter(|name| {
        let family = name.strip_suffix("_sum").or_else(|| name.strip_suffix("_count")).unwrap_or(name);
        let is_ours = name.starts_with("sellcruiting_");
        is_ours
            && !looked_at.contains(name.as_str())
            && !looked_at.contains(format!("{family}_bucket").as_str())
    });
    assert_eq!(unseen.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The metrics named in README's table. There, `…` stands for the service's name once a metric has been named in full,
/// and for the end of a family whose last cell lists the rest.
fn documented() -> Vec<String> {
    let readme = include_str!("../../../README.md");
    let table = readme.split("| Metric | Labels | Counts |").nth(1).unwrap();
    let rows = table.trim_start().lines().skip(1).take_while(|row| row.starts_with('|'));
    let named = rows.flat_map(|row| {
        let cells: Vec<_> = row.split('|').map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let (names, rest): (Vec<_>, Vec<_>) = (cells[1].clone().collect(), cells[3].clone().collect());
        names.into_iter().flat_map(move |name| {
            let name = name.strip_prefix('…').map_or(name.to_owned(), |rest| format!("sellcruiting{rest}"));
            match name.strip_suffix('…') {
                Some(family) if family != "process_" => {
                    rest.iter().map(|rest| format!("{family}{rest}")).collect()
                }
                _ => vec![name],
            }
        })
    });
    named.collect()
}

#[tokio::test]
async fn readme_names_every_metric_and_no_other() {
    let documented: BTreeSet<_> = documented().into_iter().filter(|name| name != "process_…").collect();
    let shown = shown().await;
    let families = shown.iter().filter(|name| name.starts_with("sellcruiting_")).map(|name| {
        let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
        histogram.unwrap_or(name).to_owned()
    });
    assert_eq!(documented, families.collect());
}

#[test]
fn the_dashboard_is_whole() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        assert!(panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()), "{panel}");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "an operator chooses where it looks");
    }
}

#[tokio::test]
async fn prometheus_takes_the_alerts_and_they_alarm_when_they_should() {
    if !is_installed("promtool").await {
        return;
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    for arguments in [["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]] {
        let checked = run("promtool", &arguments, &directory, []).await;
        let said = [checked.stdout, checked.stderr].concat();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn every_alert_is_tested_and_explained() {
    let names: Vec<_> = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(names.len() > 5);
    for name in names {
        assert!(ALERTS_TEST.contains(&format!("alertname: {name}\n")), "{name} in alerts_test.yml");
        assert!(OPERATIONS.contains(name), "{name} in docs/operations.md");
    }
}

/// A sample's name and labels, in any order, without those that Prometheus adds.
fn parts(series: &str) -> BTreeSet<&str> {
    let parts = series.split(['{', ',', '}']).filter(|part| !part.is_empty());
    parts.filter(|part| !part.starts_with("instance=") && !part.starts_with("job=")).collect()
}

/// A counter that appears only with its first event starts at 1, and no alert sees that event.
#[tokio::test]
async fn what_the_tests_of_the_alerts_count_from_zero_is_there_before_anything_happened() {
    let app = Setup::new().await.with_metrics().start().await;
    let shown = app.scrape().await.labels();
    let shown: Vec<_> = shown.lines().map(parts).collect();
    let series = Regex::new(r"series: '(sellcruiting_[^']+)'\n +values: '0").unwrap();
    let series: Vec<_> =
        series.captures_iter(ALERTS_TEST).map(|found| parts(found.get(1).unwrap().as_str())).collect();
    assert!(series.len() > 10, "{series:?}");
    let missing: Vec<_> = series.into_iter().filter(|series| !shown.contains(series)).collect();
    assert!(missing.is_empty(), "{missing:#?} in {shown:#?}");
}
