//! Connects to a PostgreSQL server when it is first needed.
//!
//! - `READ COMMITTED`, whatever the server's default is: a statement that had to wait for another instance sees what
//!   that instance left, which every transition here relies on. Each transition is one statement, so nothing stricter
//!   is needed, and nothing has to be retried.
//! - `synchronous_commit = on`, whatever the server's default is: what was claimed is on the server's disk.
//! - A schema given in the URL (`?options=-csearch_path%3D…`) is kept.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::{Instant, timeout};

use super::error::StoreError;
use crate::config::PostgresUrl;

const MAX_CONNECTIONS: u32 = 8;
/// After this time the server gives up on a statement.
const STATEMENT_TIMEOUT: &str = "5s";
/// How long an explanation is reused for others who wait, so that a server in trouble is not asked by each of them.
const EXPLANATION_HOLDS: Duration = Duration::from_secs(1);

/// The longest life of a connection. After a failover, old connections may lead to what is now only a standby, where
/// nothing can be claimed, while new ones lead to the new server.
const MAX_LIFETIME: Duration = Duration::from_mins(2);

/// A connection that was idle for this long is tested before it is used: the server may have gone away meanwhile. One
/// that was just used is not tested, which halves the round trips to the server.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// How long a server is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// How long a statement waits for a connection, and the first statements for the migrations.
    pub(super) connection: Duration,
    /// After this time this service gives up on the server: a network that swallows packets reports nothing. Longer
    /// than waiting for a connection and then for the statement.
    pub(super) answer: Duration,
    /// How long finding out why there was no connection may take.
    pub(super) explanation: Duration,
}

impl Patience {
    pub(super) const USUAL: Self = Self {
        connection: Duration::from_secs(3),
        answer: Duration::from_secs(9),
        explanation: Duration::from_millis(500),
    };
}

/// A connection pool that is handed out only after the migrations have been applied.
#[derive(Debug, Clone)]
pub(super) struct PostgresServer {
    pool: PgPool,
    migrated: Arc<OnceCell<()>>,
    explanation: Arc<Mutex<Option<Explanation>>>,
    patience: Patience,
}

/// Why there was no connection, and when that was found out.
#[derive(Debug)]
struct Explanation {
    error: Option<StoreError>,
    at: Instant,
}

impl PostgresServer {
    /// Does not connect yet.
    pub(super) fn new(url: &PostgresUrl, patience: Patience) -> Self {
        let options = url.options().clone().options([
            ("default_transaction_isolation", "read committed"),
            ("statement_timeout", STATEMENT_TIMEOUT),
            ("synchronous_commit", "on"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(patience.connection)
            .max_lifetime(MAX_LIFETIME)
            .test_before_acquire(false)
            .before_acquire(|connection, metadata| {
                Box::pin(async move {
                    if metadata.idle_for >= TRUSTED_IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Self { pool, migrated: Arc::default(), explanation: Arc::default(), patience }
    }

    /// The pool, after the migrations have been applied.
    pub(super) async fn pool(&self) -> Result<&PgPool, StoreError> {
        if !self.migrated.initialized() {
            let migration = self.migrated.get_or_try_init(|| migrate(self.pool.clone()));
            match timeout(self.patience.connection, migration).await {
                Ok(Err(Unmigrated::NoConnection)) | Err(_) => {
                    return Err(self.explained(StoreError::not_in_time("connecting")).await);
                }
                Ok(Err(Unmigrated::Failed(error))) => return Err(error),
                Ok(Ok(())) => {}
            }
        }
        Ok(&self.pool)
    }

    /// Lends a statement a connection, and waits for its answer, but not forever.
    pub(super) async fn run<T, A>(
        &self,
        statement: impl FnOnce(Lent) -> A + Send,
    ) -> Result<sqlx::Result<T>, StoreError>
    where
        A: Future<Output = sqlx::Result<T>> + Send,
    {
        let pool = self.pool().await?;
        // On the heap: each call's future would reserve room for it, in which sqlx keeps all that connecting takes.
        let answer = Box::pin(async {
            let connection = pool.acquire().await?;
            statement(Lent { connection, patience: self.patience.connection }).await
        });
        match timeout(self.patience.answer, answer).await {
            Ok(Err(error @ sqlx::Error::PoolTimedOut)) => Err(self.explained(error.into()).await),
            Ok(done) => Ok(done),
            Err(_elapsed) => Err(StoreError::not_in_time("the answer")),
        }
    }

    /// Why there was no connection in time, or `unexplained`. The pool retries while a server refuses or is starting
    /// up, and does not say why, so one more connection is tried.
    async fn explained(&self, unexplained: StoreError) -> StoreError {
        let explain = async {
            let mut explanation = self.explanation.lock().await;
            match &*explanation {
                Some(last) if last.at.elapsed() < EXPLANATION_HOLDS => last.error.clone(),
                _ => {
                    let error = why_not(&self.pool.connect_options()).await;
                    *explanation = Some(Explanation { error: error.clone(), at: Instant::now() });
                    error
                }
            }
        };
        timeout(self.patience.explanation, explain).await.ok().flatten().unwrap_or(unexplained)
    }
}

/// A connection of the pool's.
///
/// To get back into the pool it must answer in time. The pool itself would wait for that without end, and meanwhile keep
/// its place from a new connection: where the server's machine is gone or a network swallows packets, until the operating
/// system gives the connection up after a quarter of an hour.
pub(super) struct Lent {
    connection: PoolConnection<Postgres>,
    patience: Duration,
}

impl Lent {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (returning, patience) = (self.connection.return_to_pool(), self.patience);
        // Without a runtime, the connection is closed.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { timeout(patience, returning).await });
        }
    }
}

/// Why no connection can be established; `None` if one can.
async fn why_not(options: &PgConnectOptions) -> Option<StoreError> {
    // On the heap, because hardly any statement gets this far, and each one's future would reserve room for it.
    match Box::pin(PgConnection::connect_with(options)).await {
        Ok(connection) => {
            let _ = connection.close_hard().await;
            None
        }
        Err(error) => Some(error.into()),
    }
}

/// Why the migrations were not applied.
enum Unmigrated {
    /// There was no connection in time.
    NoConnection,
    Failed(StoreError),
}

impl From<sqlx::migrate::MigrateError> for Unmigrated {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs to the end even if those who wait for it give up; later callers find it done. Instances that start at the same
/// time take turns (an advisory lock on the server).
async fn migrate(pool: PgPool) -> Result<(), Unmigrated> {
    let migration = tokio::spawn(async move {
        let mut migrator = sqlx::migrate!("src/calls/store/migrations/postgres");
        // An older version may be started again beside a newer one, whose migrations it does not know.
        migrator.set_ignore_missing(true);
        let mut connection = match pool.acquire().await {
            Ok(connection) => connection,
            Err(sqlx::Error::PoolTimedOut) => return Err(Unmigrated::NoConnection),
            Err(error) => return Err(Unmigrated::Failed(error.into())),
        };
        // The advisory lock belongs to the session and is not released if a migration fails.
        connection.close_on_drop();
        migrator.run_direct(None, &mut *connection, false).await?;
        Ok(())
    });
    let panicked = || Unmigrated::Failed(StoreError::Internal("the migrations' task panicked".to_owned()));
    migration.await.map_err(|_panicked| panicked())?
}
