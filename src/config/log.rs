//! What is logged, and how.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;
use super::sources::RawSettings;

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// `LOG_FORMAT`. `None`: text on a terminal, else JSON.
    pub format: Option<LogFormat>,
    /// `RUST_LOG` (`info`).
    pub filter: String,
}

impl LogConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self { format: LogFormat::read(reader, raw), filter: filter(reader, raw) }
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

const LEVELS: [&str; 6] = ["trace", "debug", "info", "warn", "error", "off"];

fn filter(reader: &mut Reader, raw: &RawSettings) -> String {
    let filter = raw.rust_log.as_deref().unwrap_or("info");
    if !filter.split(',').all(is_plain) || EnvFilter::try_new(filter).is_err() {
        reader.note(
            "RUST_LOG",
            "must be a level (error, warn, info, debug, trace, off), or a tracing filter such as info,hyper=debug",
        );
    }
    filter.to_owned()
}

/// Whether it is a level, or a directive with `=`. Tracing takes any other word for the name of the only module to log:
/// a misspelt level, or one with a space before it, would silence everything else, errors included.
fn is_plain(directive: &str) -> bool {
    directive.contains('=') || LEVELS.iter().any(|level| level.eq_ignore_ascii_case(directive))
}
