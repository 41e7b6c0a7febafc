//! Requests that no HTTP client would send.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PATIENCE;
use super::settings::API_KEY;

/// A connection to which the test writes bytes itself.
pub(crate) struct RawConnection(TcpStream);

/// Connects to a service.
pub(crate) async fn connect(url: &str) -> std::io::Result<RawConnection> {
    TcpStream::connect(url.trim_start_matches("http://")).await.map(RawConnection)
}

/// Tries until a connection is refused. Fails if that never happens.
pub(crate) async fn assert_refuses_connections(url: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    while connect(url).await.is_ok() {
        assert!(Instant::now() < end, "connections are still accepted");
        tokio::task::yield_now().await;
    }
}

/// The head of a trigger, with the key and these additional headers.
pub(crate) fn raw_trigger(headers: &[&str]) -> String {
    let mut head = format!(
        "POST /webhook/trigger-call HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {API_KEY}\r\n"
    );
    for header in headers {
        let _ = write!(head, "{header}\r\n");
    }
    head + "\r\n"
}

/// The bytes of this trigger.
pub(crate) fn raw_call(trigger: &Value) -> Vec<u8> {
    let body = trigger.to_string();
    (raw_trigger(&[&format!("content-length: {}", body.len())]) + &body).into_bytes()
}

/// Writes these bytes to a new connection and reads until the service closes it.
pub(crate) async fn exchange(url: &str, bytes: &[u8]) -> String {
    let mut connection = connect(url).await.unwrap();
    connection.write(bytes).await;
    connection.read_to_end().await
}

impl RawConnection {
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// What arrives next, from a single read.
    pub(crate) async fn read_some(&mut self) -> String {
        let mut bytes = vec![0; 64 * 1024];
        let read = tokio::time::timeout(PATIENCE, self.0.read(&mut bytes)).await;
        bytes.truncate(read.expect("the service answers").unwrap());
        String::from_utf8(bytes).unwrap()
    }

    /// Everything until the connection ends.
    pub(crate) async fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        ended.expect("the service closes the connection").unwrap();
        String::from_utf8(bytes).unwrap()
    }
}
