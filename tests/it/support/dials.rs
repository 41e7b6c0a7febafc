//! Lets a telephone ring, and counts how often each did.

use std::collections::BTreeMap;

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate, Sandbox};

use super::{call, connect, raw_call};

/// The number of dials, by telephone number.
pub(crate) fn dials_by_number(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut dials = BTreeMap::new();
    for dial in sandbox.elevenlabs.dials() {
        *dials.entry(dial.body["to_number"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    dials
}

/// A dial whose telephone rings until the gate opens, and whose caller has hung up.
pub(crate) async fn ring_for_nobody(sandbox: &Sandbox, url: &str) -> Gate {
    let gate = Gate::new();
    sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let mut caller = connect(url).await.unwrap();
    caller.write(&raw_call(&call())).await;
    sandbox.elevenlabs.wait_for_dials(1).await;
    gate
}
