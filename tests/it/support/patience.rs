//! Waiting for what must come, without hanging if it does not.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// How long a test waits for something that must come before it fails, instead of hanging.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait before another attempt.
const PAUSE: Duration = Duration::from_millis(20);

/// Tries again and again, until an attempt brings something. Fails with this message if none does.
pub(crate) async fn until<T, F>(otherwise: &str, mut attempt: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let trying = async {
        loop {
            if let Some(found) = attempt().await {
                break found;
            }
            sleep(PAUSE).await;
        }
    };
    timeout(PATIENCE, trying).await.unwrap_or_else(|_| panic!("{otherwise}"))
}
