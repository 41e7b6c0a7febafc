//! Random interleavings of triggers, faults, crashes and time, on a store with a clock.
//!
//! The law: no dial for a guard unless the one before it was proved not placed, or its window is over. And in the end
//! everything that rang is known to be placed, and no guard is blocked.

mod instance;
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use self::instance::{Fate, Instance};
use self::world::World;
use super::support::*;
use crate::calls::store::*;
use crate::config::DatabaseUrl;

const INSTANCES: usize = 3;
const GUARDS: usize = 2;

#[derive(Debug, Clone)]
enum Event {
    Trigger { instance: usize, guard: usize },
    Step { instance: usize, pick: usize, fate: Fate },
    Heartbeat(usize),
    TakeOver(usize),
    TakeDue(usize),
    Check { instance: usize, list_is_readable: bool },
    Crash(usize),
    Stop(usize),
    Pass(TimeDelta),
}

fn event() -> impl Strategy<Value = Event> {
    let instance = || 0..INSTANCES;
    let fate = prop_oneof![
        2 => Just(Fate::Placed),
        3 => Just(Fate::PlacedUnheard),
        1 => Just(Fate::Refused),
        2 => Just(Fate::LostUnheard),
    ];
    let time = prop_oneof![
        6 => (1_i64..20_000).prop_map(TimeDelta::milliseconds),
        2 => (20_i64..70).prop_map(TimeDelta::seconds),
        1 => (500_i64..700).prop_map(TimeDelta::seconds),
    ];
    prop_oneof![
        6 => (instance(), 0..GUARDS).prop_map(|(instance, guard)| Event::Trigger { instance, guard }),
        12 => (instance(), 0..3_usize, fate)
            .prop_map(|(instance, pick, fate)| Event::Step { instance, pick, fate }),
        2 => instance().prop_map(Event::Heartbeat),
        3 => instance().prop_map(Event::TakeOver),
        4 => instance().prop_map(Event::TakeDue),
        5 => (instance(), prop::bool::weighted(0.8))
            .prop_map(|(instance, list_is_readable)| Event::Check { instance, list_is_readable }),
        2 => instance().prop_map(Event::Crash),
        1 => instance().prop_map(Event::Stop),
        5 => time.prop_map(Event::Pass),
    ]
}

struct Model {
    store: CallStore,
    world: World,
    guards: Vec<GuardKey>,
    instances: Vec<Instance>,
    now: DateTime<Utc>,
}

impl Model {
    fn new(store: CallStore) -> Self {
        Self {
            store,
            world: World::default(),
            guards: (0..GUARDS).map(|_| guard()).collect(),
            instances: (0..INSTANCES).map(|_| Instance::start()).collect(),
            now: at(0),
        }
    }

    async fn happen(&mut self, event: &Event) -> Result<(), String> {
        let Self { store, world, guards, instances, now } = self;
        let said = match *event {
            Event::Trigger { instance, guard } => {
                instances[instance].trigger(store, (guard, &guards[guard]), *now).await
            }
            Event::Step { instance, pick, fate } => {
                return instances[instance].step(store, world, guards, (pick, fate), *now).await;
            }
            Event::Heartbeat(instance) => instances[instance].heartbeat(store, *now).await,
            Event::TakeOver(instance) => instances[instance].take_over(store, *now).await,
            Event::TakeDue(instance) => instances[instance].take_due(store, *now).await,
            Event::Check { instance, list_is_readable } => {
                return instances[instance].check(store, world, list_is_readable, *now).await;
            }
            Event::Crash(instance) => {
                instances[instance] = Instance::start();
                Ok(())
            }
            Event::Stop(instance) => instances[instance].stop(store, *now).await,
            Event::Pass(time) => {
                *now += time;
                Ok(())
            }
        };
        said.map_err(|error| error.to_string())
    }

    /// All instances are lost, and a new one starts that only takes over what they left.
    async fn end(&mut self) -> Result<(), String> {
        let mut last = Instance::start();
        for _ in 0..40 {
            self.now += TimeDelta::seconds(20);
            last.take_over(&self.store, self.now).await.map_err(|error| error.to_string())?;
            last.take_due(&self.store, self.now).await.map_err(|error| error.to_string())?;
            while last.is_checking() {
                last.check(&self.store, &self.world, true, self.now).await?;
            }
        }
        for dial in self.world.dials() {
            let record = self.store.record(&dial.call_id).await;
            let is_true = match record.state {
                CallState::Placed => dial.rang,
                CallState::Refused | CallState::NotPlaced => !dial.rang,
                CallState::Claimed | CallState::Dialling | CallState::Unknown => false,
            };
            if !is_true || record.conversation_id != self.world.conversation(&dial.call_id) {
                return Err(format!("{dial:?} is remembered as {record:?}"));
            }
        }
        for guard in &self.guards {
            if let Some(holder) = self.store.holder(guard, self.now).await {
                return Err(format!("{guard:?} is blocked by {holder:?}"));
            }
        }
        Ok(())
    }
}

async fn run_model(store: CallStore, events: &[Event], laws: Laws) -> Result<(), TestCaseError> {
    let mut model = Model::new(store);
    for event in events {
        model.happen(event).await.map_err(TestCaseError::fail)?;
    }
    if laws == Laws::NoSecondDial {
        return Ok(());
    }
    model.end().await.map_err(TestCaseError::fail)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Laws {
    NoSecondDial,
    All,
}

/// Runs the model on new stores in memory, after breaking each with the given statements. Returns the law that was
/// broken.
fn counterexample(config: &Config, laws: Laws, breaking: &'static [&'static str]) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..config.clone() });
    let result = runner.run(&prop::collection::vec(event(), 1..120), |events| {
        runtime.block_on(async {
            let store = CallStore::open(&DatabaseUrl::SqliteMemory).await.expect("a store");
            for sql in breaking {
                store.tamper(sql).await;
            }
            run_model(store, &events, laws).await
        })
    });
    match result {
        Ok(()) => None,
        Err(TestError::Fail(why, events)) => Some(format!("{why}\nafter {events:#?}")),
        Err(TestError::Abort(why)) => panic!("the model gave up: {why}"),
    }
}

#[test]
fn whatever_happens_no_guard_is_dialled_twice_and_none_is_blocked() {
    let broken = counterexample(&Config::with_cases(300), Laws::All, &[]);
    assert!(broken.is_none(), "{}", broken.unwrap_or_default());
}

#[test]
fn whatever_happens_on_postgres_no_guard_is_dialled_twice_and_none_is_blocked() {
    on_postgres(async |db: &TestDatabase| {
        let store = db.store().await;
        let mut runner =
            TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
        let result = runner.run(&prop::collection::vec(event(), 1..80), |events| {
            let store = store.clone();
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(run_model(store, &events, Laws::All))
            })
        });
        result.expect("no counterexample");
    });
}

/// The model is worth something only if it notices a store that breaks its guarantee.
mod notices {
    use super::{Config, Laws, counterexample};

    fn assert_noticed(laws: Laws, law: &str, breaking: &'static [&'static str]) {
        let config = Config { cases: 2_000, max_shrink_iters: 0, ..Config::default() };
        let broken = counterexample(&config, laws, breaking).expect("a counterexample");
        assert!(broken.contains(law), "{broken}");
    }

    fn assert_notices_a_second_dial(breaking: &'static [&'static str]) {
        assert_noticed(Laws::NoSecondDial, "is dialled again", breaking);
    }

    #[test]
    fn a_store_without_its_unique_index() {
        assert_notices_a_second_dial(&["DROP INDEX calls_one_holder"]);
    }

    #[test]
    fn a_take_over_that_frees_the_guard() {
        assert_notices_a_second_dial(&[
            "PRAGMA ignore_check_constraints = ON",
            "CREATE TRIGGER freed AFTER UPDATE ON calls \
                 WHEN OLD.state = 'dialling' AND NEW.outcome = 'instance_lost' \
                 BEGIN UPDATE calls SET holding = FALSE WHERE seq = NEW.seq; END",
        ]);
    }

    #[test]
    fn a_lapsed_dial_that_is_given_up_like_a_claim() {
        assert_notices_a_second_dial(&[
            "PRAGMA ignore_check_constraints = ON",
            "CREATE TRIGGER given_up AFTER UPDATE ON calls \
                 WHEN OLD.state = 'dialling' AND NEW.outcome = 'instance_lost' \
                 BEGIN UPDATE calls SET holding = FALSE, state = 'not_placed' WHERE seq = NEW.seq; END",
        ]);
    }

    #[test]
    fn an_unknown_call_that_frees_the_guard() {
        assert_notices_a_second_dial(&[
            "PRAGMA ignore_check_constraints = ON",
            "CREATE TRIGGER freed AFTER UPDATE ON calls WHEN NEW.state = 'unknown' AND NEW.holding \
                 BEGIN UPDATE calls SET holding = FALSE WHERE seq = NEW.seq; END",
        ]);
    }

    #[test]
    fn a_dial_that_begins_after_its_claim_was_given_up() {
        assert_notices_a_second_dial(&[
            "PRAGMA ignore_check_constraints = ON",
            // The instance is told that its claim still stands.
            "CREATE TRIGGER kept AFTER UPDATE ON calls WHEN NEW.outcome = 'claim_abandoned' \
                 AND NEW.state = 'not_placed' AND NOT NEW.holding \
                 BEGIN UPDATE calls SET state = 'claimed' WHERE seq = NEW.seq; END",
        ]);
    }

    #[test]
    fn a_take_over_that_is_forgotten() {
        assert_noticed(
            Laws::All,
            "state: Dialling",
            &["CREATE TRIGGER forgotten BEFORE UPDATE ON calls WHEN NEW.outcome = 'instance_lost' \
               BEGIN SELECT RAISE(IGNORE); END"],
        );
    }
}
