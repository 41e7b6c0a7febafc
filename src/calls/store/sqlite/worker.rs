//! The thread in which a file's statements run.
//!
//! What is asked for while others are being served is written together, in one transaction: the more there is to do,
//! the less each costs.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::super::error::StoreError;

/// The most statements in one transaction.
const MOST_TOGETHER: usize = 128;

/// How long an answer is waited for: longer than the statement waits for another process.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(6);

type Job = Box<dyn FnOnce(&Connection) -> Reply + Send>;

/// Gives the answer to whoever waits for it, once it is known whether what was written stays.
type Reply = Box<dyn FnOnce(Result<(), StoreError>)>;

/// A way to the thread, which ends when there is none any more.
#[derive(Debug, Clone)]
pub(in crate::calls::store) struct Worker(Sender<Job>);

impl Worker {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let work = move || serve(&connection, &queue);
        let started = thread::Builder::new().name("call-store".to_owned()).spawn(work);
        started.map_err(|_refused| StoreError::Unavailable("no thread could be started".to_owned()))?;
        Ok(Self(jobs))
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Whoever has given up wants nothing written any more.
            if reply.is_closed() {
                return Box::new(drop);
            }
            let done = statement(connection).map_err(StoreError::from);
            Box::new(move |stays| drop(reply.send(stays.and(done))))
        });
        let gone = || StoreError::Unavailable("the connection was closed".to_owned());
        self.0.send(job).map_err(|_job| gone())?;
        let answered = timeout(ANSWER_TIMEOUT, answer).await;
        answered.map_err(|_elapsed| StoreError::not_in_time("the statement"))?.map_err(|_dropped| gone())?
    }
}

fn serve(connection: &Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let jobs: Vec<Job> = std::iter::once(first).chain(queue.try_iter().take(MOST_TOGETHER - 1)).collect();
        run_together(connection, jobs);
    }
}

fn run_together(connection: &Connection, jobs: Vec<Job>) {
    // Where no transaction can be begun, each statement finds out by itself what is wrong.
    if jobs.len() == 1 || connection.execute_batch("BEGIN IMMEDIATE").is_err() {
        for job in jobs {
            job(connection)(Ok(()));
        }
        return;
    }
    let replies: Vec<Reply> = jobs.into_iter().map(|job| job(connection)).collect();
    let stays = commit(connection);
    for reply in replies {
        reply(stays.clone());
    }
}

/// Fails, too, where an error of the disk has rolled everything back already.
fn commit(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("COMMIT").map_err(|_failed| {
        let _ = connection.execute_batch("ROLLBACK");
        StoreError::Unavailable("the transaction was rolled back".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A worker whose thread is busy until the returned sender says something.
    fn busy() -> (Worker, Sender<()>) {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch("CREATE TABLE notes (note TEXT)").expect("a table");
        let worker = Worker::start(connection).expect("a thread");
        let (go_on, waiting) = channel();
        let wait: Job = Box::new(move |_| {
            let _ = waiting.recv();
            Box::new(drop)
        });
        worker.0.send(wait).expect("a thread");
        (worker, go_on)
    }

    /// Writes a note; says whether that is a transaction of its own.
    fn note(connection: &Connection) -> rusqlite::Result<bool> {
        connection.execute("INSERT INTO notes VALUES ('x')", [])?;
        Ok(connection.is_autocommit())
    }

    async fn notes(worker: &Worker) -> i64 {
        let count = |connection: &Connection| {
            connection.query_row("SELECT COUNT(*) FROM notes", [], |row| row.get(0))
        };
        worker.run(count).await.expect("a count")
    }

    #[tokio::test]
    async fn what_is_asked_for_meanwhile_is_written_together() {
        let (worker, go_on) = busy();
        let (a, b, _) = tokio::join!(worker.run(note), worker.run(note), async { go_on.send(()) });
        assert_eq!((a, b), (Ok(false), Ok(false)));
        assert_eq!(worker.run(note).await, Ok(true), "one alone needs no transaction");
        assert_eq!(notes(&worker).await, 3);
    }

    #[tokio::test]
    async fn a_statement_that_fails_takes_nobody_with_it() {
        let (worker, go_on) = busy();
        let wrong =
            worker.run(|connection: &Connection| connection.execute("INSERT INTO nowhere VALUES (1)", []));
        let (a, wrong, b, _) =
            tokio::join!(worker.run(note), wrong, worker.run(note), async { go_on.send(()) });
        assert!(matches!(wrong, Err(StoreError::Internal(_))), "{wrong:?}");
        assert_eq!((a, b, notes(&worker).await), (Ok(false), Ok(false), 2));
    }

    /// As an error of the disk does.
    #[tokio::test]
    async fn nobody_hears_that_a_note_is_kept_when_it_was_rolled_back() {
        let (worker, go_on) = busy();
        let broken = worker.run(|connection: &Connection| connection.execute_batch("ROLLBACK"));
        let (a, broken, _) = tokio::join!(worker.run(note), broken, async { go_on.send(()) });
        let rolled_back = StoreError::Unavailable("the transaction was rolled back".to_owned());
        assert_eq!((a, broken), (Err(rolled_back.clone()), Err(rolled_back)));
        assert_eq!(notes(&worker).await, 0);
        assert_eq!(worker.run(note).await, Ok(true), "the next one is served as ever");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_written() {
        let (worker, go_on) = busy();
        let given_up = timeout(Duration::ZERO, worker.run(note)).await;
        assert!(given_up.is_err());
        go_on.send(()).expect("a thread that waits");
        assert_eq!(notes(&worker).await, 0);
    }
}
