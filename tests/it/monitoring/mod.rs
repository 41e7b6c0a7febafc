//! What operators see of the service: it is true and explained, and tells nothing about a person.

mod alerts_and_dashboard;
mod call_story;
mod health;
mod log_lines;
mod metrics;
mod operations;
mod privacy;
mod runbooks;
mod traces;

/// What operators read at night.
const OPERATIONS: &str = include_str!("../../../docs/operations.md");
