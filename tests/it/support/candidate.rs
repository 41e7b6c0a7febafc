//! The candidate's side: an invitation, and what the candidate's page does with it over the WebSocket.

use std::net::SocketAddr;

use futures_util::{SinkExt, Stream, StreamExt};
use reqwest::Method;
use sellcruiting_webhook::sandbox::{FakeElevenLabs, LiveConversation, SocketEnd};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use super::caller::Caller;
use super::patience::{PATIENCE, until};
use super::reply::Reply;
use super::specification::Asked;
use super::triggers::link;

/// A link to this service's own page.
#[derive(Debug, Clone)]
pub(crate) struct Invited {
    /// The service's address: scheme, host and port.
    url: String,
    /// The last segment of the link.
    pub(crate) token: String,
}

/// A page in a talk.
pub(crate) struct Page {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// All text messages so far.
    pub(crate) texts: Vec<Value>,
    /// All samples so far.
    pub(crate) audio: Vec<i16>,
}

/// What a page receives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    Text(Value),
    Audio(Vec<i16>),
    /// The code of the close frame, if there was one.
    Closed(Option<u16>),
    /// The connection is gone.
    Gone,
}

impl Caller {
    /// Invites a candidate of the default campaign.
    pub(crate) async fn invite(&self) -> Invited {
        self.invite_to(&link()).await
    }

    /// Makes the link with the test's own trigger.
    pub(crate) async fn invite_to(&self, trigger: &Value) -> Invited {
        self.invited_by(&self.trigger(trigger).await)
    }

    /// The link in this answer.
    pub(crate) fn invited_by(&self, reply: &Reply) -> Invited {
        let data = reply.assert_success();
        self.invited_to(data["conversation_link"].as_str().unwrap())
    }

    /// A link as the candidate receives it.
    pub(crate) fn invited_to(&self, link: &str) -> Invited {
        let (_, token) = link.rsplit_once("/talk/").expect("a link to the own page");
        Invited { url: self.url.clone(), token: token.to_owned() }
    }
}

impl Invited {
    /// The same with another token.
    pub(crate) fn with_token(&self, token: impl Into<String>) -> Self {
        Self { url: self.url.clone(), token: token.into() }
    }

    /// The path of the WebSocket, for a page that calls itself `tab`.
    pub(crate) fn path(&self, tab: &str) -> String {
        format!("/talk/{}/session?tab={tab}", self.token)
    }

    /// A page's request for the WebSocket, as a browser sends it.
    pub(crate) fn request(&self, tab: &str) -> Request {
        let url = format!("{}{}", self.url.replacen("http", "ws", 1), self.path(tab));
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("origin", self.url.parse().unwrap());
        headers.insert("sec-websocket-protocol", "talk.v1".parse().unwrap());
        request
    }

    /// Opens the page and presses the button.
    pub(crate) async fn open(&self) -> Page {
        self.open_as("tab-1").await
    }

    /// The same on a page that calls itself `tab`.
    pub(crate) async fn open_as(&self, tab: &str) -> Page {
        Page::open(self.request(tab)).await.unwrap_or_else(|reply| panic!("refused: {reply:?}"))
    }

    /// The same as soon as the page is no longer refused with this error.
    pub(crate) async fn open_once_not_refused(&self, tab: &str, status: u16, error: &str) -> Page {
        let open = || async {
            let refusal = match Page::open(self.request(tab)).await {
                Ok(page) => return Some(page),
                Err(refusal) => refusal,
            };
            refusal.assert_error(status, error);
            None
        };
        until(&format!("refused for ever: {error}"), open).await
    }

    /// Opens the page and waits until the agent is there. It is the newest one at the simulated ElevenLabs.
    pub(crate) async fn talk(&self, elevenlabs: &FakeElevenLabs) -> (Page, LiveConversation) {
        let before = elevenlabs.live_conversations().len();
        let mut page = self.open().await;
        page.wait_for("ready").await;
        let agent = elevenlabs.wait_for_live_conversations(before + 1).await.pop().unwrap();
        (page, agent)
    }
}

impl Page {
    /// Opens the WebSocket, or returns the refusal.
    pub(crate) async fn open(request: Request) -> Result<Self, Reply> {
        let asked = Asked {
            method: Method::GET,
            path: request.uri().path().to_owned(),
            has_authorization: false,
            body: Vec::new(),
        };
        match timeout(PATIENCE, connect_async(request)).await.expect("an answer") {
            Ok((socket, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], "talk.v1");
                Ok(Self { socket, texts: Vec::new(), audio: Vec::new() })
            }
            Err(Error::Http(response)) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let text = String::from_utf8(response.into_body().unwrap_or_default()).unwrap();
                Err(Reply::new(&asked, status, headers, text))
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens the WebSocket on a connection that buffers next to nothing if it is not read.
    pub(crate) async fn open_narrow(request: Request) -> Self {
        let (host, port) = (request.uri().host().unwrap(), request.uri().port_u16().unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        let stream = socket.connect(SocketAddr::new(host.parse().unwrap(), port)).await.unwrap();
        let (socket, _response) = client_async(request, MaybeTlsStream::Plain(stream)).await.unwrap();
        Self { socket, texts: Vec::new(), audio: Vec::new() }
    }

    /// Sends sound.
    pub(crate) async fn speak(&mut self, samples: &[i16]) {
        let pcm: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        self.send(Message::binary(pcm)).await;
    }

    /// Sends a JSON message.
    pub(crate) async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// The next thing that arrives. Fails if nothing does.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await;
            match next.unwrap_or_else(|_| panic!("nothing comes after {:?}", self.texts)) {
                Some(Ok(Message::Text(text))) => {
                    let text: Value = serde_json::from_str(&text).unwrap();
                    self.texts.push(text.clone());
                    return Heard::Text(text);
                }
                Some(Ok(Message::Binary(pcm))) => {
                    let samples = samples(&pcm);
                    self.audio.extend(&samples);
                    return Heard::Audio(samples);
                }
                Some(Ok(Message::Close(close))) => {
                    return Heard::Closed(close.map(|close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }

    /// Waits for a text message of this type, keeping what arrives before it.
    pub(crate) async fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            match self.hear().await {
                Heard::Text(text) if text["type"] == kind => return text,
                Heard::Text(_) | Heard::Audio(_) => {}
                end => panic!("no {kind:?} but {end:?} after {:?}", self.texts),
            }
        }
    }

    /// Waits until this many samples have arrived.
    pub(crate) async fn wait_for_audio(&mut self, count: usize) -> &[i16] {
        while self.audio.len() < count {
            if let end @ (Heard::Closed(_) | Heard::Gone) = self.hear().await {
                panic!("{end:?} after {} samples and {:?}", self.audio.len(), self.texts);
            }
        }
        &self.audio
    }

    /// Waits for a proper end of the talk. Returns its reason and the code of the close frame.
    pub(crate) async fn end(&mut self) -> (String, u16) {
        let ended = self.wait_for("ended").await;
        assert_eq!(ended.as_object().unwrap().len(), 2, "{ended}");
        let Heard::Closed(Some(code)) = self.hear().await else { panic!("no close frame after {ended}") };
        // Answers the close frame, as a browser does at once.
        assert_eq!(self.hear().await, Heard::Gone, "nothing comes after the end");
        (ended["reason"].as_str().unwrap().to_owned(), code)
    }

    /// The types of all text messages so far.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.texts.iter().map(|text| text["type"].as_str().unwrap()).collect()
    }

    /// Presses the button that ends the talk.
    pub(crate) async fn press_end(&mut self) {
        self.say(json!({ "type": "end" })).await;
    }

    /// Closes the page as a browser does.
    pub(crate) async fn leave(mut self) {
        let away = CloseFrame { code: 1001.into(), reason: "".into() };
        self.socket.close(Some(away)).await.unwrap();
        last_text(&mut self.socket).await;
    }
}

/// Reads until the connection ends, and returns the last text that came. Fails if it does not end.
pub(crate) async fn last_text<E>(
    connection: &mut (impl Stream<Item = Result<Message, E>> + Unpin),
) -> Option<String> {
    let reading = async {
        let mut last = None;
        while let Some(Ok(message)) = connection.next().await {
            if let Message::Text(text) = message {
                last = Some(text.to_string());
            }
        }
        last
    };
    timeout(PATIENCE, reading).await.expect("the connection ends")
}

/// Fails unless the service has properly ended the conversation with the agent. Otherwise it might continue there,
/// unheard and at the operator's expense.
pub(crate) async fn assert_hung_up(agent: &LiveConversation) {
    let normal = SocketEnd::ByClient { code: Some(1000), reason: String::new() };
    assert_eq!(agent.wait_for_end().await, Some(normal));
}

/// The samples of a binary message.
fn samples(pcm: &Bytes) -> Vec<i16> {
    let (samples, half) = pcm.as_chunks::<2>();
    assert!(half.is_empty(), "half a sample");
    samples.iter().map(|le| i16::from_le_bytes(*le)).collect()
}
