//! The way to the collector.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::Client;
use tokio::runtime::Handle;

use crate::upstream::read_body;

/// How much of an answer is read at most. Real ones are empty.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Sends from whatever thread asks for it, on the runtime that it was made in.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client,
    timeout: Duration,
    runtime: Handle,
    /// Whether the last try failed, so that a collector that is gone is logged once.
    failing: Arc<AtomicBool>,
}

impl Collector {
    pub(super) fn new(client: Client, timeout: Duration) -> Self {
        Self { client, timeout, runtime: Handle::current(), failing: Arc::default() }
    }
}

impl HttpClient for Collector {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let (client, timeout, failing) = (self.client.clone(), self.timeout, Arc::clone(&self.failing));
        let sending = self.runtime.spawn(async move {
            let answer = send(&client, request, timeout).await;
            report(&failing, answer.as_ref().is_ok_and(|answer| answer.status().is_success()));
            answer
        });
        Box::pin(async move { sending.await? })
    }
}

async fn send(
    client: &Client,
    request: Request<Bytes>,
    timeout: Duration,
) -> Result<Response<Bytes>, HttpError> {
    let mut request: reqwest::Request = request.try_into()?;
    *request.timeout_mut() = Some(timeout);
    let response = client.execute(request).await.map_err(reqwest::Error::without_url)?;
    let status = response.status();
    let body = read_body(response, MAX_ANSWER_BYTES).await?;
    Ok(Response::builder().status(status).body(Bytes::from(body))?)
}

fn report(failing: &AtomicBool, sent: bool) {
    let failed_before = failing.swap(!sent, Ordering::Relaxed);
    if !sent && !failed_before {
        tracing::warn!("traces cannot be delivered; check OTEL_EXPORTER_OTLP_ENDPOINT and the collector");
    } else if sent && failed_before {
        tracing::info!("traces are delivered again");
    }
}
