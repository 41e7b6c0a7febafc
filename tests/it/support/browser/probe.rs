//! Measures what a page does with sound: what it asks the microphone for, and, sample by sample, what it plays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Runs before the page's own scripts.
pub(super) const SCRIPT: &str = include_str!("probe.js");

/// The address of the recorder that the script connects to the page's audio graph.
pub(super) const RECORDER: &str = "*/talk/test-recorder.js";

/// The answer to a request for the recorder, given in place of the service: the page's policy lets nothing else in.
pub(super) fn recorder(request_id: &Value) -> Value {
    json!({
        "requestId": request_id,
        "responseCode": 200,
        "responseHeaders": [{ "name": "content-type", "value": "text/javascript" }],
        "body": STANDARD.encode(include_str!("recorder.js")),
    })
}

/// Samples as the script encodes them.
pub(super) fn samples(base64: &Value) -> Vec<f64> {
    let bytes = STANDARD.decode(base64.as_str().expect("samples")).unwrap();
    bytes.chunks_exact(4).map(|sample| f64::from(f32::from_le_bytes(sample.try_into().unwrap()))).collect()
}
