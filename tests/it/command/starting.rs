//! A service that is not configured completely says so at once, and lists everything. It never runs half-configured.

use std::time::{Duration, Instant};

use sellcruiting_webhook::sandbox::{self, AGENT_ID};

use crate::support::{API_KEY, Program, Setup, TestDatabase, call, link};

const REQUIRED: [&str; 4] =
    ["WEBHOOK_API_KEY", "ELEVENLABS_API_KEY", "ELEVENLABS_AGENT_ID", "HIRINGS_API_TOKEN"];

/// What a start that must fail prints.
async fn failure(mut program: Program) -> String {
    let start = Instant::now();
    let ended = program.ended().await;
    assert!(!ended.success() && ended.code().is_some(), "{ended}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(program.stdout.to_end().await, Vec::<String>::new());
    program.stderr.to_end().await.join("\n")
}

#[tokio::test]
async fn without_settings_one_message_names_all_that_are_required() {
    for arguments in [&[][..], &["serve"]] {
        let message = failure(Program::run(arguments, [])).await;
        for name in REQUIRED {
            assert_eq!(message.matches(&format!("{name} is required")).count(), 1, "{name} in {message}");
        }
        assert_eq!(message.matches("is required").count(), REQUIRED.len(), "{message}");
    }
}

#[tokio::test]
async fn a_blank_setting_is_an_absent_one() {
    for name in REQUIRED {
        for blank in ["", "  \t"] {
            let message = failure(Setup::new().await.set(name, blank).run()).await;
            assert!(message.contains(&format!("{name} is required")), "{message}");
            assert_eq!(message.matches("is required").count(), 1, "{message}");
        }
    }
}

#[tokio::test]
async fn there_is_no_way_to_switch_the_key_check_off() {
    for keys in [",", " , ,", "none of these has visible characters only: ü"] {
        let message = failure(Setup::new().await.set("WEBHOOK_API_KEY", keys).run()).await;
        assert!(message.contains("WEBHOOK_API_KEY"), "{message}");
    }
}

#[tokio::test]
async fn what_is_missing_and_what_is_wrong_is_named_together() {
    let setup = Setup::new().await.unset("HIRINGS_API_TOKEN").set("PORT", "70000").set("LINK_TTL", "soon");
    let message = failure(setup.run()).await;
    for name in ["HIRINGS_API_TOKEN", "PORT", "LINK_TTL"] {
        assert!(message.contains(name), "{name} in {message}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named_with_its_settings() {
    let first = Setup::new().await.launch().await;
    let port = first.url.rsplit(':').next().unwrap();
    let message = failure(Setup::new().await.set("PORT", port).run()).await;
    assert!(message.contains("PORT") && message.contains(port), "{message}");
}

#[tokio::test]
async fn a_file_env_in_the_working_directory_is_read() {
    let mut setup = Setup::new().await;
    let names = REQUIRED.iter().chain(&["HIRINGS_API_URL", "ELEVENLABS_API_URL"]);
    let mut dotenv = "# settings\nUNKNOWN=ignored\n".to_owned();
    for name in names {
        let (_, value) = setup.environment().find(|(setting, _)| setting == name).unwrap();
        dotenv.extend([name, "=", value, "\n"]);
        setup = setup.unset(name);
    }
    let service = setup.dotenv(dotenv).launch().await;
    let warned = service.program.stderr.wait_for("UNKNOWN in line 2 is no setting").await;
    assert!(warned.contains("WARN") && !warned.contains("ignored"), "{warned}");
    assert_eq!(service.health().await.json()["agent_id"], AGENT_ID);
    service.trigger(&link()).await.assert_success();
}

#[tokio::test]
async fn the_environment_comes_before_the_file_unless_it_is_blank() {
    let dotenv = format!("ELEVENLABS_AGENT_ID=agent_file\nHIRINGS_API_TOKEN={}\n", sandbox::HOC_TOKEN);
    let setup =
        Setup::new().await.set("ELEVENLABS_AGENT_ID", "agent_environment").set("HIRINGS_API_TOKEN", " ");
    let service = setup.dotenv(dotenv).launch().await;
    assert_eq!(service.health().await.json()["agent_id"], "agent_environment");
    assert_eq!(service.trigger(&link()).await.assert_success()["questionnaire_loaded"], true);
}

#[tokio::test]
async fn a_file_env_that_cannot_be_read_is_named_and_not_shown() {
    let dotenv = format!("PORT=70000\nKEY='{API_KEY}\nHIRINGS_API_TOKEN=hoc$token\n");
    let message = failure(Setup::new().await.unset("PORT").dotenv(dotenv).run()).await;
    for told in [".env line 2 is no KEY=value", ".env line 3 holds a $", "PORT must be"] {
        assert!(message.contains(told), "{told} in {message}");
    }
    assert!(!message.contains(API_KEY) && !message.contains("hoc$token"), "{message}");

    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join(".env")).unwrap();
    let message = failure(Program::run_in(directory, &[], Setup::new().await.environment())).await;
    assert!(message.contains(".env cannot be read: is a directory"), "{message}");
}

#[tokio::test]
async fn a_name_in_the_environment_that_is_nearly_a_setting_s_is_told_and_no_other() {
    let setup = Setup::new().await.set("MAX_CONCURENT_DIALS", "5").set("HOSTNAME", "webhook");
    let service = setup.launch().await;
    let warned = service.program.stderr.wait_for("MAX_CONCURRENT_DIALS may be meant").await;
    assert!(warned.contains("WARN") && warned.contains("MAX_CONCURENT_DIALS"), "{warned}");
    assert!(service.program.stderr.all().iter().all(|line| !line.contains("HOSTNAME")));
}

#[tokio::test]
async fn a_misspelt_level_stops_the_start_rather_than_every_log_line() {
    let message = failure(Setup::new().await.set("RUST_LOG", "inf").run()).await;
    assert!(message.contains("RUST_LOG must be a level"), "{message}");
}

#[tokio::test]
async fn a_directory_that_replaces_no_template_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let setup = Setup::new().await.set("TEMPLATES_DIR", directory.path().to_str().unwrap());
    let warned = setup.launch().await.program.stderr.wait_for("replaces none of the templates").await;
    assert!(warned.contains("WARN") && warned.contains("TEMPLATES_DIR"), "{warned}");
}

#[tokio::test]
async fn the_log_tells_where_calls_are_recorded_and_whether_the_record_is_new() {
    let database = TestDatabase::sqlite_file();
    let path = database.url().replace("sqlite://", "SQLite file ");
    let setup = Setup::new().await.set("DATABASE_URL", database.url());
    for told in
        ["calls are recorded here; there is none yet", "calls are recorded here; there are some already"]
    {
        let mut service = setup.process().await;
        let line = service.program.stderr.wait_for(told).await;
        assert!(line.contains("INFO") && line.contains(&path), "{line}");
        service.trigger(&call()).await.assert_success();
        service.stop().await;
    }
}

#[tokio::test]
async fn a_record_that_will_be_lost_is_told_at_start() {
    let service = Setup::new().await.launch().await;
    let line = service.program.stderr.wait_for("forgets every call").await;
    assert!(line.contains("WARN") && line.contains("DATABASE_URL"), "{line}");
}

#[tokio::test]
async fn a_template_that_is_wrong_stops_the_start() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("first_message.txt"), "Hallo {{ nobody }}").unwrap();
    let setup = Setup::new().await.set("TEMPLATES_DIR", directory.path().to_str().unwrap());
    let message = failure(setup.run()).await;
    assert!(message.contains("first_message.txt"), "{message}");
}
