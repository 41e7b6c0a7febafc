//! Where the service listens, how it is reached, and who may call it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;
use super::reader::Reader;
use super::sources::RawSettings;

/// Where the service listens and who may call it.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// `HOST` (`0.0.0.0`).
    pub host: String,
    /// `PORT` (8080).
    pub port: u16,
    /// `WEBHOOK_API_KEY`: the keys that HOC may use, never empty.
    pub api_keys: Vec<SecretString>,
    /// `TRUSTED_PROXIES` (0; at most 10): how many proxies stand in front of the service and are trusted to append to
    /// `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// `METRICS_TOKEN`: the keys that `GET /metrics` asks for. None: there is no such path.
    pub metrics_tokens: Vec<SecretString>,
    /// `PUBLIC_BASE_URL`, else `RENDER_EXTERNAL_URL`: where candidates reach this service. Always set where
    /// links lead to [`LinkPage::Own`](super::LinkPage::Own).
    pub public_base_url: Option<Url>,
}

impl HttpConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        let http = Self {
            host: host(raw),
            port: port(reader, raw),
            api_keys: required_keys(reader, "WEBHOOK_API_KEY", raw.webhook_api_key.as_deref()),
            trusted_proxies: reader.count("TRUSTED_PROXIES", raw.trusted_proxies.as_deref(), 0..=10, 0),
            metrics_tokens: keys(reader, "METRICS_TOKEN", raw.metrics_token.as_deref()),
            public_base_url: reader
                .url("PUBLIC_BASE_URL", raw.public_base_url.as_deref())
                .or_else(|| reader.url("RENDER_EXTERNAL_URL", raw.render_external_url.as_deref())),
        };
        if http.metrics_token_calls() {
            reader.note(
                "METRICS_TOKEN",
                "must be no key of WEBHOOK_API_KEY: whoever reads the metrics could call candidates",
            );
        }
        http
    }

    fn metrics_token_calls(&self) -> bool {
        let is_key = |token: &SecretString| {
            self.api_keys.iter().any(|key| key.expose_secret() == token.expose_secret())
        };
        self.metrics_tokens.iter().any(is_key)
    }
}

/// Host and port at which a service on this machine answers, for the health check inside the container.
///
/// # Errors
/// When `PORT` is not a port.
pub fn local_address() -> Result<(String, u16), ConfigError> {
    let raw = RawSettings::load()?;
    let mut reader = Reader::with(&raw.faults);
    let address = (local_host(&raw), port(&mut reader, &raw));
    reader.finish(address)
}

/// `HOST`, an IPv6 address without the brackets it may be written in.
fn host(raw: &RawSettings) -> String {
    let Some(host) = raw.host.as_deref() else { return "0.0.0.0".to_owned() };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bare.filter(|address| address.parse::<Ipv6Addr>().is_ok()).unwrap_or(host).to_owned()
}

/// `HOST` as it is written in a URL. Where it means all addresses, the loopback address.
fn local_host(raw: &RawSettings) -> String {
    let host = host(raw);
    match host.parse() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => format!("[{}]", Ipv6Addr::LOCALHOST),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => host,
    }
}

fn port(reader: &mut Reader, raw: &RawSettings) -> u16 {
    const DEFAULT: u16 = 8080;
    let Some(value) = &raw.port else { return DEFAULT };
    value.parse().unwrap_or_else(|_| {
        reader.note("PORT", "must be a port number from 0 to 65535");
        DEFAULT
    })
}

/// Keys separated by commas; at least one.
fn required_keys(reader: &mut Reader, key: &str, value: Option<&str>) -> Vec<SecretString> {
    let value = reader.required(key, value);
    keys(reader, key, value)
}

/// Keys separated by commas; none if there is no value at all.
fn keys(reader: &mut Reader, key: &str, value: Option<&str>) -> Vec<SecretString> {
    let Some(value) = value else { return Vec::new() };
    let keys: Vec<_> = value.split(',').map(str::trim).filter(|k| !k.is_empty()).collect();
    if keys.is_empty() {
        reader.note(key, "must be one key or several, separated by commas");
    }
    if keys.iter().any(|k| k.chars().any(|c| !c.is_ascii_graphic())) {
        reader.note(key, "must consist of visible ASCII characters without spaces");
    }
    keys.into_iter().map(SecretString::from).collect()
}
