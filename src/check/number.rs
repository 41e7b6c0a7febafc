//! The number to call from.

use super::Finding;
use super::elevenlabs::told_by;
use crate::elevenlabs::{AgentNumber, CannotDial, LookupError, Provider};

const NAME: &str = "phone_number";

/// `told`: what the checks of ElevenLabs' address and the key have found.
pub(super) fn check(number: Option<&Result<AgentNumber, LookupError>>, told: &[Finding]) -> Finding {
    match number {
        None => Finding::warning(
            NAME,
            "none is configured (ELEVENLABS_AGENT_PHONE_NUMBER_ID), so every trigger must name one in \
             agent_phone_number_id",
        ),
        Some(Ok(number)) => found(*number),
        Some(Err(LookupError::NotFound)) => Finding::failed(
            NAME,
            "ElevenLabs does not know the number: check ELEVENLABS_AGENT_PHONE_NUMBER_ID (phnum_…), and that it belongs \
             to the key's workspace and region",
        ),
        Some(Err(error)) => match told_by(*error, told) {
            Some(other) => Finding::not_checked(NAME, other),
            None => Finding::warning(NAME, format!("its record cannot be read: {error}; try again")),
        },
    }
}

fn found(number: AgentNumber) -> Finding {
    match number.dials_through() {
        Ok(Provider::Twilio) => Finding::ok(NAME, "calls through Twilio"),
        Ok(Provider::SipTrunk) => Finding::ok(NAME, "calls through a SIP trunk"),
        Err(CannotDial::NoOutboundTrunk) => Finding::failed(
            NAME,
            "the number has no outbound SIP trunk, so it cannot dial: add one to the number at ElevenLabs",
        ),
        Err(CannotDial::UnknownProvider) => Finding::failed(
            NAME,
            "the number's provider is neither Twilio nor a SIP trunk, so it cannot dial: set \
             ELEVENLABS_AGENT_PHONE_NUMBER_ID to another number",
        ),
    }
}
