//! Black-box tests: the real service over real HTTP, against simulated upstreams. One file per promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod architecture;
mod browser;
mod call;
mod clients;
mod command;
mod docs_page;
mod documents;
mod link;
mod monitoring;
mod once;
mod preview;
mod questionnaire;
mod request;
mod specification;
mod talk;
