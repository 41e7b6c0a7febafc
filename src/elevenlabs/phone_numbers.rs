//! Which provider carries the calls of a number.

use reqwest::Method;
use serde_json::Value;
use tracing::warn;

use super::ElevenLabs;
use crate::domain::AgentPhoneNumberId;

/// How many numbers are remembered. Ids come from callers, so there must be a limit.
const MAX_REMEMBERED: usize = 1_000;

/// Who carries the calls of a number imported at ElevenLabs. Each has an endpoint of its own.
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

    /// The provider's name in the path of its endpoint.
    pub(super) const fn path_segment(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::SipTrunk => "sip-trunk",
        }
    }
}

impl ElevenLabs {
    /// Which provider a number belongs to: looked up once and remembered.
    ///
    /// If it cannot be found out within the look-up timeout, Twilio is assumed, the most common one, and nothing is
    /// remembered.
    pub async fn provider(&self, number: &AgentPhoneNumberId) -> Provider {
        if let Some(provider) = self.remembered(number) {
            return provider;
        }
        let request = self.request(Method::GET, &["v1", "convai", "phone-numbers", number.as_str()]);
        let record = match self.look_up(request).await {
            Ok(record) => record,
            Err(error) => {
                warn!(phone_number_id = number.as_str(), %error, "provider not found out, Twilio is assumed");
                return Provider::Twilio;
            }
        };
        let Some(provider) = record.get("provider").and_then(Value::as_str).and_then(Provider::from_name)
        else {
            warn!(phone_number_id = number.as_str(), "provider not supported, Twilio is assumed");
            return Provider::Twilio;
        };
        self.remember(number, provider);
        provider
    }

    fn remembered(&self, number: &AgentPhoneNumberId) -> Option<Provider> {
        self.providers.lock().ok()?.get(number).copied()
    }

    fn remember(&self, number: &AgentPhoneNumberId, provider: Provider) {
        let Ok(mut providers) = self.providers.lock() else { return };
        if providers.len() >= MAX_REMEMBERED {
            // Nobody has so many numbers; to begin anew is simpler than to age them.
            providers.clear();
        }
        providers.insert(number.clone(), provider);
    }
}
