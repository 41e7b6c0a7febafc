//! Slows down clients that keep sending wrong keys, and nobody else.
//!
//! Each address may send a few wrong keys; after that, the answer to each further one is delayed. While many answers
//! are delayed already, further ones are sent at once, with the 401 that the contract has for every wrong key: each
//! delayed answer occupies a connection, and connections are limited. A right key never waits, wherever it comes from:
//! HOC with a right key may share its address with somebody who has a wrong one.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::client_address::network;
use crate::bucket::Bucket;
use crate::config::WrongKeyLimits;
use crate::http::error::ApiError;
use crate::telemetry::metrics::RequestMetrics;

/// How many addresses are tracked. Beyond that, those that have gone quiet are forgotten.
const ADDRESSES: usize = 16_384;

/// Tracks where wrong keys came from. See the module.
#[derive(Debug)]
pub(super) struct WrongKeys {
    limits: WrongKeyLimits,
    sources: Cache<IpAddr, Arc<Source>>,
    /// Permits for delayed answers, across all addresses.
    held: Semaphore,
    metrics: RequestMetrics,
}

/// The state of one address.
#[derive(Debug)]
struct Source {
    /// How many more wrong keys are answered at once.
    free: Mutex<Bucket>,
    held: Semaphore,
}

impl Default for WrongKeys {
    fn default() -> Self {
        Self::new(WrongKeyLimits::default(), RequestMetrics::default())
    }
}

impl WrongKeys {
    /// Starts with no wrong keys seen.
    pub(super) fn new(limits: WrongKeyLimits, metrics: RequestMetrics) -> Self {
        Self { limits, sources: Cache::new(ADDRESSES), held: Semaphore::new(limits.held), metrics }
    }

    /// The answer to a wrong key from this address, once it is due.
    pub(super) async fn answer(&self, address: IpAddr) -> ApiError {
        let source = self.source(network(address));
        if source.is_free() {
            self.metrics.wrong_key("at_once");
            return ApiError::InvalidApiKey;
        }
        let (Ok(_place), Ok(_place_of_all)) = (source.held.try_acquire(), self.held.try_acquire()) else {
            self.metrics.wrong_key("not_held");
            return ApiError::InvalidApiKey;
        };
        self.metrics.wrong_key("held_back");
        sleep(self.limits.pause).await;
        ApiError::InvalidApiKey
    }

    fn source(&self, network: IpAddr) -> Arc<Source> {
        let unknown = || Ok::<_, std::convert::Infallible>(Arc::new(Source::new(&self.limits)));
        let Ok(source) = self.sources.get_or_insert_with(&network, unknown);
        source
    }
}

impl Source {
    fn new(limits: &WrongKeyLimits) -> Self {
        let free = Bucket::new(f64::from(limits.free), 1.0 / limits.forgiven_after.as_secs_f64());
        Self { free: Mutex::new(free), held: Semaphore::new(limits.held_of_address) }
    }

    fn is_free(&self) -> bool {
        // `take` is a single step, so a panic leaves nothing half done.
        self.free.lock().unwrap_or_else(PoisonError::into_inner).take(1.0, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));
    const LIMITS: WrongKeyLimits = WrongKeyLimits {
        free: 3,
        forgiven_after: Duration::from_secs(30),
        pause: Duration::from_secs(5),
        held_of_address: 2,
        held: 3,
    };

    fn wrong_keys() -> WrongKeys {
        WrongKeys::new(LIMITS, RequestMetrics::default())
    }

    /// How long the answer took.
    async fn waited(wrong_keys: &WrongKeys, address: IpAddr) -> Duration {
        let start = Instant::now();
        assert_eq!(wrong_keys.answer(address).await, ApiError::InvalidApiKey);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_few_are_answered_at_once_and_the_others_after_a_pause() {
        let wrong_keys = wrong_keys();
        for _ in 0..LIMITS.free {
            assert_eq!(waited(&wrong_keys, ONE).await, Duration::ZERO);
        }
        assert!(waited(&wrong_keys, ONE).await >= LIMITS.pause);
        assert_eq!(waited(&wrong_keys, OTHER).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_waited_long_enough_is_answered_at_once_again() {
        let wrong_keys = wrong_keys();
        for _ in 0..LIMITS.free {
            waited(&wrong_keys, ONE).await;
        }
        tokio::time::advance(LIMITS.forgiven_after).await;
        assert_eq!(waited(&wrong_keys, ONE).await, Duration::ZERO);
        assert!(waited(&wrong_keys, ONE).await >= LIMITS.pause);
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_answers_are_held_back_of_one_address_and_of_all() {
        let wrong_keys = wrong_keys();
        for address in [ONE, OTHER] {
            for _ in 0..LIMITS.free {
                waited(&wrong_keys, address).await;
            }
        }
        let held = async |address| waited(&wrong_keys, address).await >= LIMITS.pause;
        let held = tokio::join!(held(ONE), held(ONE), held(ONE), held(OTHER), held(OTHER));
        assert_eq!(held, (true, true, false, true, false));
        // A finished or cancelled answer has given its permit back.
        assert!(waited(&wrong_keys, ONE).await >= LIMITS.pause);
    }
}
