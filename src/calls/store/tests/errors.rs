use std::io;
use std::net::ToSocketAddrs;

use super::support::*;
use crate::calls::store::*;
use crate::config::DatabaseUrl;

each_database!(
    a_word_that_no_state_has_is_an_error_and_no_panic,
    every_column_that_is_parsed_is_named_when_it_cannot_be,
    tables_that_are_gone_are_an_internal_error,
    a_row_that_does_not_hold_its_guard_while_in_flight_is_refused_by_the_database,
    a_store_that_works_answers_a_ping,
);

async fn a_word_that_no_state_has_is_an_error_and_no_panic(db: &TestDatabase) {
    let (store, guard) = (db.store().await, guard());
    let call_id = store.wins(&guard, instance(), at(0)).await;
    assert_eq!(store.tamper("UPDATE calls SET state = 'teleported'").await, 1);
    let error = StoreError::Unreadable { call_id: call_id.to_string(), column: "state" };
    assert_eq!(store.find(&call_id).await, Err(error.clone()));
    assert_eq!(store.claim(&claim_of(&guard, instance(), at(1))).await, Err(error));
}

async fn every_column_that_is_parsed_is_named_when_it_cannot_be(db: &TestDatabase) {
    let store = db.store().await;
    for (column, sql) in [
        ("mode", "UPDATE calls SET mode = 'fax'"),
        ("campaign_id", "UPDATE calls SET campaign_id = 0"),
        ("conversation_id", "UPDATE calls SET conversation_id = ''"),
        ("retry_after_secs", "UPDATE calls SET retry_after_secs = -1"),
        ("prompt_length", "UPDATE calls SET prompt_length = NULL"),
        ("answered_at", "UPDATE calls SET answered_at = NULL"),
        ("claimed_at", "UPDATE calls SET claimed_at = 9223372036854775807"),
        ("settle_until", "UPDATE calls SET settle_until = 9223372036854775807"),
        ("checks", "UPDATE calls SET checks = 4294967296"),
        ("owner", "UPDATE calls SET owner = 'me'"),
    ] {
        store.tamper("DELETE FROM calls").await;
        let call_id = store.in_state(&guard(), instance(), CallState::Placed).await;
        assert_eq!(store.tamper(sql).await, 1);
        let error = StoreError::Unreadable { call_id: call_id.to_string(), column };
        assert_eq!(store.find(&call_id).await, Err(error));
    }
}

async fn tables_that_are_gone_are_an_internal_error(db: &TestDatabase) {
    let store = db.store().await;
    store.ping().await.expect("a store");
    store.tamper("DROP TABLE calls").await;
    assert!(matches!(store.ping().await, Err(StoreError::Internal(_))));
    assert!(matches!(store.open_unknowns().await, Err(StoreError::Internal(_))));
    assert!(matches!(store.find(&new_id()).await, Err(StoreError::Internal(_))));
}

async fn a_row_that_does_not_hold_its_guard_while_in_flight_is_refused_by_the_database(db: &TestDatabase) {
    let store = db.store().await;
    for state in [CallState::Claimed, CallState::Dialling, CallState::Unknown, CallState::Refused] {
        store.tamper("DELETE FROM calls").await;
        store.in_state(&guard(), instance(), state).await;
        let toggled =
            store.database.execute(tampering("UPDATE calls SET holding = NOT holding"), vec![]).await;
        assert!(matches!(toggled, Err(StoreError::Internal(_))), "{state:?}: {toggled:?}");
    }
}

async fn a_store_that_works_answers_a_ping(db: &TestDatabase) {
    assert_eq!(db.store().await.ping().await, Ok(()));
}

#[test]
fn an_error_tells_nothing_but_its_kind() {
    let io = io::Error::new(io::ErrorKind::ConnectionReset, "postgres://user:secret@db");
    let errors = [
        StoreError::from(sqlx::Error::Io(io)),
        StoreError::from(sqlx::Error::Protocol("secret".to_owned())),
        StoreError::from(sqlx::Error::Tls("secret".into())),
        StoreError::from(sqlx::Error::Configuration("secret".into())),
        StoreError::from(sqlx::Error::Encode("secret".into())),
    ];
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn a_certificate_that_is_not_taken_is_a_matter_of_tls() {
    let refused = io::Error::new(io::ErrorKind::InvalidData, "invalid peer certificate: secret");
    let said = StoreError::from(sqlx::Error::Io(refused)).to_string();
    assert!(said.contains("the server's certificate and at sslmode") && !said.contains("secret"), "{said}");
}

/// The tests may run as root, who may write everywhere; a dangling symlink makes SQLite report the same error.
#[test]
fn a_file_that_cannot_be_opened_is_named_in_full_with_the_usual_cause() {
    block_on(async {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("calls.db");
        std::os::unix::fs::symlink("nowhere/calls.db", &path).expect("a link");
        let said = CallStore::open(&DatabaseUrl::SqliteFile(path)).await.expect_err("no file").to_string();
        assert!(said.contains("error 14") && said.contains("missing permission"), "{said}");
    });
    let relative =
        StoreError::UnusableFile { path: "calls.db".into(), reason: "full".to_owned() }.to_string();
    let here = std::env::current_dir().expect("a directory").join("calls.db");
    assert!(relative.contains(&here.display().to_string()), "{relative}");
}

/// The system's own error, but for a name too long to be asked of DNS, which may take longer to answer than anybody
/// waits.
#[test]
fn a_host_that_is_not_found_is_said_in_words() {
    let too_long = "no-such-host.".repeat(30);
    let unknown = (too_long.as_str(), 5432).to_socket_addrs().expect_err("no address");
    let system = unknown.to_string();
    let said = StoreError::from(sqlx::Error::Io(unknown)).to_string();
    assert!(said.contains("its host name is not found") && !said.contains(&system), "{said}");
}

/// Every failure that is counted is counted from zero on.
#[test]
fn every_word_for_metrics_is_announced() {
    let text = || "…".to_owned();
    for error in [
        StoreError::Unavailable(text()),
        StoreError::UnusableFile { path: "calls.db".into(), reason: text() },
        StoreError::Unreadable { call_id: text(), column: "state" },
        StoreError::Internal(text()),
    ] {
        assert!(StoreError::CODES.contains(&error.code()), "{error:?}");
    }
}

/// What `check` and the log tell an operator at night, each with a server that fails in this way.
#[test]
fn why_there_is_no_database_is_said_in_words() {
    block_on(async {
        let said_within = async |patience: Patience, url: &str| {
            postgres_store(url, patience).ping().await.expect_err(url).to_string()
        };
        let said = async |url: &str| said_within(Patience::USUAL, url).await;
        // The pool tries again and again for that long.
        let impatient = Patience { connection: Duration::from_millis(300), ..Patience::USUAL };
        let refused = said_within(impatient, "postgres://nobody@127.0.0.1:1/calls").await;
        assert!(refused.contains("connection refused: is the database up"), "{refused}");

        let Some((server, mut admin)) = postgres_server().await else {
            return skip_for_want_of_postgres();
        };
        let database = server.rsplit_once('/').expect("a database").0;
        let missing = said(&format!("{database}/no_such_database?sslmode=disable")).await;
        assert!(missing.contains("3D000, there is no such database"), "{missing}");
        let host = database.split_once('@').expect("a role").1;
        let stranger = said(&format!("postgres://no_such_role@{host}/postgres?sslmode=disable")).await;
        assert!(stranger.contains("28000, the server does not let this role in"), "{stranger}");
        assert!(!stranger.contains("no_such_role"), "{stranger}");

        // A role that may not create tables in another's schema.
        let name = format!("calls_{}", new_id().as_str().replace('-', "_"));
        run(&mut admin, format!("CREATE SCHEMA {name}; CREATE ROLE {name} LOGIN")).await;
        let (_, place) = server.split_once('@').expect("a role");
        let url = in_schema(&format!("postgres://{name}@{place}"), &name);
        run(&mut admin, format!("GRANT USAGE ON SCHEMA {name} TO {name}")).await;
        let forbidden = said(&url).await;
        run(&mut admin, format!("DROP SCHEMA {name} CASCADE; DROP ROLE {name}")).await;
        assert!(forbidden.contains("42501, the role lacks a permission"), "{forbidden}");
    });
}

/// The use case spawns tasks that hold these futures.
#[test]
fn what_the_store_does_can_be_done_in_a_task() {
    fn assert_send<T: Send>(_: &T) {}
    on_sqlite_memory(async |db: &TestDatabase| {
        let (store, new, id) = (db.store().await, claim_of(&guard(), instance(), at(0)), new_id());
        let (answer, placed) = (answer(), placed());
        assert_send(&CallStore::open(&db.url));
        assert_send(&store.claim(&new));
        assert_send(&store.begin_dial(&id, new.owner, at(0), &begun(&answer, at(0)), at(0)));
        assert_send(&store.settle(&id, &placed, at(0)));
        assert_send(&store.due_for_check(new.owner, at(0), at(0), at(0), 1));
        assert_send(&store.purge(at(0), 1));
        assert_send(&store.ping());
    });
}
