//! The two databases behind one set of statements.

use chrono::{DateTime, Utc};
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql};
use sqlx::encode::Encode;
use sqlx::query::Query;
use sqlx::types::Type;
use sqlx::{Arguments, Database as Driver, FromRow, IntoArguments};

use super::error::{self, StoreError};
use super::postgres::{Lent, PostgresServer};
use super::record::{CallRecord, Fingerprint, GuardKey, InstanceId};
use super::row::Row;
use super::sqlite::Sqlite;
use super::statements::Statement;
use crate::domain::{AgentId, CallId, ConversationId};

/// Where the rows are stored.
#[derive(Debug, Clone)]
pub(super) enum Database {
    /// One file, or memory.
    Sqlite(Sqlite),
    /// A server.
    Postgres(PostgresServer),
}

impl Database {
    /// Returns how many rows were changed.
    pub(super) async fn execute(&self, statement: Statement, values: Vec<Value>) -> Result<u64, StoreError> {
        let Statement { access, sql, .. } = statement;
        match self {
            Self::Sqlite(file) => file.run(access, move |connection| execute(connection, sql, &values)).await,
            Self::Postgres(server) => {
                let query = query(sql, values)?;
                let execute = |mut lent: Lent| async move { query.execute(lent.connection()).await };
                Ok(server.run(execute).await??.rows_affected())
            }
        }
    }

    /// Like [`Self::execute`], but `None` if a unique index was in the way; nothing was changed then.
    pub(super) async fn execute_unless_taken(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        match self {
            // Checks and writes in one step, so it meets the index only where it would again.
            Self::Sqlite(_) => self.execute(statement, values).await.map(Some),
            Self::Postgres(server) => {
                let query = query(statement.sql, values)?;
                let execute = |mut lent: Lent| async move { query.execute(lent.connection()).await };
                match server.run(execute).await? {
                    Err(error) if error::is_unique_violation(&error) => Ok(None),
                    done => Ok(Some(done?.rows_affected())),
                }
            }
        }
    }

    /// Returns the rows. One that cannot be understood does not hide the others.
    pub(super) async fn fetch(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Result<CallRecord, StoreError>>, StoreError> {
        let Statement { access, sql, .. } = statement;
        match self {
            Self::Sqlite(file) => file.run(access, move |connection| fetch(connection, sql, &values)).await,
            Self::Postgres(server) => {
                let query = query(sql, values)?;
                let fetch = |mut lent: Lent| async move { query.fetch_all(lent.connection()).await };
                let rows = server.run(fetch).await??;
                Ok(rows.iter().map(|row| Row::from_row(row)?.try_into()).collect())
            }
        }
    }

    /// Returns the one number that the statement selects.
    pub(super) async fn count(&self, statement: Statement) -> Result<u64, StoreError> {
        let Statement { access, sql, .. } = statement;
        let count: i64 = match self {
            Self::Sqlite(file) => {
                file.run(access, move |connection| connection.query_row(sql, [], |row| row.get(0))).await?
            }
            Self::Postgres(server) => {
                let query = sqlx::query_scalar(sql);
                let count = |mut lent: Lent| async move { query.fetch_one(lent.connection()).await };
                server.run(count).await??
            }
        };
        u64::try_from(count).map_err(|_negative| StoreError::Internal("a count below zero".to_owned()))
    }
}

fn execute(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    statement.raw_execute().map(|changed| changed as u64)
}

fn fetch(
    connection: &Connection,
    sql: &str,
    values: &[Value],
) -> rusqlite::Result<Vec<Result<CallRecord, StoreError>>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    let mut found = statement.raw_query();
    let mut records = Vec::new();
    while let Some(row) = found.next()? {
        records.push(Row::from_sqlite(row).map_err(StoreError::from).and_then(CallRecord::try_from));
    }
    Ok(records)
}

/// Binds by name: to SQLite, `$2` is a name like any other and not the second value.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    const NAMES: [&str; 12] = ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12"];
    for (position, value) in values.iter().enumerate() {
        let name = NAMES.get(position).copied().unwrap_or("more than there are names for");
        let index = statement.parameter_index(name)?;
        let index = index.ok_or_else(|| rusqlite::Error::InvalidParameterName(name.to_owned()))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

/// A value for a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bool(bool),
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::Number(number) => number.to_sql(),
            Self::Bool(bool) => bool.to_sql(),
        }
    }
}

fn query<D>(sql: &'static str, values: Vec<Value>) -> Result<Query<'static, D, D::Arguments>, StoreError>
where
    D: Driver,
    D::Arguments: Arguments<Database = D> + IntoArguments<D>,
    Option<String>: Encode<'static, D> + Type<D>,
    Option<i64>: Encode<'static, D> + Type<D>,
    bool: Encode<'static, D> + Type<D>,
{
    let mut arguments = D::Arguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Number(number) => arguments.add(number),
            Value::Bool(bool) => arguments.add(bool),
        }
        .map_err(|_hidden| StoreError::Internal("a value cannot be sent to the database".to_owned()))?;
    }
    Ok(sqlx::query_with(sql, arguments))
}

/// The values for `$1`, `$2`, …
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::calls::store::database::Value::from($value)),*] };
}
pub(super) use values;

macro_rules! text_values {
    ($($type:ty),+ $(,)?) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::Text(Some(value.as_str().to_owned()))
            }
        })+
    };
}
text_values!(&AgentId, &CallId, &GuardKey, &Fingerprint, &String);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&ConversationId>> for Value {
    fn from(id: Option<&ConversationId>) -> Self {
        Self::Text(id.map(|id| id.as_str().to_owned()))
    }
}

impl From<InstanceId> for Value {
    fn from(id: InstanceId) -> Self {
        Self::Text(Some(id.to_string()))
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Number(Some(time.timestamp_millis()))
    }
}

impl From<Option<DateTime<Utc>>> for Value {
    fn from(time: Option<DateTime<Utc>>) -> Self {
        Self::Number(time.map(|time| time.timestamp_millis()))
    }
}

impl From<Option<u32>> for Value {
    fn from(number: Option<u32>) -> Self {
        Self::Number(number.map(i64::from))
    }
}

/// Numbers above `i64::MAX` become `i64::MAX`; none of ours come near.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(Some(number.into()))
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}
