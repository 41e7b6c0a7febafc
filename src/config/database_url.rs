//! Which database keeps the calls.

use std::fmt;
use std::path::{Path, PathBuf};
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
        if behind_scheme(raw).is_some() {
            if has_open_password(raw) {
                return None;
            }
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

/// The query parameters that the driver knows, apart from `options[…]`. It ignores all others.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// What stands behind the scheme of a PostgreSQL URL.
fn behind_scheme(raw: &str) -> Option<&str> {
    raw.strip_prefix("postgres://").or_else(|| raw.strip_prefix("postgresql://"))
}

/// Whether an unescaped `/`, `?` or `#` in the password ends the host part of the URL too early. The rest of the
/// password would be taken for the database's name, which is logged.
pub(super) fn has_open_password(raw: &str) -> bool {
    let Some(url) = behind_scheme(raw) else { return false };
    let rest = url.find(['/', '?', '#']).map_or("", |end| &url[end..]);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let database = path.strip_prefix('/').unwrap_or(path);
    // A user given in the query may hold an @, but only behind the `=`.
    let first = query.split(['=', '&']).next().unwrap_or_default();
    rest.contains('#') || database.contains(['@', '/']) || first.contains('@')
}

/// Whether a parameter of a PostgreSQL URL has no effect.
pub(super) fn has_unknown_parameter(raw: &str) -> bool {
    let query = behind_scheme(raw).and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    // A percent-encoded name could be any of them.
    names
        .filter(|name| !name.is_empty())
        .any(|name| !PARAMETERS.contains(&name) && !name.starts_with("options") && !name.contains('%'))
}

/// A relative path is no help to whoever does not know the working directory.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Where the calls are, for the log: without user and password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SqliteMemory => f.write_str("memory"),
            Self::SqliteFile(path) => {
                write!(f, "SQLite file {}", absolute(path).display())
            }
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL at {}:{}", self.0.get_host(), self.0.get_port())?;
        // Without a name, the database is named like the role, which is not shown.
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
