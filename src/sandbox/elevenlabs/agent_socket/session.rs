//! One connection, from the upgrade to its end.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::ws::WebSocket;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::super::start_rules::{POLICY_VIOLATION, campaign_id, failure, first_message};
use super::super::world::{Conversation, Upstream};
use super::audio_format::AudioFormat;
use super::conversing::Conversing;
use super::faults::{self, AgentFault};
use super::interviewer::Line;
use super::live::LiveConversation;
use super::signed_urls::SignedUrl;
use super::wire::{Ending, Step, Wire};
use super::{Setup, client_frames, events};

/// Holds the conversation until it is over.
pub(super) async fn hold(
    socket: WebSocket,
    upstream: Arc<Upstream>,
    ticket: SignedUrl,
    fault: Option<AgentFault>,
) {
    let setup = upstream.world().agent_setup;
    let (live, orders) = LiveConversation::new(setup.output);
    upstream.live.send_modify(|all| all.push(live.clone()));
    let stop: CancellationToken = upstream.stop.clone();
    let mut session = Session { wire: Wire::new(socket, live.clone(), orders), upstream, ticket, setup };
    let ending = tokio::select! {
        Err(ending) = session.converse(fault) => ending,
        () = stop.cancelled() => Ending::Drop,
    };
    let end = session.wire.end(ending).await;
    if let Some(conversation_id) = live.conversation_id() {
        session.upstream.world().finish(&conversation_id);
    }
    live.note_end(end);
}

struct Session {
    wire: Wire,
    upstream: Arc<Upstream>,
    ticket: SignedUrl,
    setup: Setup,
}

impl Session {
    async fn converse(&mut self, fault: Option<AgentFault>) -> Result<Infallible, Ending> {
        let client_data = self.initiation().await?;
        let fault = fault.or_else(|| faults::of(campaign_id(&client_data)?));
        if let Some(AgentFault::Refuses { error, code, reason }) = fault {
            if let Some(error) = error {
                self.wire.send(&error).await?;
            }
            return Err(Ending::Close { code, reason });
        }
        let (conversation_id, greeting) = self.begin(&client_data)?;
        match &fault {
            Some(AgentFault::Silent) => return self.wire.keep_silent().await,
            Some(AgentFault::InsteadOfMetadata(event)) => {
                self.wire.send(event).await?;
                return self.wire.keep_silent().await;
            }
            _ => {}
        }
        let Setup { manner, input, output } = self.setup;
        self.wire.send(&events::metadata(&conversation_id, input, output)).await?;
        self.upstream.world().set_status(&conversation_id, "in-progress");
        // What clients of the protocol assume if it is not announced.
        let input = input.unwrap_or(AudioFormat::Pcm16000);
        let mut conversing = Conversing::new(&mut self.wire, manner, input, output);
        match fault {
            Some(AgentFault::HangsUp) => conversing.say(Line::goodbye()).await?,
            Some(AgentFault::Lost { after }) => {
                conversing.drop_after(after);
                conversing.greet(greeting).await?;
            }
            _ => conversing.greet(greeting).await?,
        }
        conversing.go_on().await
    }

    /// Reads the first frame and returns it without its type.
    async fn initiation(&mut self) -> Result<Value, Ending> {
        let text = loop {
            if let Step::Text(text) = self.wire.step(None).await? {
                break text;
            }
        };
        let frame = client_frames::initiation(&text).map_err(|problem| self.wire.mistake(problem))?;
        self.wire.live.note_frame(frame.clone());
        let mut client_data = frame;
        if let Some(members) = client_data.as_object_mut() {
            members.remove("type");
        }
        Ok(client_data)
    }

    /// Records the conversation. Returns its id and the agent's opening, unless the agent's settings prevent the start.
    fn begin(&self, client_data: &Value) -> Result<(String, String), Ending> {
        let now = (self.upstream.now)();
        let mut world = self.upstream.world();
        let agent = world.agents.get(&self.ticket.agent_id).cloned().unwrap_or_default();
        let number = world.conversations.len() + 1;
        let own_id = || format!("conv_sandbox_{number:04}");
        let mut conversation = Conversation {
            conversation_id: self.ticket.conversation_id.clone().unwrap_or_else(own_id),
            agent_id: self.ticket.agent_id.clone(),
            phone_call: None,
            status: "initiated".to_owned(),
            termination_reason: String::new(),
            error_code: None,
            start_time_unix_secs: now,
            client_data: client_data.clone(),
            visible: !world.hide_new,
        };
        let failure = failure(&agent, client_data);
        if let Some(reason) = &failure {
            conversation.fail(reason, POLICY_VIOLATION);
        }
        let conversation_id = conversation.conversation_id.clone();
        self.wire.live.note_conversation(&conversation_id);
        world.conversations.push(conversation);
        match failure {
            Some(reason) => Err(Ending::Close { code: POLICY_VIOLATION, reason }),
            None => Ok((conversation_id, first_message(&agent, client_data))),
        }
    }
}
