//! Black-box tests: the real service over real HTTP, against simulated upstreams. One folder per subject, one file per
//! promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod browser;
mod call;
mod command;
mod document;
mod link;
mod monitoring;
mod once;
mod preview;
mod questionnaire;
mod request;
mod talk;
