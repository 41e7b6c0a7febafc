//! `healthcheck`: for the container, so that its image needs no curl.

use std::error::Error;
use std::time::Duration;

use crate::config;
use crate::upstream;

/// Well below the interval at which containers are checked.
const TIMEOUT: Duration = Duration::from_secs(3);

pub(super) async fn healthcheck() -> Result<(), Box<dyn Error>> {
    let url = format!("http://127.0.0.1:{}/webhook/health", config::local_port()?);
    let answer =
        upstream::client()?.get(&url).timeout(TIMEOUT).send().await.map_err(reqwest::Error::without_url)?;
    if !answer.status().is_success() {
        return Err(format!("the service answered {}", answer.status()).into());
    }
    println!("healthy");
    Ok(())
}
