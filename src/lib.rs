#![doc = include_str!("../docs/architecture.md")]

pub mod app;
mod bounded_cache;
mod bucket;
mod byte_order_mark;
pub mod calls;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod elevenlabs;
pub mod hoc;
pub mod http;
pub mod interview;
pub mod invitations;
mod pattern;
pub mod questionnaires;
pub mod sandbox;
mod server;
pub mod talk;
pub mod telemetry;
pub mod templates;
pub mod upstream;
mod word_list;

/// The name under which the service identifies itself.
pub(crate) const SERVICE: &str = "Sellcruiting Agent Webhook";
