//! Which provider carries the calls of a number.

use reqwest::Method;
use serde_json::Value;
use tracing::warn;

use super::{ElevenLabs, LookupError};
use crate::domain::AgentPhoneNumberId;

/// How many numbers are remembered. Ids come from callers, so there must be a limit.
pub(super) const MAX_REMEMBERED: usize = 1_000;

/// The provider to dial through if nobody can tell: the most common one.
const ASSUMED: Provider = Provider::Twilio;

/// Who carries the calls of a number imported into ElevenLabs. Each has an endpoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// A number of a Twilio account.
    Twilio,
    /// A number behind a SIP trunk.
    SipTrunk,
}

impl Provider {
    /// The provider's name in ElevenLabs' `provider` member.
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "twilio" => Some(Self::Twilio),
            "sip_trunk" => Some(Self::SipTrunk),
            _ => None,
        }
    }

    /// A stable word for logs and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::SipTrunk => "sip_trunk",
        }
    }

    /// The path below `ELEVENLABS_API_URL` that a dial is sent to.
    #[must_use]
    pub fn endpoint(self) -> String {
        format!("/v1/convai/{}/outbound-call", self.path_segment())
    }

    /// The provider's name in the path of its endpoint.
    pub(super) const fn path_segment(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::SipTrunk => "sip-trunk",
        }
    }
}

/// The part of an imported number's record that decides whether it can dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentNumber {
    /// Who carries its calls; `None` for a provider that this service has no endpoint for.
    provider: Option<Provider>,
    /// Whether a number behind a SIP trunk has an outbound trunk. Without one it can only receive calls.
    has_outbound_trunk: bool,
}

/// Why a number cannot dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotDial {
    /// Its provider is neither Twilio nor a SIP trunk.
    UnknownProvider,
    /// It is behind a SIP trunk, and can only receive calls.
    NoOutboundTrunk,
}

impl AgentNumber {
    fn of(record: &Value) -> Self {
        // `provider_config` is the older name.
        let is_object = |member: &str| record.get(member).is_some_and(Value::is_object);
        Self {
            provider: record.get("provider").and_then(Value::as_str).and_then(Provider::from_name),
            has_outbound_trunk: is_object("outbound_trunk") || is_object("provider_config"),
        }
    }

    /// The provider that it dials through.
    ///
    /// # Errors
    /// See [`CannotDial`].
    pub const fn dials_through(&self) -> Result<Provider, CannotDial> {
        match self.provider {
            None => Err(CannotDial::UnknownProvider),
            Some(Provider::SipTrunk) if !self.has_outbound_trunk => Err(CannotDial::NoOutboundTrunk),
            Some(provider) => Ok(provider),
        }
    }
}

impl ElevenLabs {
    /// A number's record. Remembers nothing of it.
    ///
    /// # Errors
    /// See [`LookupError`].
    pub async fn number(&self, number: &AgentPhoneNumberId) -> Result<AgentNumber, LookupError> {
        let request = self.request(Method::GET, &["v1", "convai", "phone-numbers", number.as_str()]);
        self.look_up("phone_number", request).await.map(|record| AgentNumber::of(&record))
    }

    /// The provider that the next call of a number would go through, if `record` is the number's record. Sends no
    /// request.
    #[must_use]
    pub fn next_provider(&self, number: &AgentPhoneNumberId, record: Option<&AgentNumber>) -> Provider {
        self.providers.get(number).or(record.and_then(|record| record.provider)).unwrap_or(ASSUMED)
    }

    /// Which provider a number belongs to: looked up once and remembered.
    ///
    /// If it cannot be found out within the look-up timeout, Twilio is assumed, the most common one, and nothing is
    /// remembered.
    pub async fn provider(&self, number: &AgentPhoneNumberId) -> Provider {
        if let Some(provider) = self.providers.get(number) {
            return provider;
        }
        let record = match self.number(number).await {
            Ok(record) => record,
            Err(error) => {
                warn!(phone_number_id = number.as_str(), %error, "provider not found out, Twilio is assumed");
                return ASSUMED;
            }
        };
        let Some(provider) = record.provider else {
            warn!(phone_number_id = number.as_str(), "provider not supported, Twilio is assumed");
            return ASSUMED;
        };
        self.providers.insert(number.clone(), provider);
        provider
    }
}
