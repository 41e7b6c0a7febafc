//! Collects what a talk's log line shows: how long it lasted, how much was relayed and why it ended, but nothing that
//! was said. Its end is counted with the line, whatever ends it.

use std::time::Duration;

use tokio::time::Instant;

use super::agent::Agent;
use super::browser::Browser;
use super::end::End;
use super::line::Gone;
use crate::domain::{CampaignId, ConversationId};
use crate::invitations::Invitation;
use crate::telemetry::metrics::TalkMetrics;
use crate::telemetry::milliseconds;

/// What was relayed in one direction.
#[derive(Debug, Default)]
pub(super) struct Carried {
    frames: u64,
    bytes: u64,
}

impl Carried {
    /// Counts one frame of this many bytes of PCM.
    pub(super) fn count(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes as u64;
    }
}

/// Collects the fields of the log line.
#[derive(Debug)]
pub(super) struct Tally {
    link_id: String,
    campaign_id: CampaignId,
    began: Instant,
    /// How long it took to connect the agent.
    setup: Option<Duration>,
    conversation_id: Option<ConversationId>,
    pub(super) from_browser: Carried,
    pub(super) from_agent: Carried,
    pub(super) interruptions: u64,
    unreadable: u64,
    /// What is known about the agent's connection if it ended in trouble; see [`super::agent::Agent`].
    agent_error_code: Option<i64>,
    agent_close_code: Option<u16>,
    agent_gone: Option<&'static str>,
    browser_gone: Option<&'static str>,
    is_logged: bool,
    metrics: TalkMetrics,
}

impl Tally {
    pub(super) fn start(invitation: &Invitation, metrics: TalkMetrics) -> Self {
        Self {
            link_id: invitation.link_id.to_string(),
            campaign_id: invitation.trigger.campaign_id,
            began: Instant::now(),
            setup: None,
            conversation_id: None,
            from_browser: Carried::default(),
            from_agent: Carried::default(),
            interruptions: 0,
            unreadable: 0,
            agent_error_code: None,
            agent_close_code: None,
            agent_gone: None,
            browser_gone: None,
            is_logged: false,
            metrics,
        }
    }

    /// The agent has joined.
    pub(super) fn connected(&mut self, conversation_id: &ConversationId) {
        self.setup = Some(self.began.elapsed());
        self.conversation_id = Some(conversation_id.clone());
        tracing::info!(call_id = self.link_id, conversation_id = conversation_id.as_str(), "talk began");
    }

    /// Records how each connection ended.
    pub(super) fn ended(&mut self, browser: &Browser, agent: Option<&Agent>) {
        self.browser_gone = browser.gone.map(Gone::code);
        let Some(agent) = agent else { return };
        self.unreadable = agent.unreadable;
        self.agent_error_code = agent.error_code;
        self.agent_close_code = agent.close_code;
        self.agent_gone = agent.gone.map(Gone::code);
    }

    /// How long the talk has lasted so far.
    fn lasted(&self) -> Duration {
        self.began.elapsed()
    }

    /// Writes the log line, and counts the end.
    pub(super) fn log(&mut self, end: End) {
        self.is_logged = true;
        self.metrics.ended(end.code(), self.lasted());
        // One macro call per level: tracing fixes the level of a log line at compile time.
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    mode = "talk",
                    campaign_id = self.campaign_id.get(),
                    call_id = self.link_id,
                    conversation_id = self.conversation_id.as_ref().map(ConversationId::as_str),
                    outcome = end.code(),
                    setup_ms = self.setup.map(milliseconds),
                    duration_ms = milliseconds(self.lasted()),
                    frames_in = self.from_browser.frames,
                    bytes_in = self.from_browser.bytes,
                    frames_out = self.from_agent.frames,
                    bytes_out = self.from_agent.bytes,
                    interruptions = self.interruptions,
                    unreadable_frames = self.unreadable,
                    agent_error_code = self.agent_error_code,
                    agent_close_code = self.agent_close_code,
                    agent_gone = self.agent_gone,
                    browser_gone = self.browser_gone,
                    "talk ended"
                )
            };
        }
        match end {
            End::Agent
            | End::Candidate
            | End::Left
            | End::TooLong
            | End::Idle
            | End::Shutdown
            | End::TakenOver => line!(info),
            End::Aborted => line!(error),
            End::Vanished | End::Busy | End::Unavailable | End::LostAgent | End::BrokenRules => line!(warn),
        }
    }
}

/// Every talk gets its log line, whatever ends it, even a panic.
impl Drop for Tally {
    fn drop(&mut self) {
        if !self.is_logged {
            self.log(End::Aborted);
        }
    }
}

#[cfg(test)]
mod tests;
