//! Every statement, in the SQL that both databases understand. Each is atomic by itself; none needs a transaction.
//!
//! No statement that every call runs uses `IN` with three or more values: SQLite would build a table of them each time.

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It only reads.
    Read,
    /// It may change something, whatever it returns.
    Write,
}

/// A statement that a database can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its label in metrics, which dashboards and alerts depend on.
    pub(super) name: &'static str,
    /// What it does. A SQLite file is not locked for one that only reads.
    pub(super) access: Access,
    /// Its SQL, with `$1`, `$2`, … for its values.
    pub(super) sql: &'static str,
}

const fn read(name: &'static str, sql: &'static str) -> Statement {
    Statement { name, access: Access::Read, sql }
}

const fn write(name: &'static str, sql: &'static str) -> Statement {
    Statement { name, access: Access::Write, sql }
}

/// The columns that are read; see `row`.
macro_rules! columns {
    () => {
        "call_id, fingerprint, mode, campaign_id, state, conversation_id, outcome, retry_after_secs, questionnaire_loaded, \
         questionnaire_age_secs, prompt_length, first_message, answered_at, link_expires_at, claimed_at, dialled_at, \
         settle_until, checks, guarded_until, owner, agent_id"
    };
}

/// Does nothing if another row holds the guard, or the call id was used before.
pub(super) const CLAIM: Statement = write(
    "claim",
    "INSERT INTO calls (call_id, guard, fingerprint, mode, campaign_id, guarded_until, owner, lease_until, \
                      claimed_at, state, holding) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'claimed', TRUE) \
     ON CONFLICT DO NOTHING",
);

/// Like [`CLAIM`], and measured under the same name, but for a caller's key: also does nothing if the key was used for
/// another request before, whatever became of that.
pub(super) const CLAIM_OF_KEY: Statement = write(
    "claim",
    "INSERT INTO calls (call_id, guard, fingerprint, mode, campaign_id, guarded_until, owner, lease_until, \
                      claimed_at, state, holding) \
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'claimed', TRUE \
     WHERE NOT EXISTS (SELECT 1 FROM calls AS earlier WHERE earlier.guard = $2 AND earlier.fingerprint <> $3) \
     ON CONFLICT DO NOTHING",
);

pub(super) const HOLDER: Statement =
    read("holder", concat!("SELECT ", columns!(), " FROM calls WHERE guard = $1 AND holding"));

pub(super) const RELEASE_EXPIRED: Statement = write(
    "release_expired",
    "UPDATE calls SET holding = FALSE \
     WHERE call_id = $1 AND state = 'placed' AND holding AND guarded_until <= $2",
);

/// The earlier request that stopped [`CLAIM_OF_KEY`].
pub(super) const OTHER_REQUEST: Statement = read(
    "other_request",
    concat!(
        "SELECT ",
        columns!(),
        " FROM calls WHERE guard = $1 AND fingerprint <> $2 ORDER BY seq DESC LIMIT 1"
    ),
);

pub(super) const FIND: Statement =
    read("find", concat!("SELECT ", columns!(), " FROM calls WHERE call_id = $1"));

pub(super) const BEGIN_DIAL: Statement = write(
    "begin_dial",
    "UPDATE calls SET state = 'dialling', dialled_at = $3, questionnaire_loaded = $4, questionnaire_age_secs = $5, \
                      prompt_length = $6, first_message = $7, answered_at = $8, link_expires_at = $9, \
                      settle_until = $10, lease_until = $11, agent_id = $12 \
     WHERE call_id = $1 AND owner = $2 AND state = 'claimed'",
);

/// The guard's time counts from when the call was found to be placed, so that one that took long to settle is not freed
/// the sooner.
pub(super) const PLACED: Statement = write(
    "placed",
    "UPDATE calls SET state = 'placed', conversation_id = $2, settled_at = $3, next_check_at = NULL, \
                      guarded_until = guarded_until + ($3 - claimed_at) \
     WHERE call_id = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown')",
);

/// Takes the guard of a call that was thought not to have been placed away from a claim that has sent nothing yet.
pub(super) const SUPERSEDE_CLAIM: Statement = write(
    "supersede_claim",
    "UPDATE calls SET state = 'not_placed', holding = FALSE, outcome = 'superseded', settled_at = $2 \
     WHERE state = 'claimed' AND call_id <> $1 \
       AND guard = (SELECT found.guard FROM calls AS found WHERE found.call_id = $1 AND found.state = 'not_placed')",
);

/// For a call that was thought not to have been placed, after [`SUPERSEDE_CLAIM`]. It holds its guard again unless another
/// row does. Does nothing if that one is again a claim that has sent nothing yet.
pub(super) const PLACED_LATE: Statement = write(
    "placed_late",
    "UPDATE calls SET state = 'placed', conversation_id = $2, settled_at = $3, \
                      guarded_until = guarded_until + ($3 - claimed_at), \
                      holding = NOT EXISTS ( \
                          SELECT 1 FROM calls AS other WHERE other.guard = calls.guard AND other.holding) \
     WHERE call_id = $1 AND state = 'not_placed' AND NOT EXISTS ( \
         SELECT 1 FROM calls AS claim \
         WHERE claim.guard = calls.guard AND claim.holding AND claim.state = 'claimed')",
);

pub(super) const REFUSED: Statement = write(
    "refused",
    "UPDATE calls SET state = 'refused', holding = FALSE, outcome = $2, retry_after_secs = $3, settled_at = $4 \
     WHERE call_id = $1 AND (state = 'claimed' OR state = 'dialling')",
);

/// The later time counts: an instance that took the dial for lost may know less about when the call can no longer
/// appear.
pub(super) const UNKNOWN: Statement = write(
    "unknown",
    "UPDATE calls SET state = 'unknown', outcome = $2, next_check_at = $4, \
                      settle_until = CASE WHEN state = 'unknown' AND settle_until > $3 THEN settle_until ELSE $3 END \
     WHERE call_id = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown')",
);

/// Also for a call that was found in ElevenLabs' list meanwhile: that shows the conversation, but not that it failed.
pub(super) const FAILED: Statement = write(
    "failed",
    "UPDATE calls SET state = 'refused', holding = FALSE, outcome = $2, conversation_id = NULL, next_check_at = NULL, \
                      settled_at = $4 \
     WHERE call_id = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown' \
                             OR (state = 'placed' AND ($3 IS NULL OR conversation_id = $3)))",
);

pub(super) const NOT_PLACED: Statement = write(
    "not_placed",
    "UPDATE calls SET state = 'not_placed', holding = FALSE, outcome = $2, settled_at = $3, \
                      next_check_at = NULL \
     WHERE call_id = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown')",
);

macro_rules! latest_lease {
    () => {
        "CASE state WHEN 'claimed' THEN claimed_at + $3 WHEN 'dialling' THEN settle_until ELSE $2 END"
    };
}

/// A lease is never extended beyond the time by which the call must have begun to dial, or could still appear. So a row
/// that its own instance has lost sight of is freed, too, however long the instance lives. It cannot lose sight of an
/// unknown call, which [`DUE_FOR_CHECK`] shows it again; and that call must not change hands while there are more of them
/// than can be checked within a lease, because each time it does it is looked for longer.
pub(super) const RENEW_LEASES: Statement = write(
    "renew_leases",
    concat!(
        "UPDATE calls SET lease_until = CASE WHEN $2 < ",
        latest_lease!(),
        " THEN $2 ELSE ",
        latest_lease!(),
        " END WHERE owner = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown') \
           AND lease_until < $2 AND lease_until < ",
        latest_lease!()
    ),
);

pub(super) const RELEASE_LEASES: Statement = write(
    "release_leases",
    "UPDATE calls SET lease_until = $2 \
     WHERE owner = $1 AND (state = 'claimed' OR state = 'dialling' OR state = 'unknown') AND lease_until > $2",
);

pub(super) const ABANDON_STALE_CLAIMS: Statement = write(
    "abandon_stale_claims",
    concat!(
        "UPDATE calls SET state = 'not_placed', holding = FALSE, outcome = 'claim_abandoned', settled_at = $1 \
     WHERE state = 'claimed' AND lease_until <= $1 RETURNING ",
        columns!()
    ),
);

/// The later time counts: the instance that is taken for lost may still be dialling, and its clock may differ.
pub(super) const TAKE_OVER: Statement = write(
    "take_over",
    concat!(
        "UPDATE calls SET state = 'unknown', outcome = 'instance_lost', owner = $1, lease_until = $3, next_check_at = $2, \
                      settle_until = CASE WHEN settle_until > $4 THEN settle_until ELSE $4 END \
     WHERE state = 'dialling' AND lease_until <= $2 RETURNING ",
        columns!()
    ),
);

/// The conditions stand twice because PostgreSQL, after waiting for another instance that took the row meanwhile,
/// checks only the outer ones again. For a row of another instance, whose clock may differ, the later time counts.
pub(super) const DUE_FOR_CHECK: Statement = write(
    "due_for_check",
    concat!(
        "UPDATE calls SET owner = $1, lease_until = $3, \
                      settle_until = CASE WHEN owner = $1 OR settle_until > $5 THEN settle_until ELSE $5 END \
     WHERE state = 'unknown' AND next_check_at <= $2 AND (owner = $1 OR lease_until <= $2) AND seq IN ( \
         SELECT due.seq FROM calls AS due \
         WHERE due.state = 'unknown' AND due.next_check_at <= $2 AND (due.owner = $1 OR due.lease_until <= $2) \
         ORDER BY due.next_check_at, due.seq LIMIT $4) RETURNING ",
        columns!()
    ),
);

pub(super) const POSTPONE_CHECK: Statement = write(
    "postpone_check",
    "UPDATE calls SET checks = checks + 1, next_check_at = $3, lease_until = $4 \
     WHERE call_id = $1 AND owner = $2 AND state = 'unknown'",
);

pub(super) const OPEN_UNKNOWNS: Statement =
    read("open_unknowns", "SELECT COUNT(*) FROM calls WHERE state = 'unknown'");

/// The last calls of an agent that were placed between two times.
pub(super) const PLACED_LAST: Statement = read(
    "placed_last",
    concat!(
        "SELECT ",
        columns!(),
        " FROM calls WHERE state = 'placed' AND agent_id = $1 AND conversation_id IS NOT NULL \
          AND dialled_at > $2 AND dialled_at <= $3 ORDER BY seq DESC LIMIT $4"
    ),
);

/// 1 if there is any call, else 0. Reads only the start of the table, so that a large one keeps nobody waiting.
pub(super) const ANY_CALL: Statement =
    read("any_call", "SELECT COUNT(*) FROM (SELECT 1 FROM calls LIMIT 1) AS first_call");

/// The oldest first, and only so many, so that nobody waits long for it. The conditions stand twice as in
/// [`DUE_FOR_CHECK`].
pub(super) const PURGE: Statement = write(
    "purge",
    "DELETE FROM calls WHERE COALESCE(settled_at, claimed_at) < $1 AND state IN ('placed', 'refused', 'not_placed') \
     AND seq IN ( \
         SELECT old.seq FROM calls AS old \
         WHERE COALESCE(old.settled_at, old.claimed_at) < $1 AND old.state IN ('placed', 'refused', 'not_placed') \
         ORDER BY old.seq LIMIT $2)",
);

/// Changes something, because SQLite does not write what stays the same. So it fails where nothing can be written: on a
/// full or read-only file system, or a standby server. No call has an empty id; the condition only requires the table.
pub(super) const PING: Statement = write(
    "ping",
    "UPDATE pings SET number = number + 1 WHERE NOT EXISTS (SELECT 1 FROM calls WHERE call_id = '')",
);

/// All statements. Metrics count the failures of each from zero on.
pub(super) const ALL: [Statement; 25] = [
    CLAIM,
    CLAIM_OF_KEY,
    HOLDER,
    RELEASE_EXPIRED,
    OTHER_REQUEST,
    FIND,
    BEGIN_DIAL,
    PLACED,
    SUPERSEDE_CLAIM,
    PLACED_LATE,
    REFUSED,
    UNKNOWN,
    FAILED,
    NOT_PLACED,
    RENEW_LEASES,
    RELEASE_LEASES,
    ABANDON_STALE_CLAIMS,
    TAKE_OVER,
    DUE_FOR_CHECK,
    POSTPONE_CHECK,
    OPEN_UNKNOWNS,
    PLACED_LAST,
    ANY_CALL,
    PURGE,
    PING,
];
