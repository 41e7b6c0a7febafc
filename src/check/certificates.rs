//! The system's root certificates, without which no upstream can be asked.

use std::sync::Arc;

use reqwest::Client;
use rustls::ClientConfig;

use super::Finding;
use crate::upstream;

/// What the other checks ask with.
pub(super) fn clients() -> Result<(Client, Arc<ClientConfig>), Finding> {
    let (Ok(http), Ok(tls)) = (upstream::client(), upstream::tls()) else {
        return Err(Finding::failed(
            "certificates",
            "no upstream can be asked: install the system's root certificates (ca-certificates)",
        ));
    };
    Ok((http, tls))
}
