//! Black-box tests: the real service over real HTTP, against simulated upstreams. One file per promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod architecture;
mod browser;
mod call;
mod call_story;
mod clients;
mod command;
mod docs_page;
mod documents;
mod health;
mod link;
mod log_lines;
mod metrics;
mod monitoring;
mod once;
mod operations;
mod preview;
mod privacy;
mod questionnaire;
mod request;
mod runbooks;
mod specification;
mod talk;
mod traces;
