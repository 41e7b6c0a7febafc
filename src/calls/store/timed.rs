//! Runs statements and measures each.

use std::time::Instant;

use super::database::Value;
use super::record::CallRecord;
use super::statements::Statement;
use super::{CallStore, StoreError};

impl CallStore {
    pub(super) async fn execute(&self, statement: Statement, values: Vec<Value>) -> Result<u64, StoreError> {
        self.timed(statement, self.database.execute(statement, values)).await
    }

    pub(super) async fn execute_unless_taken(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        self.timed(statement, self.database.execute_unless_taken(statement, values)).await
    }

    pub(super) async fn fetch(
        &self,
        statement: Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Result<CallRecord, StoreError>>, StoreError> {
        self.timed(statement, self.database.fetch(statement, values)).await
    }

    pub(super) async fn count(&self, statement: Statement) -> Result<u64, StoreError> {
        self.timed(statement, self.database.count(statement)).await
    }

    async fn timed<T>(
        &self,
        statement: Statement,
        execution: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let done = execution.await;
        let failure = done.as_ref().err().map(StoreError::code);
        self.metrics.executed(statement.name, start.elapsed(), failure);
        done
    }
}
