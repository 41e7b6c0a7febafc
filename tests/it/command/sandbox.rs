//! `sandbox` shows the product on one screen, and every command it prints works.

use std::collections::BTreeMap;

use reqwest::Method;
use sellcruiting_webhook::sandbox::{CAMPAIGNS, Sandbox, Section, voice};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Caller, Program, Reply};

/// The last line of the screen.
const END: &str = "Stop it with Ctrl-C";

/// A printed command and the status it announces.
#[derive(Debug)]
struct Printed {
    what: String,
    status: u16,
    command: String,
}

/// All commands on a screen: `# what -> status`, with the command below.
fn commands(screen: &[String]) -> Vec<Printed> {
    let pairs = screen.windows(2).filter_map(|lines| {
        let (what, status) = lines[0].strip_prefix("# ")?.rsplit_once(" -> ")?;
        Some(Printed { what: what.to_owned(), status: status.parse().unwrap(), command: lines[1].clone() })
    });
    pairs.collect()
}

/// The words of a command as a shell splits them. Only single quotes are used.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Carries out the command.
async fn run(caller: &Caller, command: &str) -> Reply {
    let (piped, command) = match command.split_once(" | ") {
        Some(("head -c 70000 /dev/zero", command)) => (Some(vec![0; 70_000]), command),
        Some((other, _)) => panic!("unknown source: {other}"),
        None => (None, command),
    };
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"));
    let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-sS" | "-i" => {}
            "-X" => method = words.next(),
            "-H" => headers.push(words.next().unwrap()),
            "-d" => body = Some(words.next().unwrap().into_bytes()),
            "--data-binary" => {
                assert_eq!(words.next().as_deref(), Some("@-"));
                body.clone_from(&piped);
            }
            _ if word.starts_with("http://") => url = Some(word),
            _ => panic!("unknown word {word} in {command}"),
        }
    }
    let method = method.unwrap_or_else(|| (if body.is_some() { "POST" } else { "GET" }).to_owned());
    let url = url.unwrap();
    let path = url.strip_prefix(&caller.url).expect("a command for this sandbox");
    let mut request = caller.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    if let Some(body) = body {
        // As curl does.
        request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    }
    caller.send(request).await
}

/// Starts the command and waits for the end of its screen.
async fn start(environment: &[(&str, &str)]) -> (Program, Caller, Vec<String>) {
    let program = Program::run(&["sandbox"], environment.iter().copied());
    program.stdout.wait_for(END).await;
    let screen = program.stdout.all();
    let url = screen.iter().find_map(|line| line.strip_prefix("The service ")).unwrap().trim().to_owned();
    (program, Caller::new(url), screen)
}

#[tokio::test]
async fn every_printed_command_gets_the_status_that_is_printed_with_it() {
    let (mut program, caller, screen) = start(&[("PORT", "0")]).await;
    let commands = commands(&screen);
    assert!(commands.len() > CAMPAIGNS.len() + 10, "{}", commands.len());
    let mut replies = JoinSet::new();
    // Commands that wait for a silent upstream are left to people with time.
    for printed in commands.into_iter().filter(|printed| !printed.what.contains("never answers")) {
        let caller = caller.clone();
        replies.spawn(async move { (run(&caller, &printed.command).await, printed) });
    }
    for (reply, printed) in replies.join_all().await {
        assert_eq!(reply.status, printed.status, "{printed:?}: {reply:?}");
        let expected = if printed.status == 200 { ["success", "healthy"] } else { ["error", "error"] };
        assert!(expected.contains(&reply.json()["status"].as_str().unwrap()), "{reply:?}");
    }
    program.terminate().await;
    assert_eq!(program.ended().await.code(), Some(0));
}

#[tokio::test]
async fn the_screen_shows_a_call_and_a_link_from_request_to_answer() {
    let (mut program, caller, screen) = start(&[("PORT", "0")]).await;
    let screen = screen.join("\n");
    for part in [
        "The key ",
        "Guten Tag Max Mustermann, hier spricht Susi von Musterwerk GmbH",
        "# Wer du bist",
        "campaignrole_title = ",
        "Outbound call initiated successfully",
        "Conversation link created successfully",
        "\"conversation_link\": \"http://127.0.0.1:",
        "Open this in your browser and talk:\n\nhttp://127.0.0.1:",
    ] {
        assert!(screen.contains(part), "{part:?} is not on the screen:\n{screen}");
    }
    assert_eq!(caller.health().await.json()["status"], "healthy");
    program.terminate().await;
    assert_eq!(program.ended().await.code(), Some(0));
}

#[tokio::test]
async fn one_talks_on_the_printed_link() {
    let (mut program, caller, screen) = start(&[("PORT", "0")]).await;
    let link = screen.iter().rev().find_map(|line| line.strip_prefix("Open this in your browser and talk: "));
    let link = link.expect("a link at the end of the screen");
    assert_eq!(caller.get(link.strip_prefix(&caller.url).unwrap()).await.status, 200);

    let mut page = caller.invited_to(link).open().await;
    let ready = page.wait_for("ready").await;
    assert_eq!((&ready["input_rate"], &ready["output_rate"]), (&json!(16_000), &json!(16_000)));
    let greeting = page.wait_for("agent_said").await;
    let greeting = greeting["text"].as_str().unwrap().to_owned();
    assert!(greeting.starts_with("Guten Tag Max Mustermann, hier spricht Susi"), "{greeting}");
    let sound = voice(&greeting, 16_000);
    assert_eq!(page.wait_for_audio(4_000).await[..4_000], sound[..4_000]);

    let tone: Vec<i16> =
        (0..32_000).map(|sample| if sample / 18 % 2 == 0 { 3_277 } else { -3_277 }).collect();
    for piece in [tone, vec![0; 12_000]].concat().chunks(400) {
        page.speak(piece).await;
    }
    page.wait_for("interrupted").await;
    assert_eq!(page.wait_for("you_said").await["text"], "(Ton von 2,0 Sekunden, −20 dB)");
    let answer = page.wait_for("agent_said").await;
    let answer = answer["text"].as_str().unwrap();
    assert!(answer.starts_with("Ich habe Sie 2,0 Sekunden lang gehört, mit minus 20 Dezibel."), "{answer}");
    page.press_end().await;
    assert_eq!(page.end().await.0, "candidate");
    program.terminate().await;
    assert_eq!(program.ended().await.code(), Some(0));
}

/// The campaign whose agent never begins.
const NEVER_BEGINS: u64 = 704;

#[tokio::test]
async fn every_printed_trouble_of_a_talk_comes_as_announced() {
    let (_program, caller, screen) = start(&[("PORT", "0")]).await;
    let commands = commands(&screen);
    // The agent that never begins is waited for in `talk::trouble`, with less patience.
    let troubles = CAMPAIGNS
        .iter()
        .filter(|campaign| campaign.section == Section::TalkTrouble && campaign.id != NEVER_BEGINS);
    let mut talks = JoinSet::new();
    for campaign in troubles {
        let printed = commands.iter().find(|printed| printed.what == campaign.what).expect(campaign.what);
        let (caller, command) = (caller.clone(), printed.command.clone());
        talks.spawn(async move {
            let link = run(&caller, &command).await;
            (campaign.id, caller.invited_by(&link).open().await.end().await.0)
        });
    }
    let reasons: BTreeMap<u64, String> = talks.join_all().await.into_iter().collect();
    let expected = [(700, "busy"), (701, "agent"), (702, "lost_agent"), (703, "unavailable")];
    assert_eq!(reasons, expected.map(|(id, reason)| (id, reason.to_owned())).into());
}

#[tokio::test]
async fn the_sandbox_uses_nothing_of_the_environment_s_accounts() {
    let real = Sandbox::start().await.unwrap();
    let (hoc, elevenlabs) = (real.hoc.base_url(), real.elevenlabs.base_url());
    let environment = [
        ("PORT", "0"),
        ("WEBHOOK_API_KEY", "real-key"),
        ("HIRINGS_API_URL", hoc.as_str()),
        ("ELEVENLABS_API_URL", elevenlabs.as_str()),
        ("ELEVENLABS_API_KEY", "real-elevenlabs-key"),
        ("ELEVENLABS_AGENT_ID", "agent_real"),
        ("HIRINGS_API_TOKEN", "real-token"),
    ];
    let (program, caller, screen) = start(&environment).await;
    assert!(!screen.join("\n").contains("real"), "{screen:#?}");
    let with_real_key = caller.trigger_as(Some("Bearer real-key"), &crate::support::link()).await;
    with_real_key.assert_error(401, "Invalid API key");
    assert_eq!(real.hoc.requests(), []);
    assert_eq!(real.elevenlabs.requests(), []);
    drop(program);
}

#[tokio::test]
async fn a_port_that_is_taken_does_not_matter_and_each_run_has_a_key_of_its_own() {
    let (first, second) = tokio::join!(start(&[("PORT", "0")]), async {
        let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port().to_string();
        let started = start(&[("PORT", port.as_str())]).await;
        assert!(!started.1.url.ends_with(&format!(":{port}")));
        started
    });
    let key = |screen: &[String]| screen.iter().find(|line| line.starts_with("The key ")).unwrap().clone();
    assert_ne!(key(&first.2), key(&second.2));
    assert_eq!(second.1.health().await.status, 200);
}
