//! HOC as it should be: it sends a trigger again and again until it is answered with 200.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::caller::Caller;
use super::chance::random;
use super::reply::Reply;

/// How long any single answer may take, in the worst case: HOC, the way to the store, the line for a dial, the dial, and
/// the look into ElevenLabs' list, each with what tests leave it.
const DEADLINE: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(50);

/// Where the service can be reached at the moment; nowhere while all of it is dead.
pub(crate) type Endpoints = watch::Sender<Vec<Caller>>;

/// A client with one trigger.
pub(crate) struct PersistentClient {
    pub(crate) endpoints: watch::Receiver<Vec<Caller>>,
    pub(crate) key: String,
    pub(crate) trigger: Value,
    /// The statuses after which it sends again; any other is a failure.
    pub(crate) retried: &'static [u16],
}

impl PersistentClient {
    /// Sends until it is answered with 200.
    pub(crate) async fn run(mut self) -> (Self, Reply) {
        loop {
            let caller = pick(&self.endpoints.wait_for(|endpoints| !endpoints.is_empty()).await.unwrap());
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

/// One of them.
pub(crate) fn pick(callers: &[Caller]) -> Caller {
    callers[random(callers.len())].clone()
}
