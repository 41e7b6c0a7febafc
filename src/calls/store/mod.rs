//! The record of calls: who claimed which trigger, and what came of it.
//!
//! **The guarantee.** Of any number of claims for one guard, on any number of instances, exactly one is won; the others
//! learn which call holds it. What ensures this is not code but a partial unique index on the rows that hold their
//! guard: a claim is one `INSERT … ON CONFLICT DO NOTHING`. Every step after it is one conditional `UPDATE` whose
//! number of changed rows says whether the step was still allowed, so no transaction spans two steps and nothing is
//! locked while a call is dialled.
//!
//! **What it keeps.** Digests, states, times, ElevenLabs' conversation id, and the answer without names. No prompt, no
//! name, no number, no key.
//!
//! **Leases.** A call in flight belongs to an instance until its lease expires. What a lost instance had only claimed
//! is given up ([`CallStore::abandon_stale_claims`]), because nothing was sent. What it was dialling becomes
//! [`CallState::Unknown`] ([`CallStore::take_over`]) and is looked for. Renewing has a limit, so that a row whose own
//! instance has lost sight of it (the database's answer got lost, a task panicked) is freed like that of a lost
//! instance: [`CallStore::MAX_CLAIM`] for a claim, `settle_until` for a dial.
//!
//! **A call found late.** If a call turns out to have been placed after it was settled as not placed, its row says so
//! from then on and holds its guard again. If the guard is held by a claim that has sent nothing yet, that claim is
//! given up before (`superseded`; its `begin_dial` returns false). If another call is dialled or placed already, the
//! row tells the truth without holding the guard.
//!
//! **Two databases, one set of statements.** The statements are written once (`statements`), in the SQL that SQLite and
//! PostgreSQL share, and run through a few functions (`database`). That reads better than two implementations or a
//! macro, keeps each driver's prepared statements and types, and avoids the conversions of `sqlx::Any`.
//!
//! Time is passed in as an argument, and kept in milliseconds.

mod database;
mod error;
mod postgres;
mod record;
mod row;
mod sqlite;
mod statements;
mod timed;

use std::time::Duration;

use chrono::{DateTime, Utc};

use self::database::{Database, Value, values};
use self::postgres::{Patience, PostgresServer};
use self::statements::Statement;
use crate::config::DatabaseUrl;
use crate::domain::{AgentId, CallId, ConversationId};
use crate::telemetry::metrics::StoreMetrics;

pub use error::StoreError;
pub use record::{
    BegunDial, CallRecord, CallState, Claim, Fingerprint, GuardKey, InstanceId, Mode, NewClaim, Settlement,
    StoredAnswer,
};

/// How many attempts are made while a guard is neither free nor held, because it is changing hands.
const CLAIM_ATTEMPTS: u32 = 10;

/// Remembers calls. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct CallStore {
    database: Database,
    /// Measures its statements.
    pub metrics: StoreMetrics,
}

impl CallStore {
    /// The longest time from the claim to the dial, however often the lease is renewed. Fetching the questionnaire,
    /// looking up the number and waiting for its turn to dial take far less.
    pub const MAX_CLAIM: Duration = Duration::from_mins(1);

    /// Opens the store, creating it if it is missing, and brings its tables up to date.
    ///
    /// A PostgreSQL server need not be up: the connection and the migrations wait for its first use.
    ///
    /// # Errors
    /// [`StoreError::UnusableFile`] for a SQLite file that cannot be opened or migrated.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let database = match url {
            DatabaseUrl::SqliteMemory => Database::Sqlite(sqlite::open_memory()?),
            DatabaseUrl::SqliteFile(path) => Database::Sqlite(sqlite::open_file(path).await?),
            DatabaseUrl::Postgres(url) => Database::Postgres(PostgresServer::new(url, Patience::USUAL)),
        };
        Ok(Self::on(database))
    }

    fn on(database: Database) -> Self {
        let statements = statements::ALL.map(|statement| statement.name);
        Self { database, metrics: StoreMetrics::of(statements, &StoreError::CODES) }
    }

    /// Takes the guard, or returns the call that has it. For a key that was used for another request before, that is
    /// the earlier request's call, whatever became of it. Takes one statement if the guard is free.
    ///
    /// [`CallState::Claimed`], [`CallState::Dialling`] and [`CallState::Unknown`] hold the guard, and
    /// [`CallState::Placed`] does until its `guarded_until`; a placed call whose time is over is released on the way. A
    /// claim that is repeated with the same call id, because the answer to the first was lost, is won again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the claim may have been made all the same. Nobody acts on it, and it is given up
    /// when its lease expires.
    pub async fn claim(&self, new: &NewClaim) -> Result<Claim, StoreError> {
        let statement = if new.is_keyed { statements::CLAIM_OF_KEY } else { statements::CLAIM };
        for _ in 0..CLAIM_ATTEMPTS {
            let claim = values![
                &new.call_id,
                &new.guard,
                &new.fingerprint,
                new.mode.as_str(),
                new.campaign_id.get(),
                new.guarded_until,
                new.owner,
                new.lease_until,
                new.now,
            ];
            if self.execute(statement, claim).await? == 1 {
                return Ok(Claim::Won);
            }
            let Some(holder) = self.fetch_one(statements::HOLDER, values![&new.guard]).await? else {
                if !new.is_keyed {
                    continue;
                }
                let other = values![&new.guard, &new.fingerprint];
                match self.fetch_one(statements::OTHER_REQUEST, other).await? {
                    Some(earlier) => return Ok(Claim::Held(Box::new(earlier))),
                    None => continue,
                }
            };
            if holder.state == CallState::Placed && holder.guarded_until <= new.now {
                self.execute(statements::RELEASE_EXPIRED, values![&holder.call_id, new.now]).await?;
                continue;
            }
            let is_own = holder.call_id == new.call_id
                && holder.owner == new.owner
                && holder.state == CallState::Claimed;
            return Ok(if is_own { Claim::Won } else { Claim::Held(Box::new(holder)) });
        }
        if self.find(&new.call_id).await?.is_some() {
            return Err(StoreError::Internal("a call id was used twice".to_owned()));
        }
        Err(StoreError::Unavailable("the guard changes hands too fast".to_owned()))
    }

    /// The call with this id.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn find(&self, call_id: &CallId) -> Result<Option<CallRecord>, StoreError> {
        self.fetch_one(statements::FIND, values![call_id]).await
    }

    /// Records that bytes may go out from now on. `false`: the claim is lost and nothing may be dialled.
    ///
    /// # Errors
    /// After any error nothing may be dialled either. The row may say otherwise, so it should be settled as not placed;
    /// left alone, it is looked for like that of a lost instance.
    pub async fn begin_dial(
        &self,
        call_id: &CallId,
        owner: InstanceId,
        now: DateTime<Utc>,
        begun: &BegunDial<'_>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let BegunDial { answer, settle_until, agent_id } = *begun;
        let values = values![
            call_id,
            owner,
            now,
            answer.questionnaire_age_seconds.is_some(),
            answer.questionnaire_age_seconds,
            answer.prompt_length,
            &answer.first_message,
            answer.answered_at,
            answer.link_expires_at,
            settle_until,
            lease_until,
            agent_id,
        ];
        self.change(statements::BEGIN_DIAL, values).await
    }

    /// Records how a call came out. `false`: it had come out otherwise before, and nothing was changed.
    ///
    /// | from \ to | placed | refused | failed | unknown | not placed |
    /// |---|---|---|---|---|---|
    /// | claimed, dialling | yes | yes | yes | yes | yes |
    /// | unknown | yes | | yes | the later `settle_until` counts | yes |
    /// | placed | | | as the same conversation | | |
    /// | not placed | yes, see the module's documentation | | | | |
    /// | refused, failed | | | | | |
    ///
    /// # Errors
    /// See [`StoreError`]. Settling may be retried: the second time changes nothing.
    pub async fn settle(
        &self,
        call_id: &CallId,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        match settlement {
            Settlement::Placed { conversation_id } => {
                self.settle_placed(call_id, conversation_id.as_ref(), now).await
            }
            Settlement::Refused { outcome, retry_after_secs } => {
                self.change(statements::REFUSED, values![call_id, *outcome, *retry_after_secs, now]).await
            }
            Settlement::Failed { outcome, conversation_id } => {
                self.change(statements::FAILED, values![call_id, *outcome, conversation_id.as_ref(), now])
                    .await
            }
            Settlement::Unknown { outcome, settle_until, next_check_at } => {
                self.change(statements::UNKNOWN, values![call_id, *outcome, *settle_until, *next_check_at])
                    .await
            }
            Settlement::NotPlaced { outcome } => {
                self.change(statements::NOT_PLACED, values![call_id, *outcome, now]).await
            }
        }
    }

    async fn settle_placed(
        &self,
        call_id: &CallId,
        conversation_id: Option<&ConversationId>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let placed = || values![call_id, conversation_id, now];
        if self.change(statements::PLACED, placed()).await? {
            return Ok(true);
        }
        // A claim that has taken the guard meanwhile, but sent nothing, gives it back, and that comes first: whoever is
        // interrupted in between does both again. In between, there may be another claim.
        loop {
            self.change(statements::SUPERSEDE_CLAIM, values![call_id, now]).await?;
            if self.change_unless_held(statements::PLACED_LATE, placed()).await? {
                return Ok(true);
            }
            if self.find(call_id).await?.is_none_or(|record| record.state != CallState::NotPlaced) {
                return Ok(false);
            }
        }
    }

    /// Renews the leases of the instance's calls in flight: a heartbeat. Returns how many leases were extended.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn renew_leases(
        &self,
        owner: InstanceId,
        lease_until: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let max_claim = u64::try_from(Self::MAX_CLAIM.as_millis()).unwrap_or(u64::MAX);
        self.execute(statements::RENEW_LEASES, values![owner, lease_until, max_claim]).await
    }

    /// Gives the instance's calls in flight to the others at once, for a graceful shutdown. A dial that outlasts the
    /// shutdown's grace becomes unknown with that, and is looked for like that of a lost instance. Returns how many rows
    /// were released.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn release_leases(&self, owner: InstanceId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.execute(statements::RELEASE_LEASES, values![owner, now]).await
    }

    /// Gives up claims whose lease has expired: nothing was sent for them, and [`CallStore::begin_dial`] will return
    /// false.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn abandon_stale_claims(&self, now: DateTime<Utc>) -> Result<Vec<CallId>, StoreError> {
        let abandoned = self.fetch_all(statements::ABANDON_STALE_CLAIMS, values![now]).await?;
        Ok(abandoned.into_iter().map(|record| record.call_id).collect())
    }

    /// Takes over the dials whose lease has expired. They are [`CallState::Unknown`] from then on, due at once, and
    /// belong to `owner`. If several instances ask, each call goes to one of them. They may still appear until
    /// `settle_until` at least.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take_over(
        &self,
        owner: InstanceId,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        settle_until: DateTime<Utc>,
    ) -> Result<Vec<CallRecord>, StoreError> {
        self.fetch_all(statements::TAKE_OVER, values![owner, now, lease_until, settle_until]).await
    }

    /// The last calls of an agent that were placed, dialled later than `after` and not later than `until`: at most
    /// `limit`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn placed_last(
        &self,
        agent_id: &AgentId,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        self.fetch_all(statements::PLACED_LAST, values![agent_id, after, until, limit]).await
    }

    /// The unknown calls that are due to be looked for, at most `limit`: the instance's own, and those whose lease has
    /// expired. They are leased to `owner`, so that no two instances look for one call at the same time. Those of other
    /// instances may still appear until `settle_until` at least. An instance must ask again only after it has settled or
    /// postponed them.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn due_for_check(
        &self,
        owner: InstanceId,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        settle_until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let values = values![owner, now, lease_until, limit, settle_until];
        self.fetch_all(statements::DUE_FOR_CHECK, values).await
    }

    /// Records that a call was looked for in vain. `false`: it is settled, or belongs to another instance.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn postpone_check(
        &self,
        call_id: &CallId,
        owner: InstanceId,
        next_check_at: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.change(statements::POSTPONE_CHECK, values![call_id, owner, next_check_at, lease_until]).await
    }

    /// How many calls are unknown, across all instances.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open_unknowns(&self) -> Result<u64, StoreError> {
        self.count(statements::OPEN_UNKNOWNS).await
    }

    /// Whether no call is recorded: the store is new, or its content was lost.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.count(statements::ANY_CALL).await? == 0)
    }

    /// Removes calls that were finished before `before`, never one in flight: the oldest, and no more than `most`.
    /// Returns how many.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn purge(&self, before: DateTime<Utc>, most: u64) -> Result<u64, StoreError> {
        self.execute(statements::PURGE, values![before, most]).await
    }

    /// Checks that calls could be claimed now: the store can be reached and written to.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.execute(statements::PING, values![]).await.map(drop)
    }

    async fn change(&self, statement: Statement, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.execute(statement, values).await? > 0)
    }

    /// For statements that check whether a guard is free and then hold it: in PostgreSQL another instance may slip in
    /// between. The index notices, and the next attempt sees that instance's row.
    async fn change_unless_held(&self, statement: Statement, values: Vec<Value>) -> Result<bool, StoreError> {
        for _ in 1..CLAIM_ATTEMPTS {
            if let Some(changed) = self.execute_unless_taken(statement, values.clone()).await? {
                return Ok(changed > 0);
            }
        }
        self.change(statement, values).await
    }

    async fn fetch_one(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<CallRecord>, StoreError> {
        self.fetch(statement, values).await?.pop().transpose()
    }

    /// A row that cannot be understood is left out and unchanged: it goes on holding its guard.
    async fn fetch_all(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let rows = self.fetch(statement, values).await?;
        let understood = rows.into_iter().filter_map(|row| match row {
            Ok(record) => Some(record),
            Err(error) => {
                tracing::error!(%error, "a call cannot be read from the store and is left alone");
                None
            }
        });
        Ok(understood.collect())
    }
}

#[cfg(test)]
mod tests;
