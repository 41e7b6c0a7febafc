//! Simulations of both upstreams, HOC and ElevenLabs: real HTTP on loopback ports, with faults on request.
//!
//! The `sandbox` command and the integration tests run the service against them. They share nothing with the clients or
//! the domain: a simulation that reuses a client's types would agree with a client that is wrong. They read and write
//! plain JSON and follow what is known of the real services; where little is known, they are strict.
//!
//! A trigger's `campaign_id` selects the trouble it runs into, so that a single `curl` provokes it: see [`CAMPAIGNS`].
//! Tests control everything else through the methods of [`FakeHoc`] and [`FakeElevenLabs`]. Those that wait panic if
//! what they wait for does not happen within 20 seconds: otherwise a test would go on and check something else.

mod campaigns;
mod elevenlabs;
mod faults;
mod hoc;
mod recorder;
mod server;
#[cfg(test)]
mod tests;
mod wait;

use std::io;

pub use self::campaigns::{CAMPAIGNS, Campaign, Section};
pub use self::elevenlabs::{
    AgentFault, AgentManner, AudioFormat, Conversation, DialFault, FakeElevenLabs, KeyTrouble,
    LiveConversation, Lookup, PhoneCall, Provider, SocketEnd, voice,
};
pub use self::faults::{Answer, Fault, Gate};
pub use self::hoc::FakeHoc;
pub use self::recorder::Recorded;

/// The token that the simulated HOC accepts.
pub const HOC_TOKEN: &str = "sandbox-hoc-token";

/// The key that the simulated ElevenLabs accepts.
pub const ELEVENLABS_API_KEY: &str = "sandbox-elevenlabs-key";

/// The agent that the simulated ElevenLabs knows.
pub const AGENT_ID: &str = "agent_sandbox";

/// A number that calls through Twilio.
pub const PHONE_NUMBER_TWILIO: &str = "phnum_sandbox_twilio";

/// A number that calls through a SIP trunk.
pub const PHONE_NUMBER_SIP: &str = "phnum_sandbox_sip";

/// A number of a provider for which the service has no endpoint.
pub const PHONE_NUMBER_EXOTEL: &str = "phnum_sandbox_exotel";

/// Both simulated upstreams, running. Dropping it stops them and closes every open connection.
#[derive(Debug)]
pub struct Sandbox {
    /// HOC, which knows the questionnaires.
    pub hoc: FakeHoc,
    /// ElevenLabs, which places the calls.
    pub elevenlabs: FakeElevenLabs,
}

impl Sandbox {
    /// Starts both on free loopback ports, with the real clock.
    ///
    /// # Errors
    /// If no loopback port is available.
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulation's own clock; tests pass theirs to `start_with`"
    )]
    pub async fn start() -> io::Result<Self> {
        Self::start_with(|| chrono::Utc::now().timestamp()).await
    }

    /// Starts both on free loopback ports. `now` gives the time of new conversations, in seconds since 1970.
    ///
    /// # Errors
    /// If no loopback port is available.
    pub async fn start_with(now: impl Fn() -> i64 + Send + Sync + 'static) -> io::Result<Self> {
        Ok(Self { hoc: FakeHoc::start().await?, elevenlabs: FakeElevenLabs::start(now).await? })
    }
}
