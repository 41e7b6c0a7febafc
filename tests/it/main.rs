//! Black-box tests: the real service over real HTTP, against simulated upstreams. One file per promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod architecture;
mod browser;
mod call;
mod call_story;
mod check;
mod clients;
mod commands;
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
mod preview_command;
mod privacy;
mod questionnaire;
mod request;
mod runbooks;
mod sandbox_command;
mod specification;
mod starting;
mod stopping;
mod talk;
mod traces;
