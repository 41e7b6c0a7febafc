//! A server between a client and the service, like a gateway, that misbehaves on request.

use std::sync::{Arc, Mutex};

use sellcruiting_webhook::sandbox::Gate;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What happens to a request.
#[derive(Clone)]
pub(crate) enum Deed {
    /// The service answers it.
    Pass,
    /// It never reaches the service; this is the answer.
    Answer(&'static str),
    /// The service answers, and the answer is lost.
    LoseAnswer,
    /// The service answers, and only the beginning of the answer arrives.
    CutAnswer,
    /// The service answers it, and whoever waits at the gate may go on.
    Open(Gate),
}

/// Forwards each request on a new connection. Requests after the last deed pass.
pub(crate) struct Front {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Front {
    /// Stands in front of the service at this address.
    pub(crate) async fn of(service: &str, deeds: impl IntoIterator<Item = Deed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = service.trim_start_matches("http://").to_owned();
        let mut deeds = deeds.into_iter().collect::<Vec<_>>().into_iter();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&requests);
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let Some(request) = read_message(&mut client).await else { continue };
                seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                let deed = deeds.next().unwrap_or(Deed::Pass);
                connections.spawn(perform(deed, service.clone(), client, request));
            }
        });
        Self { url, requests, serving }
    }

    /// Every request that arrived, as it was on the wire.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn perform(deed: Deed, service: String, mut client: TcpStream, request: Vec<u8>) {
    let answer = match &deed {
        Deed::Answer(answer) => answer.as_bytes().to_owned(),
        Deed::Open(gate) => {
            gate.open();
            forward(&service, &request).await
        }
        _ => forward(&service, &request).await,
    };
    let sent = match deed {
        Deed::LoseAnswer => return,
        // The client was promised more, by `Content-Length`.
        Deed::CutAnswer => &answer[..answer.len() - 20],
        _ => &answer[..],
    };
    let _gone = client.write_all(sent).await;
}

async fn forward(service: &str, request: &[u8]) -> Vec<u8> {
    let mut service = TcpStream::connect(service).await.unwrap();
    service.write_all(request).await.unwrap();
    read_message(&mut service).await.unwrap_or_default()
}

/// Reads a request or an answer with a body of known length, and makes it the last on its connection. `None` if the
/// connection ends first.
async fn read_message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        read_more(stream, &mut bytes).await?;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length =
        text.split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
    while bytes.len() < head + length.unwrap_or(0) {
        read_more(stream, &mut bytes).await?;
    }
    if text.starts_with("http/") {
        bytes.splice(head - 2..head - 2, *b"connection: close\r\n");
    }
    Some(bytes)
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let length = stream.read_buf(bytes).await.ok()?;
    (length > 0).then_some(())
}
