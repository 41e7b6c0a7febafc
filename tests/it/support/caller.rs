//! HOC's side: requests to a running service.

use reqwest::{Client, Method, RequestBuilder};
use sellcruiting_webhook::upstream;
use serde_json::Value;

use super::PATIENCE;
use super::reply::Reply;
use super::settings::API_KEY;

/// Where the trigger is sent.
const TRIGGER_CALL: &str = "/webhook/trigger-call";

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

    /// A request with nothing in it but what the test adds.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A trigger that lacks its body.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.request(Method::POST, TRIGGER_CALL).bearer_auth(API_KEY)
    }

    /// Sends a trigger as HOC should.
    pub(crate) async fn trigger(&self, body: &Value) -> Reply {
        send(self.post().json(body)).await
    }

    /// Sends a body as it is.
    pub(crate) async fn trigger_raw(&self, body: impl Into<reqwest::Body>) -> Reply {
        send(self.post().body(body)).await
    }

    /// Sends a trigger with this `Authorization`, or none.
    pub(crate) async fn trigger_as(&self, authorization: Option<&str>, body: &Value) -> Reply {
        let mut request = self.request(Method::POST, TRIGGER_CALL).json(body);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        send(request).await
    }

    /// Asks for the health.
    pub(crate) async fn health(&self) -> Reply {
        self.get("/webhook/health").await
    }

    /// Asks for a path, without a key.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path)).await
    }

    /// Asks for a path with a method, without a key.
    pub(crate) async fn ask(&self, method: Method, path: &str) -> Reply {
        send(self.request(method, path)).await
    }

    /// Sends a request that the test has built.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        send(request).await
    }
}

async fn send(request: RequestBuilder) -> Reply {
    let response = request.timeout(PATIENCE).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply::new(status, headers, response.text().await.unwrap())
}
