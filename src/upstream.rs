//! The one place where HTTP clients for other people's services are built.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, Response, Url, redirect, retry};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;
use thiserror::Error;

/// How long a TCP and TLS connection may take to be established.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an unused connection is kept. Shorter than load balancers keep theirs (60 s and more), so that a request
/// is hardly ever written to a connection that the other side has just closed, which leaves a dial's outcome unknown.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// At most so many bytes are allocated because a body's length was announced; more only as it arrives.
const MAX_TRUSTED_LENGTH: usize = 64 * 1024;

/// A pooled client that speaks HTTP/1.1 over rustls, follows no redirect and repeats no request.
///
/// No proxy is taken from the environment, which nobody but `config` reads: it would see what is sent, and might send
/// it twice. Redirects are not followed because they would carry credentials and personal data to wherever they point.
/// `retry` is switched off by name because reqwest otherwise repeats some requests by itself, and a dial must never be.
///
/// # Errors
/// When the TLS backend cannot start, for instance without any root certificates.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn client() -> Result<Client, ClientError> {
    let mut tls = ClientConfig::clone(&*tls()?);
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("sellcruiting-webhook/", env!("CARGO_PKG_VERSION")))
        .http1_only()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .build()?)
}

/// Why there is no HTTP client.
#[derive(Debug, Error)]
pub enum ClientError {
    /// TLS cannot start.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
    /// The client itself cannot.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// TLS, for [`client`] and for what is no HTTP client: certificates are checked against the system's roots, which are
/// read once for the whole process.
///
/// # Errors
/// When there is no root certificate.
pub fn tls() -> Result<Arc<ClientConfig>, rustls::Error> {
    static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(tls) = TLS.get() {
        return Ok(Arc::clone(tls));
    }
    // A second installation fails and changes nothing, which is what tests that start several services need.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = ClientConfig::with_platform_verifier()?;
    Ok(Arc::clone(TLS.get_or_init(|| Arc::new(tls))))
}

/// The address of something below a base URL; every segment is percent-encoded.
#[must_use]
pub fn endpoint(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Only URLs such as `mailto:` have no path; the configuration takes http and https only.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Why a body could not be read.
#[derive(Debug, Error)]
pub enum BodyError {
    /// The body is larger than the limit; the rest was not read.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The connection broke or stalled inside the body.
    #[error("the body could not be read")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body of at most `limit` bytes, whatever length the other side announces.
///
/// # Errors
/// See [`BodyError`].
pub async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut body = Vec::with_capacity(announced.min(limit).min(MAX_TRUSTED_LENGTH));
    while let Some(chunk) = response.chunk().await.map_err(|error| BodyError::Broken(error.without_url()))? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_keeps_the_base_path_and_encodes_its_segments() {
        let base = Url::parse("https://hoc.example/api/v1").unwrap();
        assert_eq!(
            endpoint(&base, &["questionnaire", "12"]).as_str(),
            "https://hoc.example/api/v1/questionnaire/12"
        );
        let base = Url::parse("https://eleven.example").unwrap();
        assert_eq!(endpoint(&base, &["v1", "a/../b?c"]).as_str(), "https://eleven.example/v1/a%2F..%2Fb%3Fc");
    }
}
