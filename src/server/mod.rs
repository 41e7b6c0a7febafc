//! Accepts connections and serves them, even if clients are slow, silent or too many.
//!
//! `axum::serve` has no limits: a client that sends a byte now and then holds its connection, and the drain, for ever.
//! Here heads and unread answers have time limits, and the number of connections is bounded: a further one takes the
//! place of an idle one. Bodies are limited by the handlers that read them, WebSockets by the talk.

mod connection;
pub(crate) mod open_files;
mod request_body;
mod slots;
mod stall;

use std::sync::Arc;

use axum::Router;
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::slots::ConnectionSlots;
use crate::config::ConnectionLimits;
use crate::telemetry::metrics::ConnectionMetrics;

/// Serves until `draining`, then takes no new connection. Returns when every connection has ended: at once where
/// nothing is being answered or sent, else when it was.
///
/// `files_needed`: what calls and talks open, see [`open_files::needed`].
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    files_needed: u64,
    metrics: ConnectionMetrics,
    draining: CancellationToken,
) {
    let room = open_files::connections(limits.at_most, files_needed);
    let slots = Arc::new(ConnectionSlots::new(room, limits.time_to_ask, metrics));
    let connections = TaskTracker::new();
    loop {
        // axum's listener waits a second where the process has too many open files, and goes on.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = draining.cancelled() => break,
        };
        // Only now, so that nobody is closed for a newcomer who may never come.
        let slot = tokio::select! {
            slot = slots.take() => slot,
            () = draining.cancelled() => break,
        };
        // Answers are small and complete: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let (router, draining) = (router.clone(), draining.clone());
        connections.spawn(connection::serve(stream, peer, router, limits, slot, draining));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}
