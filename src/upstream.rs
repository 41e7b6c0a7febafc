//! The one place where HTTP clients for upstream services are built.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, Response, Url, redirect, retry};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;
use thiserror::Error;

use crate::byte_order_mark::without_byte_order_mark;

/// How long establishing a TCP and TLS connection may take.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection stays in the pool. Shorter than load balancers keep theirs (60 s and more), so that a
/// request is hardly ever written to a connection that the other side has just closed, which would leave a dial's
/// outcome unknown.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// How many idle connections to one host are kept. After a burst, each would hold some 28 KiB until its time is up.
const MAX_IDLE_PER_HOST: usize = 256;

/// How many bytes are allocated at most because a response announced its length; more only as the body arrives.
const MAX_TRUSTED_LENGTH: usize = 64 * 1024;

/// A pooled client that speaks HTTP/1.1 over rustls, follows no redirects and retries no request.
///
/// It takes no proxy from the environment, which only `config` reads: a proxy would see what is sent, and might send it
/// twice. It follows no redirects because they would carry credentials and personal data to wherever they point.
/// `retry` is switched off explicitly because reqwest otherwise retries some requests itself, and a dial must never be
/// retried.
///
/// # Errors
/// If the TLS backend cannot start, for instance because there are no root certificates.
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
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .build()?)
}

/// Why there is no HTTP client.
#[derive(Debug, Error)]
pub enum ClientError {
    /// TLS cannot start.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
    /// The client itself cannot be built.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// The TLS configuration, for [`client`] and for connections without an HTTP client. Certificates are checked against
/// the system's roots, which are read once per process.
///
/// # Errors
/// If there are no root certificates.
pub fn tls() -> Result<Arc<ClientConfig>, rustls::Error> {
    static TLS: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(tls) = TLS.get() {
        return Ok(Arc::clone(tls));
    }
    // A second installation fails and changes nothing, which suits tests that start several services in one process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = ClientConfig::with_platform_verifier()?;
    Ok(Arc::clone(TLS.get_or_init(|| Arc::new(tls))))
}

/// The URL of a resource below `base`. Every segment is percent-encoded.
#[must_use]
pub fn endpoint(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Only URLs such as `mailto:` have no path segments, and the configuration accepts only http and https.
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
    /// The connection broke or stalled while the body was being read.
    #[error("the body could not be read")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body of at most `limit` bytes, whatever length the other side announces. A byte order mark is left out.
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
    let mark = body.len() - without_byte_order_mark(&body).len();
    body.drain(..mark);
    Ok(body)
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::sync::{Barrier, mpsc};
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_body_is_read_without_its_byte_order_mark() {
        for (sent, read) in [("\u{FEFF}{}", "{}"), ("{}\u{FEFF}", "{}\u{FEFF}"), ("", "")] {
            let body = read_body(Response::from(axum::http::Response::new(sent)), 10).await.unwrap();
            assert_eq!(body, read.as_bytes(), "{sent:?}");
        }
    }

    #[tokio::test]
    async fn after_a_burst_most_connections_are_closed() {
        const BURST: usize = MAX_IDLE_PER_HOST + 10;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let all_asked = Arc::new(Barrier::new(BURST));
        let (closed, mut surplus) = mpsc::channel(BURST);
        tokio::spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let (all_asked, closed) = (Arc::clone(&all_asked), closed.clone());
                tokio::spawn(async move {
                    let mut head = [0; 4_096];
                    assert!(connection.read(&mut head).await.unwrap() > 0);
                    all_asked.wait().await;
                    connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
                    while connection.read(&mut head).await.is_ok_and(|read| read > 0) {}
                    let _ = closed.send(()).await;
                });
            }
        });
        let client = client().unwrap();
        let answers = (0..BURST).map(|_| client.get(&url).send());
        assert!(join_all(answers).await.into_iter().all(|answer| answer.is_ok()));
        let closing = async {
            for _ in MAX_IDLE_PER_HOST..BURST {
                surplus.recv().await.unwrap();
            }
        };
        timeout(POOL_IDLE_TIMEOUT / 3, closing).await.expect("the surplus is closed at once");
        assert!(surplus.try_recv().is_err(), "the others are kept");
    }

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
