//! What runs every few seconds never looks through all the calls of a month.

use rusqlite::Connection;

use crate::calls::store::sqlite::open_memory;
use crate::calls::store::statements;

/// How SQLite goes about a statement, a step a line.
fn plan(connection: &Connection, sql: &str) -> rusqlite::Result<String> {
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // What its values are does not matter.
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
    for sql in [
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
        statements::PLACED_LATE,
        statements::SUPERSEDE_CLAIM,
        statements::HOLD_AGAIN,
        statements::RELEASE_EXPIRED,
        statements::REFUSED,
        statements::UNKNOWN,
        statements::NOT_PLACED,
    ] {
        let plan = memory.run("SELECT", move |connection: &Connection| plan(connection, sql)).await;
        let plan = plan.expect("a plan");
        let scans = plan.lines().any(|step| step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW");
        assert!(!scans, "{sql}\n{plan}");
    }
}
