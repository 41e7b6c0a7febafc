//! What HOC sends.

use sellcruiting_webhook::sandbox::PHONE_NUMBER_TWILIO;
use serde_json::{Value, json};

/// The number in [`call`]. It is in a range that is reserved for fiction.
pub(crate) const CALLED: &str = "+493023125001";

/// The contract's example: a call to this candidate.
pub(crate) fn call() -> Value {
    with(link(), json!({ "to_number": CALLED, "agent_phone_number_id": PHONE_NUMBER_TWILIO }))
}

/// The same to another number of that range, 0 to 999.
pub(crate) fn call_to(number: usize) -> Value {
    assert!(number < 1_000, "the range has a thousand numbers");
    with(call(), json!({ "to_number": format!("+493023125{number:03}") }))
}

/// The same without a number: a link.
pub(crate) fn link() -> Value {
    json!({
        "campaign_id": 200,
        "company_name": "Tech Startup GmbH",
        "candidate_first_name": "Max",
        "candidate_last_name": "Mustermann",
    })
}

/// Sets members.
pub(crate) fn with(mut trigger: Value, members: Value) -> Value {
    let Value::Object(members) = members else { panic!("members must be an object") };
    trigger.as_object_mut().unwrap().extend(members);
    trigger
}

/// Leaves a member out.
pub(crate) fn without(mut trigger: Value, member: &str) -> Value {
    assert!(trigger.as_object_mut().unwrap().remove(member).is_some(), "there is no {member}");
    trigger
}
