//! The agent's end of the connection: frames in, frames and orders out.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::super::start_rules::POLICY_VIOLATION;
use super::live::{LiveConversation, Order, SocketEnd};

/// The maximum length of a close frame's reason in bytes (RFC 6455, section 5.5).
const MAX_REASON: usize = 123;

/// How long the client may take to answer a close frame.
const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// Why a conversation is over.
#[derive(Debug)]
pub(super) enum Ending {
    Close { code: u16, reason: String },
    CloseBare,
    Drop,
    ByClient(Option<CloseFrame>),
    Broken,
}

/// The next thing that happens on the connection.
#[derive(Debug)]
pub(super) enum Step {
    /// The client sent a text frame.
    Text(String),
    /// A test orders something that only the conversation can do.
    Say(String),
    /// A test interrupts the current speech.
    Interrupt,
    /// The time that was waited for has come.
    Due,
}

#[derive(Debug)]
pub(super) struct Wire {
    socket: WebSocket,
    orders: mpsc::UnboundedReceiver<Order>,
    pub(super) live: LiveConversation,
    is_reading: bool,
}

impl Wire {
    pub(super) fn new(
        socket: WebSocket,
        live: LiveConversation,
        orders: mpsc::UnboundedReceiver<Order>,
    ) -> Self {
        Self { socket, orders, live, is_reading: true }
    }

    /// Waits for a text frame, an order or the given time. Orders that need only the connection are carried out here.
    pub(super) async fn step(&mut self, due: Option<Instant>) -> Result<Step, Ending> {
        loop {
            tokio::select! {
                Some(order) = self.orders.recv() => {
                    if let Some(step) = self.obey(order).await? {
                        return Ok(step);
                    }
                }
                message = self.socket.recv(), if self.is_reading => {
                    if let Some(text) = self.read(message)? {
                        return Ok(Step::Text(text));
                    }
                }
                () = until(due) => return Ok(Step::Due),
            }
        }
    }

    pub(super) async fn send(&mut self, event: &Value) -> Result<(), Ending> {
        self.write(Message::text(event.to_string())).await
    }

    /// Records what was wrong with a frame.
    pub(super) fn mistake(&self, problem: String) -> Ending {
        self.live.note_problem(problem);
        Ending::Close { code: POLICY_VIOLATION, reason: "Invalid message received".to_owned() }
    }

    /// Records what the client sends, and sends nothing.
    pub(super) async fn keep_silent(&mut self) -> Result<Infallible, Ending> {
        loop {
            if let Step::Text(text) = self.step(None).await? {
                self.live.note_frame(serde_json::from_str(&text).unwrap_or(Value::String(text)));
            }
        }
    }

    /// Ends the connection in the given way.
    pub(super) async fn end(mut self, ending: Ending) -> SocketEnd {
        match ending {
            Ending::Drop => SocketEnd::Dropped,
            Ending::Broken => SocketEnd::Broken,
            Ending::Close { code, reason } => {
                let reason = shorten(reason);
                let frame = CloseFrame { code, reason: reason.as_str().into() };
                let _ = self.socket.send(Message::Close(Some(frame))).await;
                self.drain().await;
                SocketEnd::ByAgent { code: Some(code), reason }
            }
            Ending::CloseBare => {
                let _ = self.socket.send(Message::Close(None)).await;
                self.drain().await;
                SocketEnd::ByAgent { code: None, reason: String::new() }
            }
            Ending::ByClient(frame) => {
                self.drain().await;
                let reason = frame.as_ref().map(|frame| frame.reason.to_string()).unwrap_or_default();
                SocketEnd::ByClient { code: frame.map(|frame| frame.code), reason }
            }
        }
    }

    /// Reads until the connection is closed, which is when both close frames have arrived.
    async fn drain(&mut self) {
        let drained = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        let _ = tokio::time::timeout(CLOSE_PATIENCE, drained).await;
    }

    async fn obey(&mut self, order: Order) -> Result<Option<Step>, Ending> {
        match order {
            Order::Event(event) => self.send(&event).await?,
            Order::Text(text) => self.write(Message::text(text)).await?,
            Order::Binary(bytes) => self.write(Message::binary(bytes)).await?,
            Order::Say(text) => return Ok(Some(Step::Say(text))),
            Order::Interrupt => return Ok(Some(Step::Interrupt)),
            Order::StopReading => self.is_reading = false,
            Order::Close { code, reason } => return Err(Ending::Close { code, reason }),
            Order::CloseBare => return Err(Ending::CloseBare),
            Order::Drop => return Err(Ending::Drop),
        }
        Ok(None)
    }

    fn read(&self, message: Option<Result<Message, axum::Error>>) -> Result<Option<String>, Ending> {
        match message {
            Some(Ok(Message::Text(text))) => Ok(Some(text.as_str().to_owned())),
            Some(Ok(Message::Binary(_))) => Err(self.mistake("a binary frame".to_owned())),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Close(frame))) => Err(Ending::ByClient(frame)),
            Some(Err(_)) | None => Err(Ending::Broken),
        }
    }

    async fn write(&mut self, message: Message) -> Result<(), Ending> {
        match self.socket.send(message).await {
            Ok(()) => Ok(()),
            // The client's own close frame may be on its way in; reading on will find it.
            Err(_) => Err(self.why_it_broke().await),
        }
    }

    async fn why_it_broke(&mut self) -> Ending {
        let close = async {
            while let Some(Ok(message)) = self.socket.recv().await {
                if let Message::Close(frame) = message {
                    return Ending::ByClient(frame);
                }
            }
            Ending::Broken
        };
        tokio::time::timeout(CLOSE_PATIENCE, close).await.unwrap_or(Ending::Broken)
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

fn shorten(mut reason: String) -> String {
    while reason.len() > MAX_REASON {
        reason.pop();
    }
    reason
}
