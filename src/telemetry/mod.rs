//! What the service tells those who run it: logs, metrics and traces.
//!
//! None of them holds a name, a number, a prompt, an upstream's body or a secret.

mod asking;
mod call_ids;
#[cfg(test)]
mod captured;
mod logs;
pub mod metrics;
mod traces;

use std::time::Duration;

pub use asking::Asking;
pub use call_ids::belongs_to;
#[cfg(test)]
pub(crate) use captured::Captured;
pub use logs::init;
pub use traces::{Step, TraceError, Traces, request_span};

/// A duration as log lines tell it.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
