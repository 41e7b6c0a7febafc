//! The protocol of Chromium's developer tools, as far as the tests need it: commands with their answers, and events.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::support::PATIENCE;

/// Identifies a page or a worker of the browser.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SessionId(pub(super) String);

/// An event of the browser.
#[derive(Debug)]
pub(super) struct Event {
    /// Where it happened. `None` means the browser itself.
    pub(super) session: Option<SessionId>,
    pub(super) method: String,
    pub(super) params: Value,
}

/// A connection to a browser.
pub(super) struct Cdp {
    commands: mpsc::UnboundedSender<Message>,
    answers: Arc<Answers>,
    next_id: AtomicU64,
}

/// The senders that await the answers to commands.
type Answers = Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>;

impl Cdp {
    /// Connects, and passes all events to `events`.
    pub(super) async fn connect(url: &str, events: mpsc::UnboundedSender<Event>) -> Self {
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (socket, _) = connect_async_with_config(url, Some(config), true).await.unwrap();
        let (commands, outgoing) = mpsc::unbounded_channel();
        let answers = Arc::<Answers>::default();
        tokio::spawn(carry(socket, outgoing, Arc::clone(&answers), events));
        Self { commands, answers, next_id: AtomicU64::new(1) }
    }

    /// Sends a command and waits for its answer.
    pub(super) async fn try_send(
        &self,
        session: Option<&SessionId>,
        method: &str,
        params: Value,
    ) -> Result<Value, String> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut command = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = json!(session.0);
        }
        let (answer, answered) = oneshot::channel();
        self.answers.lock().unwrap().insert(id, answer);
        self.commands.send(Message::text(command.to_string())).expect("the browser is there");
        let answer = tokio::time::timeout(PATIENCE, answered).await;
        answer.unwrap_or_else(|_| panic!("no answer to {method}")).expect("the browser is there")
    }

    /// The same, but it must succeed.
    pub(super) async fn send(&self, session: Option<&SessionId>, method: &str, params: Value) -> Value {
        let answer = self.try_send(session, method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

/// Carries messages in both directions until either side is gone.
async fn carry(
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    mut outgoing: mpsc::UnboundedReceiver<Message>,
    answers: Arc<Answers>,
    events: mpsc::UnboundedSender<Event>,
) {
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            command = outgoing.recv() => match command {
                Some(command) => if sink.send(command).await.is_err() { return },
                None => return,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => receive(&text, &answers, &events),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

fn receive(text: &str, answers: &Answers, events: &mpsc::UnboundedSender<Event>) {
    let mut message: Value = serde_json::from_str(text).expect("the protocol's JSON");
    if let Some(id) = message["id"].as_u64() {
        let error = message.get("error").map(ToString::to_string);
        let answer = error.map_or_else(|| Ok(message["result"].take()), Err);
        if let Some(waiting) = answers.lock().unwrap().remove(&id) {
            // Whoever gave up waiting does not get it.
            let _ = waiting.send(answer);
        }
        return;
    }
    let event = Event {
        session: message["sessionId"].as_str().map(|id| SessionId(id.to_owned())),
        method: message["method"].as_str().unwrap_or_default().to_owned(),
        params: message["params"].take(),
    };
    let _ = events.send(event);
}
