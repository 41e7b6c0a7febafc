//! Nobody is called twice for one trigger, whatever is sent again, fails or is killed.

mod at_once;
mod crashes;
mod duplicates;
mod idempotency_key;
mod retention;
mod several_instances;
mod soak;
mod store_down;
mod unknown_outcomes;

use std::time::Duration;

/// How long others leave a claim alone after its last sign of life.
const LEASE: Duration = Duration::from_secs(15);
