use tempfile::TempDir;

use super::support::*;
use crate::calls::store::*;
use crate::config::DatabaseUrl;

async fn open(url: &DatabaseUrl) -> CallStore {
    CallStore::open(url).await.expect("a store")
}

async fn a_new_database_can_be_opened_by_eight_instances_at_once(db: &TestDatabase) {
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let url = db.url.clone();
            tokio::spawn(async move { open(&url).await.ping().await })
        })
        .collect();
    for opened in opening {
        assert_eq!(opened.await.expect("a task that ends"), Ok(()));
    }
}

#[test]
fn a_new_file_can_be_opened_by_eight_instances_at_once() {
    for _ in 0..5 {
        on_sqlite_file(a_new_database_can_be_opened_by_eight_instances_at_once);
    }
}

#[test]
fn a_new_schema_can_be_opened_by_eight_instances_at_once() {
    on_postgres(a_new_database_can_be_opened_by_eight_instances_at_once);
}

#[test]
fn an_older_version_starts_beside_a_newer_one() {
    let starts_beside = async |db: &TestDatabase, newer: &'static str| {
        db.store().await.tamper(newer).await;
        assert_eq!(db.store().await.ping().await, Ok(()));
    };
    on_sqlite_file(async |db: &TestDatabase| starts_beside(db, "PRAGMA user_version = 9").await);
    on_postgres(async |db: &TestDatabase| {
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9, 'newer', TRUE, '', 1)";
        starts_beside(db, newer).await;
    });
}

/// As left by sqlx, which migrated files before rusqlite did; or restored from a dump, which keeps no version.
#[test]
fn a_file_without_a_version_keeps_its_calls() {
    let versions = [
        include_str!("../migrations/sqlite/0001_calls.sql"),
        include_str!("../migrations/sqlite/0002_questionnaire_age.sql"),
        include_str!("../migrations/sqlite/0003_cheaper_checks.sql"),
        include_str!("../migrations/sqlite/0004_pings.sql"),
    ];
    for version in 1..=versions.len() {
        a_file_keeps_its_calls(&versions[..version]);
    }
}

fn a_file_keeps_its_calls(made_by: &[&str]) {
    on_sqlite_file(async |db: &TestDatabase| {
        let DatabaseUrl::SqliteFile(path) = &db.url else { panic!("a file") };
        let (guard, call_id) = (guard(), new_id());
        let file = rusqlite::Connection::open(path).expect("a file");
        for sql in made_by {
            file.execute_batch(sql).expect("a statement that works");
        }
        let row = "INSERT INTO calls (call_id, guard, fingerprint, mode, campaign_id, state, holding, claimed_at, \
                   guarded_until, owner, lease_until) \
                   VALUES (?1, ?2, ?2, 'call', 7, 'dialling', TRUE, 5, 6, ?3, 8)";
        let owner = instance();
        file.execute(row, (call_id.as_str(), guard.as_str(), owner.to_string())).expect("a row");
        drop(file);

        let store = open(&db.url).await;
        let held = store.holder(&guard, at(1)).await.expect("a holder");
        assert_eq!((&held.call_id, held.owner, held.state), (&call_id, owner, CallState::Dialling));
        let stored = store.stored(&call_id).await;
        assert_eq!(stored.record, held);
        assert_eq!(open(&db.url).await.stored(&call_id).await, stored, "opened once more");
    });
}

#[test]
fn a_claim_in_a_file_outlives_its_process() {
    on_sqlite_file(async |db: &TestDatabase| {
        let (guard, owner) = (guard(), instance());
        let call_id = {
            let runtime = std::thread::spawn({
                let (url, guard) = (db.url.clone(), guard.clone());
                // A runtime of its own, which ends without closing anything.
                move || {
                    block_on(async { open(&url).await.in_state(&guard, owner, CallState::Dialling).await })
                }
            });
            runtime.join().expect("a thread that ends")
        };
        let held = open(&db.url).await.holder(&guard, at(1)).await.expect("a holder");
        assert_eq!((held.call_id, held.state, held.owner), (call_id, CallState::Dialling, owner));
    });
}

/// Not a copy of the file alone: what a killed process leaves behind, with the WAL beside it.
#[test]
fn a_claim_is_with_the_operating_system_when_it_is_won() {
    on_sqlite_file(async |db: &TestDatabase| {
        let DatabaseUrl::SqliteFile(path) = &db.url else { panic!("a file") };
        let guard = guard();
        let store = open(&db.url).await;
        let call_id = store.wins(&guard, instance(), at(0)).await;
        let copies = TempDir::new().expect("a directory");
        let copy = copies.path().join("calls.db");
        for suffix in ["", "-wal"] {
            let (from, to) = (format!("{}{suffix}", path.display()), format!("{}{suffix}", copy.display()));
            std::fs::copy(from, to).expect("a copy");
        }
        let survivor = open(&DatabaseUrl::SqliteFile(copy)).await;
        assert_eq!(survivor.holder(&guard, at(1)).await.map(|held| held.call_id), Some(call_id));
    });
}

/// What is written to such a file would be gone at the next start, and everybody would be called again.
#[test]
fn nothing_is_claimed_in_a_file_that_was_deleted_or_replaced() {
    on_sqlite_file(async |db: &TestDatabase| {
        let DatabaseUrl::SqliteFile(path) = &db.url else { panic!("a file") };
        let store = open(&db.url).await;
        let aside = path.with_extension("aside");
        let refuses = async || {
            let claim = store.claim(&claim_of(&guard(), instance(), at(0))).await;
            assert!(
                matches!(&claim, Err(StoreError::Unavailable(why)) if why.contains("deleted or replaced")),
                "{claim:?}"
            );
            assert!(store.ping().await.is_err());
        };
        std::fs::rename(path, &aside).expect("a file moved");
        refuses().await;
        std::fs::copy(&aside, path).expect("a backup put in its place");
        refuses().await;
        std::fs::rename(&aside, path).expect("the file put back");
        store.wins(&guard(), instance(), at(0)).await;
    });
}

/// Only by writing does it notice a full disk.
#[test]
fn a_ping_writes() {
    on_sqlite_file(async |db: &TestDatabase| {
        let DatabaseUrl::SqliteFile(path) = &db.url else { panic!("a file") };
        let store = open(&db.url).await;
        store.wins(&guard(), instance(), at(0)).await;
        let written = || std::fs::metadata(format!("{}-wal", path.display())).expect("a log").len();
        let before = written();
        assert_eq!(store.ping().await, Ok(()));
        assert!(written() > before, "{before} bytes before and after");
    });
}

#[test]
fn a_file_is_opened_with_the_settings_that_its_promises_rest_on() {
    on_sqlite_file(async |db: &TestDatabase| {
        let Database::Sqlite(file) = open(&db.url).await.database else { panic!("SQLite") };
        let settings = file.run(statements::Access::Read, |connection| {
            let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
            let busy: i64 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
            Ok((journal, synchronous, busy))
        });
        assert_eq!(settings.await, Ok(("wal".to_owned(), 1, 5_000)));
    });
}

#[test]
fn a_server_is_used_with_the_settings_that_its_promises_rest_on() {
    on_postgres(async |db: &TestDatabase| {
        let Database::Postgres(server) = open(&db.url).await.database else { panic!("PostgreSQL") };
        let pool = server.pool().await.expect("a pool");
        for (setting, expected) in [
            ("default_transaction_isolation", "read committed"),
            ("synchronous_commit", "on"),
            ("statement_timeout", "5s"),
        ] {
            let value: String = sqlx::query_scalar("SELECT current_setting($1)")
                .bind(setting)
                .fetch_one(pool)
                .await
                .expect("a setting");
            assert_eq!(value, expected, "{setting}");
        }
    });
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let directory = TempDir::new().expect("a directory");
    let nonsense = directory.path().join("nonsense.db");
    std::fs::write(&nonsense, "This is a letter and no database. ".repeat(100)).expect("a file");
    for (path, why) in [
        (directory.path().join("no/such/directory/calls.db"), "its directory does not exist"),
        (directory.path().to_owned(), "it is a directory"),
        (nonsense, "SQLite error 26, file is not a database"),
    ] {
        let error = block_on(CallStore::open(&DatabaseUrl::SqliteFile(path.clone()))).expect_err("no store");
        assert!(error.to_string().contains(why), "{error}");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}

#[test]
fn a_memory_store_is_empty_and_its_own() {
    block_on(async {
        let (first, second) =
            (open(&DatabaseUrl::SqliteMemory).await, open(&DatabaseUrl::SqliteMemory).await);
        let guard = guard();
        first.wins(&guard, instance(), at(0)).await;
        second.wins(&guard, instance(), at(0)).await;
    });
}
