//! The service in the test's own process.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use sellcruiting_webhook::app::App;
use sellcruiting_webhook::config::Config;
use sellcruiting_webhook::sandbox::{Conversation, Recorded, Sandbox};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::caller::Caller;
use super::clock::FixedClock;
use super::settings::{Settings, settings};

/// A service that is about to be started, with its upstreams running already.
pub(crate) struct Setup {
    pub(crate) sandbox: Sandbox,
    pub(super) settings: Settings,
    pub(super) dotenv: Option<String>,
    adjust: Box<dyn FnOnce(&mut Config)>,
}

/// A running service, its upstreams, and a client. It stops when it is dropped.
pub(crate) struct TestApp {
    pub(crate) sandbox: Sandbox,
    caller: Caller,
    _stop: DropGuard,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let settings = settings(&sandbox);
        Self { sandbox, settings, dotenv: None, adjust: Box::new(|_| {}) }
    }

    /// Sets a setting.
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.insert(name, value.into());
        self
    }

    /// Leaves a setting out.
    pub(crate) fn unset(mut self, name: &'static str) -> Self {
        self.settings.remove(name);
        self
    }

    /// Puts this text into the file `.env` of the binary's working directory.
    pub(crate) fn dotenv(mut self, text: impl Into<String>) -> Self {
        self.dotenv = Some(text.into());
        self
    }

    /// Changes what is no setting, such as a deadline that no test should wait for.
    pub(crate) fn adjust(mut self, adjust: impl FnOnce(&mut Config) + 'static) -> Self {
        self.adjust = Box::new(adjust);
        self
    }

    /// Starts the service on a free port.
    pub(crate) async fn start(self) -> TestApp {
        let mut config = Config::from_pairs(self.environment()).unwrap();
        // No test waits for an outcome that nobody can tell.
        config.store.unknown_patience = Duration::from_millis(1_200);
        (self.adjust)(&mut config);
        let app = App::build_with(&config, Arc::new(FixedClock)).await.unwrap();
        let listener = TcpListener::bind((config.http.host.as_str(), config.http.port)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        tokio::spawn(app.serve(listener, stop.clone().cancelled_owned()));
        TestApp { sandbox: self.sandbox, caller: Caller::new(url), _stop: stop.drop_guard() }
    }
}

impl TestApp {
    /// Starts a service with the usual settings.
    pub(crate) async fn start() -> Self {
        Setup::new().await.start().await
    }

    /// The only dial there was.
    #[track_caller]
    pub(crate) fn only_dial(&self) -> Recorded {
        let [dial] = self.sandbox.elevenlabs.dials().try_into().expect("exactly one dial");
        dial
    }

    /// The only conversation there was; it must not have failed.
    #[track_caller]
    pub(crate) fn only_conversation(&self) -> Conversation {
        let [conversation] = self.sandbox.elevenlabs.conversations().try_into().expect("one conversation");
        assert_eq!(conversation.status, "initiated", "{}", conversation.termination_reason);
        conversation
    }

    /// A variable of the only call.
    #[track_caller]
    pub(crate) fn variable(&self, name: &str) -> Value {
        let conversation = self.only_conversation();
        conversation.dynamic_variable(name).unwrap_or_else(|| panic!("no variable {name}")).clone()
    }

    /// Fails unless nothing was asked of anyone for a trigger. (The agent's record and the list of conversations are read
    /// at every start.)
    #[track_caller]
    pub(crate) fn assert_nothing_asked(&self) {
        assert_eq!(self.sandbox.hoc.requests(), []);
        let at_start =
            |path: &str| path.starts_with("/v1/convai/agents/") || path == "/v1/convai/conversations";
        let asked = self.sandbox.elevenlabs.requests();
        let asked: Vec<_> = asked.iter().filter(|request| !at_start(&request.path)).collect();
        assert!(asked.is_empty(), "{asked:?}");
    }

    /// How often the record of a telephone number was looked up.
    pub(crate) fn number_lookups(&self) -> usize {
        let requests = self.sandbox.elevenlabs.requests();
        let is_lookup = |request: &&Recorded| {
            request.method == Method::GET && request.path.starts_with("/v1/convai/phone-numbers/")
        };
        requests.iter().filter(is_lookup).count()
    }
}

impl Deref for TestApp {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}
