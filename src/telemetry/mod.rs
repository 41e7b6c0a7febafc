//! What the service tells those who run it: logs, metrics and traces.
//!
//! None of them holds a name, a number, a prompt, an upstream's body or a secret.

mod call_ids;
#[cfg(test)]
mod captured;
mod logs;
pub mod metrics;
mod traces;
mod upstream_request;

use std::time::Duration;

pub use call_ids::record_call;
#[cfg(test)]
pub(crate) use captured::Captured;
pub use logs::init;
pub use traces::{Step, TraceError, Traces, request_span};
pub use upstream_request::UpstreamRequest;

/// A duration as log lines tell it.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
