//! The questionnaire cache: calls and talks ask here, never [`crate::hoc`] directly.
//!
//! What HOC sent is reused for a while, simultaneous triggers of a campaign share one request, the last good
//! questionnaire stands in while HOC fails, and HOC is left alone when it fails again and again. `docs/decisions.md`
//! explains why.

mod breaker;
mod cache;
mod found;
mod outages;
mod size;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tracing::Instrument;

use self::cache::{Cache, Kept};
pub use self::found::{Found, Missing, Source};
use self::outages::Outages;
use crate::clock::SharedClock;
use crate::config::HocConfig;
use crate::domain::{CampaignId, Questionnaire};
use crate::hoc::{HocClient, HocError};

/// How old a questionnaire may be to stand in while HOC fails.
const MAX_STALE: TimeDelta = TimeDelta::hours(24);

/// The outcome of one request to HOC, for everybody who waited for it.
type Fetched = Result<Arc<Questionnaire>, Missing>;

/// A request to HOC that any number of triggers wait for. It goes on even if none of them waits any longer.
type Flight = Shared<BoxFuture<'static, Fetched>>;

/// The questionnaires of all campaigns, as fresh as the settings require. Clones share them.
#[derive(Debug, Clone)]
pub struct Questionnaires {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    hoc: HocClient,
    /// How long a questionnaire is used without asking HOC again.
    ttl: TimeDelta,
    cache: Cache,
    flights: Mutex<HashMap<CampaignId, Flight>>,
    outages: Mutex<Outages>,
    clock: SharedClock,
}

impl Questionnaires {
    /// Starts empty.
    #[must_use]
    pub fn new(hoc: HocClient, config: &HocConfig, clock: SharedClock) -> Self {
        let ttl = TimeDelta::from_std(config.questionnaire_ttl).unwrap_or(MAX_STALE);
        let (flights, outages) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { hoc, ttl, cache: Cache::new(), flights, outages, clock }) }
    }

    /// Whether HOC has failed so often that it is only probed now and then.
    #[must_use]
    pub fn is_hoc_circuit_open(&self) -> bool {
        self.inner.outages().is_open(self.inner.clock.now())
    }

    /// The campaign's questionnaire for a call or a talk: from the cache, from HOC, or the last good one. Takes at most
    /// as long as HOC may ([`HocConfig::deadline`]).
    ///
    /// # Errors
    /// See [`Missing`]: there is none, and no good one from the last 24 hours.
    pub async fn get(&self, campaign: CampaignId) -> Result<Found, Missing> {
        let inner = &self.inner;
        if let Some(fresh) = inner.fresh(campaign) {
            return Ok(fresh);
        }
        match inner.ask(campaign).await {
            Ok(found) => Ok(found),
            Err(missing) => inner.stand_in(campaign, missing),
        }
    }

    /// Like [`Questionnaires::get`], but asks HOC whatever is cached, and even while its breaker is open. For someone
    /// who has just changed the questionnaire and wants to see it; later calls get what was seen.
    ///
    /// # Errors
    /// As [`Questionnaires::get`].
    pub async fn refresh(&self, campaign: CampaignId) -> Result<Found, Missing> {
        match self.inner.fetch(campaign).await {
            Ok(questionnaire) => Ok(Found::loaded(questionnaire)),
            Err(missing) => self.inner.stand_in(campaign, missing),
        }
    }
}

impl Inner {
    /// The cached questionnaire, if it is fresh. One that was fetched in the future shows that the clock was set back:
    /// its age is unknown then.
    fn fresh(&self, campaign: CampaignId) -> Option<Found> {
        let kept = self.cache.get(campaign)?;
        let age = self.age(&kept);
        let is_fresh = age >= TimeDelta::zero() && age < self.ttl;
        is_fresh.then(|| Found::kept(&kept, Source::Cached, age))
    }

    /// Asks HOC, or joins the request that is already in flight.
    async fn ask(self: &Arc<Self>, campaign: CampaignId) -> Result<Found, Missing> {
        if self.ttl.is_zero() {
            // With a TTL of zero every trigger asks HOC itself: the answer to an earlier request would not be fresh
            // enough.
            self.admit(campaign)?;
            return self.fetch_apart(campaign, None).await.map(Found::loaded);
        }
        let flight = {
            let mut flights = self.flights();
            // A flight may have ended since the check without the lock. If it succeeded, it filled the cache first.
            if let Some(fresh) = self.fresh(campaign) {
                return Ok(fresh);
            }
            self.admit(campaign)?;
            flights.entry(campaign).or_insert_with(|| self.fly(campaign)).clone()
        };
        flight.await.map(Found::loaded)
    }

    /// While HOC fails nobody waits, not even for the probe that checks whether it is back.
    fn admit(&self, campaign: CampaignId) -> Result<(), Missing> {
        let admitted = self.outages().admit(campaign, self.clock.now());
        if admitted { Ok(()) } else { Err(Missing::CircuitOpen) }
    }

    /// A request that others may join until it has ended.
    fn fly(self: &Arc<Self>, campaign: CampaignId) -> Flight {
        let landing = Landing { inner: Arc::clone(self), campaign };
        self.fetch_apart(campaign, Some(landing)).shared()
    }

    /// Asks HOC in a task of its own, so that a caller who hangs up does not take the answer from the others.
    fn fetch_apart(
        self: &Arc<Self>,
        campaign: CampaignId,
        landing: Option<Landing>,
    ) -> BoxFuture<'static, Fetched> {
        let inner = Arc::clone(self);
        let fetch = async move {
            let _landing = landing;
            inner.fetch(campaign).await
        };
        let fetching = tokio::spawn(fetch.in_current_span());
        fetching.map(|ended| ended.unwrap_or(Err(Missing::Interrupted))).boxed()
    }

    async fn fetch(&self, campaign: CampaignId) -> Fetched {
        // The age counts from the request: what changed at HOC after it need not be in the answer.
        let asked_at = self.clock.now();
        let answer = self.hoc.questionnaire(campaign).await;
        let is_outage = answer.as_ref().is_err_and(HocError::is_outage);
        self.outages().note(campaign, is_outage, self.clock.now());
        match answer {
            Ok(questionnaire) => {
                self.cache.keep(campaign, Arc::clone(&questionnaire), asked_at, self.clock.now());
                Ok(questionnaire)
            }
            Err(error) => {
                if error.says_there_is_none() {
                    self.cache.forget(campaign, asked_at, self.clock.now());
                }
                Err(error.into())
            }
        }
    }

    /// The last good questionnaire, unless HOC said that there is none, or it is too old.
    fn stand_in(&self, campaign: CampaignId, missing: Missing) -> Result<Found, Missing> {
        let Some(kept) = self.cache.get(campaign) else { return Err(missing) };
        let age = self.age(&kept);
        if age > MAX_STALE {
            self.cache.forget(campaign, kept.asked_at, self.clock.now());
            return Err(missing);
        }
        Ok(Found::kept(&kept, Source::Stale(missing), age))
    }

    fn age(&self, kept: &Kept) -> TimeDelta {
        self.clock.now() - kept.asked_at
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<CampaignId, Flight>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outages(&self) -> MutexGuard<'_, Outages> {
        self.outages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a flight once it has ended, however it ended: nobody must join one that will never answer.
struct Landing {
    inner: Arc<Inner>,
    campaign: CampaignId,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.inner.flights().remove(&self.campaign);
    }
}

#[cfg(test)]
mod tests;
