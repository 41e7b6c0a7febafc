//! Brings the tables of a file up to date.

use rusqlite::{Connection, TransactionBehavior};

/// Each brings the tables to the next version, from 1 on. The version is stored in the file's header
/// (`PRAGMA user_version`).
const MIGRATIONS: [&str; 5] = [
    include_str!("../migrations/sqlite/0001_calls.sql"),
    include_str!("../migrations/sqlite/0002_questionnaire_age.sql"),
    include_str!("../migrations/sqlite/0003_cheaper_checks.sql"),
    include_str!("../migrations/sqlite/0004_pings.sql"),
    include_str!("../migrations/sqlite/0005_agent.sql"),
];

/// Applies the missing migrations, all or nothing. Processes that open a new file at the same time take turns. A newer
/// version's tables are left as they are: it may run beside this one.
pub(super) fn run(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    for (next, migration) in (1_u32..).zip(MIGRATIONS).filter(|(next, _)| *next > version) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", next)?;
    }
    transaction.commit()
}

/// The file's version. Files from the time when sqlx migrated them have none, nor has one that was restored from a
/// dump; their tables tell. A dump of version 3 is taken for version 2, whose next migration does it no harm.
fn version(connection: &Connection) -> rusqlite::Result<u32> {
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > 0 || !connection.table_exists(None, "calls")? {
        return Ok(version);
    }
    if connection.column_exists(None, "calls", "agent_id")? {
        return Ok(5);
    }
    if connection.table_exists(None, "pings")? {
        return Ok(4);
    }
    let has_age = connection.column_exists(None, "calls", "questionnaire_age_secs")?;
    Ok(if has_age { 2 } else { 1 })
}
