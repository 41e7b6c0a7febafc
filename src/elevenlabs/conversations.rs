//! Asks ElevenLabs' list of conversations whether a call whose outcome is unknown was placed.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

use super::{ElevenLabs, LookupError};
use crate::domain::{CallId, ConversationId};

/// How much earlier than by our clock a conversation may have begun by ElevenLabs'.
const CLOCK_SLACK: TimeDelta = TimeDelta::minutes(5);

/// How many rows are asked for and looked at. Filtered by a call id there is one at most; more mean that the filter is not
/// heeded.
const MAX_ROWS: usize = 5;

/// The two ways to ask for a call id. Both are sent with every call.
#[derive(Debug, Clone, Copy)]
enum Filter {
    /// `dynamic_variable_params=name:eq:value`. Newer than `user_id`; ElevenLabs ignores parameters it does not know.
    Variable,
    /// `user_id=value`.
    UserId,
}

/// What one filter brought.
enum Finding {
    /// Our conversation.
    Found(ConversationId),
    /// No row.
    Nothing,
    /// The filter is refused, or it is not heeded: the rows are others'. Says nothing of our call.
    NoFilter,
}

impl ElevenLabs {
    /// The conversation that carries `call_id`, if there is one that began after `dialled_at`.
    ///
    /// A row counts only if its record holds the id: a filter that ElevenLabs does not heed lists everybody's
    /// conversations. Where the record cannot be read, a single row counts if the same question for an id that was never
    /// used brings none.
    ///
    /// That there is none is believed only if one filter brought no row, and the other none or is no filter at all.
    ///
    /// # Errors
    /// When the list cannot be read, or proves nothing. It is then unknown still.
    pub async fn find_conversation(
        &self,
        call_id: &CallId,
        dialled_at: DateTime<Utc>,
    ) -> Result<Option<ConversationId>, LookupError> {
        self.find_beside(call_id, &never_used(), dialled_at).await
    }

    /// Whether the list can be read and proves something: it is asked for a call that never was.
    ///
    /// # Errors
    /// As [`Self::find_conversation`].
    pub async fn probe_conversations(&self, now: DateTime<Utc>) -> Result<(), LookupError> {
        self.find_conversation(&never_used(), now).await.map(drop)
    }

    async fn find_beside(
        &self,
        call_id: &CallId,
        control: &CallId,
        dialled_at: DateTime<Utc>,
    ) -> Result<Option<ConversationId>, LookupError> {
        let mut nothing = false;
        let mut doubt = None;
        for filter in [Filter::Variable, Filter::UserId] {
            match self.ask(filter, call_id, control, dialled_at).await {
                Ok(Finding::Found(conversation_id)) => return Ok(Some(conversation_id)),
                Ok(Finding::Nothing) => nothing = true,
                Ok(Finding::NoFilter) => {}
                Err(error) => doubt = Some(error),
            }
        }
        match doubt {
            None if nothing => Ok(None),
            doubt => Err(doubt.unwrap_or(LookupError::Unreadable)),
        }
    }

    async fn ask(
        &self,
        filter: Filter,
        call_id: &CallId,
        control: &CallId,
        dialled_at: DateTime<Utc>,
    ) -> Result<Finding, LookupError> {
        let rows = match self.list(filter, call_id, dialled_at).await {
            Ok(rows) if rows.is_empty() => return Ok(Finding::Nothing),
            Ok(rows) => rows,
            // ElevenLabs does not know the parameter.
            Err(LookupError::Status(400 | 422)) => return Ok(Finding::NoFilter),
            Err(error) => return Err(error),
        };
        let mut unread = false;
        for row in rows.iter().take(MAX_ROWS) {
            let Some(conversation_id) = conversation_id(row) else { continue };
            match self.carries(row, &conversation_id, call_id).await {
                Ok(true) => return Ok(Finding::Found(conversation_id)),
                Ok(false) => {}
                Err(_) => unread = true,
            }
        }
        if !unread || !self.list(filter, control, dialled_at).await?.is_empty() {
            return Ok(Finding::NoFilter);
        }
        match &rows[..] {
            [row] => conversation_id(row).map(Finding::Found).ok_or(LookupError::Unreadable),
            _ => Err(LookupError::Unreadable),
        }
    }

    async fn list(
        &self,
        filter: Filter,
        call_id: &CallId,
        dialled_at: DateTime<Utc>,
    ) -> Result<Vec<Value>, LookupError> {
        let after = (dialled_at - CLOCK_SLACK).timestamp().to_string();
        let (name, value) = match filter {
            Filter::Variable => ("dynamic_variable_params", format!("{}:eq:{call_id}", CallId::VARIABLE)),
            Filter::UserId => ("user_id", call_id.to_string()),
        };
        let request = self.request(Method::GET, &["v1", "convai", "conversations"]).query(&[
            ("agent_id", self.agent_id.as_str()),
            ("call_start_after_unix", &after),
            ("page_size", &MAX_ROWS.to_string()),
            (name, &value),
        ]);
        match self.look_up("conversations", request).await?.get_mut("conversations").map(Value::take) {
            Some(Value::Array(rows)) => Ok(rows),
            _ => Err(LookupError::Unreadable),
        }
    }

    /// Whether the conversation's row or record holds the call id. Random as it is, it stands nowhere by chance.
    async fn carries(
        &self,
        row: &Value,
        conversation_id: &ConversationId,
        call_id: &CallId,
    ) -> Result<bool, LookupError> {
        if holds(row, call_id) {
            return Ok(true);
        }
        let path = ["v1", "convai", "conversations", conversation_id.as_str()];
        Ok(holds(&self.look_up("conversation", self.request(Method::GET, &path)).await?, call_id))
    }
}

fn never_used() -> CallId {
    CallId::from_uuid(Uuid::new_v4())
}

fn conversation_id(row: &Value) -> Option<ConversationId> {
    row.get("conversation_id").and_then(Value::as_str).and_then(ConversationId::parse)
}

/// Whether any text in `value` is the call id.
fn holds(value: &Value, call_id: &CallId) -> bool {
    match value {
        Value::String(text) => text == call_id.as_str(),
        Value::Array(entries) => entries.iter().any(|entry| holds(entry, call_id)),
        Value::Object(members) => members.values().any(|member| holds(member, call_id)),
        _ => false,
    }
}

#[cfg(test)]
#[path = "conversations_tests.rs"]
mod tests;
