//! `healthcheck`: lets the container check itself, so that its image needs no curl.

use std::error::Error;
use std::time::Duration;

use crate::config;
use crate::upstream;

/// Well below the usual interval of container health checks.
const TIMEOUT: Duration = Duration::from_secs(3);

pub(super) async fn healthcheck() -> Result<(), Box<dyn Error>> {
    let (host, port) = config::local_address()?;
    let url = format!("http://{host}:{port}/webhook/health");
    let answer = upstream::client()?.get(&url).timeout(TIMEOUT).send().await.map_err(|error| {
        let trouble = if error.is_connect() { "nothing listens" } else { "no answer in time" };
        format!("{trouble} at {host}:{port} (HOST, PORT) on this machine")
    })?;
    if !answer.status().is_success() {
        return Err(format!("the service answered {}", answer.status()).into());
    }
    println!("healthy");
    Ok(())
}
