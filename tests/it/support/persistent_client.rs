//! HOC as it should be: repeats a trigger until the answer is a 200.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::caller::Caller;
use super::chance::Chance;
use super::reply::Reply;

/// The longest that a single answer may take: HOC, the path to the store, the queue for a dial, the dial, and the
/// lookup in ElevenLabs' list, each with the time that tests allow it.
const DEADLINE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(50);

/// The instances that are reachable at the moment; empty while all are dead.
pub(crate) type Endpoints = watch::Sender<Vec<Caller>>;

/// A client with one trigger.
pub(crate) struct PersistentClient {
    pub(crate) endpoints: watch::Receiver<Vec<Caller>>,
    pub(crate) key: String,
    pub(crate) trigger: Value,
    /// Picks the instance that is asked.
    pub(crate) chance: Chance,
    /// The statuses after which it sends again. Any other is a failure.
    pub(crate) retried: &'static [u16],
}

impl PersistentClient {
    /// Sends the trigger until the answer is a 200.
    pub(crate) async fn run(mut self) -> (Self, Reply) {
        loop {
            let endpoints = self.endpoints.wait_for(|endpoints| !endpoints.is_empty()).await;
            let caller = self.chance.pick(&endpoints.unwrap());
            let asked = Instant::now();
            match caller.try_trigger_with_key(&self.key, &self.trigger).await {
                Ok(reply) if reply.status == 200 => return (self, reply),
                Ok(reply) => assert!(self.retried.contains(&reply.status), "{reply:?}"),
                Err(_killed) => {}
            }
            assert!(asked.elapsed() < DEADLINE, "an answer took {:?}", asked.elapsed());
            sleep(PAUSE).await;
        }
    }
}
