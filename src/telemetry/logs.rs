//! Logs: text for people on a terminal, JSON for machines.
//!
//! A log line never holds a name, a number, a prompt, an upstream's body or a secret, at any level. Two things ensure
//! that beside the types. Whatever `RUST_LOG` says, other crates log at `info` at most and `sqlx` at `error`, because
//! HTTP crates may print at `debug` what goes over the wire. And a panic is logged with its place, without its text.

use std::io::{self, IsTerminal};
use std::panic;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

use super::traces::{Traces, is_step};
use crate::config::{LogConfig, LogFormat};

/// The target of this crate's own lines.
pub(super) const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Starts logging to standard error, logs panics by their place, and hands spans to the traces, if there are any.
///
/// # Errors
/// When something in this process logs already.
pub fn init(config: &LogConfig, traces: Option<&Traces>) -> Result<(), TryInitError> {
    let is_terminal = io::stderr().is_terminal();
    let format = config.format.unwrap_or(default_format(is_terminal));
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(is_terminal).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry()
        .with(traces.map(Traces::layer))
        .with(lines.with_filter(filter_fn(is_harmless)).with_filter(config.filter.clone()))
        .try_init()?;
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a task panicked; this is a bug, please report it");
    }));
    Ok(())
}

const fn default_format(is_terminal: bool) -> LogFormat {
    if is_terminal { LogFormat::Text } else { LogFormat::Json }
}

fn is_harmless(line: &Metadata<'_>) -> bool {
    !is_step(line) && *line.level() <= most(line.target())
}

/// The most detailed level that is logged of this target. sqlx warns of slow statements with their whole SQL, of waits
/// for a connection, and of PostgreSQL's notices; the metrics of the record of calls tell the same by a statement's
/// name.
fn most(target: &str) -> Level {
    if target.starts_with(OWN_TARGET) {
        Level::TRACE
    } else if target.starts_with("sqlx") {
        Level::ERROR
    } else {
        Level::INFO
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::filter::LevelFilter;

    use super::*;
    use crate::telemetry::Captured;

    #[test]
    fn people_get_text_and_machines_get_json_unless_they_ask_for_the_other() {
        assert_eq!(default_format(true), LogFormat::Text);
        assert_eq!(default_format(false), LogFormat::Json);
    }

    #[test]
    fn other_crates_never_log_in_detail_whatever_is_asked_for() {
        let log = Captured::default();
        let writer = log.clone();
        let lines = fmt::layer().with_writer(move || writer.clone()).with_filter(filter_fn(is_harmless));
        let everything = tracing_subscriber::registry().with(lines.with_filter(LevelFilter::TRACE));
        tracing::subscriber::with_default(everything, || {
            tracing::trace!(target: "hyper::proto", "theirs in detail");
            tracing::debug!(target: "hyper::proto", "theirs in detail");
            tracing::info!(target: "hyper::proto", "theirs in brief");
            tracing::event!(target: "sqlx::query", Level::WARN, "slow statement: theirs in detail");
            tracing::event!(target: "sqlx::query", Level::ERROR, "theirs in trouble");
            tracing::trace!("ours in detail");
        });
        let log = log.text();
        for logged in ["theirs in brief", "theirs in trouble", "ours in detail"] {
            assert!(log.contains(logged), "{logged} in {log}");
        }
        assert!(!log.contains("theirs in detail"), "{log}");
    }
}
