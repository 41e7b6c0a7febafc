//! The binary's commands: what each one says and does, and how the service starts and stops.

mod check;
mod others;
mod preview;
mod sandbox;
mod starting;
mod stopping;
