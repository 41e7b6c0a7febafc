//! One suite for every database: see [`support::each_database`].

mod claims;
mod errors;
mod instances;
mod model;
mod opening;
mod outage;
mod plans;
mod retention;
mod support;
mod transitions;
