//! The thread in which a file's statements run.
//!
//! Writes that arrive while the thread is busy are written together in one transaction: the higher the load, the less
//! each costs. If the caller has given up by the time the file can be written to, nothing is written for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::super::error::StoreError;
use super::super::statements::Access;
use super::opened_file::OpenedFile;

/// How many statements are taken from the queue at once, and so written in one transaction, at most.
const MOST_TOGETHER: usize = 128;

/// How long a caller waits for the answer: longer than a transaction waits for another process. After that nobody can
/// tell whether it was written.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(6);

struct Job {
    access: Access,
    awaited_until: Instant,
    work: Work,
}

/// Does the job, or is told why it cannot be done.
type Work = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Reply + Send>;

/// Sends the answer to the caller, once it is known whether what was written stays.
type Reply = Box<dyn FnOnce(Result<(), StoreError>)>;

/// A handle to the thread, which ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub(in crate::calls::store) struct Worker {
    jobs: Sender<Job>,
    lock: Lock,
    patience: Duration,
}

/// Whether the last attempt to lock the file failed because another process had the lock, or an attempt is waiting now:
/// a caller whose wait times out should be told why.
#[derive(Debug, Clone, Default)]
struct Lock(Arc<AtomicBool>);

impl Lock {
    fn is_elsewhere(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes the lock with `take`.
    fn taken<T>(&self, take: impl FnOnce() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        self.0.store(true, Ordering::Relaxed);
        let taken = take();
        let is_busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        self.0.store(taken.as_ref().is_err_and(is_busy), Ordering::Relaxed);
        taken
    }
}

impl Worker {
    /// Opens a connection in a thread of its own, and serves it there. `open` also returns the open file, if the
    /// connection has one. Callers wait for `patience`.
    pub(super) async fn start(
        open: impl FnOnce() -> Result<(Connection, Option<OpenedFile>), StoreError> + Send + 'static,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let (opened, opening) = oneshot::channel();
        let lock = Lock::default();
        let locked = lock.clone();
        let work = move || {
            let (connection, file) = match open() {
                Ok(open) => open,
                Err(error) => return drop(opened.send(Err(error))),
            };
            if opened.send(Ok(())).is_ok() {
                serve(&connection, file.as_ref(), &locked, &queue);
            }
        };
        let started = thread::Builder::new().name("call-store".to_owned()).spawn(work);
        started.map_err(|_refused| StoreError::Unavailable("no thread could be started".to_owned()))?;
        opening.await.map_err(|_panicked| StoreError::Internal("opening panicked".to_owned()))??;
        Ok(Self { jobs, lock, patience })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        access: Access,
        statement: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            if reply.is_closed() {
                return Box::new(drop);
            }
            let done = connection.and_then(|connection| Ok(statement(connection)?));
            Box::new(move |stays| drop(reply.send(done.and_then(|done| stays.map(|()| done)))))
        });
        let gone = || StoreError::Unavailable("the connection was closed".to_owned());
        let awaited_until = Instant::now() + self.patience;
        self.jobs.send(Job { access, awaited_until, work }).map_err(|_job| gone())?;
        let answered = timeout(self.patience, answer).await;
        answered.map_err(|_elapsed| self.not_in_time())?.map_err(|_dropped| gone())?
    }

    fn not_in_time(&self) -> StoreError {
        if self.lock.is_elsewhere() {
            return StoreError::Unavailable("the file is locked by another process".to_owned());
        }
        StoreError::not_in_time("the statement")
    }
}

fn serve(connection: &Connection, file: Option<&OpenedFile>, lock: &Lock, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let rest = queue.try_iter().take(MOST_TOGETHER - 1);
        let (reads, writes): (Vec<_>, Vec<_>) =
            std::iter::once(first).chain(rest).filter(Job::is_awaited).partition(Job::only_reads);
        outlive_panic(connection, || read(connection, reads));
        if !writes.is_empty() {
            outlive_panic(connection, || write(connection, file, lock, writes));
        }
    }
}

/// The waiting callers get an error; the log has the place of the panic. Later jobs are served all the same.
fn outlive_panic(connection: &Connection, serve: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(serve)).is_err() {
        let _ = end_transaction(connection);
    }
}

impl Job {
    /// False if the jobs before it waited long for another process.
    fn is_awaited(&self) -> bool {
        Instant::now() < self.awaited_until
    }

    fn only_reads(&self) -> bool {
        self.access == Access::Read
    }
}

fn read(connection: &Connection, jobs: Vec<Job>) {
    for job in jobs {
        (job.work)(end_transaction(connection).map(|()| connection))(Ok(()));
    }
}

fn write(connection: &Connection, file: Option<&OpenedFile>, lock: &Lock, jobs: Vec<Job>) {
    let begun = file.map_or(Ok(()), OpenedFile::check).and_then(|()| begin(connection, lock));
    let do_in_it = |job: Job| match &begun {
        // A disk error has rolled everything back.
        Ok(()) if connection.is_autocommit() => (job.work)(Err(rolled_back())),
        Ok(()) => (job.work)(Ok(connection)),
        Err(error) => (job.work)(Err(error.clone())),
    };
    let replies: Vec<Reply> = jobs.into_iter().map(do_in_it).collect();
    let stays = begun.and_then(|()| commit(connection));
    for reply in replies {
        reply(stays.clone());
    }
}

/// Waits for other processes that write, so that no statement has to.
fn begin(connection: &Connection, lock: &Lock) -> Result<(), StoreError> {
    end_transaction(connection)?;
    lock.taken(|| connection.prepare_cached("BEGIN IMMEDIATE")?.execute([]))?;
    Ok(())
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() {
        return Err(rolled_back());
    }
    let committed = connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
    if let Err(error) = committed {
        end_transaction(connection)?;
        return Err(error.into());
    }
    Ok(())
}

/// Rolls back what a panic, or a failed commit, has left open. Nobody was told that it was written.
fn end_transaction(connection: &Connection) -> Result<(), StoreError> {
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    Ok(())
}

fn rolled_back() -> StoreError {
    StoreError::Unavailable("the transaction was rolled back".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::TempDir;

    use super::*;

    fn in_memory() -> Connection {
        with_notes(Connection::open_in_memory().expect("a database"))
    }

    fn with_notes(connection: Connection) -> Connection {
        connection.execute_batch("CREATE TABLE IF NOT EXISTS notes (note TEXT)").expect("a table");
        connection
    }

    /// A worker whose thread is busy until the returned sender sends something.
    async fn busy(connection: Connection) -> (Worker, Sender<()>) {
        let worker = Worker::start(|| Ok((connection, None)), ANSWER_TIMEOUT).await.expect("a thread");
        let (go_on, waiting) = channel();
        let (begun, has_begun) = channel();
        let work: Work = Box::new(move |_| {
            begun.send(()).expect("somebody who waits");
            let _ = waiting.recv();
            Box::new(drop)
        });
        let awaited_until = Instant::now() + ANSWER_TIMEOUT;
        worker.jobs.send(Job { access: Access::Read, awaited_until, work }).expect("a thread");
        // What is asked for from now on is served together.
        has_begun.recv().expect("a thread");
        (worker, go_on)
    }

    fn note(connection: &Connection) -> rusqlite::Result<usize> {
        connection.execute("INSERT INTO notes VALUES ('x')", [])
    }

    /// How many notes are visible.
    fn count(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT COUNT(*) FROM notes", [], |row| row.get(0))
    }

    async fn notes(worker: &Worker) -> i64 {
        worker.run(Access::Read, count).await.expect("a count")
    }

    /// A file, and a second connection to it such as another process would have.
    fn shared_file(busy_timeout: Duration) -> (TempDir, Connection, Connection) {
        let directory = tempfile::tempdir().expect("a directory");
        let open = |path: &Path| with_notes(Connection::open(path).expect("a file"));
        let path = directory.path().join("notes.db");
        let (own, other) = (open(&path), open(&path));
        own.busy_timeout(busy_timeout).expect("a time");
        (directory, own, other)
    }

    #[tokio::test]
    async fn what_is_asked_for_meanwhile_is_written_together() {
        let (directory, own, other) = shared_file(Duration::ZERO);
        let (worker, go_on) = busy(own).await;
        // Whether the other process sees the first note when the second is written.
        let second = move |connection: &Connection| {
            note(connection)?;
            count(&other)
        };
        let (first, seen, _) =
            tokio::join!(worker.run(Access::Write, note), worker.run(Access::Write, second), async {
                go_on.send(())
            });
        assert_eq!((first, seen, notes(&worker).await), (Ok(1), Ok(0), 2));
        drop(directory);
    }

    #[tokio::test]
    async fn who_only_reads_needs_no_lock() {
        let (_directory, own, other) = shared_file(Duration::ZERO);
        own.pragma_update(None, "journal_mode", "WAL").expect("a journal");
        let (worker, go_on) = busy(own).await;
        other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        let (a, written, b, _) = tokio::join!(
            worker.run(Access::Read, count),
            worker.run(Access::Write, note),
            worker.run(Access::Read, count),
            async { go_on.send(()) }
        );
        assert_eq!((a, b), (Ok(0), Ok(0)));
        assert_eq!(written, Err(StoreError::Unavailable("SQLite error 5, database is locked".to_owned())));
    }

    #[tokio::test]
    async fn where_nothing_is_to_be_written_nobody_waits_for_the_lock() {
        let (_directory, own, other) = shared_file(Duration::from_secs(30));
        own.pragma_update(None, "journal_mode", "WAL").expect("a journal");
        let worker = Worker::start(|| Ok((own, None)), ANSWER_TIMEOUT).await.expect("a thread");
        other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        for _ in 0..2 {
            assert_eq!(notes(&worker).await, 0);
        }
    }

    #[tokio::test]
    async fn a_statement_that_fails_takes_nobody_with_it() {
        let (worker, go_on) = busy(in_memory()).await;
        let wrong = |connection: &Connection| connection.execute("INSERT INTO nowhere VALUES (1)", []);
        let (a, wrong, b, _) = tokio::join!(
            worker.run(Access::Write, note),
            worker.run(Access::Write, wrong),
            worker.run(Access::Write, note),
            async { go_on.send(()) }
        );
        assert!(matches!(wrong, Err(StoreError::Internal(_))), "{wrong:?}");
        assert_eq!((a, b, notes(&worker).await), (Ok(1), Ok(1), 2));
    }

    /// As a disk error does: the caller that met it is told, and nobody writes outside a transaction.
    #[tokio::test]
    async fn nobody_hears_that_a_note_is_kept_when_it_was_rolled_back() {
        let (worker, go_on) = busy(in_memory()).await;
        let broken = |connection: &Connection| {
            connection.execute_batch("ROLLBACK")?;
            connection.execute("INSERT INTO nowhere VALUES (1)", [])
        };
        let (before, broken, after, _) = tokio::join!(
            worker.run(Access::Write, note),
            worker.run(Access::Write, broken),
            worker.run(Access::Write, note),
            async { go_on.send(()) }
        );
        assert_eq!((before, after), (Err(rolled_back()), Err(rolled_back())));
        assert!(matches!(broken, Err(StoreError::Internal(_))), "{broken:?}");
        assert_eq!(notes(&worker).await, 0);
        assert_eq!(worker.run(Access::Write, note).await, Ok(1), "the next one is served as ever");
    }

    #[tokio::test]
    async fn nobody_hears_that_a_note_is_kept_when_it_could_not_be() {
        let (_directory, own, other) = shared_file(Duration::ZERO);
        let (worker, go_on) = busy(own).await;
        // Somebody is reading, so a transaction can begin, but cannot commit.
        other.execute_batch("BEGIN; SELECT * FROM notes").expect("a look");
        let (a, b, _) =
            tokio::join!(worker.run(Access::Write, note), worker.run(Access::Write, note), async {
                go_on.send(())
            });
        let locked = StoreError::Unavailable("SQLite error 5, database is locked".to_owned());
        assert_eq!((a, b), (Err(locked.clone()), Err(locked)));
        other.execute_batch("COMMIT").expect("the end of the look");
        assert_eq!(notes(&worker).await, 0);
        assert_eq!(worker.run(Access::Write, note).await, Ok(1), "the next one is served as ever");
    }

    #[tokio::test]
    async fn a_panic_ends_neither_the_thread_nor_what_is_written_afterwards() {
        let (worker, go_on) = busy(in_memory()).await;
        let panics = |_: &Connection| -> rusqlite::Result<()> { panic!("on purpose") };
        let (before, panicked, _) =
            tokio::join!(worker.run(Access::Write, note), worker.run(Access::Write, panics), async {
                go_on.send(())
            });
        let gone = StoreError::Unavailable("the connection was closed".to_owned());
        assert_eq!((before, panicked), (Err(gone.clone()), Err(gone)));
        assert_eq!(notes(&worker).await, 0, "what was reported to nobody is not there");
        assert_eq!(worker.run(Access::Write, note).await, Ok(1));
        assert_eq!(notes(&worker).await, 1);
    }

    #[tokio::test]
    async fn where_another_process_does_not_let_go_nothing_is_written() {
        let (_directory, own, other) = shared_file(Duration::ZERO);
        let (worker, go_on) = busy(own).await;
        other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
        // Run outside a transaction, it would have waited for the lock once more.
        let never = |_: &Connection| -> rusqlite::Result<usize> { unreachable!("there is no transaction") };
        let (a, b, _) =
            tokio::join!(worker.run(Access::Write, never), worker.run(Access::Write, never), async {
                go_on.send(())
            });
        let locked = StoreError::Unavailable("SQLite error 5, database is locked".to_owned());
        assert_eq!((a, b), (Err(locked.clone()), Err(locked)));
        other.execute_batch("COMMIT").expect("no lock");
        assert_eq!(notes(&worker).await, 0);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_written() {
        let (worker, go_on) = busy(in_memory()).await;
        let given_up = timeout(Duration::ZERO, worker.run(Access::Write, note)).await;
        assert!(given_up.is_err());
        go_on.send(()).expect("a thread that waits");
        assert_eq!(notes(&worker).await, 0);
    }

    /// A caller that comes while another waits for the lock would wait twice in a row.
    #[tokio::test]
    async fn who_waits_in_vain_for_another_process_hears_so() {
        let (_directory, own, other) = shared_file(Duration::from_secs(30));
        let worker = Worker::start(|| Ok((own, None)), Duration::from_secs(1)).await.expect("a thread");
        other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
        let told = worker.run(Access::Write, note).await;
        assert_eq!(told, Err(StoreError::Unavailable("the file is locked by another process".to_owned())));
        other.execute_batch("COMMIT").expect("no lock");
        assert_eq!(worker.run(Access::Write, note).await, Ok(1));
        assert!(!worker.lock.is_elsewhere(), "what is slow afterwards is slow for another reason");
    }

    #[tokio::test]
    async fn nor_is_what_was_given_up_while_another_process_was_waited_for() {
        let (_directory, own, other) = shared_file(Duration::from_secs(30));
        let worker = Worker::start(|| Ok((own, None)), ANSWER_TIMEOUT).await.expect("a thread");
        other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
        // Its transaction is requested at once, but begins only when nobody waits any more.
        let given_up = timeout(Duration::from_millis(50), worker.run(Access::Write, note)).await;
        assert!(given_up.is_err());
        other.execute_batch("COMMIT").expect("no lock");
        assert_eq!(notes(&worker).await, 0);
    }
}
