//! A candidate's page that constantly sends sound and listens to the agent.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::frames::{self, Delays};
use crate::service::Service;

/// A connected page.
pub(crate) struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Page {
    /// Opens a link of the service and waits for the agent.
    pub(crate) async fn open(service: &Service, link: &str) -> Self {
        let url = format!("{}/session?tab=1", link.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("origin", service.url().parse().unwrap());
        request.headers_mut().insert("sec-websocket-protocol", "talk.v1".parse().unwrap());
        let mut page = Self::connect(request).await;
        match page.0.next().await {
            Some(Ok(Message::Text(text))) if text.contains("ready") => page,
            other => panic!("no agent: {other:?}"),
        }
    }

    /// Opens a connection straight to an agent.
    pub(crate) async fn open_directly(agents: SocketAddr) -> Self {
        Self::connect(format!("ws://{agents}/direct").into_client_request().unwrap()).await
    }

    async fn connect(request: Request) -> Self {
        let config = WebSocketConfig::default().write_buffer_size(0);
        Self(connect_async_with_config(request, Some(config), true).await.unwrap().0)
    }

    /// Talks until the other side ends it.
    pub(crate) async fn talk(mut self, after: Duration, delays: Arc<Delays>) {
        let mut frames = interval_at(Instant::now() + after, frames::LENGTH);
        frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = frames.tick() => self.0.send(Message::binary(frames::frame())).await.unwrap(),
                message = self.0.next() => match message {
                    Some(Ok(Message::Binary(pcm))) => delays.note(&pcm),
                    Some(Ok(_)) => {}
                    _ => return,
                },
            }
        }
    }
}
