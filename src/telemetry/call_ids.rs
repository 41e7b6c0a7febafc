//! Ties the log lines of a request to the call that it is about.

use tracing::{Span, record_all};

use crate::domain::{CallId, CampaignId};

/// Says which call, or link, the current request is about. From now on every line of it holds their ids.
pub fn record_call(call_id: &CallId, campaign_id: CampaignId) {
    // Both at once: the log writes the span's fields anew each time.
    record_all!(Span::current(), call_id = display(call_id), campaign_id = campaign_id.get());
}
