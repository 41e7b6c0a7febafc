//! Decides whether HOC is asked: a breaker for each campaign that fails, and one for HOC as a whole.
//!
//! One campaign on which HOC always fails must not cost the others their questionnaires, and an outage of HOC must not
//! make every campaign wait several times. So a campaign counts against HOC once, however often it fails.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::breaker::{Breaker, Change};
use crate::domain::CampaignId;

/// How many failures in a row open a campaign's breaker.
pub(super) const CAMPAIGN_LIMIT: u32 = 3;

/// How many campaigns failing in a row open the breaker for HOC as a whole.
pub(super) const HOC_LIMIT: u32 = 5;

/// How many failing campaigns are remembered. Beyond that all are forgotten, which makes each wait a few times again.
const MAX_CAMPAIGNS: usize = 1_000;

#[derive(Debug)]
pub(super) struct Outages {
    hoc: Breaker,
    /// The campaigns whose last request failed.
    campaigns: HashMap<CampaignId, Breaker>,
}

impl Default for Outages {
    fn default() -> Self {
        Self { hoc: Breaker::new(HOC_LIMIT), campaigns: HashMap::new() }
    }
}

impl Outages {
    /// Whether HOC may be asked now. If so, the outcome must be [noted](Outages::note).
    pub(super) fn admit(&mut self, campaign: CampaignId, now: DateTime<Utc>) -> bool {
        let campaign = self.campaigns.get_mut(&campaign);
        if !self.hoc.admits(now) || campaign.as_ref().is_some_and(|campaign| !campaign.admits(now)) {
            return false;
        }
        self.hoc.begin(now);
        if let Some(campaign) = campaign {
            campaign.begin(now);
        }
        true
    }

    /// Whether HOC as a whole is left alone, except for probes.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.hoc.is_open(now)
    }

    /// Counts an outcome, and logs it if it opens or closes a breaker.
    pub(super) fn note(&mut self, campaign: CampaignId, is_outage: bool, now: DateTime<Utc>) {
        let (of_campaign, of_hoc) =
            if is_outage { self.failed(campaign, now) } else { self.succeeded(campaign) };
        let campaign_id = campaign.get();
        match of_campaign {
            Some(Change::Opened) => {
                tracing::warn!(
                    campaign_id,
                    "HOC fails again and again for this campaign; it is asked only now and then"
                );
            }
            Some(Change::Closed) => {
                tracing::info!(campaign_id, "HOC answers again for this campaign");
            }
            None => {}
        }
        match of_hoc {
            Some(Change::Opened) => {
                tracing::warn!("HOC fails again and again; it is asked only now and then");
            }
            Some(Change::Closed) => tracing::info!("HOC answers again"),
            None => {}
        }
    }

    fn failed(&mut self, campaign: CampaignId, now: DateTime<Utc>) -> (Option<Change>, Option<Change>) {
        let is_first = !self.campaigns.contains_key(&campaign);
        if is_first && self.campaigns.len() >= MAX_CAMPAIGNS {
            self.campaigns.clear();
        }
        let breaker = self.campaigns.entry(campaign).or_insert(const { Breaker::new(CAMPAIGN_LIMIT) });
        let of_campaign = breaker.failed(now);
        // A probe counts, whichever campaign it is for.
        let counts = is_first || !self.hoc.is_closed();
        (of_campaign, if counts { self.hoc.failed(now) } else { None })
    }

    fn succeeded(&mut self, campaign: CampaignId) -> (Option<Change>, Option<Change>) {
        let of_campaign = self.campaigns.remove(&campaign).and_then(|mut breaker| breaker.succeeded());
        (of_campaign, self.hoc.succeeded())
    }
}
