//! A talk over the page's WebSocket: who may begin one, what is relayed, and how it ends on both sides.

mod abuse;
mod audio;
mod conversation;
mod ends;
mod log;
mod pacing;
mod secrets;
mod session;
mod stopping;
mod trouble;

use sellcruiting_webhook::sandbox::{AgentManner, LiveConversation};

use crate::support::{Page, Setup, TestApp};

/// Upstreams with an agent that does only what it is told.
async fn scripted() -> Setup {
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    setup
}

/// A talk with such an agent.
async fn talk() -> (TestApp, Page, LiveConversation) {
    talk_with(scripted().await).await
}

/// A talk at a service of its own.
async fn talk_with(setup: Setup) -> (TestApp, Page, LiveConversation) {
    let app = setup.start().await;
    let (page, agent) = app.invite().await.talk(&app.sandbox.elevenlabs).await;
    (app, page, agent)
}
