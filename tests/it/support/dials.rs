//! Counts how often each telephone rang.

use std::collections::BTreeMap;

use sellcruiting_webhook::sandbox::Sandbox;

/// The number of dials, by telephone number.
pub(crate) fn dials_by_number(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut dials = BTreeMap::new();
    for dial in sandbox.elevenlabs.dials() {
        *dials.entry(dial.body["to_number"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    dials
}
