//! A candidate who was sent a link and sits in front of a browser.

use sellcruiting_webhook::sandbox::{AgentManner, LiveConversation};
use serde_json::Value;

use super::chromium::{Chromium, Microphone};
use super::tab::{Look, Tab};
use crate::support::{Setup, TestApp, link};

pub(crate) struct Candidate {
    pub(crate) app: TestApp,
    pub(crate) browser: Chromium,
    /// The link, pointing to the test's service.
    pub(crate) link: String,
}

impl Candidate {
    /// Starts browser and service, and makes a link as HOC does. `None`, with a line that says so, if there is no
    /// browser.
    pub(crate) async fn invited(microphone: Microphone) -> Option<Self> {
        Self::invited_to(Setup::new().await, &link(), microphone).await
    }

    /// The same with these settings and for this trigger.
    pub(crate) async fn invited_to(setup: Setup, trigger: &Value, microphone: Microphone) -> Option<Self> {
        Some(Self::with(Chromium::start(microphone).await?, setup, trigger).await)
    }

    /// The same without another browser at the same time, to measure sound.
    pub(crate) async fn invited_alone(setup: Setup, microphone: Microphone) -> Option<Self> {
        Some(Self::with(Chromium::start_alone(microphone).await?, setup, &link()).await)
    }

    async fn with(browser: Chromium, setup: Setup, trigger: &Value) -> Self {
        let app = setup.start().await;
        let link = own_link(&app, trigger).await;
        Self { app, browser, link }
    }

    /// Opens the link and waits until the talk can start.
    pub(crate) async fn opens_link(&self, look: Look) -> Tab {
        let tab = self.browser.tab(look).await;
        tab.measure_sound().await;
        tab.open(&self.link).await;
        tab.sees("welcome").await;
        tab.until("!document.querySelector('#start').disabled").await;
        tab
    }

    /// Starts the talk and waits until both sides are there. Its agent does only what the test tells it.
    pub(crate) async fn begins_talk(&self, tab: &Tab) -> LiveConversation {
        let elevenlabs = &self.app.sandbox.elevenlabs;
        elevenlabs.set_agent_manner(AgentManner::Scripted);
        let before = elevenlabs.live_conversations().len();
        tab.press("#start").await;
        let mut talks = elevenlabs.wait_for_live_conversations(before + 1).await;
        assert_eq!(talks.len(), before + 1, "no talk begins; the page says: {}", tab.text().await);
        tab.reads("Susi hört Ihnen zu").await;
        talks.pop().expect("a talk")
    }
}

/// The page of a new link at the test's service. (The link itself names the public address.)
pub(crate) async fn own_link(app: &TestApp, trigger: &Value) -> String {
    format!("{}/talk/{}", app.url, app.invite_to(trigger).await.token)
}
