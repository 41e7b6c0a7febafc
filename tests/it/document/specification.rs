//! The published specification is what the service does. That every answer in every test matches it is checked where
//! answers are read (`support::specification`).

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Method;
use sellcruiting_webhook::config::{Config, WrongKeyLimits};
use sellcruiting_webhook::sandbox::{DialFault, Fault, Gate, PHONE_NUMBER_TWILIO};
use serde_json::{Value, json};

use crate::support::{
    API_KEY, NO_SERVER, Program, Setup, TestApp, call, complaints, documented_answers, link, specification,
    with,
};

const PUBLISHED: &str = include_str!("../../../docs/openapi.json");

const TRIGGER: &str = "/webhook/trigger-call";
const PREVIEW: &str = "/webhook/preview-call";

#[tokio::test]
async fn the_published_copy_is_what_the_service_serves_and_the_command_prints() {
    let reply = TestApp::start().await.get("/openapi.json").await;
    assert_eq!(reply.status, 200);
    let mut program = Program::run(&["openapi"], []);
    assert_eq!(program.ended().await.code(), Some(0));
    let printed = program.stdout.to_end().await.join("\n") + "\n";
    for (from, text) in [("GET /openapi.json", &reply.text), ("openapi", &printed)] {
        let is_published = text == PUBLISHED;
        assert!(
            is_published,
            "{from} differs from docs/openapi.json: cargo run -- openapi > docs/openapi.json"
        );
    }
}

/// Only a panic makes these answer 500. A test next to the router shows that it does.
const NOT_PROVOKED: [&str; 4] =
    ["get /docs 500", "get /openapi.json 500", "get /webhook/health 500", "get /webhook/ready 500"];

#[tokio::test]
async fn every_documented_answer_can_be_had() {
    let mut had = answers_of_a_service_that_is_well().await;
    had.extend(answers_of_a_service_in_trouble().await);
    had.extend(NOT_PROVOKED.map(str::to_owned));
    assert_eq!(had, documented_answers().into_iter().collect());
}

async fn answers_of_a_service_that_is_well() -> BTreeSet<String> {
    let impatient = |config: &mut Config| {
        config.store.duplicates.patience = Duration::from_millis(300);
        config.wrong_keys = WrongKeyLimits { free: 0, held_of_address: 0, ..WrongKeyLimits::default() };
    };
    let app = Setup::new().await.adjust(impatient).start().await;
    let mut had = BTreeSet::new();
    for path in ["/webhook/health", "/webhook/ready", "/openapi.json", "/docs"] {
        had.insert(format!("get {path} {}", app.get(path).await.status));
        had.insert(format!("get {path} {}", app.ask(Method::DELETE, path).await.status));
    }
    for status in [
        app.preview(&call()).await.status,
        app.preview(&json!({})).await.status,
        app.send(app.request(Method::POST, PREVIEW).json(&link())).await.status,
        app.ask(Method::PUT, PREVIEW).await.status,
        app.send(app.post_preview().body(vec![b' '; 70_000])).await.status,
        app.send(app.request(Method::POST, PREVIEW).bearer_auth("wrong").json(&link())).await.status,
    ] {
        had.insert(format!("post {PREVIEW} {status}"));
    }
    let campaign = |id: u64| with(call(), json!({ "campaign_id": id }));
    let mut statuses = vec![
        app.trigger(&link()).await.status,
        app.trigger(&json!({})).await.status,
        app.trigger_as(None, &link()).await.status,
        app.ask(Method::PUT, TRIGGER).await.status,
        app.trigger_raw(vec![b' '; 70_000]).await.status,
        app.trigger(&campaign(429)).await.status,
        app.trigger(&campaign(402)).await.status,
        app.trigger(&campaign(604)).await.status,
        app.trigger_with_key("key", &link()).await.status,
        app.trigger_with_key("key", &with(link(), json!({ "campaign_id": 100 }))).await.status,
    ];
    let gate = Gate::new();
    app.sandbox.elevenlabs.next_dial(DialFault::Placed(Fault::HoldUntil(gate.clone())));
    let (dials, first) = (app.sandbox.elevenlabs.dial_count() + 1, call());
    let meanwhile = async {
        app.sandbox.elevenlabs.wait_for_dials(dials).await;
        statuses.push(app.trigger(&call()).await.status);
        gate.open();
    };
    tokio::join!(app.trigger(&first), meanwhile);
    had.extend(statuses.into_iter().map(|status| format!("post {TRIGGER} {status}")));
    had
}

async fn answers_of_a_service_in_trouble() -> BTreeSet<String> {
    let broken = tempfile::tempdir().unwrap();
    let fails = "{% if company == 'Fehler GmbH' %}{{ company.secret.member }}{% endif %}";
    let template = format!("{}{fails}", include_str!("../../../templates/first_message.txt").trim_end());
    std::fs::write(broken.path().join("first_message.txt"), template).unwrap();
    let setup = Setup::new().await.set("TEMPLATES_DIR", broken.path().to_str().unwrap());
    let app = setup.set("DATABASE_URL", NO_SERVER).start().await;
    let fails = with(link(), json!({ "company_name": "Fehler GmbH" }));
    let (called, failed, shown, ready) = tokio::join!(
        async { app.trigger(&call()).await.status },
        async { app.trigger(&fails).await.status },
        async { app.preview(&fails).await.status },
        async { app.get("/webhook/ready").await.status },
    );
    [
        format!("post {TRIGGER} {called}"),
        format!("post {TRIGGER} {failed}"),
        format!("post {PREVIEW} {shown}"),
        format!("get /webhook/ready {ready}"),
    ]
    .into()
}

#[tokio::test]
async fn every_example_of_a_request_is_taken() {
    for path in [TRIGGER, PREVIEW] {
        take_examples(path).await;
    }
}

async fn take_examples(path: &str) {
    let operation = &specification()["paths"][path]["post"];
    let content = &operation["requestBody"]["content"]["application/json"];
    let examples = content["examples"].as_object().unwrap();
    assert!(examples.len() >= 3);
    for (name, example) in examples {
        let mut body = example["value"].clone();
        assert_eq!(complaints(&content["schema"], &body), Vec::<String>::new(), "{name}");
        if !body["agent_phone_number_id"].is_null() {
            // The simulated ElevenLabs knows only its own numbers.
            body["agent_phone_number_id"] = json!(PHONE_NUMBER_TWILIO);
        }
        let app = TestApp::start().await;
        app.send(app.request(Method::POST, path).bearer_auth(API_KEY).json(&body)).await.assert_success();
    }
}

#[test]
fn every_example_of_an_answer_is_as_specified() {
    let mut count = 0;
    for (at, response) in responses() {
        for (media_type, content) in response["content"].as_object().unwrap() {
            let Some(examples) = content["examples"].as_object() else { continue };
            for (name, example) in examples {
                assert_eq!(
                    complaints(&content["schema"], &example["value"]),
                    Vec::<String>::new(),
                    "{at} {media_type} {name}"
                );
                count += 1;
            }
        }
    }
    assert!(count > 25, "{count}");
}

#[test]
fn an_error_s_examples_are_all_its_words() {
    for (at, response) in responses() {
        let content = &response["content"]["application/json"];
        let Some(words) = content["schema"].pointer("/allOf/1/properties/error/enum") else { continue };
        let shown: BTreeSet<_> = content["examples"]
            .as_object()
            .unwrap()
            .values()
            .map(|example| example["value"]["error"].to_string())
            .collect();
        let words = words.as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!(shown, words, "{at}");
    }
}

#[test]
fn everything_in_it_is_described() {
    let undescribed: Vec<_> = described_places().into_iter().filter(|(_, text)| text.is_empty()).collect();
    assert_eq!(undescribed, []);
}

/// Every place that should have a description, with the description it has.
fn described_places() -> Vec<(String, String)> {
    let document = specification();
    let mut places = vec![("info".to_owned(), description(&document["info"]))];
    let mut add = |at: String, value: &Value| places.push((at, description(value)));
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            add(format!("{method} {path}"), operation);
            add(format!("{method} {path}, summary"), &json!({ "description": operation["summary"] }));
            for parameter in operation["parameters"].as_array().unwrap() {
                add(format!("{method} {path} {}", parameter["name"]), parameter);
            }
        }
    }
    for (at, response) in responses() {
        add(at, response);
    }
    let components = &document["components"];
    for kind in ["schemas", "headers", "securitySchemes"] {
        for (name, component) in components[kind].as_object().unwrap() {
            add(name.clone(), component);
            for (member, schema) in members(component) {
                add(format!("{name}.{member}"), schema);
            }
        }
    }
    assert!(places.len() > 80, "{}", places.len());
    places
}

fn description(value: &Value) -> String {
    value["description"].as_str().unwrap_or_default().to_owned()
}

/// The members of a type, including those in its parts.
fn members(schema: &Value) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
    for part in ["allOf", "oneOf", "anyOf"] {
        members.extend(schema[part].as_array().into_iter().flatten().flat_map(self::members));
    }
    members
}

fn responses() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = specification()["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.flat_map(|(at, operation)| {
        let responses = operation["responses"].as_object().unwrap();
        responses.iter().map(move |(status, response)| (format!("{at} {status}"), response))
    })
}
