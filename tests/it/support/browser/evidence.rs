//! Everything that a browser was seen to do: its requests, what it received, what it complained about.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::cdp::{Cdp, Event, SessionId};
use super::probe;

/// Frame opcodes (RFC 6455, 5.2).
const TEXT: u64 = 1;
const BINARY: u64 = 2;

/// What has been seen so far, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// The addresses of all requests, including WebSockets.
    pub(crate) requests: Vec<String>,
    /// The text frames received over WebSockets.
    pub(crate) texts: Vec<String>,
    /// The number of bytes in binary frames received over WebSockets.
    pub(crate) bytes: usize,
    /// The binary frames sent over WebSockets.
    pub(crate) sent: Vec<Vec<u8>>,
    /// Errors and warnings on the console, exceptions, and violations of the Content-Security-Policy.
    pub(crate) complaints: Vec<String>,
    /// How many pages finished loading.
    pub(super) loads: usize,
}

/// Collects evidence from a page and from every worker it starts, from before their first instruction.
pub(super) async fn collect(
    cdp: Arc<Cdp>,
    evidence: watch::Sender<Evidence>,
    mut events: mpsc::UnboundedReceiver<Event>,
) {
    while let Some(event) = events.recv().await {
        match event.method.as_str() {
            "Target.attachedToTarget" => {
                let session = SessionId(event.params["sessionId"].as_str().unwrap_or_default().to_owned());
                tokio::spawn(observe(Arc::clone(&cdp), session));
            }
            "Fetch.requestPaused" => {
                let cdp = Arc::clone(&cdp);
                let (method, params) = probe::verdict(&event.params);
                tokio::spawn(async move {
                    cdp.send(event.session.as_ref(), method, params).await;
                });
            }
            method => evidence.send_modify(|evidence| evidence.note(method, &event.params)),
        }
    }
}

/// Enables everything that gives evidence of a page or worker, then lets it run.
pub(super) async fn observe(cdp: Arc<Cdp>, session: SessionId) {
    let workers = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
    let commands = [
        ("Network.enable", json!({})),
        ("Log.enable", json!({})),
        ("Runtime.enable", json!({})),
        ("Audits.enable", json!({})),
        ("Target.setAutoAttach", workers),
        ("Runtime.runIfWaitingForDebugger", json!({})),
    ];
    for (method, params) in commands {
        // Not every kind of worker supports every command.
        let _ = cdp.try_send(Some(&session), method, params).await;
    }
}

impl Evidence {
    fn note(&mut self, method: &str, params: &Value) {
        let text = |path: &str| params.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        match method {
            "Network.requestWillBeSent" => self.requests.push(text("/request/url")),
            "Network.webSocketCreated" => self.requests.push(text("/url")),
            "Page.loadEventFired" => self.loads += 1,
            "Network.webSocketFrameReceived" => self.note_received(&params["response"]),
            "Network.webSocketFrameSent" => self.note_sent(&params["response"]),
            "Log.entryAdded" if matches!(text("/entry/level").as_str(), "error" | "warning") => {
                self.complaints.push(format!("{} {}", text("/entry/text"), text("/entry/url")));
            }
            "Runtime.exceptionThrown" => self.complaints.push(params["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" => self.complaints.push(params["args"].to_string()),
            "Audits.issueAdded" if text("/issue/code") == "ContentSecurityPolicyIssue" => {
                self.complaints.push(params["issue"].to_string());
            }
            _ => {}
        }
    }

    fn note_received(&mut self, frame: &Value) {
        match frame["opcode"].as_u64() {
            Some(TEXT) => self.texts.push(frame["payloadData"].as_str().unwrap_or_default().to_owned()),
            Some(BINARY) => self.bytes += binary(frame).len(),
            _ => {}
        }
    }

    fn note_sent(&mut self, frame: &Value) {
        if frame["opcode"] == BINARY {
            self.sent.push(binary(frame));
        }
    }
}

/// The payload of a binary frame.
fn binary(frame: &Value) -> Vec<u8> {
    STANDARD.decode(frame["payloadData"].as_str().unwrap_or_default()).unwrap_or_default()
}
