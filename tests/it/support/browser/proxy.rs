//! Something between a candidate and the service that does not let the talk's WebSocket through.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the WebSocket. Everything else passes.
#[derive(Debug, Clone)]
pub(crate) enum LineFate {
    /// It does not support WebSockets: upgrade requests arrive as ordinary ones.
    NoUpgrade,
    /// It arrives under the service's own name, not under the one that the browser knows.
    OtherHost,
    /// The request never arrives; this is the answer.
    Answered { status: u16, body: &'static str },
}

/// A test's own proxy. It ends with the test's runtime.
pub(crate) struct Proxy {
    /// Scheme, host and port.
    pub(crate) url: String,
}

impl Proxy {
    /// Starts it in front of the service at this URL.
    pub(crate) async fn start(service: &str, fate: LineFate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = service.strip_prefix("http://").expect("plain HTTP").to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, service.clone(), fate.clone()));
            }
        });
        Self { url }
    }
}

/// Carries one request. Connections are not reused.
async fn carry(mut client: TcpStream, service: String, fate: LineFate) -> Option<()> {
    let head = head(&mut client).await?;
    let is_line = head.lines().next()?.contains("/session");
    let mut head = head.replace("Connection: keep-alive", "Connection: close");
    match (&fate, is_line) {
        (LineFate::Answered { status, body }, true) => {
            let answer = format!(
                "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            return client.write_all(answer.as_bytes()).await.ok();
        }
        (LineFate::NoUpgrade, true) => {
            head = head
                .replace("Upgrade: websocket\r\n", "")
                .replace("Connection: Upgrade", "Connection: close");
        }
        (LineFate::OtherHost, _) => {
            let host = head.lines().find(|line| line.starts_with("Host: "))?.to_owned();
            head = head.replace(&host, &format!("Host: {service}"));
        }
        _ => {}
    }
    let mut upstream = TcpStream::connect(service).await.ok()?;
    upstream.write_all(head.as_bytes()).await.ok()?;
    let _broken = copy_bidirectional(&mut client, &mut upstream).await;
    Some(())
}

/// Reads a request up to its empty line. Browsers send no body here.
async fn head(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}
