//! Processes that are killed at any moment: each trigger eventually gets a 200, and rings once.

use std::time::Duration;

use sellcruiting_webhook::sandbox::{Fault, Sandbox};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::LEASE;
use crate::support::{
    Chance, Endpoints, PersistentClient, Reply, Setup, TestApp, TestDatabase, call, call_to, dials_by_number,
    each_database, with,
};

/// Campaigns of the sandbox whose calls are placed, however the dial's answer turns out: at once, with 500, with a
/// broken connection, with half an answer, without a conversation, without any answer.
const PLACED: [u64; 6] = [200, 602, 603, 605, 606, 607];

/// Campaigns whose trigger stays at a certain point for a while: HOC is slow to answer; ElevenLabs has placed the call
/// and answers never, or after three seconds; everything is over.
const WAITING_FOR_HOC: u64 = 71;
const HANGING: u64 = 607;
const RINGING: u64 = 608;
const ANSWERED: u64 = 200;

/// The answers after which the same trigger is sent again.
const RETRIED: [u16; 3] = [409, 503, 504];

/// All clients of a test.
struct Clients {
    running: JoinSet<(PersistentClient, Reply)>,
    finished: Vec<(PersistentClient, Reply)>,
    endpoints: Endpoints,
    next_number: usize,
    chance: Chance,
}

impl Clients {
    fn new() -> Self {
        Self {
            running: JoinSet::new(),
            finished: Vec::new(),
            endpoints: watch::channel(Vec::new()).0,
            next_number: 0,
            chance: Chance::of_this_run(),
        }
    }

    /// Adds a client with a candidate of its own, which starts sending after this time.
    fn send(&mut self, campaign_id: u64, after: Duration) {
        let (endpoints, number) = (self.endpoints.subscribe(), self.next_number);
        self.next_number += 1;
        let trigger = with(call_to(number), json!({ "campaign_id": campaign_id }));
        let (key, chance) = (format!("key-{number}"), self.chance.for_another());
        let client = PersistentClient { endpoints, key, trigger, chance, retried: &RETRIED };
        self.running.spawn(async move {
            sleep(after).await;
            client.run().await
        });
    }

    /// Waits until one more has got a 200. False if there is none left.
    async fn next_finished(&mut self) -> bool {
        let Some(finished) = self.running.join_next().await else { return false };
        self.finished.push(finished.unwrap());
        true
    }

    /// Waits until everybody has got a 200. Then checks that each candidate was called once, that each client knows its
    /// own conversation, and that each gets the same answer again.
    async fn finish(mut self, sandbox: &Sandbox, patience: Duration) {
        let all_finished = timeout(patience, async { while self.next_finished().await {} }).await;
        assert!(all_finished.is_ok(), "{} were never answered with 200", self.running.len());
        let dials = dials_by_number(sandbox);
        assert!(dials.values().all(|count| *count == 1), "one trigger is one dial: {dials:?}");
        assert_eq!(dials.len(), self.next_number);
        let conversations = sandbox.elevenlabs.conversations();
        let caller = self.chance.pick(&self.endpoints.borrow());
        for (client, reply) in self.finished {
            let number = client.trigger["to_number"].as_str().unwrap();
            let own =
                conversations.iter().find(|conversation| conversation.to_number() == Some(number)).unwrap();
            assert_eq!(reply.conversation_id(), own.conversation_id);
            let again = caller.trigger_with_key(&client.key, &client.trigger).await;
            assert_eq!(again.text, reply.text);
            assert!(again.is_replayed());
        }
        assert_eq!(sandbox.elevenlabs.dial_count(), self.next_number);
    }
}

/// Instances in the test's own process, two at a time, so that the clock can be moved past leases and settling.
async fn instances_killed_at_any_moment_dial_once_for_each_trigger(database: TestDatabase) {
    let setup = Setup::new().await.on(&database).adjust(|config| {
        config.store.duplicates.unknown_patience = Duration::from_millis(200);
        config.store.duplicates.patience = Duration::from_secs(1);
        config.elevenlabs.dial_timeout = Duration::from_secs(2);
    });
    let mut clients = Clients::new();
    for campaign_id in PLACED {
        setup.sandbox.hoc.always(campaign_id, Fault::Slow(Duration::from_millis(40)));
        for _ in 0..4 {
            let after = clients.chance.millis_below(2_000);
            clients.send(campaign_id, after);
        }
    }
    let mut alive = vec![setup.instance().await, setup.instance().await];
    for _ in 0..10 {
        clients.endpoints.send_replace(alive.iter().map(TestApp::caller).collect());
        sleep(clients.chance.millis_below(250)).await;
        alive.remove(clients.chance.below(2)).kill().await;
        setup.clock.advance(LEASE);
        alive.push(setup.instance().await);
    }
    clients.endpoints.send_replace(alive.iter().map(TestApp::caller).collect());
    let clock = setup.clock.clone();
    let time = async move {
        loop {
            clock.advance(LEASE / 5);
            sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = clients.finish(&setup.sandbox, Duration::from_mins(1)) => {}
        () = time => {}
    }
}

each_database!(instances_killed_at_any_moment_dial_once_for_each_trigger);

/// `kill -9`, in real time, at a random moment while some wait for HOC, some telephones ring, and some are answered.
///
/// Not during the sending of a dial: that would take the two minutes after which the call can no longer appear. The
/// instances above are killed there, too.
async fn processes_killed_with_signal_nine_dial_once_for_each_trigger(database: TestDatabase) {
    // Every trigger asks HOC, even with the campaign of another.
    let setup = Setup::new().await.on(&database).set("QUESTIONNAIRE_TTL", "0");
    let Sandbox { hoc, elevenlabs } = &*setup.sandbox;
    hoc.always(WAITING_FOR_HOC, Fault::Slow(Duration::from_secs(3)));
    let mut clients = Clients::new();
    for round in 1..=4 {
        let mut service = setup.process().await;
        clients.endpoints.send_replace(vec![service.caller()]);
        let asked = hoc.requests().len();
        for campaign_id in [WAITING_FOR_HOC, WAITING_FOR_HOC, HANGING, RINGING, ANSWERED, ANSWERED] {
            clients.send(campaign_id, Duration::ZERO);
        }
        hoc.wait_for_requests(asked + 6).await;
        elevenlabs.wait_for_dials(4 * round).await;
        while clients.finished.len() < 2 * round {
            assert!(clients.next_finished().await);
        }
        sleep(clients.chance.millis_below(300)).await;
        service.program.kill().await;
    }
    let service = setup.process().await;
    clients.endpoints.send_replace(vec![service.caller()]);
    // Clients that have no answer yet wait for the lease to expire.
    clients.finish(&setup.sandbox, Duration::from_secs(50)).await;
}

/// Both at the same time, because they spend most of the time waiting for leases.
#[tokio::test]
async fn processes_killed_with_signal_nine_dial_once_for_each_trigger_on_both_databases() {
    let on_postgres = async {
        let Some(database) = TestDatabase::postgres().await else { return };
        processes_killed_with_signal_nine_dial_once_for_each_trigger(database).await;
    };
    let on_sqlite = processes_killed_with_signal_nine_dial_once_for_each_trigger(TestDatabase::sqlite_file());
    tokio::join!(on_sqlite, on_postgres);
}

#[tokio::test]
async fn an_answer_survives_a_kill_right_after_it() {
    let database = TestDatabase::sqlite_file();
    let setup = Setup::new().await.on(&database);
    let mut service = setup.process().await;
    let first = service.trigger(&call()).await;
    service.program.kill().await;
    let service = setup.process().await;
    let again = service.trigger(&call()).await;
    assert_eq!(again.text, first.text);
    assert!(again.is_replayed());
    assert_eq!(setup.sandbox.elevenlabs.dial_count(), 1);
}
