//! Measures what a page does with sound: its constraints for the microphone and, sample by sample, what it plays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Runs before the page's own scripts.
pub(super) const SCRIPT: &str = include_str!("probe.js");

/// The address of the recorder that the script connects to the page's audio graph.
pub(super) const RECORDER: &str = "*/talk/test-recorder.js";

/// How to answer an intercepted request. The recorder is served in the service's name, because the page's policy allows
/// nothing from elsewhere. Everything else fails.
pub(super) fn verdict(request: &Value) -> (&'static str, Value) {
    let id = &request["requestId"];
    let is_recorder =
        request["request"]["url"].as_str().is_some_and(|url| url.ends_with("/talk/test-recorder.js"));
    if !is_recorder {
        return ("Fetch.failRequest", json!({ "requestId": id, "errorReason": "ConnectionFailed" }));
    }
    let answer = json!({
        "requestId": id,
        "responseCode": 200,
        "responseHeaders": [{ "name": "content-type", "value": "text/javascript" }],
        "body": STANDARD.encode(include_str!("recorder.js")),
    });
    ("Fetch.fulfillRequest", answer)
}

/// Decodes samples as the script encodes them.
pub(super) fn samples(base64: &Value) -> Vec<f64> {
    let bytes = STANDARD.decode(base64.as_str().expect("samples")).unwrap();
    bytes.chunks_exact(4).map(|sample| f64::from(f32::from_le_bytes(sample.try_into().unwrap()))).collect()
}
