//! Databases that outlive an instance, so that another one finds what it left behind.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::skipped;

/// The address of the tests' PostgreSQL server.
pub(crate) const POSTGRES_ADDRESS: &str = "127.0.0.1:5432";

/// The URL of a PostgreSQL server that is not there.
pub(crate) const NO_SERVER: &str = "postgres://nobody@127.0.0.1:1/none?sslmode=disable";

/// Users and databases with which test servers are usually set up.
const LOG_INS: [&str; 3] = ["test", "root", "postgres"];

/// Turns each function into a test on a SQLite file and a test on PostgreSQL.
macro_rules! each_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite_file {
            $(#[tokio::test] async fn $test() {
                super::$test($crate::support::TestDatabase::sqlite_file()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test] async fn $test() {
                let Some(database) = $crate::support::TestDatabase::postgres().await else { return };
                super::$test(database).await;
            })+
        }
    };
}
pub(crate) use each_database;

/// A test's own database. Dropping this deletes it.
pub(crate) enum TestDatabase {
    /// In memory: for one instance.
    Memory,
    /// A file in a directory of its own.
    SqliteFile(TempDir),
    /// A schema on the server.
    Postgres(Schema),
}

/// A test's own schema.
pub(crate) struct Schema {
    log_in: &'static str,
    name: String,
}

impl TestDatabase {
    pub(crate) fn sqlite_file() -> Self {
        Self::SqliteFile(tempfile::tempdir().unwrap())
    }

    /// `None`, with a line that says so, if no server answers. In CI there must be one.
    pub(crate) async fn postgres() -> Option<Self> {
        let name = format!("it_{}", Uuid::new_v4().simple());
        for log_in in LOG_INS {
            let Ok(mut connection) = PgConnection::connect(&server(log_in)).await else { continue };
            run(&mut connection, format!("CREATE SCHEMA {name}")).await;
            return Some(Self::Postgres(Schema { log_in, name }));
        }
        skipped(&format!("no PostgreSQL server answers at {POSTGRES_ADDRESS}"));
        None
    }

    /// Another connection to the SQLite file, to look at what the service has recorded, or to change it.
    pub(crate) fn open_file(&self) -> rusqlite::Connection {
        let Self::SqliteFile(directory) = self else { panic!("no SQLite file") };
        rusqlite::Connection::open(file(directory)).unwrap()
    }

    /// The value for `DATABASE_URL`.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Memory => "sqlite::memory:".to_owned(),
            Self::SqliteFile(directory) => format!("sqlite://{}", file(directory).display()),
            Self::Postgres(schema) => {
                format!("{}&options=-csearch_path%3D{}", server(schema.log_in), schema.name)
            }
        }
    }
}

fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("calls.db")
}

fn server(log_in: &str) -> String {
    format!("postgres://{log_in}@{POSTGRES_ADDRESS}/{log_in}?sslmode=disable")
}

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (server, sql) = (server(self.log_in), format!("DROP SCHEMA {} CASCADE", self.name));
        // The test's own runtime cannot be awaited from here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { run(&mut PgConnection::connect(&server).await.unwrap(), sql).await });
        });
        let _left_behind = dropped.join();
    }
}
