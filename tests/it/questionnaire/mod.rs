//! HOC's questionnaires: one request serves many triggers, and trouble at HOC costs no call.

mod cache;
mod hoc_trouble;
