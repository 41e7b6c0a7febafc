//! What a candidate sees on opening a link, and what nobody sees.

use std::collections::BTreeSet;
use std::time::Duration;

use regex::Regex;
use reqwest::{Method, Url};
use sellcruiting_webhook::sandbox::AGENT_ID;
use serde_json::{Value, json};

use crate::support::{Caller, PUBLIC_BASE_URL, Reply, Setup, TestApp, link, questionnaire, with};

const SECOND: Duration = Duration::from_secs(1);
const WEEK: Duration = Duration::from_hours(7 * 24);

/// The headers of everything below `/talk`.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; connect-src \
         'self' wss://sellcruiting-webhook.example.org; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-robots-tag", "noindex, nofollow, noarchive, nosnippet"),
    ("x-content-type-options", "nosniff"),
    (
        "permissions-policy",
        "microphone=(self), accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
         magnetometer=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The path of the link that this trigger gets.
async fn invite(caller: &Caller, trigger: &Value) -> String {
    let data = caller.trigger(trigger).await.assert_success();
    data["conversation_link"].as_str().unwrap().strip_prefix(PUBLIC_BASE_URL).unwrap().to_owned()
}

/// The files to which a page at this path refers, as absolute paths.
fn files(page: &str, path: &str) -> BTreeSet<String> {
    let here = Url::parse(PUBLIC_BASE_URL).unwrap().join(path).unwrap();
    let named = Regex::new(r#"(?:src|href)="([^"]+\.(?:css|js))""#).unwrap();
    named.captures_iter(page).map(|found| here.join(&found[1]).unwrap().path().to_owned()).collect()
}

#[track_caller]
fn assert_protected(reply: &Reply) {
    for (name, value) in HEADERS {
        assert_eq!(reply.header(name), Some(value), "{name} in {reply:?}");
    }
    assert_eq!(reply.header("set-cookie"), None);
}

#[tokio::test]
async fn the_page_says_who_invites_whom_and_for_how_long() {
    let app = TestApp::start().await;
    let reply = app.get(&invite(&app, &link()).await).await;
    let page = reply.assert_page(200);
    for part in ["Tech Startup GmbH", "Max Mustermann", "KI-Assistentin", "15 Minuten", "id=\"start\""] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[tokio::test]
async fn nothing_of_the_interview_or_of_the_service_s_accounts_is_in_the_page() {
    let app = TestApp::start().await;
    app.sandbox.hoc.set_questionnaire(7, &questionnaire());
    let trigger = with(link(), json!({ "campaign_id": 4_711_007, "applicant_id": "APPLICANT-4711" }));
    app.sandbox.hoc.set_questionnaire(4_711_007, &questionnaire());
    let path = invite(&app, &trigger).await;
    let reply = app.get(&path).await;
    let page = reply.assert_page(200);
    let token = path.rsplit('/').next().unwrap();
    for secret in ["Quitten", "APPLICANT", "4711007", AGENT_ID, "elevenlabs", "ElevenLabs", "prompt", token] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
}

#[tokio::test]
async fn everything_below_talk_is_protected_whatever_the_answer() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    let page = app.get(&path).await;
    let mut replies = vec![
        app.get(&format!("{path}/")).await,
        app.get("/talk/damaged").await,
        app.get("/talk/assets/0/nothing.js").await,
        app.ask(Method::POST, &path).await,
        app.ask(Method::HEAD, &path).await,
    ];
    for nowhere in ["/talk", "/talk/", "/talk/a/b", "/talk/%FF", "/talk//"] {
        replies.push(app.get(nowhere).await);
    }
    for file in files(page.assert_page(200), &path) {
        replies.push(app.get(&file).await);
    }
    app.clock.advance(WEEK);
    replies.push(app.get(&path).await);
    replies.push(page);
    for reply in &replies {
        assert_protected(reply);
    }
    let statuses: BTreeSet<_> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 404, 405, 410]);
    assert_eq!(app.health().await.header("content-security-policy"), None, "machines need no policy");
}

#[tokio::test]
async fn names_cannot_add_anything_to_the_page() {
    let app = TestApp::start().await;
    let trigger = with(
        link(),
        json!({
            "company_name": "<script>alert(1)</script> & \"Söhne\"",
            "candidate_first_name": "<img src=x onerror=alert(1)>",
            "candidate_last_name": "O'Connor\" onclick=\"alert(1)\" x=\"</title></section><!--",
        }),
    );
    let reply = app.get(&invite(&app, &trigger).await).await;
    let page = reply.assert_page(200);
    for harmful in
        ["<script>", "<img", "</title></section>", "<!--", "\" onclick", "' onclick", "'Söhne'", "O'Connor"]
    {
        assert!(!page.contains(harmful), "{harmful} in {page}");
    }
    // All of them are there, escaped.
    for text in ["&lt;script&gt;alert(1)", "&lt;img src=x", "O&#x27;Connor", "&amp; &#x27;Söhne&#x27;"] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

#[tokio::test]
async fn a_link_that_was_cut_or_changed_says_so_in_one_and_the_same_way() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    let foreign = Setup::new().await.set("LINK_SECRET", "f".repeat(32)).start().await;
    let foreign = invite(&foreign, &link()).await;
    let (token, first) = (path.rsplit('/').next().unwrap(), app.get("/talk/x").await);
    let page = first.assert_page(404);
    assert!(page.contains("nicht vollständig") && page.contains("noch einmal"), "{page}");
    for damaged in [
        path[..path.len() - 1].to_owned(),
        format!("{path}A"),
        format!("{path}%3E"),
        format!("{path}%FF"),
        path.replacen("/talk/A", "/talk/B", 1),
        format!("/talk/{}", token.to_lowercase()),
        format!("/talk/{}", "A".repeat(20_000)),
        foreign,
    ] {
        let reply = app.get(&damaged).await;
        assert_eq!(reply.assert_page(404), page, "{damaged}");
    }
}

#[tokio::test]
async fn a_link_expires_when_hoc_was_told_and_then_says_so() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    app.clock.advance(WEEK.saturating_sub(SECOND));
    app.get(&path).await.assert_page(200);
    app.clock.advance(SECOND);
    let reply = app.get(&path).await;
    let page = reply.assert_page(410);
    assert!(page.contains("abgelaufen") && page.contains("neuen Link"), "{page}");
    for private in ["Max", "Mustermann", "Tech Startup"] {
        assert!(!page.contains(private), "a link that is over tells nothing: {private}");
    }
}

#[tokio::test]
async fn paths_that_are_no_links_are_answered_to_people_and_elsewhere_to_machines() {
    let app = TestApp::start().await;
    for path in ["/talk", "/talk/", "/talk/a/b/c", "/talk/x/y", "/talk//", "/talk/assets", "/talk/%2F"] {
        let reply = app.get(path).await;
        let page = reply.assert_page(404);
        assert!(page.contains("nicht vollständig"), "{path}: {page}");
        assert_eq!(app.get(&only(files(page, path), path)).await.status, 200, "{path}");
    }
    for path in ["/", "/talks/x", "/webhook/talk"] {
        app.get(path).await.assert_error(404, "Not found");
    }
    let reply = app.ask(Method::POST, "/talk/x").await;
    reply.assert_error(405, "Method not allowed");
    assert_eq!(reply.header("allow"), Some("GET,HEAD"));
}

#[track_caller]
fn only(files: BTreeSet<String>, path: &str) -> String {
    let mut files = files.into_iter();
    let (Some(file), None) = (files.next(), files.next()) else { panic!("not one file at {path}") };
    file
}

#[tokio::test]
async fn a_token_may_come_percent_encoded_or_with_a_slash_or_a_query_behind_it() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    let encoded = path.replacen("/talk/A", "/talk/%41", 1);
    for path in [format!("{path}/"), format!("{path}?utm_source=mail"), encoded] {
        let reply = app.get(&path).await;
        let page = reply.assert_page(200);
        for file in files(page, &path) {
            assert_eq!(app.get(&file).await.status, 200, "{file} of {path}");
        }
    }
}

#[tokio::test]
async fn head_says_what_get_would_without_the_page() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    for path in [path.as_str(), "/talk/damaged", "/talk/a/b"] {
        let (head, get) = (app.ask(Method::HEAD, path).await, app.get(path).await);
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
}

#[tokio::test]
async fn opening_a_link_asks_nobody_and_changes_nothing() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    // The requests of every start may arrive late.
    app.sandbox.elevenlabs.wait_for_requests(3).await;
    let asked = |app: &TestApp| (app.sandbox.hoc.requests().len(), app.sandbox.elevenlabs.requests().len());
    let before = asked(&app);
    let first = app.get(&path).await;
    for _ in 0..20 {
        app.ask(Method::HEAD, &path).await;
        assert_eq!(app.get(&path).await.assert_page(200), first.assert_page(200));
    }
    assert_eq!(asked(&app), before);
    assert_eq!(app.sandbox.elevenlabs.conversations(), []);
}

#[tokio::test]
async fn the_page_s_files_are_kept_for_ever_under_their_own_name_only() {
    let app = TestApp::start().await;
    let path = invite(&app, &link()).await;
    let page = app.get(&path).await;
    let files = files(page.assert_page(200), &path);
    assert!(files.len() >= 2, "{files:?}");
    for file in &files {
        let reply = app.get(file).await;
        assert_eq!(reply.status, 200, "{file}");
        let kind = if file.rsplit_once('.').unwrap().1 == "css" { "text/css" } else { "text/javascript" };
        assert_eq!(reply.header("content-type"), Some(format!("{kind}; charset=utf-8").as_str()), "{file}");
        assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
        // As requested by a page of another version, during a deployment.
        let [_, _, _, bundle, name] = file.split('/').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(bundle.len(), 16, "{file}");
        let other = app.get(&format!("/talk/assets/0123456789abcdef/{name}")).await;
        assert_eq!((other.status, &other.text), (200, &reply.text));
        assert_eq!(other.header("cache-control"), Some("no-store"), "{file}");
    }
    for nothing in ["nothing.js", "..%2Fassets.rs", "%FF", "talk.css%00"] {
        app.get(&format!("/talk/assets/0/{nothing}")).await.assert_error(404, "Not found");
    }
}

#[tokio::test]
async fn a_link_opens_at_any_instance_and_whatever_new_links_lead_to() {
    let setup = Setup::new().await;
    let app = setup.instance().await;
    let path = invite(&app, &link()).await;
    app.stop().await;
    setup.instance().await.get(&path).await.assert_page(200);
    let theirs = setup.set("LINK_PAGE", "elevenlabs").unset("PUBLIC_BASE_URL");
    theirs.start().await.get(&path).await.assert_page(200);
}

#[tokio::test]
async fn a_secret_can_be_replaced_without_breaking_links_that_are_out() {
    let (old, new) = ("old".repeat(11), "new".repeat(11));
    let at = async |secrets: String| Setup::new().await.set("LINK_SECRET", secrets).start().await;
    let before = at(old.clone()).await;
    let path = invite(&before, &link()).await;
    let both = at(format!("{new},{old}")).await;
    both.get(&path).await.assert_page(200);
    let newer = invite(&both, &link()).await;
    let rotated = at(new).await;
    rotated.get(&newer).await.assert_page(200);
    rotated.get(&path).await.assert_page(404);
}

#[tokio::test]
async fn the_privacy_notice_is_there_if_the_operator_names_one() {
    let url = "https://example.org/datenschutz?a=1&b=%22%3E%3Cscript%3E";
    let app = Setup::new().await.set("PRIVACY_URL", url).start().await;
    let page = app.get(&invite(&app, &link()).await).await;
    let escaped = "href=\"https:&#x2f;&#x2f;example.org&#x2f;datenschutz?a=1&amp;b=%22%3E%3Cscript%3E\"";
    assert!(page.assert_page(200).contains(escaped), "{}", page.text);
    let app = TestApp::start().await;
    let page = app.get(&invite(&app, &link()).await).await;
    assert!(!page.assert_page(200).contains("Hinweise zum Datenschutz"), "{}", page.text);
}

#[tokio::test]
async fn an_operator_may_replace_the_page_but_not_its_safety() {
    let directory = tempfile::tempdir().unwrap();
    let own = |source: &str| std::fs::write(directory.path().join("talk.html"), source).unwrap();
    let setup = Setup::new().await.set("TEMPLATES_DIR", directory.path().to_str().unwrap());
    for (source, problem) in [
        ("{{ company|safe }}<button id=\"start\">", "talk.html must escape names"),
        (
            "<p title=\"{{ candidate.last_name|safe }}\"></p><button id=\"start\">",
            "talk.html must escape names",
        ),
        ("{{ company }}", "talk.html must have the button"),
        ("{{ nobody }}", "talk.html is wrong in line 1"),
        ("{% extends 'nothing.html' %}", "talk.html"),
    ] {
        own(source);
        let mut program = setup.run();
        assert_eq!(program.ended().await.code(), Some(1), "{source}");
        let message = program.stderr.to_end().await.join("\n");
        assert!(message.contains(problem), "{source}: {message}");
    }
    own(
        "<!DOCTYPE html>\n<html lang=\"de\"><h1>Willkommen bei {{ company }}</h1><button id=\"start\">Los</button>",
    );
    let app = setup.instance().await;
    let page = app.get(&invite(&app, &link()).await).await;
    assert!(page.assert_page(200).contains("<h1>Willkommen bei Tech Startup GmbH</h1>"), "{page:?}");
}

#[tokio::test]
async fn the_log_shows_which_page_was_opened_and_never_by_whom() {
    let mut service = Setup::new().await.set("RUST_LOG", "trace").launch().await;
    let path = invite(&service, &link()).await;
    let token = path.rsplit('/').next().unwrap().to_owned();
    let page = service.get(&path).await;
    let file = files(page.assert_page(200), &path).pop_first().unwrap();
    service.get(&format!("{path}/")).await.assert_page(200);
    service.get(&format!("{path}x")).await.assert_page(404);
    service.get(&format!("{path}/a/b")).await.assert_page(404);
    service.get(&file).await;
    let log = service.stop().await;
    for part in [&token[..], &token[..12], &token[token.len() - 12..], "Max", "Mustermann", "Tech Startup"] {
        let found = log.iter().find(|line| line.contains(part));
        assert_eq!(found, None, "the log holds {part}");
    }
    let lines: Vec<Value> = log.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let routes: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "request answered" && line["method"] == "GET")
        .map(|line| (line["route"].as_str().unwrap(), line["status"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("/talk/{token}", 200),
        ("/talk/{token}/", 200),
        ("/talk/{token}", 404),
        ("unmatched", 404),
        ("/talk/assets/{bundle}/{file}", 200),
    ];
    assert_eq!(routes, expected);
}
