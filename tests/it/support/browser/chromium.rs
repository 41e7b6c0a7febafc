//! A test's own Chromium, without a window.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};

use super::cdp::Cdp;
use super::evidence::{Evidence, collect};
use super::signal::Signal;
use super::tab::{Look, Tab};
use crate::support::skipped;

/// Where to look for the browser. Debian's path comes first.
const PLACES: [&str; 4] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/// Only what the tests ask for: no updates, no telemetry, no first-run pages, no QUIC.
const ARGUMENTS: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-port=0",
];

/// How long a browser may take to start. The first one on a machine reads some 300 MB from disk, beside other tests.
const START_PATIENCE: Duration = Duration::from_mins(2);

/// How many browsers may run at a time.
const AT_A_TIME: u32 = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_A_TIME as usize);

/// The candidate's microphone.
pub(crate) enum Microphone {
    /// Allowed when requested. Hears this signal, repeated.
    Hears(Signal),
    /// Allowed when requested. Hears beeps.
    Beeps,
    /// Refused when requested.
    Refused,
    /// There is none.
    Missing,
}

/// A running browser. It is killed when this is dropped.
pub(crate) struct Chromium {
    cdp: Arc<Cdp>,
    evidence: watch::Receiver<Evidence>,
    _process: Child,
    _directory: TempDir,
    _turn: SemaphorePermit<'static>,
}

impl Chromium {
    /// `None`, with a line that says so, if no browser is installed. In CI there must be one.
    pub(crate) async fn start(microphone: Microphone) -> Option<Self> {
        Self::start_among(AT_A_TIME - 1, microphone).await
    }

    /// The same without another browser at the same time: sound is measured in real time.
    pub(crate) async fn start_alone(microphone: Microphone) -> Option<Self> {
        Self::start_among(0, microphone).await
    }

    /// Starts a browser that tolerates this many others.
    async fn start_among(others: u32, microphone: Microphone) -> Option<Self> {
        let Some(program) = installed() else {
            skipped(&format!("no Chromium is installed ({} and others were looked for)", PLACES[0]));
            return None;
        };
        let turn = TURNS.acquire_many(AT_A_TIME - others).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .args(ARGUMENTS)
            .args(microphone.arguments(directory.path()))
            .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
            // What it leaves there goes with the directory.
            .env("TMPDIR", directory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let url = address(&mut process).await;
        let (seen, evidence) = watch::channel(Evidence::default());
        let (events, happened) = mpsc::unbounded_channel();
        let cdp = Arc::new(Cdp::connect(&url, events).await);
        tokio::spawn(collect(Arc::clone(&cdp), seen, happened));
        Some(Self { cdp, evidence, _process: process, _directory: directory, _turn: turn })
    }

    /// An empty tab that looks like this, with its own cookies and storage.
    pub(crate) async fn tab(&self, look: Look) -> Tab {
        let context = self.cdp.send(None, "Target.createBrowserContext", json!({})).await;
        let target = json!({ "url": "about:blank", "browserContextId": context["browserContextId"] });
        let target = self.cdp.send(None, "Target.createTarget", target).await;
        Tab::attach(Arc::clone(&self.cdp), self.evidence.clone(), &target["targetId"], look).await
    }
}

impl Microphone {
    fn arguments(&self, directory: &Path) -> Vec<String> {
        let fake = || "--use-fake-device-for-media-stream".to_owned();
        let allowed = || "--use-fake-ui-for-media-stream".to_owned();
        match self {
            Self::Hears(signal) => {
                let file = directory.join("microphone.wav");
                signal.write_wav(&file);
                vec![fake(), allowed(), format!("--use-file-for-fake-audio-capture={}", file.display())]
            }
            Self::Beeps => vec![fake(), allowed()],
            Self::Refused => vec![fake(), "--deny-permission-prompts".to_owned()],
            Self::Missing => vec![allowed()],
        }
    }
}

/// The browser installed on this machine.
fn installed() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|place| place.exists())
}

/// The address for driving the browser, which it prints on standard error.
async fn address(process: &mut Child) -> String {
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let find = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("the browser says where it listens");
            if let Some(url) = line.strip_prefix("DevTools listening on ") {
                return url.to_owned();
            }
        }
    };
    let url = tokio::time::timeout(START_PATIENCE, find).await.expect("the browser starts");
    // The browser must not block because nobody reads the rest of its output.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    url
}
