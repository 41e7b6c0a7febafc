//! Nothing about a person, and no secret, is ever logged, at any level.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{self, Answer, DialFault, Fault};
use serde_json::{Value, json};

use crate::support::{
    API_KEY, APPLICANT, COMPANY, FIRST_NAME, LAST_NAME, SECRETS, Setup, call, person, questionnaire,
    sentences, with, without,
};

/// The last three digits of the telephone numbers, of which [`trigger`]'s are the first. 030 23125 000 to 999 are
/// reserved for fiction.
const LAST_DIGITS: [&str; 6] = ["077", "507", "517", "527", "537", "547"];

fn trigger() -> Value {
    let number = json!({ "to_number": format!("030 23125 {}", LAST_DIGITS[0]) });
    with(with(call(), person()), number)
}

/// What must not be found in a log after one call to [`trigger`].
fn private(dial: &Value) -> BTreeSet<String> {
    let mut private = sentences([&questionnaire(), dial]);
    // Ids say nothing about a person.
    let call_id = dial["conversation_initiation_client_data"]["user_id"].as_str().unwrap();
    for id in [call_id, sandbox::AGENT_ID, sandbox::PHONE_NUMBER_TWILIO] {
        private.remove(id);
    }
    assert!(private.len() > 60, "the prompt's sentences are looked for, too: {private:?}");
    private.extend(SECRETS.map(str::to_owned));
    let others = [FIRST_NAME, LAST_NAME, COMPANY, APPLICANT, "3023125", "MARKER", "%22", "talk-to"];
    private.extend(others.map(str::to_owned));
    // As they were sent, and without spaces. Where they are normalised, they contain the area code's end, too.
    private.extend(LAST_DIGITS.map(|digits| format!("23125 {digits}")));
    private.extend(LAST_DIGITS.map(|digits| format!("23125{digits}")));
    private
}

#[tokio::test]
async fn a_log_at_its_most_talkative_holds_no_name_number_prompt_or_secret() {
    let mut service =
        Setup::new().await.set("RUST_LOG", "trace").set("QUESTIONNAIRE_TTL", "0").launch().await;
    let (hoc, elevenlabs) = (&service.sandbox.hoc, &service.sandbox.elevenlabs);
    let upstream_error = |status| {
        let body = json!({ "detail": { "status": "MARKER", "message": "MARKER +493023125077" } });
        Answer::json(status, &body).header("x-marker", "MARKER")
    };

    // A call and a link that succeed.
    hoc.set_questionnaire(7, &questionnaire());
    service.trigger(&trigger()).await.assert_success();
    let dial = elevenlabs.dials().remove(0).body;
    let data = service.trigger(&without(trigger(), "to_number")).await.assert_success();
    let token = data["conversation_link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();

    // Previews of both. Their answers contain everything that must not be logged.
    for previewed in [trigger(), without(trigger(), "to_number")] {
        assert!(service.preview(&previewed).await.assert_success().to_string().contains(LAST_NAME));
    }

    // Upstreams in trouble.
    hoc.next(Fault::Answer(upstream_error(StatusCode::INTERNAL_SERVER_ERROR)));
    hoc.next(Fault::Answer(Answer::raw(StatusCode::OK, "text/html", "<p>MARKER</p>")));
    service.trigger(&without(trigger(), "to_number")).await.assert_success();
    for (digits, fault) in LAST_DIGITS[1..].iter().zip([
        DialFault::Refused { message: "MARKER +493023125077".to_owned() },
        DialFault::NotPlaced(Fault::Answer(upstream_error(StatusCode::UNPROCESSABLE_ENTITY))),
        DialFault::Placed(Fault::Answer(upstream_error(StatusCode::INTERNAL_SERVER_ERROR))),
        DialFault::Placed(Fault::Answer(Answer::raw(StatusCode::OK, "text/html", "MARKER"))),
        DialFault::Placed(Fault::Close),
    ]) {
        elevenlabs.next_dial(fault);
        let number = format!("030 23125 {digits}");
        let reply = service.trigger(&with(trigger(), json!({ "to_number": number }))).await;
        // Placed calls are found in the list of conversations.
        assert!(reply.status >= 500 || reply.status == 200, "{reply:?}");
    }

    // Callers that do everything wrong.
    service
        .trigger(&with(trigger(), json!({ "to_number": "030 23125077 MARKER" })))
        .await
        .assert_invalid(&["to_number"]);
    let invalid =
        with(trigger(), json!({ "candidate_first_name": FIRST_NAME.repeat(30), "campaign_id": "MARKER" }));
    assert_eq!(service.trigger(&invalid).await.status, 400);
    assert_eq!(service.trigger_raw(format!("{FIRST_NAME} {LAST_NAME}")).await.status, 400);
    assert_eq!(service.trigger_as(Some("Bearer MARKER"), &trigger()).await.status, 401);
    assert_eq!(service.trigger_as(Some(&format!("Basic {API_KEY}")), &trigger()).await.status, 401);
    assert_eq!(service.get(&format!("/webhook/{LAST_NAME}?key={API_KEY}&to=23125077")).await.status, 404);
    let odd =
        service.post().header("x-request-id", format!("{FIRST_NAME} {LAST_NAME}")).header("x-note", "MARKER");
    service.send(odd.json(&without(trigger(), "to_number"))).await.assert_success();

    let log = service.stop().await.join("\n");
    // The log was on, and at its most verbose.
    assert!(log.contains("call placed") && log.contains("+49…077"), "{log}");
    assert!(log.contains("\"level\":\"DEBUG\"") || log.contains("\"level\":\"TRACE\""), "{log}");
    for private in private(&dial).into_iter().chain([token]) {
        let found = log.lines().find(|line| line.contains(&private));
        assert_eq!(found, None, "the log holds {private:?}");
    }
}

#[tokio::test]
async fn a_start_that_fails_shows_no_setting() {
    let setup = Setup::new()
        .await
        .set("PORT", "MARKER")
        .set("ELEVENLABS_AGENT_ID", "MARKER +493023125077")
        .set("ELEVENLABS_API_URL", "https://user:MARKER@example.org")
        .set("LINK_TTL", "MARKER")
        .set("RUST_LOG", "trace");
    let mut program = setup.run();
    assert!(!program.ended().await.success());
    let written = [program.stdout.to_end().await, program.stderr.to_end().await].concat().join("\n");
    assert!(written.contains("ELEVENLABS_AGENT_ID"), "{written}");
    for secret in SECRETS.into_iter().chain(["MARKER", "23125077"]) {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
}

/// The bytes of a database file and of its log.
fn on_disk(directory: &Path) -> String {
    let files =
        std::fs::read_dir(directory).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[tokio::test]
async fn a_database_file_holds_no_name_number_prompt_or_secret() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", directory.path().join("calls.db").display());
    let app = Setup::new().await.set("DATABASE_URL", url).start().await;
    let (hoc, elevenlabs) = (&app.sandbox.hoc, &app.sandbox.elevenlabs);
    hoc.set_questionnaire(7, &questionnaire());
    app.trigger(&trigger()).await.assert_success();
    let dial = app.only_dial().body;
    app.trigger(&trigger()).await.assert_success();
    app.trigger_with_key("MARKER-key", &trigger()).await.assert_success();
    let link = without(trigger(), "to_number");
    let data = app.trigger_with_key("MARKER-link", &link).await.assert_success();
    let token = data["conversation_link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let message = "MARKER +493023125077".to_owned();
    elevenlabs.next_dial(DialFault::FailedToConnect { message, sip_status: 486 });
    app.trigger_with_key("MARKER-refused", &trigger()).await.assert_error(502, "API call failed");
    elevenlabs.hide_new_conversations();
    let answer = Answer::json(StatusCode::BAD_GATEWAY, &json!({ "detail": "MARKER" }));
    elevenlabs.next_dial(DialFault::Placed(Fault::Answer(answer)));
    app.trigger_with_key("MARKER-unknown", &trigger()).await.assert_error(504, "Call outcome unknown");

    let kept = on_disk(directory.path());
    for conversation in &elevenlabs.conversations()[..2] {
        assert!(kept.contains(&conversation.conversation_id), "this is the file");
    }
    let agent = &dial["conversation_initiation_client_data"]["conversation_config_override"]["agent"];
    let mut private = private(&dial);
    private.insert(token);
    // The first message is stored without its names; its job and place are nobody's secret.
    private.remove(agent["first_message"].as_str().unwrap());
    for public in ["campaignrole_title", "campaignlocation_label"] {
        private.remove(questionnaire()[public].as_str().unwrap());
    }
    for secret in &private {
        assert!(!kept.contains(secret), "the database holds {secret:?}");
    }
    assert!(kept.contains("Guten Tag {first_name} {last_name}, hier spricht Susi von {company}"));
}
