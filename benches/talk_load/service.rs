//! The service in a process of its own.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Client;
use sellcruiting_webhook::upstream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// The first argument that makes this program run as the service.
pub(crate) const COMMAND: &str = "serve";

const KEY: &str = "the-key-of-the-load-test";

/// A running service. It ends when this is dropped.
pub(crate) struct Service {
    child: Child,
    url: String,
    http: Client,
}

impl Service {
    /// Starts the service for this many talks.
    pub(crate) async fn start(upstreams: SocketAddr, talks: u64) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let url = format!("http://{free}");
        let child = Command::new(std::env::current_exe().unwrap())
            .arg(COMMAND)
            // Keeps it from reading a `.env`.
            .current_dir(std::env::temp_dir())
            .env_clear()
            .envs([
                ("WEBHOOK_API_KEY", KEY),
                ("HIRINGS_API_URL", &format!("http://{upstreams}/api/v1")),
                ("HIRINGS_API_TOKEN", "token"),
                ("ELEVENLABS_API_URL", &format!("http://{upstreams}")),
                ("ELEVENLABS_API_KEY", "key"),
                ("ELEVENLABS_AGENT_ID", "agent_load"),
                ("PUBLIC_BASE_URL", &url),
                ("DATABASE_URL", "sqlite::memory:"),
                ("HOST", "127.0.0.1"),
                ("PORT", &free.port().to_string()),
                ("MAX_TALKS", &(talks + 1).to_string()),
                ("RUST_LOG", "error"),
            ])
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let service = Self { child, url, http: upstream::client().unwrap() };
        while service.http.get(format!("{}/webhook/health", service.url)).send().await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        service
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Creates a new link.
    pub(crate) async fn invite(&self) -> String {
        let trigger = json!({
            "campaign_id": 300,
            "company_name": "Musterwerk GmbH",
            "candidate_first_name": "Max",
            "candidate_last_name": "Mustermann",
        });
        let request =
            self.http.post(format!("{}/webhook/trigger-call", self.url)).bearer_auth(KEY).json(&trigger);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["data"]["conversation_link"].as_str().expect("a link").to_owned()
    }

    /// The processor time it has used.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = self.process("stat");
        // Behind the name, which may hold anything: utime and stime are fields 14 and 15, in 1/100 s.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap());
        Duration::from_millis(10 * ticks.sum::<u64>())
    }

    /// The memory it occupies, in bytes (`VmRSS`).
    pub(crate) fn memory(&self) -> u64 {
        let status = self.process("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
    }

    /// What Linux reports about it.
    fn process(&self, file: &str) -> String {
        let id = self.child.id().expect("it runs");
        std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap()
    }
}
