//! Opens a SQLite file, or memory.
//!
//! - WAL with `synchronous = NORMAL`: a commit is handed to the operating system before it is reported, so whatever was
//!   claimed survives `kill -9` of the process. It is not flushed to the disk one by one, so a loss of power may take the
//!   last commits (never the integrity of the file). `FULL` would flush for each claim, dial and settlement, three
//!   times a call. Whoever must survive the loss of a machine uses PostgreSQL.
//! - One connection: SQLite has one writer at a time anyway, and queueing in the pool is cheaper than in the file's lock.
//!   Other processes on the same file are waited for (`busy_timeout`).

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};

use super::error::StoreError;

/// How long a statement waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement waits for those before it.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(6);
/// A switch to WAL cannot wait for other processes by itself, so it is tried again this often.
const SWITCH_ATTEMPTS: u32 = 50;
const SWITCH_PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn open_memory() -> Result<SqlitePool, StoreError> {
    let pool = pool_options().connect_with(SqliteConnectOptions::new()).await?;
    migrate(&pool).await?;
    Ok(pool)
}

pub(super) async fn open_file(path: &Path) -> Result<SqlitePool, StoreError> {
    let unusable =
        |reason: &str| StoreError::UnusableFile { path: path.to_owned(), reason: reason.to_owned() };
    if path.is_dir() {
        return Err(unusable("it is a directory"));
    }
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    if directory.is_some_and(|directory| !directory.is_dir()) {
        return Err(unusable("its directory does not exist"));
    }
    let ready = async {
        let pool = connect(path).await?;
        migrate(&pool).await?;
        Ok(pool)
    };
    ready.await.map_err(|error: StoreError| unusable(&error.to_string()))
}

async fn connect(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT);
    for _ in 1..SWITCH_ATTEMPTS {
        match pool_options().connect_with(options.clone()).await.map_err(StoreError::from) {
            Err(StoreError::Unavailable(reason)) if reason == "SQLite error 5" => {
                tokio::time::sleep(SWITCH_PAUSE).await;
            }
            result => return result,
        }
    }
    Ok(pool_options().connect_with(options).await?)
}

/// The connection is never closed: the data of `sqlite::memory:` live and die with it.
fn pool_options() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(QUEUE_TIMEOUT)
}

/// Processes that open a new file at the same time migrate it one after the other.
async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut migrator = sqlx::migrate!("src/calls/store/migrations/sqlite");
    migrator.set_ignore_missing(true);
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    migrator.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(())
}
