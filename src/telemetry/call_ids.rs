//! Ties the lines of a request to the call that it is about.

use tracing::{Span, field};

use crate::domain::{CallId, CampaignId};

/// From now on every line of the current request holds the ids of this call, or link.
pub fn belongs_to(call_id: &CallId, campaign_id: CampaignId) {
    Span::current().record("call_id", field::display(call_id)).record("campaign_id", campaign_id.get());
}
