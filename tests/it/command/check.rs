//! `check` tests a deployment without ringing anyone. For each misconfiguration, it names the right one and nothing
//! else.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Method;
use sellcruiting_webhook::check::{Report, Verdict, run};
use sellcruiting_webhook::clock::{Clock, SystemClock};
use sellcruiting_webhook::config::{Config, ConfigError};
use sellcruiting_webhook::domain::CampaignId;
use sellcruiting_webhook::sandbox::{
    self, Answer, Fault, KeyTrouble, Lookup, PHONE_NUMBER_EXOTEL, PHONE_NUMBER_SIP, PHONE_NUMBER_TWILIO,
    Sandbox,
};
use serde_json::{Value, json};

use crate::support::{Program, SECRETS, Setup, TestApp, TestDatabase};

/// The campaign that is asked for if none is named.
const NO_CAMPAIGN: u64 = CampaignId::MAX;

const LINK_SECRET: &str = "it-link-secret-long-enough-to-seal-with";

/// A deployment without faults: settings, both upstreams, and the service itself.
struct Deployment {
    setup: Setup,
    _app: TestApp,
    _database: TestDatabase,
    /// The settings to check.
    settings: BTreeMap<String, String>,
}

impl Deployment {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings. The service runs with them, too, except for a database that would keep it from
    /// starting.
    async fn with(changes: &[(&'static str, &str)]) -> Self {
        let database = TestDatabase::sqlite_file();
        let mut setup = Setup::new().await.set("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_TWILIO);
        for (name, value) in changes.iter().filter(|(name, _)| *name != "DATABASE_URL") {
            setup = setup.set(name, *value);
        }
        let app = setup.instance().await;
        let mut settings: BTreeMap<_, _> =
            setup.environment().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        settings.insert("DATABASE_URL".to_owned(), database.url());
        settings.insert("PUBLIC_BASE_URL".to_owned(), app.url.clone());
        settings.insert("LINK_SECRET".to_owned(), LINK_SECRET.to_owned());
        settings.insert("PRIVACY_URL".to_owned(), "https://employer.example/privacy".to_owned());
        settings.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Self { setup, _app: app, _database: database, settings }
    }

    fn sandbox(&self) -> &Sandbox {
        &self.setup.sandbox
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn config(&self) -> Result<Config, ConfigError> {
        let mut config = Config::from_pairs(self.pairs())?;
        config.hoc.deadline = Duration::from_secs(2);
        config.elevenlabs.lookup_timeout = Duration::from_secs(2);
        Ok(config)
    }

    async fn check(&self) -> Report {
        self.check_at(&SystemClock, None).await
    }

    async fn check_at(&self, clock: &dyn Clock, campaign: Option<u64>) -> Report {
        let report = run(&self.config(), clock, campaign.and_then(CampaignId::new)).await;
        let shown = format!("{report:?}");
        for secret in SECRETS.into_iter().chain(["MARKER", "+4930"]) {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        for finding in &report.findings {
            assert!(!finding.message.contains('\n'), "one line each: {finding:?}");
        }
        assert_eq!(self.sandbox().elevenlabs.dial_count(), 0, "nobody is rung");
        report
    }
}

fn names(report: &Report, verdict: Verdict) -> Vec<&'static str> {
    report.findings.iter().filter(|finding| finding.verdict == verdict).map(|finding| finding.name).collect()
}

#[track_caller]
fn message<'a>(report: &'a Report, name: &str) -> &'a str {
    let found = report.findings.iter().find(|finding| finding.name == name);
    &found.unwrap_or_else(|| panic!("no {name}: {report:?}")).message
}

/// Fails unless exactly this check failed, with these words. Checks that could not be made because of it are warnings.
#[track_caller]
fn assert_failed(report: &Report, name: &str, says: &str) {
    assert_eq!(names(report, Verdict::Failed), [name], "{report:#?}");
    assert!(message(report, name).contains(says), "{says:?} in {report:#?}");
    let all: Vec<_> = report.findings.iter().map(|finding| finding.name).collect();
    assert!(EVERYTHING.iter().all(|check| all.contains(check)), "none is left out: {report:#?}");
    for warned in names(report, Verdict::Warning).into_iter().filter(|warned| *warned != "public_url") {
        assert!(message(report, warned).starts_with("not checked"), "{warned} in {report:#?}");
    }
}

const EVERYTHING: [&str; 15] = [
    "settings",
    "templates",
    "database",
    "hoc_token",
    "elevenlabs_url",
    "elevenlabs_key",
    "elevenlabs_read",
    "elevenlabs_write",
    "conversations",
    "agent",
    "override_prompt",
    "override_first_message",
    "override_language",
    "variables",
    "phone_number",
];

#[tokio::test]
async fn a_deployment_without_fault_passes_in_every_point() {
    let deployment = Deployment::new().await;
    let report = deployment.check().await;
    assert!(report.is_ok());
    let all: Vec<_> = report.findings.iter().map(|finding| finding.name).collect();
    assert_eq!(all, [&EVERYTHING[..], &["clock", "public_url"]].concat());
    // Tests have only the address of this machine.
    assert_eq!(names(&report, Verdict::Warning), ["public_url"], "{report:#?}");
    let asked = deployment.sandbox().elevenlabs.requests();
    assert!(asked.iter().all(|request| request.method == Method::GET), "{asked:?}");
    let asked = deployment.sandbox().hoc.requests();
    let paths: Vec<_> = asked.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, [format!("/api/v1/questionnaire/{NO_CAMPAIGN}")]);
}

#[tokio::test]
async fn each_wrong_setting_is_named() {
    let nobody = "http://127.0.0.1:9";
    let cases = [
        ("HIRINGS_API_TOKEN", "MARKER-token", "hoc_token", "check HIRINGS_API_TOKEN"),
        ("HIRINGS_API_URL", nobody, "hoc_token", "check HIRINGS_API_URL"),
        ("ELEVENLABS_API_KEY", "MARKER-key", "elevenlabs_key", "check ELEVENLABS_API_KEY"),
        ("ELEVENLABS_API_URL", nobody, "elevenlabs_url", "could not be reached at 127.0.0.1"),
        ("ELEVENLABS_AGENT_ID", "agent_other", "agent", "check ELEVENLABS_AGENT_ID"),
        (
            "ELEVENLABS_AGENT_PHONE_NUMBER_ID",
            "phnum_other",
            "phone_number",
            "check ELEVENLABS_AGENT_PHONE_NUMBER_ID",
        ),
        ("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_EXOTEL, "phone_number", "neither Twilio nor a SIP"),
        ("DATABASE_URL", "sqlite:///no/such/directory/calls.db", "database", "directory does not exist"),
        (
            "DATABASE_URL",
            "postgres://nobody:MARKER@127.0.0.1:9/calls",
            "database",
            "connection refused: is the",
        ),
        ("PUBLIC_BASE_URL", nobody, "public_url", "nobody answers"),
        ("PUBLIC_BASE_URL", "http://webhook.example.org", "public_url", "must be https"),
    ];
    for (setting, value, name, says) in cases {
        let report = Deployment::with(&[(setting, value)]).await.check().await;
        assert_failed(&report, name, says);
    }
}

#[tokio::test]
async fn each_misconfiguration_at_elevenlabs_is_named() {
    type Break = fn(&Sandbox);
    let cases: [(Break, &str, &str); 15] = [
        (|fake| fake.elevenlabs.set_key_trouble(KeyTrouble::OtherRegion), "elevenlabs_key", "key's region"),
        (|fake| fake.elevenlabs.set_key_trouble(KeyTrouble::WithoutRead), "elevenlabs_read", "convai_read"),
        (
            |fake| fake.elevenlabs.set_key_trouble(KeyTrouble::WithoutWrite),
            "elevenlabs_write",
            "convai_write",
        ),
        (|fake| fake.elevenlabs.set_key_trouble(KeyTrouble::OutOfCredits), "elevenlabs_key", "subscription"),
        (|fake| fake.elevenlabs.change_agent(|agent| agent["archived"] = json!(true)), "agent", "archived"),
        (
            |fake| fake.elevenlabs.allow_overrides(&["agent.first_message", "agent.language"]),
            "override_prompt",
            "leave prompt out of ELEVENLABS_OVERRIDES",
        ),
        (
            |fake| fake.elevenlabs.allow_overrides(&["agent.prompt.prompt", "agent.language"]),
            "override_first_message",
            "security settings",
        ),
        (
            |fake| fake.elevenlabs.allow_overrides(&["agent.prompt.prompt", "agent.first_message"]),
            "override_language",
            "security settings",
        ),
        (
            |fake| {
                let tool = json!({ "api_schema": { "url": "https://crm.example.org/{{crm_id}}" } });
                fake.elevenlabs.change_agent(|agent| {
                    agent["conversation_config"]["agent"]["prompt"]["tools"] = json!([tool]);
                });
            },
            "variables",
            "crm_id (in its set of tools)",
        ),
        (
            |fake| {
                fake.elevenlabs.set_phone_number(PHONE_NUMBER_TWILIO, sandbox::Provider::SipTrunk);
                fake.elevenlabs.change_phone_number(PHONE_NUMBER_TWILIO, |number| {
                    number["outbound_trunk"] = Value::Null;
                    number["provider_config"] = Value::Null;
                });
            },
            "phone_number",
            "outbound SIP trunk",
        ),
        (|fake| fake.elevenlabs.fail_listing(StatusCode::CONFLICT), "conversations", "HTTP status 409"),
        (
            |fake| {
                let lacking = json!({ "detail": { "status": "missing_permissions" } });
                let refusal = Answer::json(StatusCode::UNAUTHORIZED, &lacking);
                fake.elevenlabs.always(Lookup::Listing, Fault::Answer(refusal));
            },
            "conversations",
            "the API key lacks a permission: give it convai_read",
        ),
        (
            |fake| fake.elevenlabs.always(Lookup::Agent, Fault::status(StatusCode::CONFLICT)),
            "agent",
            "its record cannot be read: ElevenLabs answered with HTTP status 409; try again",
        ),
        (
            |fake| fake.elevenlabs.always(Lookup::Agent, Fault::broken_json()),
            "elevenlabs_url",
            "does not answer as ElevenLabs' API does",
        ),
        (
            |fake| {
                let page = Answer::raw(StatusCode::OK, "text/html", "<title>MARKER: log in</title>");
                fake.hoc.always(NO_CAMPAIGN, Fault::Answer(page));
            },
            "hoc_token",
            "perhaps a login page",
        ),
    ];
    for (break_it, name, says) in cases {
        let deployment = Deployment::new().await;
        break_it(deployment.sandbox());
        assert_failed(&deployment.check().await, name, says);
    }
}

#[tokio::test]
async fn an_address_that_is_somebody_else_s_is_told_from_one_where_nobody_is() {
    let other = Deployment::new().await;
    let stranger = other.sandbox().hoc.base_url();
    let stranger = stranger.trim_end_matches("/v1");
    let report = Deployment::with(&[("ELEVENLABS_API_URL", stranger)]).await.check().await;
    assert_failed(&report, "elevenlabs_url", "does not answer as ElevenLabs' API does");
    let report = Deployment::with(&[("PUBLIC_BASE_URL", stranger)]).await.check().await;
    assert_failed(&report, "public_url", "something else answers at PUBLIC_BASE_URL (HTTP status 404)");

    let other = Setup::new().await.set("ELEVENLABS_AGENT_ID", "agent_other").start().await;
    let report = Deployment::with(&[("PUBLIC_BASE_URL", &other.url)]).await.check().await;
    assert_failed(&report, "public_url", "another ELEVENLABS_AGENT_ID");
}

/// A clock that is off by this many seconds.
#[derive(Debug)]
struct Off(i64);

impl Clock for Off {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        SystemClock.now() + chrono::TimeDelta::seconds(self.0)
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_named() {
    let deployment = Deployment::new().await;
    for (off, verdict) in
        [(0, Verdict::Ok), (-120, Verdict::Warning), (3_600, Verdict::Failed), (-3_600, Verdict::Failed)]
    {
        let report = deployment.check_at(&Off(off), None).await;
        assert!(names(&report, verdict).contains(&"clock"), "{off}: {report:#?}");
    }
}

#[tokio::test]
async fn what_only_deserves_a_look_is_a_warning() {
    for (setting, value, name, says) in [
        ("ELEVENLABS_AGENT_PHONE_NUMBER_ID", "", "phone_number", "every trigger must name one"),
        ("PUBLIC_BASE_URL", "", "public_url", "not set"),
        ("DATABASE_URL", "sqlite::memory:", "database", "forgets every call"),
        ("RENDER_EXTERNAL_URL", "https://hook.example.org", "database", "gone at every deploy"),
        ("ELEVENLABS_OVERRIDES", "none", "public_url", "only this machine"),
        ("TEMPLATES_DIR", env!("CARGO_MANIFEST_DIR"), "templates", "replaces none"),
    ] {
        let report = Deployment::with(&[(setting, value)]).await.check().await;
        assert!(report.is_ok(), "{report:#?}");
        assert!(names(&report, Verdict::Warning).contains(&name), "{report:#?}");
        assert!(message(&report, name).contains(says), "{report:#?}");
    }
    let deployment = Deployment::with(&[("LINK_PAGE", "elevenlabs")]).await;
    deployment.sandbox().elevenlabs.change_agent(|agent| {
        agent["conversation_config"]["agent"]["prompt"]["prompt"] = json!("Für {{owner_name}}");
        agent["platform_settings"]["auth"]["enable_auth"] = json!(true);
    });
    let report = deployment.check().await;
    assert!(report.is_ok(), "{report:#?}");
    assert!(message(&report, "variables").contains("owner_name (in its prompt). Calls replace these texts"));
    assert!(message(&report, "agent").contains("not public"));
}

/// Advice to fix `elevenlabs_url` first, next to a green `elevenlabs_url`, would send the operator in a circle.
#[tokio::test]
async fn a_record_that_cannot_be_read_is_told_where_nothing_else_is_wrong() {
    let deployment = Deployment::new().await;
    deployment.sandbox().elevenlabs.always(Lookup::PhoneNumber, Fault::Hang);
    let report = deployment.check().await;
    let said = message(&report, "phone_number");
    assert_eq!(said, "its record cannot be read: ElevenLabs did not answer in time; try again");
    assert!(names(&report, Verdict::Ok).contains(&"elevenlabs_url"), "{report:#?}");

    for (status, verdict) in [
        (StatusCode::BAD_GATEWAY, Verdict::Warning),
        (StatusCode::TOO_MANY_REQUESTS, Verdict::Warning),
        (StatusCode::CONFLICT, Verdict::Failed),
    ] {
        let deployment = Deployment::new().await;
        deployment.sandbox().elevenlabs.always(Lookup::Agent, Fault::status(status));
        let report = deployment.check().await;
        assert!(names(&report, verdict).contains(&"agent"), "{status}: {report:#?}");
        assert_eq!(report.is_ok(), verdict == Verdict::Warning, "{status}: {report:#?}");
        assert!(message(&report, "agent").contains(status.as_str()), "{report:#?}");
        the_others_are_not_checked(&report);
    }
}

/// A temporary condition does not fail a pipeline.
#[tokio::test]
async fn what_passes_is_a_warning() {
    let deployment = Deployment::new().await;
    deployment.sandbox().elevenlabs.fail_listing(StatusCode::SERVICE_UNAVAILABLE);
    deployment.sandbox().hoc.next(Fault::status(StatusCode::TOO_MANY_REQUESTS));
    let report = deployment.check().await;
    assert!(report.is_ok(), "{report:#?}");
    for (name, says) in
        [("conversations", "HTTP status 503; try again"), ("hoc_token", "status 429: try again")]
    {
        assert!(names(&report, Verdict::Warning).contains(&name), "{report:#?}");
        assert!(message(&report, name).contains(says), "{report:#?}");
    }
}

#[track_caller]
fn the_others_are_not_checked(report: &Report) {
    for unread in ["elevenlabs_read", "override_prompt", "override_language", "variables"] {
        assert_eq!(message(report, unread), "not checked: mend agent first");
    }
}

#[tokio::test]
async fn a_variable_is_missing_where_the_agent_keeps_its_text() {
    let deployment = Deployment::with(&[("ELEVENLABS_OVERRIDES", "first_message,language")]).await;
    deployment.sandbox().elevenlabs.change_agent(|agent| {
        agent["conversation_config"]["agent"]["prompt"]["prompt"] = json!("Für {{owner_name}}");
    });
    let report = deployment.check().await;
    assert_eq!(names(&report, Verdict::Failed), ["variables"], "{report:#?}");
    assert!(message(&report, "variables").contains("owner_name (in its prompt)"), "{report:#?}");
    assert!(!report.findings.iter().any(|finding| finding.name == "override_prompt"), "it is not sent");
}

#[tokio::test]
async fn a_sip_number_with_a_trunk_passes() {
    let deployment = Deployment::with(&[("ELEVENLABS_AGENT_PHONE_NUMBER_ID", PHONE_NUMBER_SIP)]).await;
    assert_eq!(message(&deployment.check().await, "phone_number"), "calls through a SIP trunk");
}

#[tokio::test]
async fn a_postgresql_server_that_answers_passes() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let deployment = Deployment::with(&[("DATABASE_URL", &database.url())]).await;
    assert!(message(&deployment.check().await, "database").starts_with("PostgreSQL answers"));
}

#[tokio::test]
async fn with_a_campaign_its_questionnaire_is_asked_for() {
    let deployment = Deployment::new().await;
    for (campaign, verdict, says) in [
        (200, Verdict::Ok, "gives out the questionnaire"),
        (400, Verdict::Warning, "no usable question"),
        (500, Verdict::Warning, "try again"),
        (503, Verdict::Warning, "did not answer in time"),
        (404, Verdict::Failed, "no such campaign"),
        (504, Verdict::Failed, "no right to this campaign"),
        (508, Verdict::Failed, "redirects"),
    ] {
        let report = deployment.check_at(&SystemClock, Some(campaign)).await;
        assert!(names(&report, verdict).contains(&"hoc_token"), "{campaign}: {report:#?}");
        assert!(message(&report, "hoc_token").contains(says), "{campaign}: {report:#?}");
    }
}

mod command {
    use super::*;

    async fn ran(arguments: &[&str], deployment: &Deployment) -> (Option<i32>, String, Vec<String>) {
        let mut program = Program::run(&[&["check"], arguments].concat(), deployment.pairs());
        let ended = program.ended().await;
        let stdout = program.stdout.to_end().await.join("\n");
        (ended.code(), stdout, program.stderr.to_end().await)
    }

    #[tokio::test]
    async fn a_line_each_with_a_mark_and_a_status_for_ci() {
        let deployment = Deployment::new().await;
        let (code, stdout, stderr) = ran(&[], &deployment).await;
        assert_eq!((code, stderr), (Some(0), vec![]), "{stdout}");
        for name in EVERYTHING {
            assert!(
                stdout.lines().any(|line| line.starts_with(&format!("✓ {name:<23} "))),
                "{name} in {stdout}"
            );
        }
        assert!(stdout.contains("\n! public_url "), "{stdout}");
        assert!(stdout.ends_with("Ready to call; to look at: 1. Nobody was called."), "{stdout}");

        deployment.sandbox().elevenlabs.set_key_trouble(KeyTrouble::WithoutWrite);
        let (code, stdout, _) = ran(&[], &deployment).await;
        assert_eq!(code, Some(1), "{stdout}");
        assert!(stdout.contains("\n✗ elevenlabs_write        the key lacks write access"), "{stdout}");
        assert!(stdout.contains("Not ready. Failed: 1;"), "{stdout}");
        assert_eq!(deployment.sandbox().elevenlabs.dial_count(), 0);
    }

    #[tokio::test]
    async fn programs_get_json() {
        let deployment = Deployment::with(&[("HIRINGS_API_TOKEN", "MARKER")]).await;
        let (code, stdout, _) = ran(&["--json"], &deployment).await;
        let report: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((code, &report["ok"]), (Some(1), &json!(false)));
        let checks = report["checks"].as_array().unwrap();
        let hoc = checks.iter().find(|check| check["name"] == "hoc_token").unwrap();
        assert_eq!(hoc["status"], "failed");
        assert!(hoc["message"].as_str().unwrap().contains("HIRINGS_API_TOKEN"));
        for check in checks.iter().filter(|check| check["name"] != "hoc_token") {
            assert_ne!(check["status"], "failed", "{check}");
        }
    }

    #[tokio::test]
    async fn every_setting_that_is_missing_or_wrong_is_named() {
        let mut deployment = Deployment::new().await;
        deployment.settings.retain(|name, _| name != "ELEVENLABS_API_KEY" && name != "WEBHOOK_API_KEY");
        deployment.settings.insert("PORT".to_owned(), "MARKER".to_owned());
        let (code, stdout, _) = ran(&[], &deployment).await;
        assert_eq!(code, Some(1));
        for name in ["ELEVENLABS_API_KEY is required", "WEBHOOK_API_KEY is required", "PORT must be"] {
            assert!(stdout.contains(&format!("✗ settings                {name}")), "{name} in {stdout}");
        }
        assert!(!stdout.contains("MARKER"), "values may be secrets: {stdout}");
        assert_eq!(deployment.sandbox().hoc.requests(), []);
    }

    #[tokio::test]
    async fn a_campaign_can_be_named() {
        let deployment = Deployment::new().await;
        let (code, stdout, _) = ran(&["--campaign", "100"], &deployment).await;
        assert_eq!(code, Some(0));
        assert!(stdout.contains("HOC gives out the questionnaire"), "{stdout}");
        for none in ["0", "9007199254740992"] {
            let (code, _, stderr) = ran(&["--campaign", none], &deployment).await;
            assert_eq!(code, Some(2), "{stderr:?}");
            assert!(
                stderr.concat().contains("must be a whole number from 1 to 9007199254740991"),
                "{stderr:?}"
            );
        }
    }
}
