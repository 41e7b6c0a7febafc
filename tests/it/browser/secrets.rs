//! What a candidate's browser receives, and from whom: the page, its files, every frame, and nobody else.

use std::collections::BTreeSet;

use reqwest::{Method, Url};
use sellcruiting_webhook::sandbox::{self, SocketEnd};
use serde_json::{Value, json};

use super::talking;
use crate::support::browser::{Candidate, Look, Microphone, Tab};
use crate::support::{SECRETS, Setup, link, questionnaire, with};

/// All texts in a JSON value, line by line, that are too long to occur by chance.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let lines = text.lines().map(|line| line.trim_matches(['#', '-', ' ']));
            found.extend(lines.filter(|line| line.chars().count() >= 16).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                // The names of variables reveal how Susi is instructed.
                found.extend((name.len() >= 12).then(|| name.clone()));
                texts(member, found);
            }
        }
        _ => {}
    }
}

/// Everything the agent is given, and every key. The company's and the candidate's name are excluded: the page must
/// show them.
fn secrets(initiation: &Value) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    texts(initiation, &mut secrets);
    texts(&questionnaire(), &mut secrets);
    assert!(secrets.len() > 60, "{secrets:?}");
    secrets.extend(SECRETS.into_iter().chain([sandbox::AGENT_ID]).map(str::to_owned));
    secrets.extend(
        ["applicant-8472-x", "conversation_signature", "Quittenleiter", "sellcruiting_", "MARKER"]
            .map(str::to_owned),
    );
    secrets
}

/// Everything the browser received: each resource it requested, requested again, and each frame.
async fn everything(candidate: &Candidate, tab: &Tab) -> String {
    let evidence = tab.evidence();
    let mut everything = evidence.texts.join("\n");
    let own: BTreeSet<_> = evidence.requests.iter().filter(|url| url.starts_with("http")).collect();
    assert!(own.len() > 15, "the page and its files were seen: {own:?}");
    for url in own {
        let path = url.strip_prefix(&candidate.app.url).expect("a request to the service");
        let answer = candidate.app.request(Method::GET, path).send().await.unwrap();
        let headers = format!("{:?}", answer.headers());
        everything.extend(["\n", &headers, "\n", &answer.text().await.unwrap()]);
    }
    everything
}

#[tokio::test]
async fn a_whole_talk_tells_the_browser_nothing_of_what_susi_is_told() {
    let setup = Setup::new().await;
    setup.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = with(link(), json!({ "campaign_id": 7, "applicant_id": "applicant-8472-x" }));
    let Some(candidate) = Candidate::invited_to(setup, &trigger, Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    let agent = candidate.begins_talk(&tab).await;
    let initiation = agent.initiation().expect("what Susi was told");
    assert!(initiation.to_string().contains("Quittenleiter"), "she was told of the questionnaire");
    // Her first words are said aloud. Everything else that the agent's side can send is for the service alone.
    let first_message = &initiation["conversation_config_override"]["agent"]["first_message"];
    let first_message = first_message.as_str().expect("her first words");
    agent.send_ping(1, Some(50));
    agent.send_tool_call("MARKER-tool", "MARKER-call", 2);
    agent.send_unknown_event();
    agent.send(json!({ "type": "internal_tentative_agent_response",
        "tentative_agent_response_internal_event": { "tentative_agent_response": "MARKER-thought" } }));
    agent.say(first_message);
    tab.reads(first_message).await;
    agent.interrupt();
    agent.send_user_transcript("Ja, gern.", 90);
    tab.reads("Ja, gern.").await;
    agent.send_audio(&[1_000; 8_000], 91);
    agent.send_error(1011, "MARKER-error", "MARKER-message");
    agent.close(1000, "");
    assert!(matches!(agent.wait_for_end().await, Some(SocketEnd::ByAgent { code: Some(1000), .. })));
    tab.until("document.querySelector('[data-view=talk]').hidden").await;

    let told = everything(&candidate, &tab).await;
    assert!(tab.evidence().bytes > 10_000, "sound came over the line");
    for secret in secrets(&initiation).iter().filter(|secret| !first_message.contains(secret.as_str())) {
        assert!(!told.contains(secret.as_str()), "the browser was told {secret:?}");
    }
}

#[tokio::test]
async fn a_whole_talk_asks_nobody_else_and_breaks_no_rule_of_the_page() {
    let Some((candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.wait_for_audio(16_000).await;
    tab.press("[data-action=end]").await;
    tab.sees("ended").await;
    let evidence = tab.evidence();
    let service = Url::parse(&candidate.app.url).unwrap();
    let is_own = |url: &str| {
        let url = Url::parse(url).unwrap();
        url.scheme() == "data" || (url.host() == service.host() && url.port() == service.port())
    };
    let strangers: Vec<_> = evidence.requests.iter().filter(|url| !is_own(url)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    let lines = evidence.requests.iter().filter(|url| url.starts_with("ws://")).count();
    assert_eq!(lines, 1, "{:?}", evidence.requests);
    assert_eq!(evidence.complaints, [""; 0]);
    let kept = "[document.cookie, localStorage.length, sessionStorage.length]";
    assert_eq!(tab.evaluate(kept).await, json!(["", 0, 0]));
}
