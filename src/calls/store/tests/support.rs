//! Databases to test on, and verbs to test with.

use std::future::Future;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::calls::store::statements::Access;
use crate::calls::store::*;
use crate::config::DatabaseUrl;
use crate::domain::{AgentId, CallId, CampaignId, ConversationId};

/// Makes each function a test on `sqlite::memory:`, on a SQLite file, and on PostgreSQL.
macro_rules! each_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite_memory {
            $(#[test] fn $test() { super::super::support::on_sqlite_memory(super::$test); })+
        }
        mod sqlite_file {
            $(#[test] fn $test() { super::super::support::on_sqlite_file(super::$test); })+
        }
        mod postgres {
            $(#[test] fn $test() { super::super::support::on_postgres(super::$test); })+
        }
    };
}
pub(super) use each_database;

/// A database for one test alone.
pub(super) struct TestDatabase {
    pub(super) url: DatabaseUrl,
    /// The one connection of `sqlite::memory:`, which every instance shares.
    memory: Option<CallStore>,
}

impl TestDatabase {
    /// The store as another instance sees it.
    pub(super) async fn store(&self) -> CallStore {
        match &self.memory {
            Some(store) => store.clone(),
            None => CallStore::open(&self.url).await.expect("a store"),
        }
    }
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

pub(super) fn on_sqlite_memory(test: impl AsyncFnOnce(&TestDatabase)) {
    block_on(async {
        let url = DatabaseUrl::SqliteMemory;
        let store = CallStore::open(&url).await.expect("a store");
        test(&TestDatabase { url, memory: Some(store) }).await;
    });
}

pub(super) fn on_sqlite_file(test: impl AsyncFnOnce(&TestDatabase)) {
    let directory = TempDir::new().expect("a directory");
    let url = DatabaseUrl::SqliteFile(directory.path().join("calls.db"));
    block_on(test(&TestDatabase { url, memory: None }));
}

/// Runs in a schema of its own, which is dropped in the end. Skipped where no server answers, except in CI.
pub(super) fn on_postgres(test: impl AsyncFnOnce(&TestDatabase)) {
    block_on(async {
        let Some((server, mut admin)) = postgres_server().await else {
            return skip_for_want_of_postgres();
        };
        let schema = format!("calls_{}", Uuid::new_v4().simple());
        run(&mut admin, format!("CREATE SCHEMA {schema}")).await;
        let url = DatabaseUrl::parse(&in_schema(server, &schema)).expect("a URL");
        test(&TestDatabase { url, memory: None }).await;
        run(&mut admin, format!("DROP SCHEMA {schema} CASCADE")).await;
    });
}

pub(super) fn in_schema(server: &str, schema: &str) -> String {
    format!("{server}?sslmode=disable&options=-csearch_path%3D{schema}")
}

/// The first login that works, and a connection made with it.
pub(super) async fn postgres_server() -> Option<(&'static str, PgConnection)> {
    for url in [
        "postgres://test@127.0.0.1:5432/test",
        "postgres://root@127.0.0.1:5432/root",
        "postgres://postgres@127.0.0.1:5432/postgres",
    ] {
        if let Ok(connection) = PgConnection::connect(url).await {
            return Some((url, connection));
        }
    }
    None
}

pub(super) async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("a statement that works");
}

/// A store on the server behind this URL, which need not be there.
pub(super) fn postgres_store(url: &str, patience: Patience) -> CallStore {
    let DatabaseUrl::Postgres(url) = DatabaseUrl::parse(url).expect("a URL") else { panic!("no server") };
    CallStore::on(Database::Postgres(PostgresServer::new(&url, patience)))
}

/// Says that a test does not run. In CI there must be a server.
#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
pub(super) fn skip_for_want_of_postgres() {
    let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "no PostgreSQL server answers at 127.0.0.1:5432, and in CI there must be one");
    eprintln!("SKIPPED: no PostgreSQL server answers at 127.0.0.1:5432");
}

/// A point in time, this many seconds after the start of the tests.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time") + TimeDelta::seconds(seconds)
}

pub(super) fn new_id() -> CallId {
    CallId::from_uuid(Uuid::new_v4())
}

pub(super) fn guard() -> GuardKey {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut digest = [0xAB; 32];
    digest[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    GuardKey::from_digest(digest)
}

pub(super) fn instance() -> InstanceId {
    InstanceId::from_uuid(Uuid::new_v4())
}

pub(super) fn conversation() -> ConversationId {
    ConversationId::parse("conv_01").expect("an id")
}

/// A claim at `now` that is leased for 30 s and, once placed, guards for 10 minutes.
pub(super) fn claim_of(guard: &GuardKey, owner: InstanceId, now: DateTime<Utc>) -> NewClaim {
    NewClaim {
        call_id: new_id(),
        guard: guard.clone(),
        is_keyed: false,
        fingerprint: Fingerprint::from_digest([7; 32]),
        mode: Mode::Call,
        campaign_id: CampaignId::new(123).expect("a campaign"),
        guarded_until: now + TimeDelta::minutes(10),
        owner,
        lease_until: now + TimeDelta::seconds(30),
        now,
    }
}

pub(super) fn answer() -> StoredAnswer {
    StoredAnswer {
        questionnaire_age_seconds: Some(41),
        prompt_length: 5_432,
        first_message: "Guten Tag {first} {last}, hier spricht Susi.".to_owned(),
        answered_at: at(1),
        link_expires_at: None,
    }
}

static AGENT: LazyLock<AgentId> = LazyLock::new(|| AgentId::parse("agent_1").expect("an id"));

pub(super) fn begun(answer: &StoredAnswer, settle_until: DateTime<Utc>) -> BegunDial<'_> {
    BegunDial { answer, settle_until, agent_id: &AGENT }
}

pub(super) fn placed() -> Settlement {
    Settlement::Placed { conversation_id: Some(conversation()) }
}

pub(super) fn refused() -> Settlement {
    Settlement::Refused { outcome: "busy", retry_after_secs: Some(30) }
}

pub(super) fn unknown() -> Settlement {
    Settlement::Unknown { outcome: "timeout", settle_until: at(200), next_check_at: at(20) }
}

pub(super) fn not_placed() -> Settlement {
    Settlement::NotPlaced { outcome: "never_appeared" }
}

/// A statement that no instance ever sends.
pub(super) fn tampering(sql: &'static str) -> Statement {
    Statement { name: "tampering", access: Access::Write, sql }
}

/// A call as its row has it, including the columns that only statements look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredCall {
    pub(super) record: CallRecord,
    pub(super) guard: String,
    pub(super) holding: bool,
    pub(super) settled_at: Option<DateTime<Utc>>,
    pub(super) next_check_at: Option<DateTime<Utc>>,
    pub(super) lease_until: DateTime<Utc>,
}

/// Short forms for what most tests do.
impl CallStore {
    pub(super) async fn wins(&self, guard: &GuardKey, owner: InstanceId, now: DateTime<Utc>) -> CallId {
        let new = claim_of(guard, owner, now);
        assert_eq!(self.claim(&new).await, Ok(Claim::Won));
        new.call_id
    }

    /// The call that holds the guard; `None` if it is free, in which case it is free afterwards, too.
    pub(super) async fn holder(&self, guard: &GuardKey, now: DateTime<Utc>) -> Option<CallRecord> {
        let new = claim_of(guard, instance(), now);
        match self.claim(&new).await.expect("an answer") {
            Claim::Held(record) => Some(*record),
            Claim::Won => {
                assert_eq!(self.settle(&new.call_id, &not_placed(), now).await, Ok(true));
                None
            }
        }
    }

    pub(super) async fn dials(&self, call_id: &CallId, owner: InstanceId, now: DateTime<Utc>) -> bool {
        let lease_until = now + TimeDelta::seconds(30);
        self.begin_dial(call_id, owner, now, &begun(&answer(), at(200)), lease_until)
            .await
            .expect("an answer")
    }

    pub(super) async fn settles(
        &self,
        call_id: &CallId,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> bool {
        self.settle(call_id, settlement, now).await.expect("an answer")
    }

    pub(super) async fn record(&self, call_id: &CallId) -> CallRecord {
        self.find(call_id).await.expect("an answer").expect("a record")
    }

    /// The record, and the rest of its row from the database itself.
    pub(super) async fn stored(&self, call_id: &CallId) -> StoredCall {
        let (guard, holding, settled_at, next_check_at, lease_until) = self.unread_columns(call_id).await;
        let time = |millis| DateTime::from_timestamp_millis(millis).expect("a time");
        StoredCall {
            record: self.record(call_id).await,
            guard,
            holding,
            settled_at: settled_at.map(time),
            next_check_at: next_check_at.map(time),
            lease_until: time(lease_until),
        }
    }

    async fn unread_columns(&self, call_id: &CallId) -> (String, bool, Option<i64>, Option<i64>, i64) {
        let sql =
            "SELECT guard, holding, settled_at, next_check_at, lease_until FROM calls WHERE call_id = $1";
        let call_id = call_id.as_str().to_owned();
        match &self.database {
            Database::Sqlite(file) => {
                let row = file.run(Access::Read, move |connection| {
                    connection.query_row(sql, [call_id], |row| row.try_into())
                });
                row.await.expect("a row")
            }
            Database::Postgres(server) => {
                let pool = server.pool().await.expect("a pool");
                sqlx::query_as(sql).bind(call_id).fetch_one(pool).await.expect("a row")
            }
        }
    }

    /// Brings a new claim of the guard into the given state.
    pub(super) async fn in_state(&self, guard: &GuardKey, owner: InstanceId, state: CallState) -> CallId {
        let call_id = self.wins(guard, owner, at(0)).await;
        if state == CallState::Claimed {
            return call_id;
        }
        assert!(self.dials(&call_id, owner, at(1)).await);
        let settlement = match state {
            CallState::Claimed | CallState::Dialling => return call_id,
            CallState::Placed => placed(),
            CallState::Refused => refused(),
            CallState::Unknown => unknown(),
            CallState::NotPlaced => not_placed(),
        };
        assert!(self.settles(&call_id, &settlement, at(2)).await);
        call_id
    }

    pub(super) async fn tamper(&self, sql: &'static str) -> u64 {
        self.database.execute(tampering(sql), vec![]).await.expect("a statement that works")
    }
}
