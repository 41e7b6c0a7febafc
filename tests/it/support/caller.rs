//! HOC's side: requests to a running service.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use sellcruiting_webhook::upstream;
use serde_json::Value;

use super::reply::Reply;
use super::settings::API_KEY;
use super::specification::Asked;

/// The path for triggers.
const TRIGGER_CALL: &str = "/webhook/trigger-call";

/// The path for previews.
const PREVIEW_CALL: &str = "/webhook/preview-call";

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// For how long, and after which pauses, a trigger is repeated.
const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(50);

/// A client of one running service.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    client: Client,
    /// Scheme, host and port.
    pub(crate) url: String,
}

impl Caller {
    pub(crate) fn new(url: String) -> Self {
        Self { client: upstream::client().unwrap(), url }
    }

    /// An empty request, for the test to fill.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A trigger without a body.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.request(Method::POST, TRIGGER_CALL).bearer_auth(API_KEY)
    }

    /// A preview without a body.
    pub(crate) fn post_preview(&self) -> RequestBuilder {
        self.request(Method::POST, PREVIEW_CALL).bearer_auth(API_KEY)
    }

    /// Requests a preview of a trigger.
    pub(crate) async fn preview(&self, body: &Value) -> Reply {
        send(self.post_preview().json(body)).await
    }

    /// Sends a trigger as HOC should.
    pub(crate) async fn trigger(&self, body: &Value) -> Reply {
        send(self.post().json(body)).await
    }

    /// A trigger with an idempotency key and without a body.
    pub(crate) fn post_with_key(&self, key: &str) -> RequestBuilder {
        self.post().header(IDEMPOTENCY_KEY, key)
    }

    /// Sends a trigger with an idempotency key.
    pub(crate) async fn trigger_with_key(&self, key: &str, body: &Value) -> Reply {
        send(self.post_with_key(key).json(body)).await
    }

    /// Sends a trigger with this idempotency key, or without one.
    pub(crate) async fn trigger_with_optional_key(&self, key: Option<&str>, body: &Value) -> Reply {
        match key {
            Some(key) => self.trigger_with_key(key, body).await,
            None => self.trigger(body).await,
        }
    }

    /// Repeats a trigger, as HOC does, until the answer is a 200. Until then, only answers that ask a client to try
    /// again may come.
    pub(crate) async fn retry_until_success(&self, body: &Value) -> Reply {
        retry_until_success(|| self.post().json(body)).await
    }

    /// The same with an idempotency key.
    pub(crate) async fn retry_with_key_until_success(&self, key: &str, body: &Value) -> Reply {
        retry_until_success(|| self.post_with_key(key).json(body)).await
    }

    /// Sends a trigger with an idempotency key to a service that may be gone before it answers.
    pub(crate) async fn try_trigger_with_key(&self, key: &str, body: &Value) -> reqwest::Result<Reply> {
        try_send(self.post_with_key(key).json(body)).await
    }

    /// Sends a body as it is.
    pub(crate) async fn trigger_raw(&self, body: impl Into<reqwest::Body>) -> Reply {
        send(self.post().body(body)).await
    }

    /// Sends a trigger with this `Authorization` header, or without one.
    pub(crate) async fn trigger_as(&self, authorization: Option<&str>, body: &Value) -> Reply {
        let mut request = self.request(Method::POST, TRIGGER_CALL).json(body);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        send(request).await
    }

    /// Requests the health check.
    pub(crate) async fn health(&self) -> Reply {
        self.get("/webhook/health").await
    }

    /// Requests readiness until calls can be placed. An answer is reused for a second.
    pub(crate) async fn wait_until_ready(&self) {
        retry_until_success(|| self.request(Method::GET, "/webhook/ready")).await;
    }

    /// Requests a path with GET, without a key.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path)).await
    }

    /// Requests a path with this method, without a key.
    pub(crate) async fn ask(&self, method: Method, path: &str) -> Reply {
        send(self.request(method, path)).await
    }

    /// Sends a request that the test has built.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        send(request).await
    }
}

async fn retry_until_success(request: impl Fn() -> RequestBuilder) -> Reply {
    let start = Instant::now();
    loop {
        let reply = send(request()).await;
        if reply.status == 200 {
            return reply;
        }
        assert!(matches!(reply.status, 409 | 503 | 504), "{reply:?}");
        assert!(start.elapsed() < PATIENCE, "never answered with 200: {reply:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

async fn send(request: RequestBuilder) -> Reply {
    try_send(request).await.unwrap()
}

async fn try_send(request: RequestBuilder) -> reqwest::Result<Reply> {
    let (client, request) = request.timeout(PATIENCE).build_split();
    let request = request?;
    let asked = Asked::new(&request);
    let response = client.execute(request).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Reply::new(&asked, status, headers, response.text().await?))
}
