//! Opens a SQLite file, or memory.
//!
//! - WAL with `synchronous = NORMAL`: a commit is handed to the operating system before it is reported, so whatever was
//!   claimed survives `kill -9` of the process. It is not flushed to the disk one by one, so a loss of power may take the
//!   last commits (never the integrity of the file). `FULL` would flush for each claim, dial and settlement, three
//!   times a call. Whoever must survive the loss of a machine uses PostgreSQL.
//! - One connection: SQLite has one writer at a time anyway, and queueing for it here is cheaper than in the file's lock.
//!   Other processes on the same file are waited for (`busy_timeout`).
//! - No pool around it: a pool asks the connection after each statement whether it is still alive, and each question is a
//!   way to the connection's thread and back. A file does not hang up.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use super::error::StoreError;

/// How long a statement waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement waits for those before it.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(6);
/// A switch to WAL cannot wait for other processes by itself, so it is tried again this often.
const SWITCH_ATTEMPTS: u32 = 50;
const SWITCH_PAUSE: Duration = Duration::from_millis(100);

/// An open file, or memory, which lives and dies with its one connection. Statements take turns, first come, first served.
#[derive(Debug, Clone)]
pub(super) struct SqliteFile(Arc<Mutex<SqliteConnection>>);

impl SqliteFile {
    fn new(connection: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// The connection, when those before have done with it.
    pub(super) async fn connection(&self) -> Result<MutexGuard<'_, SqliteConnection>, StoreError> {
        if let Ok(connection) = self.0.try_lock() {
            return Ok(connection);
        }
        timeout(QUEUE_TIMEOUT, self.0.lock()).await.map_err(|_elapsed| StoreError::not_in_time("queueing"))
    }
}

pub(super) async fn open_memory() -> Result<SqliteFile, StoreError> {
    let mut connection = SqliteConnectOptions::new().connect().await?;
    migrate(&mut connection).await?;
    Ok(SqliteFile::new(connection))
}

pub(super) async fn open_file(path: &Path) -> Result<SqliteFile, StoreError> {
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
        let mut connection = connect(path).await?;
        migrate(&mut connection).await?;
        Ok(SqliteFile::new(connection))
    };
    ready.await.map_err(|error: StoreError| unusable(&error.to_string()))
}

async fn connect(path: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT);
    for _ in 1..SWITCH_ATTEMPTS {
        match options.connect().await.map_err(StoreError::from) {
            Err(StoreError::Unavailable(reason)) if reason == "SQLite error 5" => {
                tokio::time::sleep(SWITCH_PAUSE).await;
            }
            result => return result,
        }
    }
    Ok(options.connect().await?)
}

/// Processes that open a new file at the same time migrate it one after the other.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut migrator = sqlx::migrate!("src/calls/store/migrations/sqlite");
    migrator.set_ignore_missing(true);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    migrator.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(())
}
