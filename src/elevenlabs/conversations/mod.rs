//! Asks ElevenLabs' list of conversations whether a call whose outcome is unknown was placed.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

use super::{ElevenLabs, LookupError};
use crate::domain::{AgentId, CallId, ConversationId};

/// How much earlier by ElevenLabs' clock than by ours a conversation may have begun. Generous, because a conversation
/// that is older than the time asked for is never found, while the call's id alone identifies it.
const CLOCK_SLACK: TimeDelta = TimeDelta::days(1);

/// How many pages of a list are read at most. A filter that is applied after paging leaves pages empty.
const MAX_PAGES: usize = 20;

/// How many rows are requested and looked at. Filtered by a call id there is at most one; more mean that the filter is
/// ignored.
const MAX_ROWS: usize = 5;

/// The two ways to filter by call id. Every call is sent with both.
#[derive(Debug, Clone, Copy)]
enum Filter {
    /// `dynamic_variable_params=name:eq:value`. Newer than `user_id`; ElevenLabs ignores parameters that it does not
    /// know.
    Variable,
    /// `user_id=value`.
    UserId,
}

impl Filter {
    const ALL: [Self; 2] = [Self::Variable, Self::UserId];
}

/// The result of one filter.
enum Finding {
    /// Our conversation.
    Found(ConversationId),
    /// No row.
    Nothing,
    /// The filter is refused or ignored: the rows are others'. Says nothing about our call.
    NoFilter,
}

/// A call that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct SoughtCall<'a> {
    /// Its own id, which was sent with it.
    pub call_id: &'a CallId,
    /// The agent it was dialled with.
    pub agent_id: &'a AgentId,
    /// When it was dialled, by our clock.
    pub dialled_at: DateTime<Utc>,
}

/// Why the absence of a call from the list proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoProof {
    /// The agent cannot be read with this key, for instance after a change of workspace: the list of another workspace
    /// is just as empty.
    #[error("the agent that was asked cannot be read with this key: {0}")]
    UnknownAgent(LookupError),
    /// The list shows none of the calls that are known to be placed.
    #[error("ElevenLabs' list shows none of the calls that were placed last")]
    Incomplete,
    /// The list cannot be read.
    #[error(transparent)]
    Unreadable(#[from] LookupError),
}

impl SoughtCall<'_> {
    /// The same question about another id: `control`, which was never used.
    const fn instead<'a>(&'a self, control: &'a CallId) -> SoughtCall<'a> {
        SoughtCall { call_id: control, agent_id: self.agent_id, dialled_at: self.dialled_at }
    }
}

impl ElevenLabs {
    /// The conversation that carries the call's id, if there is one.
    ///
    /// A row counts only if it or its record contains the id: a filter that ElevenLabs ignores lists everybody's
    /// conversations. If the record cannot be read, a single row counts if the same query for an id that was never used
    /// returns no row.
    ///
    /// There is no conversation if one filter returned no row, and the other returned none or is no filter at all.
    /// Whether that can be believed is for [`Self::shows_what_was_placed`] to say.
    ///
    /// # Errors
    /// If the list cannot be read, or proves nothing. The outcome is then still unknown.
    pub async fn find_conversation(
        &self,
        call: &SoughtCall<'_>,
    ) -> Result<Option<ConversationId>, LookupError> {
        self.find_beside(call, &never_used()).await
    }

    /// Checks that the list can be read and proves something, by looking for a call that never was.
    ///
    /// # Errors
    /// As [`Self::find_conversation`].
    pub async fn probe_conversations(&self, now: DateTime<Utc>) -> Result<(), LookupError> {
        let call = SoughtCall { call_id: &never_used(), agent_id: &self.agent_id, dialled_at: now };
        self.find_conversation(&call).await.map(drop)
    }

    /// Checks that the absence of a call of this agent from the list means something: the key's workspace has the
    /// agent, and one of the `placed` calls is shown, by a filter that is not ignored. Without any such call nobody can
    /// tell, and the list is believed.
    ///
    /// # Errors
    /// See [`NoProof`].
    pub async fn shows_what_was_placed(
        &self,
        agent_id: &AgentId,
        placed: &[SoughtCall<'_>],
    ) -> Result<(), NoProof> {
        self.agent_record(agent_id).await.map_err(NoProof::UnknownAgent)?;
        for call in placed {
            for filter in Filter::ALL {
                if self.is_shown_by(filter, call).await? {
                    return Ok(());
                }
            }
        }
        if placed.is_empty() { Ok(()) } else { Err(NoProof::Incomplete) }
    }

    async fn is_shown_by(&self, filter: Filter, call: &SoughtCall<'_>) -> Result<bool, LookupError> {
        let control = never_used();
        let is_found = matches!(self.ask(filter, call, &control).await?, Finding::Found(_));
        Ok(is_found && self.list(filter, &call.instead(&control)).await?.is_empty())
    }

    async fn find_beside(
        &self,
        call: &SoughtCall<'_>,
        control: &CallId,
    ) -> Result<Option<ConversationId>, LookupError> {
        let mut nothing = false;
        let mut doubt = None;
        for filter in Filter::ALL {
            match self.ask(filter, call, control).await {
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
        call: &SoughtCall<'_>,
        control: &CallId,
    ) -> Result<Finding, LookupError> {
        let rows = match self.list(filter, call).await {
            Ok(rows) if rows.is_empty() => return Ok(Finding::Nothing),
            Ok(rows) => rows,
            // ElevenLabs does not know the parameter.
            Err(LookupError::Status(400 | 422)) => return Ok(Finding::NoFilter),
            Err(error) => return Err(error),
        };
        let mut unread = false;
        for row in rows.iter().take(MAX_ROWS) {
            let Some(conversation_id) = conversation_id(row) else { continue };
            match self.carries(row, &conversation_id, call.call_id).await {
                Ok(true) => return Ok(Finding::Found(conversation_id)),
                Ok(false) => {}
                Err(_) => unread = true,
            }
        }
        if !self.list(filter, &call.instead(control)).await?.is_empty() {
            return Ok(Finding::NoFilter);
        }
        // The filter works, so a single row is ours even though its record could not be read.
        match &rows[..] {
            [row] if unread => conversation_id(row).map(Finding::Found).ok_or(LookupError::Unreadable),
            _ => Err(LookupError::Unreadable),
        }
    }

    /// The first rows. Skips empty pages, because an empty page with a next one does not make an empty list.
    async fn list(&self, filter: Filter, call: &SoughtCall<'_>) -> Result<Vec<Value>, LookupError> {
        let mut cursor = None;
        for _ in 0..MAX_PAGES {
            let mut page = self.page(filter, call, cursor.as_deref()).await?;
            let Some(Value::Array(rows)) = page.get_mut("conversations").map(Value::take) else {
                return Err(LookupError::Unreadable);
            };
            let has_more = page.get("has_more").and_then(Value::as_bool).unwrap_or(false);
            if !rows.is_empty() || !has_more {
                return Ok(rows);
            }
            cursor = page.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        Err(LookupError::Unreadable)
    }

    async fn page(
        &self,
        filter: Filter,
        call: &SoughtCall<'_>,
        cursor: Option<&str>,
    ) -> Result<Value, LookupError> {
        let after = (call.dialled_at - CLOCK_SLACK).timestamp().to_string();
        let (name, value) = match filter {
            Filter::Variable => {
                ("dynamic_variable_params", format!("{}:eq:{}", CallId::VARIABLE, call.call_id))
            }
            Filter::UserId => ("user_id", call.call_id.to_string()),
        };
        let request = self.request(Method::GET, &["v1", "convai", "conversations"]).query(&[
            ("agent_id", call.agent_id.as_str()),
            ("call_start_after_unix", &after),
            ("page_size", &MAX_ROWS.to_string()),
            (name, &value),
        ]);
        let request = request.query(&cursor.map(|cursor| [("cursor", cursor)]));
        self.look_up("conversations", request).await
    }

    /// Whether the conversation's row or record contains the call id, which is too random to be there by chance.
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
mod tests;
