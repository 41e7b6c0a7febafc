//! Waiting for what a client does.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// How long to wait for something before the test that needs it fails, instead of hanging or going on without.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until what is watched is as wanted.
///
/// # Panics
/// If it is not within 20 seconds.
pub(super) async fn wait_until<T>(
    watched: &watch::Sender<T>,
    wanted: &str,
    is_there: impl FnMut(&T) -> bool,
) {
    let mut changes = watched.subscribe();
    let found = timeout(PATIENCE, changes.wait_for(is_there)).await;
    assert!(found.is_ok(), "waited in vain for {wanted}");
}
