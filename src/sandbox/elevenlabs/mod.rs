//! A simulation of ElevenLabs: outbound calls over Twilio and SIP trunks, agents that talk over a WebSocket,
//! conversations, and the records of agents and numbers.

mod agent_socket;
mod conversations;
mod key;
mod lookups;
mod outbound_call;
mod refusals;
mod start_rules;
mod troubles;
mod validation;
mod world;

use std::io;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use serde_json::Value;
use tokio_util::sync::DropGuard;

pub use self::agent_socket::{AgentFault, AgentManner, AudioFormat, LiveConversation, SocketEnd, voice};
pub use self::key::KeyTrouble;
pub use self::troubles::DialFault;
pub use self::world::{Conversation, Lookup, PhoneCall, Provider};

use self::agent_socket::AgentFaults;
use self::key::key_refusal;
use self::world::{Upstream, World};
use super::AGENT_ID;
use super::faults::Fault;
use super::recorder::{Recorded, Recorder, record};
use super::server::{Bound, Server};
use super::wait::wait_until;

/// ElevenLabs on a loopback port.
#[derive(Debug)]
pub struct FakeElevenLabs {
    server: Server,
    /// Ends the conversations over a WebSocket, which the server has handed over.
    _stop: DropGuard,
    upstream: Arc<Upstream>,
}

impl FakeElevenLabs {
    pub(super) async fn start(now: impl Fn() -> i64 + Send + Sync + 'static) -> io::Result<Self> {
        let bound = Bound::new().await?;
        let upstream = Arc::new(Upstream::new(bound.address(), Box::new(now)));
        let router = router(&upstream);
        let stop = upstream.stop.clone().drop_guard();
        Ok(Self { server: bound.serve(router), _stop: stop, upstream })
    }

    /// The value for `ELEVENLABS_API_URL`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// All requests so far, including those to unknown paths.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.upstream.requests.all()
    }

    /// Waits until there are `count` requests, and returns all there are.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<Recorded> {
        self.upstream.requests.wait_for(count).await
    }

    /// The requests for a call, including refused ones.
    #[must_use]
    pub fn dials(&self) -> Vec<Recorded> {
        self.upstream.dials.all()
    }

    /// How many requests asked for a call.
    #[must_use]
    pub fn dial_count(&self) -> usize {
        self.upstream.dials.count()
    }

    /// Waits until there are `count` dials, and returns all there are. A dial counts once it is
    /// decided whether the call is placed, which is before it is answered.
    pub async fn wait_for_dials(&self, count: usize) -> Vec<Recorded> {
        self.upstream.dials.wait_for(count).await
    }

    /// The conversations so far, oldest first: one per placed call, hidden or not.
    #[must_use]
    pub fn conversations(&self) -> Vec<Conversation> {
        self.world(|world| world.conversations.clone())
    }

    /// Makes the next well-formed dial fail this way; several calls queue up.
    pub fn next_dial(&self, fault: DialFault) {
        self.world(|world| world.next_dials.push_back(fault));
    }

    /// Makes every well-formed dial fail this way, until [`Self::heal_dials`].
    pub fn always_dial(&self, fault: DialFault) {
        self.world(|world| world.every_dial = Some(fault));
    }

    /// Undoes everything that was requested for dials.
    pub fn heal_dials(&self) {
        self.world(|world| {
            world.every_dial = None;
            world.next_dials.clear();
        });
    }

    /// Makes a kind of lookup fail this way, until [`Self::heal`].
    pub fn always(&self, lookup: Lookup, fault: Fault) {
        self.world(|world| world.lookup_faults.insert(lookup, fault));
    }

    /// Makes a kind of lookup work again.
    pub fn heal(&self, lookup: Lookup) {
        self.world(|world| world.lookup_faults.remove(&lookup));
    }

    /// Makes the list of conversations answer with this status, until `heal(Lookup::Listing)`.
    pub fn fail_listing(&self, status: StatusCode) {
        self.always(Lookup::Listing, Fault::status(status));
    }

    /// From now on, new conversations can be neither listed nor read: a call's record may lag behind the call.
    pub fn hide_new_conversations(&self) {
        self.world(|world| world.hide_new = true);
    }

    /// Shows all conversations, and new ones immediately.
    pub fn release_conversations(&self) {
        self.world(World::release);
    }

    /// Advances a conversation to `in-progress`, `processing`, `done` or `failed`. False if the id is unknown.
    #[must_use]
    pub fn set_conversation_status(&self, conversation_id: &str, status: &str) -> bool {
        self.world(|world| world.set_status(conversation_id, status))
    }

    /// Adds a number, or moves it to another provider.
    pub fn set_phone_number(&self, phone_number_id: &str, provider: Provider) {
        self.world(|world| world.set_phone_number(phone_number_id, provider));
    }

    /// Sets which overrides the sandbox's agent allows, by path: `agent.prompt.prompt`, `agent.first_message`,
    /// `agent.language`… Initially, these three are allowed.
    pub fn allow_overrides(&self, paths: &[&str]) {
        self.world(|world| world.allow_overrides(paths));
    }

    /// Adds or replaces an agent's record, an object. Its id is the record's `agent_id`.
    pub fn set_agent(&self, record: Value) {
        self.world(|world| world.set_agent(record));
    }

    /// Changes the record of the sandbox's agent.
    pub fn change_agent(&self, change: impl FnOnce(&mut Value)) {
        self.world(|world| world.agents.get_mut(AGENT_ID).map(change));
    }

    /// Changes a number's record. Does nothing if the id is unknown.
    pub fn change_phone_number(&self, phone_number_id: &str, change: impl FnOnce(&mut Value)) {
        self.world(|world| world.phone_numbers.get_mut(phone_number_id).map(|(_, record)| change(record)));
    }

    /// Adds or replaces a tool of the workspace, given the `tool_config` of its record.
    pub fn set_tool(&self, tool_id: &str, config: Value) {
        self.world(|world| world.tools.insert(tool_id.to_owned(), config));
    }

    /// Breaks the sandbox's key from now on; `None` repairs it.
    pub fn set_key_trouble(&self, trouble: impl Into<Option<KeyTrouble>>) {
        self.world(|world| world.key_trouble = trouble.into());
    }

    /// Sets what agents do by themselves in conversations over a WebSocket that start from now on. By default they are
    /// lively.
    pub fn set_agent_manner(&self, manner: AgentManner) {
        self.world(|world| world.agent_setup.manner = manner);
    }

    /// Sets the audio formats of such conversations. If `input` is `None`, it is not announced, and is `pcm_16000`. By
    /// default both are `pcm_16000`.
    pub fn set_audio_formats(&self, input: Option<AudioFormat>, output: AudioFormat) {
        self.world(|world| (world.agent_setup.input, world.agent_setup.output) = (input, output));
    }

    /// Makes the next such conversation fail this way; several calls queue up. A connection with a bad signature uses
    /// none up.
    pub fn next_agent(&self, fault: AgentFault) {
        self.world(|world| world.agent_faults.next.push_back(fault));
    }

    /// Makes every such conversation fail this way, until [`Self::heal_agents`].
    pub fn always_agent(&self, fault: AgentFault) {
        self.world(|world| world.agent_faults.every = Some(fault));
    }

    /// Undoes everything that was requested for future conversations of this kind.
    pub fn heal_agents(&self) {
        self.world(|world| world.agent_faults = AgentFaults::default());
    }

    /// The conversations over a WebSocket so far, including those that are over, oldest first.
    #[must_use]
    pub fn live_conversations(&self) -> Vec<LiveConversation> {
        self.upstream.live.borrow().clone()
    }

    /// Waits until `count` conversations have been opened over a WebSocket, and returns all there are.
    ///
    /// A conversation counts from the upgrade on; what the client has sent may not have arrived yet.
    pub async fn wait_for_live_conversations(&self, count: usize) -> Vec<LiveConversation> {
        wait_until(&self.upstream.live, &format!("{count} talks"), |all| all.len() >= count).await;
        self.live_conversations()
    }

    fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.upstream.world())
    }
}

fn router(upstream: &Arc<Upstream>) -> Router {
    let requests: Recorder = upstream.requests.clone();
    Router::new()
        .route("/v1/convai/twilio/outbound-call", post(outbound_call::twilio))
        .route("/v1/convai/sip-trunk/outbound-call", post(outbound_call::sip_trunk))
        .route("/v1/convai/phone-numbers", get(lookups::phone_numbers))
        .route("/v1/convai/phone-numbers/{phone_number_id}", get(lookups::phone_number))
        .route("/v1/convai/agents/{agent_id}", get(lookups::agent))
        .route("/v1/convai/tools/{tool_id}", get(lookups::tool))
        .route("/v1/convai/conversation/get-signed-url", get(lookups::signed_url))
        .route("/v1/convai/conversation", get(agent_socket::connect))
        .route("/v1/convai/conversations", get(conversations::list))
        .route("/v1/convai/conversations/{conversation_id}", get(conversations::read))
        .fallback(unknown_path)
        .layer(middleware::from_fn_with_state(requests, record))
        .with_state(Arc::clone(upstream))
}

async fn unknown_path(
    State(upstream): State<Arc<Upstream>>,
    Extension(request): Extension<Recorded>,
) -> Response {
    key_refusal(&upstream, &request, None).unwrap_or_else(refusals::unknown_path).into_response()
}
