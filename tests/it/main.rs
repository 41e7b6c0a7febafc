//! Black-box tests: the real service over real HTTP, against simulated upstreams. A file a promise.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

mod at_once;
mod authentication;
mod bodies;
mod calls;
mod candidate_page;
mod check;
mod commands;
mod crashes;
mod dial_body;
mod duplicates;
mod elevenlabs_trouble;
mod fields;
mod habits;
mod hanging_up;
mod health;
mod hoc_trouble;
mod idempotency_key;
mod links;
mod log_lines;
mod overrides;
mod own_links;
mod paths;
mod preview;
mod preview_command;
mod privacy;
mod providers;
mod request_id;
mod retention;
mod sandbox_command;
mod several_instances;
mod specification;
mod starting;
mod stopping;
mod store_down;
mod talk_audio;
mod telephone_numbers;
mod templates;
mod unknown_outcomes;
