//! Black-box tests: the real service over real HTTP, against simulated upstreams. A file a promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod authentication;
mod bodies;
mod calls;
mod commands;
mod dial_body;
mod elevenlabs_trouble;
mod fields;
mod habits;
mod hanging_up;
mod health;
mod hoc_trouble;
mod links;
mod log_lines;
mod overrides;
mod paths;
mod privacy;
mod providers;
mod request_id;
mod sandbox_command;
mod starting;
mod stopping;
mod telephone_numbers;
mod templates;
