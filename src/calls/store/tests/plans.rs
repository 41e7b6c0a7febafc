//! How SQLite runs the statements: those that run every few seconds never scan a whole month's calls, and those
//! declared as only reading change nothing.

use rusqlite::Connection;

use crate::calls::store::sqlite::open_memory;
use crate::calls::store::statements::{self, Access, Statement};

/// The statements that look for calls whenever one is placed, or every few seconds.
const FREQUENT: [Statement; 19] = [
    statements::RENEW_LEASES,
    statements::RELEASE_LEASES,
    statements::ABANDON_STALE_CLAIMS,
    statements::TAKE_OVER,
    statements::DUE_FOR_CHECK,
    statements::POSTPONE_CHECK,
    statements::OPEN_UNKNOWNS,
    statements::CLAIM_OF_KEY,
    statements::HOLDER,
    statements::OTHER_REQUEST,
    statements::FIND,
    statements::BEGIN_DIAL,
    statements::PLACED,
    statements::SUPERSEDE_CLAIM,
    statements::PLACED_LATE,
    statements::RELEASE_EXPIRED,
    statements::REFUSED,
    statements::UNKNOWN,
    statements::NOT_PLACED,
];

/// SQLite's plan for a statement, one step per line.
fn plan(connection: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // Its values do not matter.
    let mut steps = explained.raw_query();
    let mut plan = String::new();
    while let Some(step) = steps.next()? {
        plan = plan + &step.get::<_, String>("detail")? + "\n";
    }
    Ok(plan)
}

#[tokio::test]
async fn whatever_runs_all_the_time_finds_its_rows_by_an_index() {
    let memory = open_memory().expect("a store");
    for Statement { name, sql, .. } in FREQUENT {
        let plan = memory.run(Access::Read, move |connection: &Connection| plan(connection, sql)).await;
        let plan = plan.expect("a plan");
        let scans = plan.lines().any(|step| step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW");
        assert!(!scans, "{name}: {sql}\n{plan}");
    }
}

/// A write that passed for a read would be run outside the transaction, and a read that passed for a write would wait
/// for the file.
#[tokio::test]
async fn every_statement_says_truly_whether_it_only_looks() {
    let memory = open_memory().expect("a store");
    for Statement { name, access, sql } in statements::ALL {
        let only_looks = move |connection: &Connection| Ok(connection.prepare(sql)?.readonly());
        let only_looks = memory.run(access, only_looks).await.expect("a statement that works");
        assert_eq!(only_looks, access == Access::Read, "{name}: {sql}");
    }
}

#[test]
fn no_statement_is_missing_from_the_list_of_all() {
    let source = include_str!("../statements.rs");
    assert_eq!(source.matches(": Statement =").count(), statements::ALL.len());
}
