//! Chromium, driven through the protocol of its developer tools: opened, looked at and used as a candidate would.

mod candidate;
mod cdp;
mod chromium;
mod evidence;
mod probe;
mod proxy;
mod signal;
mod tab;

pub(crate) use candidate::{Candidate, own_link};
pub(crate) use chromium::Microphone;
pub(crate) use proxy::{LineFate, Proxy};
pub(crate) use signal::{Fidelity, Signal};
pub(crate) use tab::{Look, Tab};
