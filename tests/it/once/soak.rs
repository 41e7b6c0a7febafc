//! Everything fails at random: both upstreams, the database, and the service itself, which is killed and stopped. Each
//! trigger eventually gets a 200, nobody is called twice, and no answer is late.
//!
//! It takes some seconds; `SOAK_SECONDS=300 cargo test --test it -- soak` takes longer. A failed test says with which
//! `CHANCE_SEED` the same goes wrong at the same moments again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{Answer, Conversation, DialFault, Fault, Lookup, Sandbox};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::support::{
    Chance, Endpoints, PersistentClient, Reply, Setup, TestApp, TestDatabase, Wire, call_to, with, without,
};

/// How long the test runs, unless `SOAK_SECONDS` is set.
const SECONDS: usize = 12;

/// How many candidates arrive in each of these seconds. The range for fiction has a thousand numbers.
const CANDIDATES_A_SECOND: usize = 20;
const MOST_CANDIDATES: usize = 1_000;

/// One in this many candidates gets a link.
const A_LINK_EACH: usize = 5;

/// The answers that may come while things fail. 429 and 502 mean that nobody was called.
const RETRIED: [u16; 5] = [409, 429, 502, 503, 504];

/// How fast the service's clock runs meanwhile, so that leases expire and unknown calls are settled: 3 s every 100 ms.
const TICK: Duration = Duration::from_millis(100);
const TICK_OF_THE_CLOCK: Duration = Duration::from_secs(3);

/// How long the last ones may take once nothing fails any more.
const RECOVERY: Duration = Duration::from_mins(1);

/// How soon the health check must answer, whatever is going on.
const HEALTH: Duration = Duration::from_secs(1);

struct Soak {
    setup: Setup,
    /// The path to the database, if it can be cut.
    wire: Option<Wire>,
    is_cut: bool,
    alive: Vec<TestApp>,
    endpoints: Endpoints,
    stopping: JoinSet<()>,
    chance: Chance,
}

impl Soak {
    async fn start(setup: Setup, wire: Option<Wire>) -> Self {
        let setup = setup.adjust(|config| {
            config.store.duplicates.unknown_patience = Duration::from_millis(200);
            config.store.duplicates.patience = Duration::from_secs(1);
            config.elevenlabs.dial_timeout = Duration::from_secs(2);
            config.elevenlabs.lookup_timeout = Duration::from_secs(1);
            config.hoc.deadline = Duration::from_secs(1);
        });
        let alive = vec![setup.instance().await, setup.instance().await];
        let endpoints = watch::channel(alive.iter().map(TestApp::caller).collect()).0;
        let (stopping, chance) = (JoinSet::new(), Chance::of_this_run());
        Self { setup, wire, is_cut: false, alive, endpoints, stopping, chance }
    }

    /// Makes one more thing fail, or repairs one.
    async fn mischief(&mut self) {
        let Sandbox { hoc, elevenlabs } = &*self.setup.sandbox;
        let chance = &mut self.chance;
        match chance.below(16) {
            0 => {
                self.alive.remove(chance.below(2)).kill().await;
                self.replace().await;
            }
            1 => {
                let app = self.alive.remove(chance.below(2));
                self.stopping.spawn(app.stop());
                self.replace().await;
            }
            2 | 3 => self.cut_or_mend().await,
            4..=6 => hoc.next(any_fault(chance)),
            7..=11 => elevenlabs.next_dial(any_dial_fault(chance)),
            12 | 13 => elevenlabs.always(chance.pick(&LOOKUPS), any_fault(chance)),
            _ => elevenlabs.heal(chance.pick(&LOOKUPS)),
        }
    }

    async fn replace(&mut self) {
        self.alive.push(self.setup.instance().await);
        self.endpoints.send_replace(self.alive.iter().map(TestApp::caller).collect());
    }

    async fn cut_or_mend(&mut self) {
        let Some(wire) = &mut self.wire else { return };
        if self.is_cut {
            wire.mend().await;
        } else {
            wire.cut().await;
        }
        self.is_cut = !self.is_cut;
    }

    async fn heal(&mut self) {
        if self.is_cut {
            self.cut_or_mend().await;
        }
        self.setup.sandbox.elevenlabs.heal_dials();
        for lookup in LOOKUPS {
            self.setup.sandbox.elevenlabs.heal(lookup);
        }
        while let Some(stopped) = self.stopping.join_next().await {
            stopped.unwrap();
        }
    }

    async fn assert_healthy(&mut self) {
        let caller = self.chance.pick(&self.endpoints.borrow());
        let asked = Instant::now();
        assert_eq!(caller.health().await.status, StatusCode::OK);
        assert!(asked.elapsed() < HEALTH, "{:?}", asked.elapsed());
    }

    /// Each candidate to be called was called once, the client knows the conversation, and each client gets the same
    /// answer again.
    async fn assert_called_once(&mut self, finished: Vec<(PersistentClient, Reply)>) {
        let conversations = self.setup.sandbox.elevenlabs.conversations();
        let again_at = self.chance.pick(&self.endpoints.borrow());
        let mut called = BTreeMap::<&str, Vec<&Conversation>>::new();
        for conversation in &conversations {
            called.entry(conversation.to_number().unwrap()).or_default().push(conversation);
        }
        called.retain(|_, conversations| conversations.len() > 1);
        assert!(called.is_empty(), "called twice: {called:#?}");
        for (client, reply) in finished {
            if let Some(number) = client.trigger["to_number"].as_str() {
                let own: Vec<_> = conversations.iter().filter(|c| c.to_number() == Some(number)).collect();
                assert_eq!(own.len(), 1, "{own:?}");
                assert_eq!(reply.conversation_id(), own[0].conversation_id);
            }
            let again = again_at.trigger_with_key(&client.key, &client.trigger).await;
            assert_eq!(again.text, reply.text);
        }
    }
}

const LOOKUPS: [Lookup; 3] = [Lookup::PhoneNumber, Lookup::Listing, Lookup::Conversation];

/// Faults that leave the fate of the request open.
fn any_doubt(chance: &mut Chance) -> Fault {
    match chance.below(7) {
        0 => Fault::Close,
        1 => Fault::Hang,
        2 => Fault::broken_json(),
        3 => Fault::status(StatusCode::INTERNAL_SERVER_ERROR),
        4 => Fault::status(StatusCode::SERVICE_UNAVAILABLE),
        5 => Fault::Answer(Answer::raw(StatusCode::OK, "text/html", "<!doctype html>")),
        _ => Fault::Slow(chance.millis_below(1_500)),
    }
}

fn any_fault(chance: &mut Chance) -> Fault {
    if chance.below(8) == 0 { Fault::status(StatusCode::TOO_MANY_REQUESTS) } else { any_doubt(chance) }
}

/// A 4xx after a placed call would be a lie that nobody could detect.
fn any_dial_fault(chance: &mut Chance) -> DialFault {
    match chance.below(5) {
        0 => DialFault::Refused { message: "no".to_owned() },
        1 => DialFault::NotPlaced(any_fault(chance)),
        2 => DialFault::WithoutConversation,
        _ => DialFault::Placed(any_doubt(chance)),
    }
}

#[expect(clippy::disallowed_methods, reason = "it is no setting of the service")]
fn seconds() -> usize {
    std::env::var("SOAK_SECONDS")
        .map_or(SECONDS, |seconds| seconds.parse().expect("SOAK_SECONDS is a number"))
}

/// One client per candidate, starting at some random moment.
fn clients(soak: &mut Soak, seconds: usize) -> JoinSet<(PersistentClient, Reply)> {
    let mut clients = JoinSet::new();
    for number in 0..(seconds * CANDIDATES_A_SECOND).min(MOST_CANDIDATES) {
        let mut trigger = with(call_to(number), json!({ "campaign_id": 1 + soak.chance.below(50) }));
        if number % A_LINK_EACH == 0 {
            trigger = without(without(trigger, "to_number"), "agent_phone_number_id");
        }
        let endpoints = soak.endpoints.subscribe();
        let (key, chance) = (format!("key-{number}"), soak.chance.for_another());
        let client = PersistentClient { endpoints, key, trigger, chance, retried: &RETRIED };
        let after = soak.chance.millis_below(1_000 * seconds);
        clients.spawn(async move {
            sleep(after).await;
            client.run().await
        });
    }
    clients
}

async fn soak(setup: Setup, wire: Option<Wire>) {
    let mut soak = Soak::start(setup, wire).await;
    let clock = soak.setup.clock.clone();
    let time = tokio::spawn(async move {
        loop {
            sleep(TICK).await;
            clock.advance(TICK_OF_THE_CLOCK);
        }
    });
    let seconds = seconds();
    let clients = clients(&mut soak, seconds);
    let end = Instant::now() + Duration::from_secs(seconds.try_into().unwrap());
    while Instant::now() < end {
        soak.mischief().await;
        soak.assert_healthy().await;
        sleep(soak.chance.millis_below(100)).await;
    }
    soak.heal().await;
    let finished = timeout(RECOVERY, clients.join_all()).await.expect("somebody was never answered with 200");
    time.abort();
    soak.assert_called_once(finished).await;
}

#[tokio::test]
async fn nobody_is_lost_or_called_twice_whatever_goes_wrong_on_a_sqlite_file() {
    let database = TestDatabase::sqlite_file();
    soak(Setup::new().await.on(&database), None).await;
}

#[tokio::test]
async fn nobody_is_lost_or_called_twice_whatever_goes_wrong_on_postgres_with_a_wire_that_breaks() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let wire = Wire::connect().await;
    let setup = Setup::new().await.set("DATABASE_URL", wire.url_of(&database));
    soak(setup, Some(wire)).await;
}
