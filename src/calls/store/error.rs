//! What can go wrong with the store. No error contains a URL, a key or a value of a row.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::config::absolute;

/// Why the store did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The database cannot be reached, or is too busy. It may work again in a moment. Nobody can tell whether the
    /// change that was asked for was made.
    #[error("the call store cannot be reached: {0}")]
    Unavailable(String),
    /// The SQLite file cannot be used. Occurs only when it is opened.
    #[error("the call store {} cannot be used: {reason}", absolute(path).display())]
    UnusableFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A row contains something that this version does not understand.
    #[error("the call store's column {column} cannot be read in the row of call {call_id}")]
    Unreadable {
        /// The row's call id, as it is stored.
        call_id: String,
        /// The column.
        column: &'static str,
    },
    /// The database does not do what it is told: a bug in this service, or the work of whoever changed its tables.
    #[error("the call store failed: {0}")]
    Internal(String),
}

impl StoreError {
    /// Every word of [`Self::code`].
    pub(super) const CODES: [&'static str; 2] = ["unavailable", "internal"];

    /// Why a statement failed, as a stable word for metrics. What makes a file unusable fails the start, and a row that
    /// cannot be read fails none; if either did fail a statement, that would be a bug.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::UnusableFile { .. } | Self::Unreadable { .. } | Self::Internal(_) => "internal",
        }
    }

    pub(super) fn not_in_time(what: &str) -> Self {
        Self::Unavailable(format!("{what} took too long"))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(error.as_ref()),
            sqlx::Error::Io(error) => Self::Unavailable(of_connection(&error)),
            sqlx::Error::Tls(_) => Self::Unavailable(NO_TLS.to_owned()),
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection in time".to_owned()),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable("the connection was closed".to_owned())
            }
            sqlx::Error::BeginFailed => Self::Unavailable("no transaction could be begun".to_owned()),
            sqlx::Error::Protocol(_) => Self::Unavailable("the server broke the protocol".to_owned()),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Internal(format!("column {index} has another type"))
            }
            sqlx::Error::ColumnNotFound(column) => Self::Internal(format!("there is no column {column}")),
            _ => Self::Internal("the driver refused the statement".to_owned()),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMismatch(version) => {
                Self::Internal(format!("migration {version} was applied with another content"))
            }
            MigrateError::Dirty(version) => {
                Self::Internal(format!("migration {version} was applied by half"))
            }
            _ => Self::Internal("the migrations cannot be applied".to_owned()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => {
                let code = failure.extended_code;
                // SQLite's words for the code. Its message about the statement itself is not kept.
                let message = format!("SQLite error {code}, {}", rusqlite::ffi::code_to_str(code));
                if passes_in_sqlite(failure.extended_code) {
                    Self::Unavailable(message)
                } else {
                    Self::Internal(message)
                }
            }
            rusqlite::Error::InvalidColumnType(_, column, _) => {
                Self::Internal(format!("column {column} has another type"))
            }
            rusqlite::Error::InvalidColumnName(column) => {
                Self::Internal(format!("there is no column {column}"))
            }
            _ => Self::Internal("the driver refused the statement".to_owned()),
        }
    }
}

const NO_TLS: &str = "TLS could not be set up: look at the server's certificate and at sslmode";

/// PostgreSQL's message is not kept: it quotes values and user names.
fn from_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    let message = match in_words(&code) {
        Some(words) => format!("PostgreSQL error {code}, {words}"),
        None => format!("PostgreSQL error {code}"),
    };
    if passes_in_postgres(&code) { StoreError::Unavailable(message) } else { StoreError::Internal(message) }
}

/// The system's own message is not kept, except to recognise the one error that has no kind of its own.
fn of_connection(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "connection refused: is the database up, and are host and port right?".to_owned()
        }
        // What rustls reports for a certificate that it does not accept.
        io::ErrorKind::InvalidData => NO_TLS.to_owned(),
        _ if error.to_string().starts_with("failed to lookup address") => {
            "its host name is not found: look at the host in the URL, and at DNS".to_owned()
        }
        kind => format!("connection: {kind}"),
    }
}

/// What the codes mean that an operator is likely to meet
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn in_words(code: &str) -> Option<&'static str> {
    Some(match code {
        "25006" => "the database takes no changes (read-only, as a standby server is)",
        "28000" => "the server does not let this role in: it does not exist, or may not log in from here",
        "28P01" => "the role or its password is refused",
        "3D000" => "there is no such database on the server",
        "42501" => {
            "the role lacks a permission: it must be allowed to create tables in its schema (GRANT USAGE, CREATE ON \
             SCHEMA …), and own those that are there"
        }
        "53100" => "the server's disk is full",
        "53300" => "the server has too many connections",
        "57P01" | "57P03" => "the server is starting up or shutting down",
        _ => return None,
    })
}

/// Whether waiting, or an operator, can fix it: busy, locked, read-only, I/O, full, cannot open
/// (<https://www.sqlite.org/rescode.html>; the low byte of an extended code is the primary code).
fn passes_in_sqlite(code: i32) -> bool {
    matches!(code & 0xFF, 5 | 6 | 8 | 10 | 13 | 14)
}

/// The same for PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): connection (08),
/// read-only after a failover (25006), login (28), no such database (3D), rollbacks (40), resources (53), locks (55),
/// operator (57), system (58).
fn passes_in_postgres(code: &str) -> bool {
    code == "25006"
        || ["08", "28", "3D", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
}

/// Why a SQLite file could not be opened. Adds the usual cause where SQLite does not name it: no permission, read-only,
/// cannot open.
pub(super) fn of_opening(error: rusqlite::Error) -> String {
    let code = error.sqlite_error().map_or(0, |error| error.extended_code & 0xFF);
    let error = StoreError::from(error);
    if matches!(code, 3 | 8 | 14) {
        return format!(
            "{error}. Mostly that is a missing permission: this process's user must be allowed to write to the file and \
             to its directory, where SQLite keeps two more files"
        );
    }
    error.to_string()
}

pub(super) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
