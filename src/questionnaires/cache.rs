//! The last good questionnaire of each campaign, within limits.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use quick_cache::sync::{Cache as Quick, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::size::size;
use crate::domain::{CampaignId, Questionnaire};

/// How many questionnaires are kept at most.
pub(super) const MAX_ENTRIES: u64 = 1_024;

/// How many bytes they may take in total (16 MiB), as [`size`] estimates them. One that is larger by itself is not
/// kept.
pub(super) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A questionnaire as HOC sent it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) questionnaire: Arc<Questionnaire>,
    /// When HOC was asked for it.
    pub(super) asked_at: DateTime<Utc>,
    bytes: u64,
}

/// The cache. `Debug` shows no questionnaire.
pub(super) struct Cache(Quick<CampaignId, Kept, Weight>);

/// An entry weighs its size, but at least `MAX_BYTES / MAX_ENTRIES`, so that one limit bounds entries and bytes.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<CampaignId, Kept> for Weight {
    fn weight(&self, _campaign: &CampaignId, kept: &Kept) -> u64 {
        kept.bytes.max(MAX_BYTES / MAX_ENTRIES)
    }
}

impl Cache {
    pub(super) fn new() -> Self {
        // One shard, because each has its own part of the limit, and a large questionnaire must fit into it.
        let options = OptionsBuilder::new()
            .shards(1)
            .estimated_items_capacity(usize::try_from(MAX_ENTRIES).unwrap_or(usize::MAX))
            .weight_capacity(MAX_BYTES)
            .build()
            .expect("complete options");
        Self(Quick::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default()))
    }

    pub(super) fn get(&self, campaign: CampaignId) -> Option<Kept> {
        self.0.get(&campaign)
    }

    /// Keeps the questionnaire unless the cache has a newer one.
    pub(super) fn keep(
        &self,
        campaign: CampaignId,
        questionnaire: Arc<Questionnaire>,
        asked_at: DateTime<Utc>,
    ) {
        if self.0.peek(&campaign).is_none_or(|kept| kept.asked_at <= asked_at) {
            let bytes = size(&questionnaire);
            self.0.insert(campaign, Kept { questionnaire, asked_at, bytes });
        }
    }

    /// Forgets the questionnaire unless HOC was asked for it after `asked_at`.
    pub(super) fn forget(&self, campaign: CampaignId, asked_at: DateTime<Utc>) {
        self.0.remove_if(&campaign, |kept| kept.asked_at <= asked_at);
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("entries", &self.0.len()).field("weight", &self.0.weight()).finish()
    }
}
