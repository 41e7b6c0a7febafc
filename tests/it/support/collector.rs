//! An OpenTelemetry collector that stores what the service sends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;

/// A collector that runs until the test ends.
#[derive(Debug)]
pub(crate) struct Collector {
    pub(crate) url: String,
    received: Arc<Mutex<Received>>,
}

#[derive(Debug, Default)]
struct Received {
    headers: Vec<HeaderMap>,
    bodies: Vec<Bytes>,
}

/// All spans received.
#[derive(Debug)]
pub(crate) struct Spans(pub(crate) Vec<Span>);

impl Collector {
    pub(crate) async fn start() -> Self {
        let received = Arc::<Mutex<Received>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, received }
    }

    /// The headers of every export request.
    pub(crate) fn headers(&self) -> Vec<HeaderMap> {
        self.received.lock().unwrap().headers.clone()
    }

    /// Everything as it came over the wire.
    pub(crate) fn raw(&self) -> String {
        let received = self.received.lock().unwrap();
        received.bodies.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect()
    }

    /// Everything, decoded into spans.
    pub(crate) fn spans(&self) -> Spans {
        let received = self.received.lock().unwrap();
        let requests =
            received.bodies.iter().map(|body| ExportTraceServiceRequest::decode(body.clone()).unwrap());
        let scopes =
            requests.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
        Spans(scopes.flat_map(|scope| scope.spans).collect())
    }
}

async fn take(State(received): State<Arc<Mutex<Received>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut received = received.lock().unwrap();
    received.headers.push(headers);
    received.bodies.push(body);
    StatusCode::OK
}

impl Spans {
    /// The only span with this name.
    #[track_caller]
    pub(crate) fn only(&self, name: &str) -> &Span {
        let found: Vec<_> = self.0.iter().filter(|span| span.name == name).collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", self.names());
        found[0]
    }

    /// The span of the request with this id.
    #[track_caller]
    pub(crate) fn request(&self, id: &str) -> &Span {
        let found =
            self.0.iter().find(|span| attributes(span).get("request_id").is_some_and(|found| found == id));
        found.unwrap_or_else(|| panic!("no {id} among {:?}", self.names()))
    }

    /// The names of this span's children, in the order in which they started.
    pub(crate) fn children(&self, parent: &Span) -> Vec<&str> {
        let of = |span: &&Span| span.parent_span_id == parent.span_id && span.trace_id == parent.trace_id;
        let mut children: Vec<_> = self.0.iter().filter(of).collect();
        children.sort_by_key(|span| span.start_time_unix_nano);
        children.into_iter().map(|span| span.name.as_str()).collect()
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|span| span.name.as_str()).collect()
    }
}

/// A span's attributes as text.
pub(crate) fn attributes(span: &Span) -> BTreeMap<String, String> {
    let text = |value: &opentelemetry_proto::tonic::common::v1::AnyValue| {
        use opentelemetry_proto::tonic::common::v1::any_value::Value;
        match value.value.as_ref().unwrap() {
            Value::StringValue(text) => text.clone(),
            Value::IntValue(number) => number.to_string(),
            other => format!("{other:?}"),
        }
    };
    let known =
        span.attributes.iter().filter_map(|pair| Some((pair.key.clone(), text(pair.value.as_ref()?))));
    known.collect()
}
