//! What is asked about the addresses in the settings.

use std::net::IpAddr;

use reqwest::Url;

/// Whether paths can be added to the address.
pub(super) fn is_base_url(url: &Url) -> bool {
    is_web_address(url) && url.query().is_none() && url.fragment().is_none()
}

/// Whether the address is one that may be shown, without user and password.
pub(super) fn is_web_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
}

/// Whether only this machine reaches the address. Nothing travels there, and browsers give a page the microphone also
/// without TLS (W3C Secure Contexts, 3.1).
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_some_and(|address| address.is_loopback())
}
