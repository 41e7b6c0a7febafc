//! What is read from a row, and how it becomes a record.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::error::StoreError;
use super::record::{CallRecord, CallState, Fingerprint, InstanceId, Mode, StoredAnswer};
use crate::domain::{AgentId, CallId, CampaignId, ConversationId};

macro_rules! row {
    ($($column:ident: $type:ty),+ $(,)?) => {
        #[derive(sqlx::FromRow)]
        pub(super) struct Row {
            $($column: $type),+
        }

        impl Row {
            pub(super) fn from_sqlite(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self { $($column: row.get(stringify!($column))?),+ })
            }
        }
    };
}

row! {
    call_id: String,
    fingerprint: String,
    mode: String,
    campaign_id: i64,
    state: String,
    conversation_id: Option<String>,
    outcome: Option<String>,
    retry_after_secs: Option<i64>,
    questionnaire_loaded: Option<bool>,
    questionnaire_age_secs: Option<i64>,
    prompt_length: Option<i64>,
    first_message: Option<String>,
    answered_at: Option<i64>,
    link_expires_at: Option<i64>,
    claimed_at: i64,
    dialled_at: Option<i64>,
    settle_until: Option<i64>,
    checks: i64,
    guarded_until: i64,
    owner: String,
    agent_id: Option<String>,
}

impl TryFrom<Row> for CallRecord {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let call_id = row.call_id.clone();
        understand(row).map_err(|column| StoreError::Unreadable { call_id, column })
    }
}

/// The error is the column that cannot be understood.
fn understand(row: Row) -> Result<CallRecord, &'static str> {
    Ok(CallRecord {
        answer: answer(&row)?,
        call_id: CallId::parse(&row.call_id).ok_or("call_id")?,
        fingerprint: Fingerprint::parse(&row.fingerprint).ok_or("fingerprint")?,
        mode: Mode::parse(&row.mode).ok_or("mode")?,
        campaign_id: number(row.campaign_id).and_then(CampaignId::new).ok_or("campaign_id")?,
        state: CallState::parse(&row.state).ok_or("state")?,
        conversation_id: optional(row.conversation_id, |raw| ConversationId::parse(&raw), "conversation_id")?,
        outcome: row.outcome,
        retry_after_secs: optional(row.retry_after_secs, number, "retry_after_secs")?,
        claimed_at: time(row.claimed_at).ok_or("claimed_at")?,
        dialled_at: optional(row.dialled_at, time, "dialled_at")?,
        settle_until: optional(row.settle_until, time, "settle_until")?,
        checks: number(row.checks).ok_or("checks")?,
        guarded_until: time(row.guarded_until).ok_or("guarded_until")?,
        owner: Uuid::try_parse(&row.owner).map(InstanceId::from_uuid).map_err(|_malformed| "owner")?,
        agent_id: optional(row.agent_id, |raw| AgentId::parse(&raw), "agent_id")?,
    })
}

fn answer(row: &Row) -> Result<Option<StoredAnswer>, &'static str> {
    let Some(first_message) = row.first_message.clone() else { return Ok(None) };
    Ok(Some(StoredAnswer {
        questionnaire_age_seconds: questionnaire_age(row)?,
        prompt_length: row.prompt_length.and_then(number).ok_or("prompt_length")?,
        first_message,
        answered_at: row.answered_at.and_then(time).ok_or("answered_at")?,
        link_expires_at: optional(row.link_expires_at, time, "link_expires_at")?,
    }))
}

/// Rows from before ages were recorded have none: back then every questionnaire was fetched from HOC for its call, so 0
/// is right.
fn questionnaire_age(row: &Row) -> Result<Option<u32>, &'static str> {
    if !row.questionnaire_loaded.ok_or("questionnaire_loaded")? {
        return Ok(None);
    }
    let age = row.questionnaire_age_secs.unwrap_or(0);
    Ok(Some(number(age).ok_or("questionnaire_age_secs")?))
}

fn number<T: TryFrom<i64>>(raw: i64) -> Option<T> {
    T::try_from(raw).ok()
}

fn time(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}

/// What may be missing must be understood where it is there.
fn optional<Raw, T>(
    raw: Option<Raw>,
    understand: impl FnOnce(Raw) -> Option<T>,
    column: &'static str,
) -> Result<Option<T>, &'static str> {
    raw.map(|raw| understand(raw).ok_or(column)).transpose()
}
