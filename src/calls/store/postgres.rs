//! Connects to a PostgreSQL server when it is first needed.
//!
//! - `READ COMMITTED`, whatever the server's default is: a statement that had to wait for another instance looks at what
//!   that one left, which is what every transition here builds on. Each transition is one statement, so nothing stricter
//!   is needed, and nothing has to be retried.
//! - `synchronous_commit = on`, whatever the server's default is: what was claimed is on the server's disk.
//! - A schema given in the URL (`?options=-csearch_path%3D…`) is kept.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgPool};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::error::StoreError;
use crate::config::PostgresUrl;

const MAX_CONNECTIONS: u32 = 8;
/// How long a statement waits for a connection, and the first ones for the migrations.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// After this the server gives up on a statement.
const STATEMENT_TIMEOUT: &str = "5s";
/// After this we give up on the server: a network that swallows packets reports nothing. Longer than waiting for a
/// connection and then for the statement.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(9);

/// A connection that was idle for longer is tested before it is used: the server may have gone away meanwhile. One that
/// was just used is not, which halves the way to the server and back.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// A pool whose tables are there once it is handed out.
#[derive(Debug, Clone)]
pub(super) struct PostgresServer {
    pool: PgPool,
    migrated: Arc<OnceCell<()>>,
}

impl PostgresServer {
    /// Does not connect yet.
    pub(super) fn new(url: &PostgresUrl) -> Self {
        let options = url.options().clone().options([
            ("default_transaction_isolation", "read committed"),
            ("statement_timeout", STATEMENT_TIMEOUT),
            ("synchronous_commit", "on"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
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
        Self { pool, migrated: Arc::default() }
    }

    /// The pool, after the migrations have been applied.
    pub(super) async fn pool(&self) -> Result<&PgPool, StoreError> {
        if !self.migrated.initialized() {
            timeout(ACQUIRE_TIMEOUT, self.migrated.get_or_try_init(|| migrate(self.pool.clone())))
                .await
                .map_err(|_elapsed| StoreError::not_in_time("connecting"))??;
        }
        Ok(&self.pool)
    }

    /// Waits for the answer to a statement, but not forever.
    pub(super) async fn run<T>(&self, statement: impl Future<Output = T> + Send) -> Result<T, StoreError> {
        timeout(ANSWER_TIMEOUT, statement).await.map_err(|_elapsed| StoreError::not_in_time("the answer"))
    }
}

/// Runs to the end even if those who wait for it give up; the next ones find it done. Instances that start at the same
/// time take turns (an advisory lock on the server).
async fn migrate(pool: PgPool) -> Result<(), StoreError> {
    let migration = tokio::spawn(async move {
        let mut migrator = sqlx::migrate!("src/calls/store/migrations/postgres");
        // An older version may start again beside a newer one, whose migrations it does not know.
        migrator.set_ignore_missing(true);
        let mut connection = pool.acquire().await?;
        // The lock belongs to the session and is not released if a migration fails.
        connection.close_on_drop();
        migrator.run_direct(None, &mut *connection, false).await?;
        Ok(())
    });
    migration.await.map_err(|_panicked| StoreError::Internal("the migrations' task panicked".to_owned()))?
}
