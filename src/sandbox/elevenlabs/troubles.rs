//! The ways in which placing a call can fail, and which campaign demonstrates each.

use std::time::Duration;

use serde_json::json;

use super::refusals;
use crate::sandbox::faults::{Answer, Fault};

/// How long a slow dial takes.
const SLOW: Duration = Duration::from_secs(3);

/// A way for a dial to fail.
#[derive(Debug, Clone)]
pub enum DialFault {
    /// The call is not placed. If the fault lets the usual answer through, that is a 503.
    NotPlaced(Fault),
    /// The call is placed, and its answer goes wrong.
    Placed(Fault),
    /// 200 with `success:false` and no conversation, as with Twilio.
    Refused {
        /// The answer's `message`.
        message: String,
    },
    /// 200 with `success:false` and a failed conversation, as with SIP.
    FailedToConnect {
        /// The answer's `message`.
        message: String,
        /// The conversation's error code.
        sip_status: u16,
    },
    /// The call is placed, and the answer reports success without a conversation.
    WithoutConversation,
}

/// The trouble that a campaign causes for its dial.
pub(super) fn of(campaign_id: u64) -> Option<DialFault> {
    let fault = match campaign_id {
        401 => not_placed(refusals::invalid_api_key()),
        402 => not_placed(refusals::quota_exceeded()),
        422 => not_placed(refused_as_malformed()),
        429 => not_placed(refusals::too_many_calls()),
        600 => DialFault::Refused { message: twilio_refusal() },
        601 => DialFault::FailedToConnect {
            message: "INVITE failed: sip status: 404: Domain unavailable (SIP 404)".to_owned(),
            sip_status: 404,
        },
        602 => DialFault::Placed(Fault::Answer(refusals::internal_error())),
        603 => DialFault::Placed(Fault::Close),
        604 => not_placed(refusals::service_unavailable()),
        605 => DialFault::Placed(Fault::broken_json()),
        606 => DialFault::WithoutConversation,
        607 => DialFault::Placed(Fault::Hang),
        608 => DialFault::Placed(Fault::Slow(SLOW)),
        _ => return None,
    };
    Some(fault)
}

fn not_placed(answer: Answer) -> DialFault {
    DialFault::NotPlaced(Fault::Answer(answer))
}

/// It holds a telephone number, as the provider's texts do. The number must not get into a log or an answer.
fn twilio_refusal() -> String {
    "HTTP 400 error: Unable to create record: The number +493023125999 is unverified. \
     Trial accounts may only make calls to verified numbers."
        .to_owned()
}

/// The refusal of a dial that is well-formed. The sandbox's other 422s come from `validation`.
fn refused_as_malformed() -> Answer {
    let location = ["body", "agent_phone_number_id"];
    refusals::unprocessable(&[refusals::problem(
        "string_pattern_mismatch",
        &location,
        "String should match the pattern of a phone number id",
        &json!("phnum_sandbox"),
    )])
}
