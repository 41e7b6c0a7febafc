//! ElevenLabs in the model: what was really placed, and what its list shows.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::calls::store::{CallState, CallStore, GuardKey};
use crate::domain::{CallId, ConversationId};

/// How long a placed call may take to appear in the list.
pub(super) const APPEARS_AFTER: TimeDelta = TimeDelta::seconds(40);

/// One request to call somebody.
#[derive(Debug, Clone)]
pub(super) struct Dialled {
    pub(super) call_id: CallId,
    guard: usize,
    /// Whether the telephone rang.
    pub(super) rang: bool,
    visible_at: DateTime<Utc>,
}

#[derive(Debug, Default)]
pub(super) struct World {
    dials: Vec<Dialled>,
    conversations: BTreeMap<CallId, ConversationId>,
}

impl World {
    /// A request goes out.
    ///
    /// # Errors
    /// A sentence on the law that it breaks: no dial for a guard unless the one before was proved not placed, or its
    /// window is over.
    pub(super) async fn dial(
        &mut self,
        store: &CallStore,
        (guard, key): (usize, &GuardKey),
        call_id: &CallId,
        rings: bool,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        for before in self.dials.iter().filter(|dial| dial.guard == guard) {
            let record = store.find(&before.call_id).await.map_err(|error| error.to_string())?;
            let record = record.ok_or_else(|| format!("{} is forgotten", before.call_id))?;
            let allowed = match record.state {
                CallState::Placed => record.guarded_until <= now,
                CallState::Refused | CallState::NotPlaced => !before.rang,
                CallState::Claimed | CallState::Dialling | CallState::Unknown => false,
            };
            if !allowed {
                return Err(format!("{key:?} is dialled again at {now} after {before:?}: {record:?}"));
            }
        }
        let conversation = ConversationId::parse(&format!("conv_{}", self.dials.len())).expect("an id");
        self.dials.push(Dialled {
            call_id: call_id.clone(),
            guard,
            rang: rings,
            visible_at: now + APPEARS_AFTER,
        });
        if rings {
            self.conversations.insert(call_id.clone(), conversation);
        }
        Ok(())
    }

    /// The conversation that a call became, as the instance that placed it is told.
    pub(super) fn conversation(&self, call_id: &CallId) -> Option<ConversationId> {
        self.conversations.get(call_id).cloned()
    }

    /// The conversation that a call became, as the list shows it.
    pub(super) fn listed(&self, call_id: &CallId, now: DateTime<Utc>) -> Option<ConversationId> {
        let is_listed = self.dials.iter().any(|dial| dial.call_id == *call_id && dial.visible_at <= now);
        if is_listed { self.conversation(call_id) } else { None }
    }

    pub(super) fn dials(&self) -> &[Dialled] {
        &self.dials
    }
}
