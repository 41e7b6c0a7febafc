//! Talks in the browser: a candidate's page on one side, ElevenLabs' agent on the other, and this service in between.
//!
//! The page gets audio and the transcript, and can send audio, mute and end. The prompt, the variables and the signed
//! URL that gives access to the agent stay here.
//!
//! Whatever one side does wrong costs only its own talk: everything kept for a talk is bounded, and a side that does
//! not read, does not answer or violates the protocol is disconnected.

mod agent;
mod browser;
mod end;
mod idle;
mod line;
mod pacer;
mod registry;
mod relay;
mod sockets;
mod tally;
mod utterances;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::WebSocket;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use self::agent::Agent;
use self::browser::{Browser, BrowserEvent};
use self::end::End;
use self::registry::Registry;
use self::relay::{Closing, Relay};
use self::tally::Tally;
use crate::calls::{CallError, Calls};
use crate::config::TalkConfig;
use crate::domain::CallId;
use crate::elevenlabs::agent_socket::{AgentConversation, AgentError};
use crate::invitations::Invitation;
use crate::telemetry::Step;
use crate::telemetry::metrics::TalkMetrics;

pub use self::registry::{Seat, SeatRefusal, TabId};

/// How much of the shutdown grace period is reserved for farewells, at most.
const FAREWELLS: Duration = Duration::from_secs(5);

/// All talks of this process.
pub struct Talks {
    calls: Arc<Calls>,
    config: TalkConfig,
    registry: Arc<Registry>,
    /// When all talks must end. `None` until the service shuts down.
    closing: watch::Sender<Option<Instant>>,
    /// Counts talks, and why they were refused or ended.
    pub metrics: TalkMetrics,
}

impl fmt::Debug for Talks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Talks").field("live", &self.registry.live()).finish_non_exhaustive()
    }
}

/// Why a talk could not be set up.
enum SetupError {
    Script,
    Agent(AgentError),
}

impl From<AgentError> for SetupError {
    fn from(error: AgentError) -> Self {
        Self::Agent(error)
    }
}

impl From<CallError> for SetupError {
    fn from(_logged: CallError) -> Self {
        Self::Script
    }
}

impl Talks {
    /// Creates the registry of talks. Their scripts and agents come from `calls`.
    #[must_use]
    pub fn new(calls: Arc<Calls>, config: TalkConfig) -> Self {
        let registry = Arc::new(Registry::new(config.max_talks, config.limits));
        Self { calls, config, registry, closing: watch::Sender::new(None), metrics: TalkMetrics::default() }
    }

    /// Starts a talk on a link, for the page that calls itself `tab`.
    ///
    /// # Errors
    /// See [`SeatRefusal`].
    pub fn take_seat(&self, link_id: &CallId, tab: &TabId) -> Result<Seat, SeatRefusal> {
        let seat = self.registry.take_seat(link_id, tab);
        if let Err(refusal) = &seat {
            self.metrics.refused(refusal.code());
        }
        seat
    }

    /// Whether [`Talks::take_seat`] would succeed now.
    ///
    /// # Errors
    /// See [`SeatRefusal`].
    pub fn could_take_seat(&self, link_id: &CallId, tab: &TabId) -> Result<(), SeatRefusal> {
        self.registry.could_take_seat(link_id, tab)
    }

    /// The largest message that is accepted from a browser, in bytes.
    #[must_use]
    pub fn max_message_bytes(&self) -> usize {
        self.config.limits.message_bytes
    }

    /// Holds a talk from the open connection until either side, or the service, ends it.
    pub async fn hold(&self, seat: Seat, invitation: Invitation, socket: WebSocket) {
        let step = Step::begin("talk").of(&invitation.link_id);
        let mut tally = Tally::start(&invitation, self.metrics.clone());
        let mut browser = Browser::new(socket, self.config.limits);
        let mut agent = None;
        let end = match self.find_agent(&seat, &invitation, &mut browser).await {
            Ok(conversation) => {
                let agent = agent.insert(Agent::new(*conversation, self.config.limits));
                tally.connected(agent.conversation_id());
                let mut relay = Relay::new(&mut browser, agent, &mut tally, &seat, &self.config);
                relay.run(self.closing()).await
            }
            Err(end) => end,
        };
        tally.ended(&browser, agent.as_ref());
        let hang_up = async {
            if let Some(agent) = agent {
                agent.hang_up().await;
            }
        };
        tally.log(end);
        step.outcome(end.code());
        let cut_short = async {
            tokio::select! {
                () = seat.taken_over() => {}
                () = closed(self.closing()) => {}
            }
        };
        tokio::join!(browser.dismiss(end, cut_short), hang_up);
        // A successor waits only for this talk, so this one must not be over before its own predecessor is.
        seat.predecessor_over().await;
    }

    /// From now on, no new talk starts. Live ones end shortly before `grace` is over.
    pub fn close(&self, grace: Duration) {
        self.registry.close();
        let end = Instant::now() + grace.saturating_sub(FAREWELLS.min(grace / 4));
        self.closing.send_replace(Some(end));
    }

    /// Waits until every talk is over. Does not complete before [`Talks::close`] was called.
    pub async fn wait(&self) {
        self.registry.wait().await;
    }

    /// How many talks are live.
    #[must_use]
    pub fn live(&self) -> usize {
        self.registry.live()
    }

    fn closing(&self) -> Closing {
        self.closing.subscribe()
    }

    /// Connects the agent, unless the talk ends before that.
    async fn find_agent(
        &self,
        seat: &Seat,
        invitation: &Invitation,
        browser: &mut Browser,
    ) -> Result<Box<AgentConversation>, End> {
        // Boxed, because it is much larger than the talk that follows, and gone by then.
        let setup = Box::pin(async {
            seat.predecessor_over().await;
            self.set_up(invitation).await
        });
        let found = tokio::select! {
            found = setup => found,
            end = until_end(browser) => return Err(end),
            () = seat.taken_over() => return Err(End::TakenOver),
            () = closed(self.closing()) => return Err(End::Shutdown),
        };
        found.map(Box::new).map_err(|error| match error {
            SetupError::Script => End::Unavailable,
            SetupError::Agent(error) => report(&error, &invitation.link_id),
        })
    }

    /// Fetches script and signed URL concurrently, then connects to the agent.
    async fn set_up(&self, invitation: &Invitation) -> Result<AgentConversation, SetupError> {
        let elevenlabs = &self.calls.elevenlabs;
        let script = async { Ok::<_, SetupError>(self.calls.talk_script(invitation).await?) };
        let url = async { Ok(elevenlabs.signed_url().await?) };
        let (script, url) = tokio::try_join!(script, url)?;
        Ok(elevenlabs.start_conversation(url, &script, &invitation.link_id).await?)
    }
}

/// Waits until the browser's side ends the talk. Its audio is dropped meanwhile: no agent is there yet to hear it.
async fn until_end(browser: &mut Browser) -> End {
    loop {
        if let BrowserEvent::End(end) = browser.next(true).await {
            return end;
        }
    }
}

/// Waits until the service ends all talks.
async fn closed(mut closing: Closing) {
    let Ok(end) = closing.wait_for(Option::is_some).await.map(|end| *end) else { return };
    if let Some(end) = end {
        sleep_until(end).await;
    }
}

/// Logs for the operator why there is no agent and, with the error's text, what to do about it.
fn report(error: &AgentError, link_id: &CallId) -> End {
    let (call_id, reason) = (link_id.as_str(), error.code());
    match error {
        AgentError::Busy => End::Busy,
        AgentError::Refused(_)
        | AgentError::OverrideNotAllowed
        | AgentError::MissingVariable
        | AgentError::UnknownFormat => {
            tracing::error!(call_id, reason, %error, "no agent for this talk; every talk will fail until this is mended");
            End::Unavailable
        }
        AgentError::Unreachable
        | AgentError::Timeout
        | AgentError::Closed { .. }
        | AgentError::UnreadableAnswer => {
            tracing::warn!(call_id, reason, %error, "no agent for this talk");
            End::Unavailable
        }
    }
}
