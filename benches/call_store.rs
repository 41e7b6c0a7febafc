//! What a call costs in the store (claim, start of the dial, settle), for each database, with one caller and with 32 at
//! once.
//!
//! `cargo bench --bench call_store`; PostgreSQL is skipped unless a server answers at 127.0.0.1:5432. Each row shows
//! calls per second and the time of one call (three statements): median and 99th percentile.

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first fault")]
#![expect(clippy::disallowed_methods, reason = "the time of day of a benchmark is the machine's")]

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use sellcruiting_webhook::calls::store::{
    BegunDial, CallStore, Claim, Fingerprint, GuardKey, InstanceId, Mode, NewClaim, Settlement, StoredAnswer,
};
use sellcruiting_webhook::config::DatabaseUrl;
use sellcruiting_webhook::domain::{AgentId, CallId, CampaignId, ConversationId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const MEASURED: Duration = Duration::from_secs(3);

/// As the service's own (`calls::LEASE`).
const LEASE: TimeDelta = TimeDelta::seconds(15);

const POSTGRES: [&str; 3] = [
    "postgres://test@127.0.0.1:5432/test",
    "postgres://root@127.0.0.1:5432/root",
    "postgres://postgres@127.0.0.1:5432/postgres",
];

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(benchmark());
}

async fn benchmark() {
    println!("{:<16} {:>8} {:>12} {:>12} {:>12}", "store", "at once", "calls/s", "p50", "p99");
    measure("sqlite::memory:", &DatabaseUrl::SqliteMemory).await;
    let directory = std::env::temp_dir().join(format!("call_store_{}", Uuid::new_v4()));
    std::fs::create_dir(&directory).unwrap();
    measure("sqlite file", &DatabaseUrl::SqliteFile(directory.join("calls.db"))).await;
    std::fs::remove_dir_all(&directory).unwrap();
    for server in POSTGRES {
        let Ok(mut admin) = PgConnection::connect(server).await else { continue };
        let schema = format!("bench_{}", Uuid::new_v4().simple());
        let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql));
        run(format!("CREATE SCHEMA {schema}")).execute(&mut admin).await.unwrap();
        let url = format!("{server}?sslmode=disable&options=-csearch_path%3D{schema}");
        measure("postgres", &DatabaseUrl::parse(&url).unwrap()).await;
        run(format!("DROP SCHEMA {schema} CASCADE")).execute(&mut admin).await.unwrap();
        break;
    }
}

async fn measure(name: &str, url: &DatabaseUrl) {
    let store = CallStore::open(url).await.unwrap();
    store.ping().await.unwrap();
    for at_once in [1, 32] {
        let start = Instant::now();
        let callers: Vec<_> = (0..at_once).map(|_| tokio::spawn(call_until(store.clone(), start))).collect();
        let mut times = Vec::new();
        for caller in callers {
            times.extend(caller.await.unwrap());
        }
        let elapsed = start.elapsed();
        times.sort_unstable();
        let rate = u128::try_from(times.len()).unwrap() * 1_000_000 / elapsed.as_micros();
        let percentile = |percent: usize| format!("{:.0?}", times[(times.len() - 1) * percent / 100]);
        println!("{name:<16} {at_once:>8} {rate:>12} {:>12} {:>12}", percentile(50), percentile(99));
    }
}

async fn call_until(store: CallStore, start: Instant) -> Vec<Duration> {
    let owner = InstanceId::from_uuid(Uuid::new_v4());
    let mut times = Vec::new();
    while start.elapsed() < MEASURED {
        let begun = Instant::now();
        call(&store, owner).await;
        times.push(begun.elapsed());
    }
    times
}

async fn call(store: &CallStore, owner: InstanceId) {
    let now = Utc::now();
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    let new = NewClaim {
        call_id: CallId::from_uuid(Uuid::now_v7()),
        guard: GuardKey::from_digest(digest),
        is_keyed: false,
        fingerprint: Fingerprint::from_digest(digest),
        mode: Mode::Call,
        campaign_id: CampaignId::new(123).unwrap(),
        guarded_until: now + TimeDelta::minutes(10),
        owner,
        lease_until: now + LEASE,
        now,
    };
    assert_eq!(store.claim(&new).await, Ok(Claim::Won));
    let answer = StoredAnswer {
        questionnaire_age_seconds: Some(0),
        prompt_length: 5_432,
        first_message: "Guten Tag {first_name} {last_name}, hier spricht Susi von {company}.".to_owned(),
        answered_at: now,
        link_expires_at: None,
    };
    let settle_until = now + TimeDelta::minutes(3);
    let agent_id = AgentId::parse("agent_bench").unwrap();
    let begun = BegunDial { answer: &answer, settle_until, agent_id: &agent_id };
    assert_eq!(store.begin_dial(&new.call_id, owner, now, &begun, new.lease_until).await, Ok(true));
    let conversation_id = ConversationId::parse("conv_01k0000000000000000000000");
    let placed = Settlement::Placed { conversation_id };
    assert_eq!(store.settle(&new.call_id, &placed, now).await, Ok(true));
}
