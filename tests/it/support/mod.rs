//! The harness: starts the real service and offers verbs to talk to it.

mod app;
pub(crate) mod browser;
mod caller;
mod campaigns;
mod candidate;
mod chance;
mod clock;
mod collector;
mod database;
mod dials;
mod documents;
mod front;
mod persistent_client;
mod program;
mod raw;
mod reply;
mod scrape;
mod scripts;
mod settings;
mod skipping;
mod specification;
mod triggers;
mod wire;

pub(crate) use app::{Setup, TestApp};
pub(crate) use caller::Caller;
pub(crate) use campaigns::questionnaire;
pub(crate) use candidate::{Heard, Invited, Page, assert_hung_up};
pub(crate) use chance::{random, random_millis};
pub(crate) use clock::NOW;
pub(crate) use collector::{Collector, attributes};
pub(crate) use database::{TestDatabase, each_database};
pub(crate) use dials::dials_by_number;
pub(crate) use documents::{API, Document, README};
pub(crate) use front::{Deed, Front};
pub(crate) use persistent_client::{Endpoints, PersistentClient, pick};
pub(crate) use program::{Program, Service};
pub(crate) use raw::{assert_refuses_connections, connect, exchange, raw_trigger};
pub(crate) use reply::Reply;
pub(crate) use scrape::METRICS_TOKEN;
pub(crate) use scripts::{is_installed, run};
pub(crate) use settings::{API_KEY, PUBLIC_BASE_URL, SECOND_API_KEY};
pub(crate) use skipping::skipped;
pub(crate) use specification::{complaints, documented_answers, specification};
pub(crate) use triggers::{CALLED, call, call_to, link, with, without};
pub(crate) use wire::Wire;

/// How long a test waits for something that must come before it fails, instead of hanging.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
