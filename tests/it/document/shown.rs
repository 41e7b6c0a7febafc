//! What the documents show is true: commands run, JSON is what the interface accepts and returns, and tables are
//! correct.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sellcruiting_webhook::sandbox::PHONE_NUMBER_TWILIO;
use serde_json::{Value, json};

use crate::support::{
    API, API_KEY, Document, README, Setup, TestApp, call, complaints, is_installed, link, run, specification,
    with,
};

/// A questionnaire for the commands that need a file.
const QUESTIONNAIRE: &str = include_str!("../../fixtures/questionnaires/daycare.json");

/// Blocks of commands that build, need Docker, would find fault with a deployment that is none (see `check`), or take
/// apart the link of a real one.
const NOT_RUN: [&str; 5] =
    ["cargo ", "docker ", "sellcruiting-webhook check ", "printf ", "benches/side_by_side/run"];

#[test]
fn every_json_block_is_as_specified() {
    let blocks = API.blocks("json");
    assert!(blocks.len() >= 6, "{}", blocks.len());
    for block in blocks {
        let value: Value = serde_json::from_str(&block).unwrap_or_else(|error| panic!("{error} in {block}"));
        assert_as_specified(&value);
    }
}

#[test]
fn the_answer_that_the_readme_shows_is_as_specified() {
    let blocks = README.blocks("text");
    let block = blocks.iter().find(|block| block.starts_with("HTTP/1.1 ")).unwrap();
    let (head, body) = block.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\n"));
    // It is wrapped where JSON allows white space.
    let body: Value = serde_json::from_str(body).unwrap();
    assert_as_specified(&body);
    for name in specification()["paths"]["/webhook/trigger-call"]["post"]["responses"]["200"]["headers"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| *name != "Idempotent-Replayed")
    {
        assert!(head.contains(&format!("\n{}: ", name.to_lowercase())), "{name}");
    }
}

#[track_caller]
fn assert_as_specified(value: &Value) {
    let schema = match value {
        _ if value["campaign_id"].is_number() => "TriggerCall",
        _ if value["data"]["mode"].is_string() => "Preview",
        _ if value["status"] == "success" => "Answer",
        _ if value["status"] == "error" => "Error",
        _ => "Health",
    };
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    assert_eq!(complaints(&schema, value), Vec::<String>::new(), "{value}");
}

#[tokio::test]
async fn every_command_runs_and_gets_the_answer_that_the_document_says() {
    if !is_installed("curl").await {
        return;
    }
    let readme = statuses(README).await;
    assert_eq!(readme, [vec![200], vec![], vec![200, 400, 200]]);
    let api = statuses(API).await;
    assert_eq!(api, [vec![], vec![200], vec![200]]);
}

/// Runs every block of commands. Returns the statuses that each showed.
async fn statuses(document: Document) -> Vec<Vec<u16>> {
    let blocks = document.blocks("sh");
    let mut shown = Vec::new();
    for block in blocks.iter().filter(|block| !NOT_RUN.iter().any(|command| block.starts_with(command))) {
        let setup = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_TWILIO);
        let app = setup.instance().await;
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("questionnaire.json"), QUESTIONNAIRE).unwrap();
        let block = block
            .replace("http://127.0.0.1:8080", &app.url)
            .replace("https://YOUR-SERVICE.onrender.com", &app.url);
        let path =
            format!("{}:{}", directory_of_the_binary(), std::env::var_os("PATH").unwrap().to_string_lossy());
        let mut environment: BTreeMap<_, _> = setup.environment().collect();
        environment.extend([("WEBHOOK_URL", app.url.as_str()), ("PATH", path.as_str())]);
        environment.insert("WEBHOOK_API_KEY", API_KEY);
        let output = run("sh", &["-euc", &block], directory.path(), environment).await;
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{block}\n{said}{}", String::from_utf8_lossy(&output.stderr));
        // A body without a line break has the next answer on the same line.
        let answers = said.split("HTTP/1.1 ").skip(1);
        shown.push(answers.map(|answer| answer[..3].parse().unwrap()).collect());
    }
    shown
}

fn directory_of_the_binary() -> &'static str {
    Path::new(env!("CARGO_BIN_EXE_sellcruiting-webhook")).parent().unwrap().to_str().unwrap()
}

#[tokio::test]
async fn telephone_numbers_are_taken_as_the_table_says() {
    let app = TestApp::start().await;
    let (mut taken, mut refused) = (0, 0);
    for row in API.rows() {
        let [written, result] = row[..] else { continue };
        let Some(written) = quoted(written).filter(|text| text.contains(|c: char| c.is_ascii_digit())) else {
            continue;
        };
        if written.contains('…') {
            continue;
        }
        let reply = app.preview(&with(call(), json!({ "to_number": written }))).await;
        if let Some(normalised) = quoted(result).filter(|text| text.starts_with('+')) {
            assert_eq!(reply.assert_success()["to_number"], normalised, "{written}");
            taken += 1;
        } else {
            reply.assert_invalid(&["to_number"]);
            refused += 1;
        }
    }
    assert!(taken >= 8 && refused >= 7, "{taken} {refused}");
}

/// What stands in backticks at the start of a cell.
fn quoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.split('`').next()
}

#[test]
fn the_table_of_errors_is_that_of_the_specification() {
    let mut listed = BTreeSet::new();
    for row in API.rows() {
        let Some(status) = row.first().and_then(|cell| cell.parse::<u16>().ok()) else { continue };
        if let (5, Some(error)) = (row.len(), row.get(1).and_then(|cell| quoted(cell))) {
            listed.insert((status.to_string(), error.to_owned()));
        }
    }
    // An unknown path has no place in a specification.
    assert!(listed.remove(&("404".to_owned(), "Not found".to_owned())));
    let responses = &specification()["paths"]["/webhook/trigger-call"]["post"]["responses"];
    let specified = responses.as_object().unwrap().iter().flat_map(|(status, response)| {
        let words = response.pointer("/content/application~1json/schema/allOf/1/properties/error/enum");
        let words = words.and_then(Value::as_array).into_iter().flatten();
        words.map(move |word| (status.clone(), word.as_str().unwrap().to_owned()))
    });
    assert_eq!(listed, specified.collect());
}

#[tokio::test]
async fn the_document_s_trigger_is_taken() {
    let app = TestApp::start().await;
    let trigger: Value = serde_json::from_str(&API.blocks("json")[0]).unwrap();
    let known = json!({ "agent_phone_number_id": PHONE_NUMBER_TWILIO });
    app.trigger(&with(trigger, known)).await.assert_success();
    app.trigger(&link()).await.assert_success();
}
