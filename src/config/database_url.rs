//! Which database keeps the calls.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// `DATABASE_URL`, parsed. `Debug` shows neither user nor password.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// `sqlite::memory:`: calls are forgotten when the process ends. For tests and the sandbox.
    SqliteMemory,
    /// `sqlite:path` or `sqlite://path`: one file, relative to the working directory unless it begins with a slash.
    SqliteFile(PathBuf),
    /// `postgres://…` or `postgresql://…`.
    Postgres(PostgresUrl),
}

/// Where a PostgreSQL server is and how to log in.
#[derive(Clone)]
pub struct PostgresUrl(Box<PgConnectOptions>);

impl DatabaseUrl {
    /// The setting that holds one.
    pub(crate) const SETTING: &str = "DATABASE_URL";

    /// The file used when nobody says otherwise, in the working directory.
    pub const DEFAULT: &str = "sqlite://sellcruiting-webhook.db";

    /// `None` unless `raw` is one of the forms above. Of a SQLite URL's query only `?mode=rwc` is taken, which says how
    /// the file is opened anyway.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.starts_with("postgres://") || raw.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(raw).ok()?;
            return Some(Self::Postgres(PostgresUrl(Box::new(options))));
        }
        let path = raw.strip_prefix("sqlite:")?;
        let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
        match path.strip_prefix("//").unwrap_or(path) {
            ":memory:" => Some(Self::SqliteMemory),
            path if path.is_empty() || path.ends_with('/') || path.contains(['?', ':']) => None,
            path => Some(Self::SqliteFile(PathBuf::from(path))),
        }
    }
}

/// Where the calls are, for the log: without user and password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteMemory => f.write_str("memory"),
            Self::SqliteFile(path) => {
                // A relative path is no help to whoever does not know the working directory.
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                write!(f, "SQLite file {}", path.display())
            }
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL at {}:{}", self.0.get_host(), self.0.get_port())?;
        // Without a name it is the role's, which is not shown.
        self.0.get_database().map_or(Ok(()), |database| write!(f, ", database {database}"))
    }
}

impl PostgresUrl {
    /// What the driver needs to connect.
    #[must_use]
    pub const fn options(&self) -> &PgConnectOptions {
        &self.0
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://[redacted]@{}:{}", self.0.get_host(), self.0.get_port())
    }
}
