//! A talk over the page's WebSocket: who may begin one, what is relayed, and how it ends on both sides.

mod abuse;
mod audio;
mod conversation;
mod ends;
mod log;
mod pacing;
mod secrets;
mod session;
mod stopping;
mod trouble;
