//! `serve`: the service as it runs in production.

use std::error::Error;

use tokio::net::TcpListener;

use crate::app::App;
use crate::config::{Config, ConfigWarning};
use crate::telemetry::{self, Traces};
use crate::templates;

pub(super) async fn serve() -> Result<(), Box<dyn Error>> {
    let config = Config::load()?;
    let traces = config.traces.as_ref().map(Traces::start).transpose()?;
    telemetry::init(&config.log, traces.as_ref())?;
    let app = App::build(&config).await?;
    let stop = stop_signal()?;
    let address = (config.http.host.as_str(), config.http.port);
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {}:{} (HOST, PORT): {error}", address.0, address.1))?;
    tracing::info!(address = %listener.local_addr()?, version = env!("CARGO_PKG_VERSION"), "listening");
    app.tell_record(&config.store.url);
    if let Some(advice) = config.templates_dir.as_deref().and_then(templates::advice) {
        tracing::warn!(setting = "TEMPLATES_DIR", "{advice}");
    }
    for ConfigWarning { setting, advice } in &config.warnings {
        tracing::warn!(setting, "{advice}");
    }
    let served = app.serve(listener, stop).await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    Ok(served?)
}

/// Done at the first SIGTERM (how Render stops a service) or SIGINT (Ctrl-C).
pub(super) fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
