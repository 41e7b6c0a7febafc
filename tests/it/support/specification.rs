//! Checks the service's answers against its published specification.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use reqwest::header::HeaderMap;
use reqwest::{Method, Request};
use serde_json::{Map, Value, json};

/// The published copy. Another test checks that the service serves the same.
const PUBLISHED: &str = include_str!("../../../docs/openapi.json");

/// The path of the candidate's pages. They are not part of HOC's interface, and have promises of their own.
const CANDIDATES: &str = "/talk";

/// The path for the operator's Prometheus. It is not part of HOC's interface either; its errors have the envelope.
const METRICS: &str = "/metrics";

/// Headers that HTTP itself adds.
const OF_HTTP: [&str; 5] = ["connection", "content-length", "content-type", "date", "transfer-encoding"];

static SPECIFICATION: LazyLock<Specification> = LazyLock::new(Specification::load);

/// The parts of a request on which the answer depends.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Whether there was an `Authorization` header, right or wrong.
    pub(crate) has_authorization: bool,
    /// Empty if it is not known.
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn new(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            has_authorization: request.headers().contains_key("authorization"),
            body: request.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_owned(),
        }
    }
}

struct Specification {
    document: Value,
    /// By path and method.
    operations: BTreeMap<(String, String), Operation>,
    /// For every header of answers, by lower-case name.
    headers: BTreeMap<String, Validator>,
    error: Validator,
}

struct Operation {
    needs_key: bool,
    request: Option<Validator>,
    responses: BTreeMap<String, Response>,
}

struct Response {
    /// Lower-case names, and whether the header is always present.
    headers: BTreeMap<String, bool>,
    /// By media type.
    bodies: BTreeMap<String, Validator>,
}

/// Fails unless the specification promises this answer. It says nothing about the candidate's page.
#[track_caller]
pub(super) fn check(asked: &Asked, status: u16, headers: &HeaderMap, body: &str) {
    if asked.path.starts_with(CANDIDATES) {
        return;
    }
    let specification = &*SPECIFICATION;
    if asked.path == METRICS && matches!(status, 200 | 401 | 405 | 429) {
        if status != 200 {
            assert_valid(&specification.error, body, asked);
        }
        return;
    }
    if !specification.knows(&asked.path) {
        assert_eq!(status, 404, "{asked:?} is not in the specification");
        return assert_valid(&specification.error, body, asked);
    }
    let Some(operation) = specification.operation(asked) else {
        assert_eq!(status, 405, "{asked:?} is not in the specification");
        assert_eq!(header(headers, "allow"), Some(specification.methods(&asked.path)), "{asked:?}");
        let operation = specification.any_operation(&asked.path);
        return specification.check_response(operation, asked, status, headers, body);
    };
    if operation.needs_key && !asked.has_authorization {
        assert_eq!(status, 401, "{asked:?} passed without a key");
    }
    if let (200..300, Some(request)) = (status, &operation.request) {
        assert_taken(request, asked);
    }
    specification.check_response(operation, asked, status, headers, body);
}

/// All operations with the statuses that they may answer: `post /webhook/trigger-call 200`.
pub(crate) fn documented_answers() -> Vec<String> {
    let operations = SPECIFICATION.operations.iter();
    let answers = operations.flat_map(|((path, method), operation)| {
        operation.responses.keys().map(move |status| format!("{method} {path} {status}"))
    });
    answers.collect()
}

/// The specification itself.
pub(crate) fn specification() -> &'static Value {
    &SPECIFICATION.document
}

/// What violates a schema of the specification in this value. Empty if the value is valid.
pub(crate) fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    let validator = validator(&SPECIFICATION.document, schema, true);
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

impl Specification {
    fn load() -> Self {
        let document: Value = serde_json::from_str(PUBLISHED).unwrap();
        let operations = members(&document["paths"]).flat_map(|(path, item)| {
            let document = &document;
            members(item).map(move |(method, operation)| {
                ((path.clone(), method.clone()), Operation::load(document, operation))
            })
        });
        let headers = members(&document["components"]["headers"])
            .map(|(name, header)| (name.to_lowercase(), validator(&document, &header["schema"], true)));
        Self {
            operations: operations.collect(),
            headers: headers.collect(),
            error: validator(&document, &json!({ "$ref": "#/components/schemas/Error" }), true),
            document: document.clone(),
        }
    }

    fn knows(&self, path: &str) -> bool {
        self.operations.keys().any(|(known, _)| known == path)
    }

    /// HEAD is answered like GET (RFC 9110, 9.3.2).
    fn operation(&self, asked: &Asked) -> Option<&Operation> {
        let method = if asked.method == Method::HEAD { "get" } else { &asked.method.as_str().to_lowercase() };
        self.operations.get(&(asked.path.clone(), method.to_owned()))
    }

    /// Any operation of the path, to look up what they have in common.
    fn any_operation(&self, path: &str) -> &Operation {
        self.operations.iter().find(|((known, _), _)| known == path).unwrap().1
    }

    /// The methods of a path in the format of `Allow`.
    fn methods(&self, path: &str) -> String {
        let methods = self.operations.keys().filter(|(known, _)| known == path);
        let named = methods.map(|(_, method)| match method.as_str() {
            "get" => "GET,HEAD".to_owned(),
            other => other.to_uppercase(),
        });
        named.collect::<Vec<_>>().join(",")
    }

    #[track_caller]
    fn check_response(
        &self,
        operation: &Operation,
        asked: &Asked,
        status: u16,
        headers: &HeaderMap,
        body: &str,
    ) {
        let response = operation.responses.get(&status.to_string());
        let response =
            response.unwrap_or_else(|| panic!("{status} to {asked:?} is not in the specification: {body}"));
        self.check_headers(response, headers, asked);
        if asked.method != Method::HEAD {
            check_body(response, headers, body, asked);
        }
    }

    #[track_caller]
    fn check_headers(&self, response: &Response, headers: &HeaderMap, asked: &Asked) {
        for (name, is_always_there) in &response.headers {
            let Some(value) = header(headers, name) else {
                assert!(!is_always_there, "{name} is missing in the answer to {asked:?}");
                continue;
            };
            let value = value.parse::<u64>().map_or_else(|_| json!(value), |number| json!(number));
            let is_valid =
                self.headers[name].is_valid(&value) || self.headers[name].is_valid(&json!(value.to_string()));
            assert!(is_valid, "{name}: {value} is not as specified, in the answer to {asked:?}");
        }
        for name in headers.keys().map(reqwest::header::HeaderName::as_str) {
            let is_known = OF_HTTP.contains(&name) || response.headers.contains_key(name);
            assert!(is_known, "{name} is not in the specification, in the answer to {asked:?}");
        }
    }
}

impl Operation {
    fn load(document: &Value, operation: &Value) -> Self {
        let request = operation.pointer("/requestBody/content/application~1json/schema");
        let responses = members(&operation["responses"]);
        Self {
            needs_key: operation["security"].as_array().is_some_and(|needed| !needed.is_empty()),
            request: request.map(|schema| validator(document, schema, false)),
            responses: responses
                .map(|(status, response)| (status.clone(), Response::load(document, response)))
                .collect(),
        }
    }
}

impl Response {
    fn load(document: &Value, response: &Value) -> Self {
        let headers = members(&response["headers"]).map(|(name, header)| {
            let definition =
                header["$ref"].as_str().and_then(|at| document.pointer(&at[1..])).unwrap_or(header);
            (name.to_lowercase(), definition["required"] == true)
        });
        let bodies = members(&response["content"])
            .map(|(media_type, content)| (media_type.clone(), validator(document, &content["schema"], true)));
        Self { headers: headers.collect(), bodies: bodies.collect() }
    }
}

#[track_caller]
fn check_body(response: &Response, headers: &HeaderMap, body: &str, asked: &Asked) {
    let media_type = header(headers, "content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default();
    let validator = response.bodies.get(media_type);
    let validator =
        validator.unwrap_or_else(|| panic!("{media_type:?} to {asked:?} is not in the specification"));
    if media_type == "application/json" {
        assert_valid(validator, body, asked);
    }
}

#[track_caller]
fn assert_valid(validator: &Validator, body: &str, asked: &Asked) {
    if asked.method == Method::HEAD {
        return;
    }
    let body = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body:?} to {asked:?}"));
    let complaints: Vec<_> =
        validator.iter_errors(&body).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(complaints.is_empty(), "{body} is not as specified: {complaints:#?}");
}

/// The specification must allow whatever the service accepts. HOC may also send the document as a string.
#[track_caller]
fn assert_taken(request: &Validator, asked: &Asked) {
    let text = String::from_utf8_lossy(&asked.body);
    let Ok(mut body) = serde_json::from_str::<Value>(text.trim_start_matches('\u{FEFF}')) else { return };
    if let Value::String(document) = &body {
        body = serde_json::from_str(document).unwrap();
    }
    let complaints: Vec<_> =
        request.iter_errors(&body).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(complaints.is_empty(), "{body} was taken and is not as specified: {complaints:#?}");
}

/// The header's value. Several are joined, as HTTP does.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// A validator for one schema of the document. A strict one refuses members that are not specified: callers must not
/// rely on their absence, but a test must notice them.
fn validator(document: &Value, schema: &Value, strict: bool) -> Validator {
    let mut root = json!({ "components": document["components"], "allOf": [schema] });
    if strict {
        for schema in root["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            close_members(schema);
        }
        root["unevaluatedProperties"] = json!(false);
    }
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(&root).unwrap()
}

/// Closes the objects in a schema's members and lists. Parts of a composition stay open: each of them sees only its own
/// members.
fn close_members(schema: &mut Value) {
    for part in ["allOf", "oneOf", "anyOf"] {
        schema.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten().for_each(close_members);
    }
    if let Some(items) = schema.get_mut("items") {
        close(items);
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    properties.values_mut().for_each(close);
}

fn close(schema: &mut Value) {
    close_members(schema);
    if schema["type"] != "object" || schema["properties"].is_object() {
        schema["unevaluatedProperties"] = json!(false);
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter()
}
