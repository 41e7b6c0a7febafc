//! Ties the log lines of a request to the call that it is about.

use tracing::{Span, record_all};

use crate::domain::{CallId, CampaignId};

/// From now on every line of the current request holds the ids of this call, or link.
pub fn belongs_to(call_id: &CallId, campaign_id: CampaignId) {
    // Both at once: the log writes the span's fields anew each time.
    record_all!(Span::current(), call_id = display(call_id), campaign_id = campaign_id.get());
}
