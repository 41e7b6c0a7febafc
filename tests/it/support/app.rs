//! The service, within the test's own process.

use std::io;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use sellcruiting_webhook::app::App;
use sellcruiting_webhook::config::Config;
use sellcruiting_webhook::sandbox::{Conversation, Recorded, Sandbox};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::caller::Caller;
use super::clock::ManualClock;
use super::database::TestDatabase;
use super::settings::{Settings, settings};

/// How long shutting down may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A service about to be started, whose upstreams are already running.
pub(crate) struct Setup {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clock: ManualClock,
    pub(super) settings: Settings,
    pub(super) dotenv: Option<String>,
    adjust: Box<dyn Fn(&mut Config) + Send + Sync>,
}

/// A running service, its upstreams, and a client. Everything ends when this is dropped, except upstreams that others
/// use, too.
pub(crate) struct TestApp {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clock: ManualClock,
    caller: Caller,
    stop: CancellationToken,
    serving: JoinHandle<io::Result<()>>,
    /// The service's own runtime, so that it can be killed in the middle of anything.
    runtime: Option<Runtime>,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let settings = settings(&sandbox);
        Self {
            sandbox: Arc::new(sandbox),
            clock: ManualClock::default(),
            settings,
            dotenv: None,
            adjust: Box::new(|_| {}),
        }
    }

    /// Sets a setting.
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.insert(name, value.into());
        self
    }

    /// Records calls in this database.
    pub(crate) fn on(self, database: &TestDatabase) -> Self {
        self.set("DATABASE_URL", database.url())
    }

    /// Removes a setting.
    pub(crate) fn unset(mut self, name: &'static str) -> Self {
        self.settings.remove(name);
        self
    }

    /// Writes this text to `.env` in the binary's working directory.
    pub(crate) fn dotenv(mut self, text: impl Into<String>) -> Self {
        self.dotenv = Some(text.into());
        self
    }

    /// Changes something that is not a setting, such as a deadline that no test should wait for.
    pub(crate) fn adjust(mut self, adjust: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        self.adjust = Box::new(adjust);
        self
    }

    /// Starts the service on a free port.
    pub(crate) async fn start(self) -> TestApp {
        self.instance().await
    }

    /// Starts another instance, with the same upstreams and the same clock.
    pub(crate) async fn instance(&self) -> TestApp {
        let mut config = Config::from_pairs(self.environment()).unwrap();
        // No test should wait long for an outcome that nobody can know.
        config.store.duplicates.unknown_patience = Duration::from_millis(1_200);
        (self.adjust)(&mut config);
        let (stop, clock) = (CancellationToken::new(), Arc::new(self.clock.clone()));
        let stopped = stop.clone().cancelled_owned();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let started = runtime.spawn(async move {
            let app = App::build_with(&config, clock).await.unwrap();
            let listener = TcpListener::bind((config.http.host.as_str(), config.http.port)).await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            (url, tokio::spawn(app.serve(listener, stopped)))
        });
        let (url, serving) = started.await.unwrap();
        TestApp {
            sandbox: Arc::clone(&self.sandbox),
            clock: self.clock.clone(),
            caller: Caller::new(url),
            stop,
            serving,
            runtime: Some(runtime),
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl TestApp {
    /// Starts a service with the default settings.
    pub(crate) async fn start() -> Self {
        Setup::new().await.start().await
    }

    /// A separate client, for a separate task.
    pub(crate) fn caller(&self) -> Caller {
        self.caller.clone()
    }

    /// Ends it as `kill -9` would: whatever it was doing stops right there. Returns once nothing of it is left.
    pub(crate) async fn kill(mut self) {
        let runtime = self.runtime.take().unwrap();
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(PATIENCE)).await.unwrap();
    }

    /// Stops it as SIGTERM would. Returns once it has ended.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, &mut self.serving).await;
        ended.expect("it ends").unwrap().unwrap();
    }

    /// The only dial so far.
    #[track_caller]
    pub(crate) fn only_dial(&self) -> Recorded {
        let [dial] = self.sandbox.elevenlabs.dials().try_into().expect("exactly one dial");
        dial
    }

    /// The only conversation so far. It must not have failed.
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

    /// Fails if any upstream was asked anything for a trigger. (The agent's record and the list of conversations are
    /// read at every start.)
    #[track_caller]
    pub(crate) fn assert_nothing_asked(&self) {
        assert_eq!(self.sandbox.hoc.requests(), []);
        let at_start =
            |path: &str| path.starts_with("/v1/convai/agents/") || path == "/v1/convai/conversations";
        let asked = self.sandbox.elevenlabs.requests();
        let asked: Vec<_> = asked.iter().filter(|request| !at_start(&request.path)).collect();
        assert!(asked.is_empty(), "{asked:?}");
    }

    /// How often a telephone number's record was looked up.
    pub(crate) fn number_lookups(&self) -> usize {
        self.lookups("/v1/convai/phone-numbers/")
    }

    /// How often the list of conversations was requested.
    pub(crate) fn list_requests(&self) -> usize {
        self.lookups("/v1/convai/conversations")
    }

    fn lookups(&self, path: &str) -> usize {
        let requests = self.sandbox.elevenlabs.requests();
        let is_lookup = |request: &&Recorded| request.method == Method::GET && request.path.starts_with(path);
        requests.iter().filter(is_lookup).count()
    }
}

impl Deref for TestApp {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}
