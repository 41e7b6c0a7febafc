//! PostgreSQL goes away and comes back, behind a wire that the test can cut.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::support::*;
use crate::calls::store::*;

/// As in service, but shorter.
const PATIENCE: Patience = Patience {
    connection: Duration::from_millis(300),
    answer: Duration::from_millis(900),
    explanation: Duration::from_millis(100),
};

/// The longest time until an outage must be reported. Longer than that patience, for a busy machine; shorter than when
/// each of the callers waits for the one before it.
const QUICKLY: Duration = Duration::from_secs(3);

/// The longest time until a server that is back must be used. On a busy machine, a first attempt may take too long.
const SOON: Duration = Duration::from_secs(20);

/// Forwards connections to the server, until it is cut.
struct Wire {
    forwarding: JoinHandle<()>,
    /// Silences the connections that were accepted since it was set.
    silence: Arc<Mutex<CancellationToken>>,
}

impl Wire {
    async fn connect(at: SocketAddr) -> (Self, SocketAddr) {
        let listener = TcpListener::bind(at).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let silence = Arc::new(Mutex::new(CancellationToken::new()));
        let current = Arc::clone(&silence);
        let forwarding = async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let silenced = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                connections.spawn(async move {
                    let mut server = TcpStream::connect("127.0.0.1:5432").await?;
                    tokio::select! {
                        ended = tokio::io::copy_bidirectional(&mut client, &mut server) => ended,
                        () = silenced.cancelled() => std::future::pending().await,
                    }
                });
            }
        };
        (Self { forwarding: tokio::spawn(forwarding), silence }, address)
    }

    /// Closes every connection, and accepts no new ones.
    async fn cut(self) {
        self.forwarding.abort();
        let _cancelled = self.forwarding.await;
    }

    /// Keeps every connection open, and swallows whatever is sent, on new ones, too.
    fn fall_silent(&self) {
        self.silence.lock().unwrap_or_else(PoisonError::into_inner).cancel();
    }

    /// The same, but new connections work: another server has taken over.
    fn fail_over(&self) {
        let mut silence = self.silence.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *silence).cancel();
    }
}

const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

async fn behind(address: SocketAddr, schema: &str) -> Option<CallStore> {
    let (server, mut admin) = postgres_server().await?;
    run(&mut admin, format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await;
    let url = in_schema(&server.replace("127.0.0.1:5432", &address.to_string()), schema);
    Some(postgres_store(&url, PATIENCE))
}

async fn drop_schema(schema: &str) {
    let (_, mut admin) = postgres_server().await.expect("the server");
    run(&mut admin, format!("DROP SCHEMA {schema} CASCADE")).await;
}

async fn assert_unavailable(store: &CallStore) {
    let start = Instant::now();
    let (claim, ping) =
        tokio::join!(store.claim_fresh(), async { (store.ping().await, store.open_unknowns().await) });
    assert!(matches!(claim, Err(StoreError::Unavailable(_))), "{claim:?}");
    assert!(matches!(ping, (Err(StoreError::Unavailable(_)), Err(StoreError::Unavailable(_)))), "{ping:?}");
    assert!(start.elapsed() < 2 * QUICKLY, "two in a row took {:?}", start.elapsed());
}

impl CallStore {
    async fn claim_fresh(&self) -> Result<Claim, StoreError> {
        let start = Instant::now();
        let claim = self.claim(&claim_of(&guard(), instance(), at(0))).await;
        assert!(start.elapsed() < QUICKLY, "{:?}", start.elapsed());
        claim
    }

    async fn claim_as_soon_as_possible(&self) -> Claim {
        let won = async {
            loop {
                match self.claim_fresh().await {
                    Err(StoreError::Unavailable(_)) => {}
                    claim => return claim.expect("a server that is up"),
                }
            }
        };
        tokio::time::timeout(SOON, won).await.expect("a server that is up")
    }
}

#[test]
fn a_server_that_is_down_is_reported_quickly_and_used_again_when_it_is_back() {
    block_on(async {
        let schema = format!("calls_{}", Uuid::new_v4().simple());
        let (wire, address) = Wire::connect(ANY_PORT).await;
        wire.cut().await;
        let Some(store) = behind(address, &schema).await else {
            return skip_for_want_of_postgres();
        };

        assert_unavailable(&store).await;

        let (wire, _) = Wire::connect(address).await;
        assert_eq!(
            store.claim_as_soon_as_possible().await,
            Claim::Won,
            "connected and migrated without a restart"
        );

        wire.cut().await;
        assert_unavailable(&store).await;

        let (wire, _) = Wire::connect(address).await;
        assert_eq!(store.claim_as_soon_as_possible().await, Claim::Won);
        wire.cut().await;
        drop_schema(&schema).await;
    });
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_reported_quickly_to_everyone_who_waits() {
    block_on(async {
        let listener = TcpListener::bind(ANY_PORT).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let url = format!("postgres://someone@{address}/calls?sslmode=disable");
        let store = postgres_store(&url, PATIENCE);
        let start = Instant::now();
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.claim_fresh().await })
            })
            .collect();
        for claim in waiting {
            let claim = claim.await.expect("a task that ends");
            assert!(matches!(claim, Err(StoreError::Unavailable(_))), "{claim:?}");
        }
        assert!(start.elapsed() < QUICKLY, "{:?}", start.elapsed());
    });
}

/// Runs `test` with a store that has been used, and the wire that it hangs on.
fn on_a_wire(test: impl AsyncFnOnce(&CallStore, &Wire)) {
    block_on(async {
        let schema = format!("calls_{}", Uuid::new_v4().simple());
        let (wire, address) = Wire::connect(ANY_PORT).await;
        let Some(store) = behind(address, &schema).await else {
            return skip_for_want_of_postgres();
        };
        assert_eq!(store.claim_as_soon_as_possible().await, Claim::Won);
        test(&store, &wire).await;
        drop_schema(&schema).await;
    });
}

#[test]
fn a_server_that_falls_silent_in_the_middle_is_not_waited_for_forever() {
    on_a_wire(async |store, wire| {
        wire.fall_silent();
        let start = Instant::now();
        let unanswered = store.ping().await;
        assert!(matches!(unanswered, Err(StoreError::Unavailable(_))), "{unanswered:?}");
        assert!(start.elapsed() < QUICKLY, "{:?}", start.elapsed());
    });
}

/// A machine that is gone closes no connection, and the operating system takes a quarter of an hour to notice.
#[test]
fn connections_that_fall_silent_in_use_do_not_keep_their_places_from_new_ones() {
    on_a_wire(async |store, wire| {
        // As many as there can be, all of which were used a moment ago.
        let busy = async || join_all((0..32).map(|_| store.open_unknowns())).await;
        assert!(busy().await.iter().all(Result::is_ok));
        wire.fail_over();
        assert!(busy().await.iter().any(Result::is_err), "those who met a silent connection");
        assert_eq!(store.claim_as_soon_as_possible().await, Claim::Won);
    });
}
