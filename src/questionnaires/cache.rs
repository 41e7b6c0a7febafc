//! The last good questionnaire of each campaign, within limits.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::size::size;
use crate::bounded_cache::{BoundedCache, Weighty, bounded_cache};
use crate::domain::{CampaignId, Questionnaire};

/// How many questionnaires are kept at most.
pub(super) const MAX_ENTRIES: u64 = 1_024;

/// How many bytes they may take in total (16 MiB), as [`size`] estimates them.
pub(super) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A questionnaire as HOC sent it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) questionnaire: Arc<Questionnaire>,
    /// When HOC was asked for it.
    pub(super) asked_at: DateTime<Utc>,
    bytes: u64,
}

impl Kept {
    fn is_newer(&self, than: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        than < self.asked_at && self.asked_at <= now
    }
}

impl Weighty for Kept {
    fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The cache. `Debug` shows no questionnaire.
pub(super) struct Cache(BoundedCache<CampaignId, Kept>);

impl Cache {
    pub(super) fn new() -> Self {
        Self(bounded_cache(MAX_ENTRIES, MAX_BYTES))
    }

    pub(super) fn get(&self, campaign: CampaignId) -> Option<Kept> {
        self.0.get(&campaign)
    }

    /// Keeps the questionnaire unless the cache has a newer one. One from the future is none: the clock was set back.
    pub(super) fn keep(
        &self,
        campaign: CampaignId,
        questionnaire: Arc<Questionnaire>,
        asked_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        if self.0.peek(&campaign).is_none_or(|kept| !kept.is_newer(asked_at, now)) {
            let bytes = size(&questionnaire);
            self.0.insert(campaign, Kept { questionnaire, asked_at, bytes });
        }
    }

    /// Forgets the questionnaire unless HOC was asked for it after `asked_at`.
    pub(super) fn forget(&self, campaign: CampaignId, asked_at: DateTime<Utc>, now: DateTime<Utc>) {
        self.0.remove_if(&campaign, |kept| !kept.is_newer(asked_at, now));
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("entries", &self.0.len()).field("weight", &self.0.weight()).finish()
    }
}
