//! A SQLite database, in a file or in memory.
//!
//! - WAL with `synchronous = NORMAL`: a commit is handed to the operating system before it is reported, so whatever was
//!   claimed survives `kill -9` of the process. Commits are not flushed to the disk one by one, so a power failure may
//!   lose the last ones (never the integrity of the file). `FULL` would flush for each claim, dial and settlement,
//!   three times per call. If the loss of a machine must be survived, use PostgreSQL.
//! - One connection: SQLite has one writer at a time anyway, and queueing for it here is cheaper than in the file's
//!   lock. Other processes on the same file are waited for (`busy_timeout`).
//! - rusqlite and not sqlx, whose round trip to its thread cost more than the statement (`docs/decisions.md`).

mod migrations;
mod opened_file;
mod worker;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use self::opened_file::OpenedFile;
use self::worker::{ANSWER_TIMEOUT, Worker};
use super::error::{StoreError, of_opening};
use super::statements::Access;

/// How long a statement waits for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The switch to WAL cannot wait for other processes by itself, so it is attempted up to this many times.
const SWITCH_ATTEMPTS: u32 = 50;
const SWITCH_PAUSE: Duration = Duration::from_millis(100);
/// Room for every statement, so that each is compiled only once.
const PREPARED_STATEMENTS: usize = 32;

/// A database in memory that belongs to its one connection (a name that began with a slash would be shared) and may
/// grow to 1 GiB, a million calls.
///
/// Not `:memory:`, because there all pages are in SQLite's page cache, and whenever a page is split, the commit looks
/// through the whole cache. With this one it is as small as for a file.
const IN_MEMORY: &str = "file:calls?vfs=memdb";
/// Its page size in bytes and its page cache in KiB (a number above zero would count pages), as measured with
/// `benches/call_store.rs`: the smaller they are, the less is copied and looked through at each commit, and the more
/// pages are split.
const PAGE_IN_MEMORY: i32 = 2_048;
const PAGE_CACHE_IN_MEMORY: i32 = -500;

/// An open database. Statements take turns.
#[derive(Debug, Clone)]
pub(super) enum Sqlite {
    /// Lives and dies with its one connection. In memory nothing has to wait, so a statement, some microseconds of
    /// work, runs right where it is called.
    Memory(Arc<Mutex<Connection>>),
    /// A disk may block, so statements run in a thread of their own.
    File(Worker),
}

impl Sqlite {
    /// Runs `statement`, which does what `access` says, after those before it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        access: Access,
        statement: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self {
            Self::Memory(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(statement(&connection)?)
            }
            Self::File(worker) => worker.run(access, statement).await,
        }
    }
}

pub(super) fn open_memory() -> Result<Sqlite, StoreError> {
    let mut connection = Connection::open(IN_MEMORY)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.pragma_update(None, "page_size", PAGE_IN_MEMORY)?;
    connection.pragma_update(None, "cache_size", PAGE_CACHE_IN_MEMORY)?;
    migrations::run(&mut connection)?;
    Ok(Sqlite::Memory(Arc::new(Mutex::new(connection))))
}

pub(super) async fn open_file(path: &Path) -> Result<Sqlite, StoreError> {
    let path = path.to_owned();
    let opening = move || {
        let unusable =
            |reason: &str| StoreError::UnusableFile { path: path.clone(), reason: reason.to_owned() };
        check_place(&path).map_err(unusable)?;
        let connection = open(&path).map_err(|error| unusable(&of_opening(error)))?;
        let file = OpenedFile::at(&path).map_err(|error| unusable(&error.to_string()))?;
        Ok((connection, Some(file)))
    };
    Ok(Sqlite::File(Worker::start(opening, ANSWER_TIMEOUT).await?))
}

/// Whether there can be a file, or why not, in words that SQLite does not have.
fn check_place(path: &Path) -> Result<(), &'static str> {
    if path.is_dir() {
        return Err("it is a directory");
    }
    let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) else {
        return Ok(());
    };
    match fs::metadata(directory) {
        Ok(found) if found.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err("its directory cannot be entered: this process's user lacks the permission")
        }
        _ => Err("its directory does not exist"),
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    switch_to_wal(&connection)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    migrations::run(&mut connection)?;
    Ok(connection)
}

fn switch_to_wal(connection: &Connection) -> rusqlite::Result<()> {
    let switch = || connection.pragma_update(None, "journal_mode", "WAL");
    for _ in 1..SWITCH_ATTEMPTS {
        match switch() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => sleep(SWITCH_PAUSE),
            result => return result,
        }
    }
    switch()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_is_built_without_its_global_locks() {
        let connection = Connection::open_in_memory().unwrap();
        let mut options = connection.prepare("PRAGMA compile_options").unwrap();
        let options: Vec<String> =
            options.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let has = |option: &str| options.iter().any(|one| one == option);
        // Built without .cargo/config.toml, for instance from another directory.
        assert!(has("DEFAULT_MEMSTATUS=0") && !has("ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
    }

    #[tokio::test]
    async fn each_database_in_memory_is_its_own() {
        let (one, other) = (open_memory().unwrap(), open_memory().unwrap());
        let delete = |sqlite: Sqlite| async move {
            sqlite.run(Access::Write, |connection| connection.execute("DELETE FROM pings", [])).await
        };
        assert_eq!((delete(one).await, delete(other).await), (Ok(1), Ok(1)));
    }
}
