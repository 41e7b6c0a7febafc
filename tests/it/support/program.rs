//! The binary as a separate process, whose environment holds only what a test sets.

use std::ops::Deref;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use sellcruiting_webhook::sandbox::Sandbox;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::PATIENCE;
use super::app::Setup;
use super::caller::Caller;

/// A running process. It is killed when this is dropped.
pub(crate) struct Program {
    process: Child,
    /// The working directory: empty except for what the test puts there.
    _directory: TempDir,
    pub(crate) stdout: Lines,
    pub(crate) stderr: Lines,
}

/// What a process has written so far, line by line.
pub(crate) struct Lines(watch::Receiver<Vec<String>>);

impl Program {
    /// Runs a command of the binary in an empty directory.
    pub(crate) fn run<'a>(
        arguments: &[&str],
        environment: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        Self::run_in(tempfile::tempdir().unwrap(), arguments, environment)
    }

    /// The same in this directory.
    pub(crate) fn run_in<'a>(
        directory: TempDir,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sellcruiting-webhook"))
            .args(arguments)
            .env_clear()
            .envs(environment)
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = Lines::of(process.stdout.take().unwrap());
        let stderr = Lines::of(process.stderr.take().unwrap());
        Self { process, _directory: directory, stdout, stderr }
    }

    /// How the process ended. Fails if it does not end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended.unwrap_or_else(|_| panic!("still running; it wrote {:?}", self.stderr.all())).unwrap()
    }

    /// Kills it with `kill -9`.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks it to stop, as Render does.
    pub(crate) async fn terminate(&self) {
        self.signal("TERM").await;
    }

    /// Sends it a signal, by name.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.process.id().expect("a running process");
        // The shell's built-in `kill`: a minimal machine has no other.
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().await.unwrap();
        assert!(sent.success());
    }
}

impl Lines {
    fn of(stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let (sender, receiver) = watch::channel(Vec::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                sender.send_modify(|all| all.push(line));
            }
        });
        Self(receiver)
    }

    /// All lines so far.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    /// All lines, once the process has closed the stream.
    pub(crate) async fn to_end(&self) -> Vec<String> {
        let mut changes = self.0.clone();
        let closed = async { while changes.changed().await.is_ok() {} };
        assert!(tokio::time::timeout(PATIENCE, closed).await.is_ok(), "the stream stays open");
        self.all()
    }

    /// Waits until this many lines contain this text.
    pub(crate) async fn wait_for_many(&self, count: usize, text: &str) {
        let mut changes = self.0.clone();
        let found = |all: &Vec<String>| all.iter().filter(|line| line.contains(text)).count();
        let enough = tokio::time::timeout(PATIENCE, changes.wait_for(|all| found(all) >= count)).await;
        assert!(matches!(enough, Ok(Ok(_))), "{} of {count} lines hold {text:?}", found(&self.all()));
    }

    /// Waits for a line that contains this text.
    pub(crate) async fn wait_for(&self, text: &str) -> String {
        let mut changes = self.0.clone();
        let find = |all: &Vec<String>| all.iter().find(|line| line.contains(text)).cloned();
        let found = tokio::time::timeout(PATIENCE, changes.wait_for(|all| find(all).is_some())).await;
        match found {
            Ok(Ok(all)) => find(&all).unwrap(),
            _ => panic!("no line holds {text:?}: {:#?}", self.all()),
        }
    }
}

/// The service as a separate process, with its upstreams.
pub(crate) struct Service {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) program: Program,
    caller: Caller,
}

impl Setup {
    /// Runs the binary without waiting for it.
    pub(crate) fn run(&self) -> Program {
        let directory = tempfile::tempdir().unwrap();
        if let Some(dotenv) = &self.dotenv {
            std::fs::write(directory.path().join(".env"), dotenv).unwrap();
        }
        Program::run_in(directory, &[], self.environment())
    }

    /// The settings as a process receives them.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Starts the binary and waits until it listens.
    pub(crate) async fn launch(self) -> Service {
        self.process().await
    }

    /// The same, but keeps the setup: the next process gets the same upstreams and the same database.
    pub(crate) async fn process(&self) -> Service {
        let program = self.run();
        let line = program.stderr.wait_for("listening").await;
        let address = &line[line.find("127.0.0.1:").expect("an address")..];
        let end =
            address.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':'))).unwrap_or(address.len());
        let caller = Caller::new(format!("http://{}", &address[..end]));
        Service { sandbox: Arc::clone(&self.sandbox), program, caller }
    }
}

impl Service {
    /// A separate client, for a separate task.
    pub(crate) fn caller(&self) -> Caller {
        self.caller.clone()
    }

    /// Asks it to stop. Returns everything it has written, once it has ended successfully.
    pub(crate) async fn stop(&mut self) -> Vec<String> {
        self.program.terminate().await;
        let ended = self.program.ended().await;
        assert!(ended.success(), "{ended}");
        let mut lines = self.program.stdout.to_end().await;
        lines.extend(self.program.stderr.to_end().await);
        lines
    }
}

impl Deref for Service {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// A log's lines. Every one must be JSON: standard error is not a terminal here.
#[track_caller]
pub(crate) fn as_json(lines: &[String]) -> Vec<Value> {
    let parse = |line: &String| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    lines.iter().map(parse).collect()
}
