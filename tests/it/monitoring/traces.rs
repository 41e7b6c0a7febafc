//! What a collector receives: one span per step, in the caller's trace, and nothing about a person. The collector may
//! be down.

use std::fmt::Write;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{AgentManner, DialFault, Fault};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{
    Collector, FIRST_NAME, LAST_NAME, SECRETS, Service, Setup, attributes, call, link, person, questionnaire,
    with,
};

/// The caller's trace and span, in W3C notation.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

async fn traced() -> (Collector, Service) {
    let collector = Collector::start().await;
    let setup = Setup::new().await.set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    (collector, setup.set("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=open%20sesame").launch().await)
}

fn hex(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

#[tokio::test]
async fn a_call_is_one_trace_with_a_span_for_each_step() {
    let (collector, mut service) = traced().await;
    let request = service.post().header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    service.send(request.header("x-request-id", "it-traced").json(&call())).await.assert_success();
    let log = service.stop().await;
    let spans = collector.spans();
    let request = spans.request("it-traced");
    assert_eq!(request.name, "/webhook/trigger-call");
    assert_eq!((hex(&request.trace_id).as_str(), hex(&request.parent_span_id).as_str()), (TRACE, PARENT));
    assert_eq!(attributes(request)["http.response.status_code"], "200");
    let mut steps = spans.children(request);
    // These two run concurrently.
    steps[1..3].sort_unstable();
    assert_eq!(
        steps,
        ["claim", "phone_number", "questionnaire", "interview", "dial_gate", "begin_dial", "dial", "settle"]
    );
    assert_eq!(attributes(spans.only("dial"))["outcome"], "placed");
    let placed: serde_json::Value =
        serde_json::from_str(log.iter().find(|line| line.contains("call placed")).unwrap()).unwrap();
    assert_eq!(placed["span"]["request_id"], "it-traced", "the log goes on showing requests, not steps");
    for span in [request, spans.only("claim"), spans.only("dial"), spans.only("settle")] {
        assert_eq!(attributes(span)["call_id"], placed["call_id"], "{}", span.name);
    }
    assert!(collector.headers().iter().all(|headers| headers["x-collector-key"] == "open sesame"));
}

#[tokio::test]
async fn hoc_is_told_the_trace_and_elevenlabs_is_not() {
    let (collector, mut service) = traced().await;
    let request = service.post().header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    service.send(request.json(&call())).await.assert_success();
    service.stop().await;
    let asked = service.sandbox.hoc.requests().remove(0);
    let step = hex(&collector.spans().only("questionnaire").span_id);
    assert_eq!(asked.headers["traceparent"], format!("00-{TRACE}-{step}-01"));
    for asked in service.sandbox.elevenlabs.requests() {
        assert!(!asked.headers.contains_key("traceparent"), "{asked:?}");
    }
}

#[tokio::test]
async fn a_caller_without_a_trace_or_with_nonsense_begins_one() {
    let (collector, mut service) = traced().await;
    let cases =
        [("it-none", "", 201), ("it-nonsense", "00-zz-MARKER-01", 202), ("it-zero", "00-0-0-00", 203)];
    for (id, traceparent, campaign) in cases {
        let request = service.post().header("x-request-id", id).header("traceparent", traceparent);
        // Each has its own campaign, so that HOC is asked every time.
        let trigger = with(link(), json!({ "campaign_id": campaign }));
        service.send(request.json(&trigger)).await;
    }
    service.stop().await;
    let spans = collector.spans();
    for id in ["it-none", "it-nonsense", "it-zero"] {
        let request = spans.request(id);
        assert!(request.parent_span_id.is_empty());
        assert_eq!(spans.children(request), ["questionnaire", "interview"]);
    }
}

#[tokio::test]
async fn what_failed_is_marked_with_its_reason() {
    let (collector, mut service) = traced().await;
    service.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    service.sandbox.elevenlabs.next_dial(DialFault::NotPlaced(Fault::status(StatusCode::PAYMENT_REQUIRED)));
    service.trigger(&call()).await.assert_error(502, "API call failed");
    service.stop().await;
    let spans = collector.spans();
    for (step, reason) in [("questionnaire", "unknown_campaign"), ("dial", "out_of_credits")] {
        let span = spans.only(step);
        assert_eq!(attributes(span)["error.type"], reason);
        assert_eq!(span.status.as_ref().unwrap().message, reason);
    }
    assert_eq!(attributes(spans.only("dial"))["outcome"], "refused");
}

#[tokio::test]
async fn a_talk_is_a_span_and_its_agent_another() {
    let (collector, mut service) = traced().await;
    service.sandbox.elevenlabs.set_agent_manner(AgentManner::Scripted);
    let (mut page, _agent) = service.invite().await.talk(&service.sandbox.elevenlabs).await;
    page.press_end().await;
    page.end().await;
    service.stop().await;
    let spans = collector.spans();
    let talk = spans.only("talk");
    assert_eq!(attributes(talk)["outcome"], "candidate");
    let session = spans.only("/talk/{token}/session");
    assert_eq!(talk.parent_span_id, session.span_id);
    assert_eq!(spans.only("agent_connection").parent_span_id, session.span_id);
}

#[tokio::test]
async fn no_span_tells_about_a_person_or_holds_a_secret() {
    let (collector, mut service) = traced().await;
    service.sandbox.hoc.set_questionnaire(7, &questionnaire());
    service.trigger(&with(call(), person())).await.assert_success();
    service.trigger(&with(call(), person())).await.assert_success();
    let invited = service.invite_to(&with(link(), person())).await;
    service.get(&format!("/talk/{}", invited.token)).await.assert_page(200);
    service.get("/MARKER?MARKER").await.assert_error(404, "Not found");
    service.trigger_as(Some("Bearer MARKER"), &call()).await.assert_error(401, "Invalid API key");
    service.stop().await;
    let raw = collector.raw();
    assert!(raw.contains("questionnaire") && raw.contains("sellcruiting-webhook"), "{raw}");
    for private in SECRETS.into_iter().chain([
        "Mirabellenwerk",
        FIRST_NAME,
        LAST_NAME,
        "applicant-8472",
        "23125",
        "MARKER",
        &invited.token,
        "src/",
    ]) {
        assert!(!raw.contains(private), "{private}");
    }
    for line in questionnaire().to_string().split('"').filter(|text| text.len() >= 12 && text.contains(' ')) {
        assert!(!raw.contains(line), "{line}");
    }
}

#[tokio::test]
async fn a_collector_that_is_gone_or_never_answers_costs_no_call_anything() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = (format!("http://{}", silent.local_addr().unwrap()), Some(silent));
    for (url, _open) in [("http://127.0.0.1:1".to_owned(), None), silent] {
        let mut service = Setup::new().await.set("OTEL_EXPORTER_OTLP_ENDPOINT", url).launch().await;
        let start = Instant::now();
        for _ in 0..20 {
            service.trigger(&link()).await.assert_success();
        }
        service.trigger(&call()).await.assert_success();
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let stopping = Instant::now();
        service.stop().await;
        assert!(stopping.elapsed() < Duration::from_secs(6), "{:?}", stopping.elapsed());
    }
}

#[tokio::test]
async fn that_a_collector_is_gone_stands_in_the_log_once() {
    let setup = Setup::new().await.set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
    let mut service = setup.launch().await;
    service.trigger(&link()).await.assert_success();
    let lines = service.stop().await;
    assert_eq!(
        lines.iter().filter(|line| line.contains("traces cannot be delivered")).count(),
        1,
        "{lines:#?}"
    );
}

#[tokio::test]
async fn without_a_collector_nothing_is_told_to_hoc() {
    let mut service = Setup::new().await.launch().await;
    let request = service.post().header("traceparent", format!("00-{TRACE}-{PARENT}-01"));
    service.send(request.json(&link())).await.assert_success();
    service.stop().await;
    assert!(!service.sandbox.hoc.requests()[0].headers.contains_key("traceparent"));
}
