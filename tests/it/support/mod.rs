//! The harness: starts the real service and speaks to it in verbs.

mod app;
mod caller;
mod campaigns;
mod clock;
mod program;
mod raw;
mod reply;
mod settings;
mod triggers;

pub(crate) use app::{Setup, TestApp};
pub(crate) use caller::Caller;
pub(crate) use campaigns::questionnaire;
pub(crate) use clock::NOW;
pub(crate) use program::Program;
pub(crate) use raw::{connect, exchange, raw_trigger};
pub(crate) use reply::Reply;
pub(crate) use settings::{API_KEY, SECOND_API_KEY};
pub(crate) use triggers::{CALLED, call, link, with, without};

/// How long a test waits for what must come. It then fails instead of hanging.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
