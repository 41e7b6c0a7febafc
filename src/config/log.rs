//! What is logged, and how.

use tracing_subscriber::filter::{LevelFilter, Targets};

use super::reader::Reader;
use super::sources::RawSettings;

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// `LOG_FORMAT`. `None`: text on a terminal, else JSON.
    pub format: Option<LogFormat>,
    /// `RUST_LOG` (`info`): the most detailed level for all lines, or for those of a module.
    pub filter: Targets,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: None, filter: usual_filter() }
    }
}

impl LogConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self {
            format: LogFormat::read(reader, raw),
            filter: filter(reader, raw).unwrap_or_else(usual_filter),
        }
    }
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl LogFormat {
    fn read(reader: &mut Reader, raw: &RawSettings) -> Option<Self> {
        match raw.log_format.as_deref()?.to_ascii_lowercase().as_str() {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => {
                reader.note("LOG_FORMAT", "must be text or json");
                None
            }
        }
    }
}

fn usual_filter() -> Targets {
    Targets::new().with_default(LevelFilter::INFO)
}

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

fn filter(reader: &mut Reader, raw: &RawSettings) -> Option<Targets> {
    let filter = raw.rust_log.as_deref()?;
    match filter.parse() {
        Ok(targets) if filter.split(',').all(is_plain) => Some(targets),
        _ => {
            reader.note(
                "RUST_LOG",
                "must be a level (error, warn, info, debug, trace, off), also for a single module, without spaces: \
                 info,sellcruiting_webhook::calls=debug",
            );
            None
        }
    }
}

/// Whether it is a level, for all lines or for a module's. Tracing takes any other word for the name of the only module
/// to log: a misspelt level, one with a space before it, or a span's name would silence everything else, errors included.
/// So would a level in what it takes for a module's name (`info;hyper=debug`), and a name with a space or a hyphen is no
/// module's.
fn is_plain(directive: &str) -> bool {
    let is_level = || LEVELS.iter().any(|level| level.eq_ignore_ascii_case(directive));
    directive.split_once('=').map_or_else(is_level, |(module, _)| is_path(module))
}

/// Whether it can be a module's path.
fn is_path(module: &str) -> bool {
    !module.is_empty() && module.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
}
