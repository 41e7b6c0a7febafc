//! Builds the service from its settings, serves it, drains it.

mod start_report;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::calls::store::{CallStore, StoreError};
use crate::calls::{Calls, Settler};
use crate::clock::{SharedClock, SystemClock};
use crate::config::{Config, ConnectionLimits, Overrides};
use crate::elevenlabs::ElevenLabs;
use crate::hoc::HocClient;
use crate::http::{About, Access, HttpState, TalkPages, router};
use crate::interview::Interview;
use crate::questionnaires::Questionnaires;
use crate::server;
use crate::talk::Talks;
use crate::telemetry::metrics::{ConnectionMetrics, Metrics, RequestMetrics};
use crate::templates::TemplateError;
use crate::upstream;

/// Keeps a settler that panics again and again from hogging the processor.
const PAUSE_AFTER_PANIC: Duration = Duration::from_secs(1);

/// How long the store may take to give leases back at the end.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Why the service cannot be built.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The call store cannot be opened.
    #[error("the call store cannot be opened (DATABASE_URL): {0}")]
    Store(#[from] StoreError),
    /// The HTTP client for the upstreams cannot start.
    #[error("the HTTP client cannot start; are the system's root certificates (ca-certificates) installed?")]
    HttpClient(#[source] upstream::ClientError),
    /// TLS for the agent's WebSocket cannot start.
    #[error("TLS cannot start; are the system's root certificates (ca-certificates) installed?")]
    Tls(#[source] rustls::Error),
}

/// The service, ready to serve.
#[derive(Debug)]
pub struct App {
    router: Router,
    calls: Arc<Calls>,
    talks: Arc<Talks>,
    connections: ConnectionLimits,
    files_needed: u64,
    connection_metrics: ConnectionMetrics,
    overrides: Overrides,
    shutdown_grace: Duration,
    /// Where calls are recorded, as the log tells it.
    record: String,
}

impl App {
    /// Builds everything that can fail before a port is opened.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn build(config: &Config) -> Result<Self, BuildError> {
        Self::build_with(config, Arc::new(SystemClock)).await
    }

    /// As [`App::build`], with a clock of the caller's.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn build_with(config: &Config, clock: SharedClock) -> Result<Self, BuildError> {
        // First, because checking the templates takes memory that the rest then uses again.
        let interview = Interview::load(config.templates_dir.as_deref())?;
        let http = upstream::client().map_err(BuildError::HttpClient)?;
        let pages = TalkPages::load(
            config.templates_dir.as_deref(),
            config.talk.privacy_url.clone(),
            config.http.public_base_url.as_ref(),
        )?;
        let tls = upstream::tls().map_err(BuildError::Tls)?;
        let hoc = HocClient::new(http.clone(), &config.hoc);
        let hoc_metrics = hoc.metrics.clone();
        let calls = Arc::new(Calls::new(
            config,
            Questionnaires::new(hoc, &config.hoc, Arc::clone(&clock)),
            ElevenLabs::new(http, tls, &config.elevenlabs),
            interview,
            CallStore::open(&config.store.url).await?,
            Arc::clone(&clock),
        ));
        let talks = Arc::new(Talks::new(Arc::clone(&calls), config.talk.clone()));
        let requests = RequestMetrics::default();
        let connection_metrics = ConnectionMetrics::default();
        let metrics = Metrics::of(&[
            &connection_metrics,
            &requests,
            &calls.metrics,
            &hoc_metrics,
            &calls.elevenlabs.metrics,
            &calls.store.metrics,
            &talks.metrics,
        ]);
        let state = HttpState {
            calls: Arc::clone(&calls),
            triggers: Arc::new(config.triggers.clone()),
            talks: Arc::clone(&talks),
            pages: Arc::new(pages),
            about: Arc::new(About::of(config)),
            clock,
            metrics: Arc::new(metrics),
        };
        let router = router(state, Access::new(config, requests.clone()), requests);
        Ok(Self {
            router,
            calls,
            talks,
            connections: config.connections,
            files_needed: server::open_files::needed(config.dials.at_once, config.talk.max_talks),
            connection_metrics,
            overrides: config.elevenlabs.overrides,
            shutdown_grace: config.shutdown_grace,
            record: config.store.url.to_string(),
        })
    }

    /// Logs where calls are recorded, and whether there are any yet: the first question when a candidate was called
    /// twice. It does not wait for a database that is down.
    pub(crate) fn tell_record(&self) {
        tokio::spawn(start_report::tell_record(Arc::clone(&self.calls), self.record.clone()));
    }

    /// Serves until `stop` is done, then takes no new connection and finishes what is in flight, for at most the
    /// shutdown grace. Talks go on until it is nearly over.
    ///
    /// # Errors
    /// When the task that accepts connections panicked, which would be a bug.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()> + Send) -> io::Result<()> {
        let draining = CancellationToken::new();
        let server = server::serve(
            listener,
            self.router,
            self.connections,
            self.files_needed,
            self.connection_metrics,
            draining.clone(),
        );
        let mut server = tokio::spawn(server);
        let settling = CancellationToken::new();
        let settler = tokio::spawn(keep_settling(Arc::clone(&self.calls), settling.clone()));
        tokio::spawn(start_report::warn_of_refused_overrides(Arc::clone(&self.calls), self.overrides));
        tokio::spawn(start_report::warn_of_unreadable_conversations(Arc::clone(&self.calls)));
        tokio::select! {
            ended = &mut server => return ended.map_err(io::Error::other),
            () = stop => {}
        }
        drain(&self.calls, &self.talks, self.shutdown_grace, server, &draining).await?;
        settling.cancel();
        // The store may be the reason for the stop, so it is not waited for long.
        let _ = tokio::time::timeout(LAST_WORDS, settler).await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Takes no new connection any more, and finishes what is in flight, for at most `grace`.
async fn drain(
    calls: &Calls,
    talks: &Talks,
    grace: Duration,
    server: JoinHandle<()>,
    draining: &CancellationToken,
) -> io::Result<()> {
    tracing::info!(
        calls_in_flight = calls.in_flight(),
        talks = talks.live(),
        "stopping: no new connections, finishing what is in flight"
    );
    draining.cancel();
    calls.close();
    talks.close(grace);
    let drained = async {
        let ended = server.await;
        // Last, because a request that came in time may have begun a call while the others were finished.
        calls.wait().await;
        talks.wait().await;
        ended
    };
    match tokio::time::timeout(grace, drained).await {
        Ok(ended) => ended.map_err(io::Error::other),
        Err(_elapsed) => {
            tell_unfinished(calls.in_flight(), talks.live());
            Ok(())
        }
    }
}

/// What the shutdown grace was too short for.
fn tell_unfinished(calls_in_flight: usize, talks: usize) {
    match (calls_in_flight, talks) {
        (0, 0) => tracing::warn!("stopped while a caller had not sent its request, or not read its answer"),
        (0, _) => tracing::warn!(talks, "stopped before every talk had said goodbye"),
        _ => tracing::error!(
            calls_in_flight,
            talks,
            "stopped before every call in flight was finished; raise SHUTDOWN_GRACE"
        ),
    }
}

/// Settles until `stop`; a panic, which would be a bug, does not end it.
async fn keep_settling(calls: Arc<Calls>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let settler = tokio::spawn(Settler::new(Arc::clone(&calls)).run(stop.clone()));
        if settler.await.is_ok() {
            return;
        }
        tokio::time::sleep(PAUSE_AFTER_PANIC).await;
    }
}
