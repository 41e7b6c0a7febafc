//! The headers of everything below `/talk`: nothing is loaded from or sent to other sites, and nothing is cached.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use reqwest::Url;

use super::page::TalkPages;

/// Denies everything but the microphone. Features not listed here are harmless or unknown to browsers.
const PERMISSIONS: &str = "microphone=(self), accelerometer=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), hid=(), magnetometer=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

/// The headers that do not depend on the configuration.
const FIXED: [(HeaderName, &str); 5] = [
    // The page's address is a secret.
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive, nosnippet"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers, to assets as well: a worker obeys the policy that came with its own script.
pub(super) async fn protect(State(pages): State<Arc<TalkPages>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, pages.content_security_policy.clone());
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The Content-Security-Policy of a service with this public address.
pub(super) fn content_security_policy(base: Option<&Url>) -> HeaderValue {
    let line = base.and_then(web_socket_origin).map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'{line}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    policy.parse().expect("a host's name in a URL is plain ASCII")
}

/// The origin of the WebSocket, for Safari before 15.4, which does not count a WebSocket to the same host as `'self'`.
/// A policy cannot hold an IPv6 address (CSP 3, 2.3.1), so with one of those `'self'` must do.
fn web_socket_origin(base: &Url) -> Option<String> {
    let host = base.host_str().filter(|host| !host.starts_with('['))?;
    let scheme = if base.scheme() == "https" { "wss" } else { "ws" };
    let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_the_page_speak_to_its_own_service_only() {
        for (base, connect) in [
            (None, "connect-src 'self';"),
            (Some("https://talk.example.org"), "connect-src 'self' wss://talk.example.org;"),
            (Some("https://talk.example.org:8443/susi"), "connect-src 'self' wss://talk.example.org:8443;"),
            (Some("http://127.0.0.1:8080"), "connect-src 'self' ws://127.0.0.1:8080;"),
            (Some("http://[::1]:8080"), "connect-src 'self';"),
            (Some("https://gespräch.example"), "connect-src 'self' wss://xn--gesprch-9wa.example;"),
        ] {
            let base = base.map(|base| Url::parse(base).unwrap());
            let policy = content_security_policy(base.as_ref());
            let policy = policy.to_str().unwrap();
            assert!(policy.contains(connect), "{base:?}: {policy}");
            assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        }
    }
}
