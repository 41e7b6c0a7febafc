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
    app.tell_record();
    if let Some(advice) = config.templates_dir.as_deref().and_then(templates::advice) {
        tracing::warn!(setting = "TEMPLATES_DIR", "{advice}");
    }
    for ConfigWarning { setting, advice } in &config.warnings {
        tracing::warn!(setting = &**setting, "{advice}");
    }
    let served = app.serve(listener, stop).await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    Ok(served?)
}

/// Completes at the first SIGTERM (how Render stops a service), SIGINT (Ctrl-C) or SIGHUP (the terminal or the
/// connection to the machine is gone). Unhandled, each would end the process at once, with calls in flight; SIGQUIT
/// still does.
pub(super) fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Whoever starts it with nohup wants it to outlive the terminal.
    let mut hangup = if ignores_hangup() { None } else { Some(signal(SignalKind::hangup())?) };
    let hung_up = async move {
        match &mut hangup {
            Some(hangup) => hangup.recv().await,
            None => std::future::pending().await,
        }
    };
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hung_up => {}
        }
    })
}

fn ignores_hangup() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| is_hangup_ignored(&status))
}

/// `SigIgn` is a bit mask whose lowest bit stands for signal 1 (`proc_pid_status(5)`).
fn is_hangup_ignored(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_that_whoever_started_it_ignores_stays_ignored() {
        assert!(is_hangup_ignored("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n"));
        assert!(!is_hangup_ignored("Name:\tx\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n"));
        assert!(!is_hangup_ignored(""));
    }
}
