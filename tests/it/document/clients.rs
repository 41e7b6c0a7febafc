//! The clients that HOC's developers copy from docs/api.md work, and ring only once, whatever fails on the way.

use std::process::Output;
use std::time::Duration;

use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate};

use crate::support::{API, API_KEY, Deed, Front, Setup, TestApp, is_installed, run};

/// A language, how to run its example, and its time limits, for which no test waits.
struct Client {
    language: &'static str,
    program: &'static str,
    file: &'static str,
}

const CLIENTS: [Client; 2] = [
    Client { language: "js", program: "node", file: "anruf.mjs" },
    Client { language: "python", program: "python3", file: "anruf.py" },
];

/// What a gateway answers if it cannot reach the service.
const UNAVAILABLE: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\ncontent-length: 12\r\n\
                           connection: close\r\n\r\n<h1>503</h1>";

/// What the service answers if its record is unavailable. The client may retry at once.
const NO_STORE: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
                        content-length: 51\r\nconnection: close\r\n\r\n\
                        {\"status\":\"error\",\"error\":\"Call store unavailable\"}";

impl Client {
    /// The example from the document, but with less patience.
    fn code(&self) -> String {
        let code = API.block(self.language);
        let (code, end) = (&code, if self.language == "js" { ";" } else { "" });
        ["TIMEOUT_SECONDS = 150", "PAUSE_SECONDS = 15"].iter().zip(["3", "0.05"]).fold(
            code.clone(),
            |code, (setting, value)| {
                let line = format!("{setting}{end}\n");
                assert_eq!(code.matches(&line).count(), 1, "{setting} in {}", self.language);
                code.replace(&line, &format!("{} = {value}{end}\n", setting.split(" = ").next().unwrap()))
            },
        )
    }

    /// Runs it against the service behind this address.
    async fn run(&self, url: &str, code: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(self.file), code).unwrap();
        let environment = [("WEBHOOK_URL", url), ("WEBHOOK_API_KEY", API_KEY)];
        said(&run(self.program, &[self.file], directory.path(), environment).await)
    }
}

#[track_caller]
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{} {}", text(&output.stdout), text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout)
}

/// The clients whose programs are installed here.
async fn clients() -> Vec<Client> {
    let mut installed = Vec::new();
    for client in CLIENTS {
        if is_installed(client.program).await {
            installed.push(client);
        }
    }
    installed
}

/// Runs every client through a front with these deeds. Returns what each said, and the requests it made.
async fn through(deeds: &[Deed]) -> Vec<(TestApp, String, Vec<String>)> {
    let mut runs = Vec::new();
    for client in clients().await {
        let app = TestApp::start().await;
        let front = Front::of(&app.url, deeds.iter().cloned()).await;
        let said = client.run(&front.url, &client.code()).await;
        runs.push((app, said, front.requests()));
    }
    runs
}

/// Fails unless it called once, and said so.
#[track_caller]
fn assert_called_once(app: &TestApp, said: &str) {
    let conversation = app.only_conversation().conversation_id;
    assert_eq!(said.trim_end().replace(": ", " "), format!("angerufen {conversation}"));
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 1);
}

/// Fails unless all requests had the same key, and no other run had it.
#[track_caller]
fn assert_one_key(requests: &[String]) {
    let keys = requests.iter().map(|request| {
        let request = request.to_lowercase();
        let key = request.lines().find_map(|line| line.strip_prefix("idempotency-key: ").map(str::to_owned));
        key.expect("a key")
    });
    let keys: std::collections::BTreeSet<_> = keys.collect();
    assert_eq!(keys.len(), 1, "{keys:?}");
}

#[tokio::test]
async fn they_call_once_where_nothing_fails() {
    for (app, said, requests) in through(&[]).await {
        assert_called_once(&app, &said);
        assert_eq!(requests.len(), 1);
    }
}

#[tokio::test]
async fn they_come_back_after_an_error_that_called_nobody() {
    for (app, said, requests) in through(&[Deed::Answer(NO_STORE), Deed::Answer(UNAVAILABLE)]).await {
        assert_called_once(&app, &said);
        assert_eq!(requests.len(), 3);
        assert_one_key(&requests);
    }
}

#[tokio::test]
async fn they_ring_once_if_the_answer_is_lost_or_cut_off_after_the_telephone_rang() {
    for deed in [Deed::LoseAnswer, Deed::CutAnswer] {
        for (app, said, requests) in through(std::slice::from_ref(&deed)).await {
            assert_called_once(&app, &said);
            assert_eq!(requests.len(), 2);
            assert_one_key(&requests);
        }
    }
}

#[tokio::test]
async fn they_ring_once_if_they_gave_up_waiting_while_the_telephone_rang() {
    for client in clients().await {
        let app = TestApp::start().await;
        let gate = Gate::new();
        app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
        // The dial is held up until the client has sent its request again.
        let front = Front::of(&app.url, [Deed::Pass, Deed::Open(gate)]).await;
        let said = client.run(&front.url, &client.code()).await;
        assert_called_once(&app, &said);
        // On a busy machine, its second timeout may expire, too.
        assert!(front.requests().len() >= 2);
        assert_one_key(&front.requests());
    }
}

#[tokio::test]
async fn they_do_not_come_back_after_a_refusal_or_a_mistake_of_their_own() {
    for (campaign, said_of_it) in [("600", "502 API call failed"), ("-1", "400 Invalid fields")] {
        for client in clients().await {
            let app = Setup::new().await.start().await;
            let front = Front::of(&app.url, []).await;
            let code = client.code();
            let separator = if client.language == "js" { "campaign_id: 300" } else { "\"campaign_id\": 300" };
            let other = code.replacen(separator, &separator.replace("300", campaign), 1);
            assert_ne!(code, other);
            let said = client.run(&front.url, &other).await;
            assert!(said.starts_with("nicht angerufen") && said.contains(said_of_it), "{said}");
            assert_eq!(front.requests().len(), 1, "{}", client.language);
            assert_eq!(app.sandbox.elevenlabs.dial_count(), usize::from(campaign == "600"));
        }
    }
}

#[tokio::test]
async fn they_give_up_in_the_end_and_say_that_it_is_not_known() {
    let lost = [Deed::LoseAnswer, Deed::LoseAnswer, Deed::LoseAnswer, Deed::LoseAnswer, Deed::LoseAnswer];
    for (app, said, requests) in through(&lost).await {
        assert!(said.starts_with("nicht angerufen oder noch ungewiss: 0 "), "{said}");
        assert_eq!((requests.len(), app.sandbox.elevenlabs.dial_count()), (5, 1));
    }
}

#[tokio::test]
async fn a_busy_line_is_waited_for() {
    for client in clients().await {
        let app = TestApp::start().await;
        let busy = sellcruiting_webhook::sandbox::Answer::raw(
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            "text/plain",
            "",
        );
        app.sandbox
            .elevenlabs
            .next_dial(DialFault::NotPlaced(Fault::Answer(busy.header("retry-after", "1"))));
        let started = std::time::Instant::now();
        let said = client.run(&app.url, &client.code()).await;
        assert!(said.starts_with("angerufen"), "{said}");
        assert!(started.elapsed() >= Duration::from_secs(1), "it came back too early");
        app.only_conversation();
    }
}
