//! Metrics for Prometheus.
//!
//! Each part of the service owns its instruments and counts whether anybody reads them or not: an addition to an atomic
//! number. A label's value is always one of a few words that stand in this program, never anything that came from
//! outside, so that their number is bounded and none of them tells about a person.

mod calls;
mod connections;
mod families;
mod requests;
mod scrape;
mod store;
mod talks;
mod upstream;

#[cfg(test)]
pub(crate) use calls::CALL_ANSWERS;
pub use calls::CallMetrics;
pub use connections::ConnectionMetrics;
pub use requests::RequestMetrics;
pub use scrape::{Metrics, Snapshot};
pub use store::StoreMetrics;
#[cfg(test)]
pub(crate) use talks::TALK_ENDS;
pub use talks::TalkMetrics;
pub use upstream::UpstreamMetrics;

use prometheus::core::Collector;

/// A part's instruments, to be read by [`Metrics`].
pub trait Instruments {
    /// Handles to them; they go on counting for the part.
    fn collectors(&self) -> Vec<Box<dyn Collector>>;
}
