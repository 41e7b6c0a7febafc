//! The Sellcruiting call webhook.

pub mod config;
pub mod domain;
pub mod elevenlabs;
pub mod hoc;
pub mod interview;
pub mod sandbox;
pub mod upstream;
