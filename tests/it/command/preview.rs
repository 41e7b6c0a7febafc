//! `preview` shows on a terminal what a trigger would do: with the configured upstreams, or from a file without any.

use std::process::ExitStatus;

use serde_json::{Value, json};

use crate::support::{CALLED, Program, Setup, TestApp, call, questionnaire, with};

const CANDIDATE: [&str; 9] = [
    "preview",
    "--campaign",
    "300",
    "--company",
    "Tech Startup GmbH",
    "--first",
    "Max",
    "--last",
    "Mustermann",
];

/// What a command printed to standard output and standard error, and how it ended.
struct Ran {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

async fn run<'a>(more: &[&str], environment: impl IntoIterator<Item = (&'a str, &'a str)>) -> Ran {
    let mut program = Program::run(&[&CANDIDATE[..], more].concat(), environment);
    let status = program.ended().await;
    let (stdout, stderr) = (program.stdout.to_end().await, program.stderr.to_end().await);
    Ran { status, stdout: stdout.join("\n"), stderr: stderr.join("\n") }
}

/// A file with this questionnaire.
fn file(questionnaire: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), questionnaire).unwrap();
    file
}

#[tokio::test]
async fn it_prints_what_the_service_answers() {
    let setup = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", "phnum_sandbox_sip");
    let ran = run(&["--to", CALLED, "--json"], setup.environment()).await;
    assert!(ran.status.success(), "{}", ran.stderr);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    let app = setup.start().await;
    let trigger = with(call(), json!({ "campaign_id": 300, "agent_phone_number_id": null }));
    assert_eq!(printed, app.preview(&trigger).await.json());
    assert_eq!(app.sandbox.elevenlabs.dial_count(), 0);
}

#[tokio::test]
async fn a_person_reads_everything_of_the_answer() {
    let setup = Setup::new().await;
    setup.sandbox.elevenlabs.allow_overrides(&["agent.language"]);
    let ran = run(&["--to", "+491234567890", "--from", "phnum_sandbox_sip"], setup.environment()).await;
    assert!(ran.status.success(), "{}", ran.stderr);
    let app = setup.start().await;
    let trigger = json!({
        "campaign_id": 300, "to_number": "+491234567890", "agent_phone_number_id": "phnum_sandbox_sip",
    });
    let data = app.preview(&with(call(), trigger)).await.assert_success();
    for text in ["prompt", "first_message", "candidate", "company", "to_number"] {
        assert!(ran.stdout.contains(data[text].as_str().unwrap()), "{text}");
    }
    for warning in data["warnings"].as_array().unwrap() {
        let line =
            format!("! {}\n  {}", warning["code"].as_str().unwrap(), warning["message"].as_str().unwrap());
        assert!(ran.stdout.contains(&line), "{line}");
    }
    for (name, value) in data["variables"].as_object().unwrap() {
        let line = format!("\n{name} = {}", value.as_str().unwrap().replace('\n', "\n    "));
        assert!(ran.stdout.contains(&line), "{line}");
    }
    for shown in [
        "through sip_trunk (/v1/convai/sip-trunk/outbound-call)",
        "9 questions, 3 facts",
        "3304 (contact_person)",
    ] {
        assert!(ran.stdout.contains(shown), "{shown}");
    }
    assert_eq!(ran.stderr, "");
}

#[tokio::test]
async fn no_database_is_opened() {
    let setup = Setup::new().await.set("DATABASE_URL", "sqlite:///no/such/directory/calls.db");
    let ran = run(&[], setup.environment()).await;
    assert!(ran.status.success(), "{}", ran.stderr);
}

#[tokio::test]
async fn a_file_is_previewed_without_settings_and_without_anybody_to_ask() {
    let file = file(&questionnaire().to_string());
    let path = file.path().to_str().unwrap();
    let ran = run(&["--to", CALLED, "--questionnaire", path, "--json"], []).await;
    assert!(ran.status.success(), "{}", ran.stderr);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
    // The same text as with upstreams that have the same questionnaire.
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(300, &questionnaire());
    let data = app.preview(&with(call(), json!({ "campaign_id": 300 }))).await.assert_success();
    for member in ["prompt", "first_message", "questionnaire", "overrides"] {
        assert_eq!(printed["data"][member], data[member], "{member}");
    }
    assert_eq!(printed["data"]["dialling"]["provider"], Value::Null);
    assert_eq!(printed["data"]["warnings"][0]["code"], "elevenlabs_not_asked");
    assert!(ran.stderr.is_empty());
}

#[tokio::test]
async fn a_file_that_is_no_questionnaire_is_shown_as_a_call_would_take_it() {
    let file = file("<html>");
    let ran = run(&["--questionnaire", file.path().to_str().unwrap()], []).await;
    assert!(ran.status.success(), "{}", ran.stderr);
    assert!(ran.stdout.contains("none (not_json)") && ran.stdout.contains("! questionnaire_unreadable"));
    assert!(ran.stdout.starts_with("Preview of a conversation link"));
}

#[tokio::test]
async fn what_is_wrong_is_named_by_the_option() {
    let file = file("{}");
    let path = file.path().to_str().unwrap();
    let ran = run(&["--to", "112", "--from", "+4930", "--questionnaire", path], []).await;
    assert_eq!((ran.status.code(), ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("--to is an emergency or short number"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("--from (or ELEVENLABS_AGENT_PHONE_NUMBER_ID) must be the id"),
        "{}",
        ran.stderr
    );

    let ran = run(&["--to", CALLED], Setup::new().await.environment()).await;
    assert!(ran.stderr.contains("must be given and not blank: --from"), "{}", ran.stderr);

    let ran = run(&["--questionnaire", "/no/such/file.json"], []).await;
    assert!(ran.stderr.contains("/no/such/file.json cannot be read"), "{}", ran.stderr);

    let ran = run(&[], []).await;
    assert!(ran.stderr.contains("ELEVENLABS_API_KEY is required"), "{}", ran.stderr);
}
