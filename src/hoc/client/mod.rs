//! The request for a questionnaire.

mod interner;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::ExposeSecret;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout_at};

use self::interner::Interner;
use super::HocError;
use crate::config::HocConfig;
use crate::domain::{CampaignId, Questionnaire};
use crate::telemetry::UpstreamRequest;
use crate::telemetry::metrics::UpstreamMetrics;
use crate::upstream::{BodyError, endpoint, read_body};

/// The largest response that is read, in bytes (2 MiB). Real questionnaires have some ten thousand.
const MAX_BODY: usize = 2 * 1024 * 1024;

/// The largest response that is parsed in place, in bytes. Larger ones are parsed on a blocking thread.
const MAX_BODY_READ_IN_PLACE: usize = 64 * 1024;

/// How long to wait before the one retry.
const RETRY_PAUSE: Duration = Duration::from_millis(200);

/// With less time left than this, a retry would most likely turn a clear failure into a timeout.
const MIN_RETRY_TIME: Duration = Duration::from_secs(1);

/// Client for HOC's API. `Debug` does not show the token.
#[derive(Debug, Clone)]
pub struct HocClient {
    http: Client,
    base_url: Url,
    authorization: HeaderValue,
    deadline: Duration,
    interner: Arc<Interner>,
    /// Measures the requests.
    pub metrics: UpstreamMetrics,
}

impl HocClient {
    /// `http` comes from [`crate::upstream::client`], which neither follows redirects nor retries.
    #[must_use]
    pub fn new(http: Client, config: &HocConfig) -> Self {
        // The configuration accepts only tokens that fit into a header. Should another one get here, it is sent empty:
        // HOC answers that with 401, which is the right diagnosis.
        let mut authorization = HeaderValue::from_str(config.token.expose_secret())
            .unwrap_or_else(|_invalid| HeaderValue::from_static(""));
        authorization.set_sensitive(true);
        Self {
            http,
            base_url: config.base_url.clone(),
            authorization,
            deadline: config.deadline,
            interner: Arc::new(Interner::new()),
            metrics: UpstreamMetrics::hoc(),
        }
    }

    /// Fetches the questionnaire of a campaign, within [`HocConfig::deadline`] in total.
    ///
    /// Reading is idempotent, so a transient failure is retried once, if there is time left. For an answer that is the
    /// same as one whose questionnaire is still in use, it is that questionnaire.
    ///
    /// # Errors
    /// See [`HocError`]. If both attempts fail, the error of the second is returned.
    pub async fn questionnaire(&self, campaign: CampaignId) -> Result<Arc<Questionnaire>, HocError> {
        let deadline = Instant::now() + self.deadline;
        match self.attempt(campaign, deadline).await {
            Err(error) if error.is_passing() && has_time_for_a_retry(deadline) => {
                let (campaign_id, reason) = (campaign.get(), error.code());
                tracing::debug!(campaign_id, reason, "HOC failed, asking once more");
            }
            settled => return settled,
        }
        sleep(RETRY_PAUSE).await;
        self.attempt(campaign, deadline).await
    }

    async fn attempt(&self, campaign: CampaignId, deadline: Instant) -> Result<Arc<Questionnaire>, HocError> {
        let asking = UpstreamRequest::begin(&self.metrics, "questionnaire");
        let questionnaire = async { self.parse(self.fetch(campaign, asking.headers()).await?).await };
        let answer = timeout_at(deadline, questionnaire).await.unwrap_or(Err(HocError::Timeout));
        asking.ended(answer.as_ref().err().map(HocError::code));
        answer
    }

    async fn fetch(&self, campaign: CampaignId, trace: HeaderMap) -> Result<Vec<u8>, HocError> {
        let response = self
            .http
            .get(endpoint(&self.base_url, &["questionnaire", &campaign.to_string()]))
            .headers(trace)
            .header(AUTHORIZATION, self.authorization.clone())
            // Without it, some of HOC's pages answer with HTML.
            .header(ACCEPT, "application/json")
            .send()
            .await
            .map_err(transport_error)?;
        // The content type is ignored: HOC also serves JSON as text/plain.
        read_body(succeeded(response)?, MAX_BODY).await.map_err(|error| match error {
            BodyError::TooLarge { limit } => HocError::TooLarge { limit },
            BodyError::Broken(error) => HocError::ConnectionBroken(error),
        })
    }

    /// Parses a large body on a blocking thread, because it would hold up other requests.
    async fn parse(&self, body: Vec<u8>) -> Result<Arc<Questionnaire>, HocError> {
        if body.len() <= MAX_BODY_READ_IN_PLACE {
            return self.interner.questionnaire(&body);
        }
        let interner = Arc::clone(&self.interner);
        let parsed = spawn_blocking(move || interner.questionnaire(&body)).await;
        parsed.unwrap_or(Err(HocError::NotAQuestionnaire))
    }
}

fn has_time_for_a_retry(deadline: Instant) -> bool {
    deadline.saturating_duration_since(Instant::now()) >= RETRY_PAUSE + MIN_RETRY_TIME
}

fn transport_error(error: reqwest::Error) -> HocError {
    let error = error.without_url();
    if error.is_connect() {
        return HocError::Unreachable(error);
    }
    HocError::ConnectionBroken(error)
}

fn succeeded(response: Response) -> Result<Response, HocError> {
    match response.status() {
        status if status.is_success() => Ok(response),
        status if status.is_redirection() => Err(HocError::Redirected),
        StatusCode::UNAUTHORIZED => Err(HocError::TokenRejected),
        StatusCode::FORBIDDEN => Err(HocError::Forbidden),
        StatusCode::NOT_FOUND => Err(HocError::UnknownCampaign),
        status => Err(HocError::UnexpectedStatus(status.as_u16())),
    }
}

#[cfg(test)]
mod tests;
