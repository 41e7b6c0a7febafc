//! Statements, each measured.

use std::time::Instant;

use super::database::Value;
use super::record::CallRecord;
use super::{CallStore, StoreError, statements};

impl CallStore {
    pub(super) async fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.timed(sql, self.database.execute(sql, values)).await
    }

    pub(super) async fn execute_unless_taken(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        self.timed(sql, self.database.execute_unless_taken(sql, values)).await
    }

    pub(super) async fn fetch(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Result<CallRecord, StoreError>>, StoreError> {
        self.timed(sql, self.database.fetch(sql, values)).await
    }

    pub(super) async fn count(&self, sql: &'static str) -> Result<u64, StoreError> {
        self.timed(sql, self.database.count(sql)).await
    }

    async fn timed<T>(
        &self,
        sql: &'static str,
        statement: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let done = statement.await;
        let failure = done.as_ref().err().map(StoreError::code);
        self.metrics.executed(statements::name(sql), start.elapsed(), failure);
        done
    }
}
