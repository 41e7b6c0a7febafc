//! The page as a candidate finds it, in a real browser: what it says before a talk, and when the browser is not capable
//! of one.

use std::time::Duration;

use serde_json::json;

use crate::support::browser::{Candidate, Look, Microphone};
use crate::support::{Setup, link, with};

#[tokio::test]
async fn the_page_says_who_invites_whom_to_what() {
    let setup = Setup::new().await.set("PRIVACY_URL", "https://example.com/datenschutz");
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    let text = tab.text().await;
    for said in [
        "Guten Tag Max Mustermann,",
        "Tech Startup GmbH lädt Sie zu einem ersten Gespräch über Ihre Bewerbung ein.",
        "Susi, einer KI-Assistentin",
        "Etwa 15 Minuten",
        "Ein Mikrofon und ein ruhiger Ort",
        "jederzeit unterbrechen",
        "Gespräch beginnen",
        "Hinweise zum Datenschutz",
    ] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
    assert_eq!(tab.evaluate("document.title").await, "Gespräch mit Tech Startup GmbH");
    assert_eq!(tab.evaluate("document.documentElement.lang").await, "de");
    assert_eq!(tab.evaluate("document.querySelector('a').href").await, "https://example.com/datenschutz");
    assert_eq!(tab.evaluate("document.querySelectorAll('button:not([hidden])').length > 0").await, true);
    assert_eq!(tab.evaluate("document.cookie").await, "");
    // Opening a link does not start a talk: mail programs open links, too.
    assert_eq!(candidate.app.sandbox.elevenlabs.conversations(), []);
}

#[tokio::test]
async fn names_are_text_whatever_stands_in_them() {
    let hostile = "<img src=x onerror=document.title='hacked'>\"'&amp;";
    let trigger = with(link(), json!({ "company_name": hostile, "candidate_first_name": hostile }));
    let setup = Setup::new().await;
    let Some(candidate) = Candidate::invited_to(setup, &trigger, Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    let hostile = hostile.replace('"', "'");
    assert!(tab.text().await.contains(&format!("Guten Tag {hostile} Mustermann,")), "{}", tab.text().await);
    assert_eq!(tab.evaluate("document.querySelectorAll('img').length").await, 0);
    assert_eq!(tab.evaluate("document.title").await, format!("Gespräch mit {hostile}"));
    assert_eq!(tab.evidence().complaints, [""; 0]);
}

#[tokio::test]
async fn a_link_that_is_damaged_or_expired_says_so() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.browser.tab(Look::PHONE).await;
    tab.open(&candidate.link[..candidate.link.len() - 3]).await;
    let text = tab.sees("link-damaged").await;
    assert!(text.contains("Dieser Link ist nicht vollständig"), "{text}");
    candidate.app.clock.advance(Duration::from_hours(8 * 24));
    tab.open(&candidate.link).await;
    let text = tab.sees("link-expired").await;
    assert!(text.contains("Dieser Link ist abgelaufen"), "{text}");
}

#[tokio::test]
async fn without_scripts_the_page_says_what_it_needs() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.browser.tab(Look::PHONE).await;
    tab.without_scripts().await;
    tab.open(&candidate.link).await;
    let text = tab.text().await;
    assert!(text.contains("braucht diese Seite JavaScript"), "{text}");
    assert_eq!(tab.evaluate("document.querySelector('#start').disabled").await, true);
}

#[tokio::test]
async fn a_browser_that_cannot_lead_a_talk_is_told_at_once_and_gets_the_link_for_another() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    for lack in [
        "delete window.AudioWorkletNode",
        "delete window.WebSocket",
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })",
    ] {
        let tab = candidate.browser.tab(Look::PHONE).await;
        tab.before_each_page(lack).await;
        tab.open(&candidate.link).await;
        let text = tab.sees("unsupported").await;
        assert!(text.contains("In diesem Browser geht es leider nicht"), "{lack}: {text}");
        tab.press("[data-action=copy-link]").await;
        tab.reads("Der Link ist kopiert.").await;
    }
}

/// As the browsers within Android's apps do.
#[tokio::test]
async fn a_browser_that_lets_no_page_write_to_its_clipboard_copies_the_link_all_the_same() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.browser.tab(Look::PHONE).await;
    tab.before_each_page(
        "delete window.AudioWorkletNode;
         navigator.clipboard.writeText = () => Promise.reject(new DOMException('denied', 'NotAllowedError'))",
    )
    .await;
    tab.open(&candidate.link).await;
    tab.sees("unsupported").await;
    tab.press("[data-action=copy-link]").await;
    tab.reads("Der Link ist kopiert.").await;
}

#[tokio::test]
async fn a_page_that_is_not_secured_or_did_not_arrive_whole_says_so() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.browser.tab(Look::PHONE).await;
    tab.before_each_page("Object.defineProperty(window, 'isSecureContext', { value: false })").await;
    tab.open(&candidate.link).await;
    let text = tab.sees("insecure").await;
    assert!(text.contains("Diese Verbindung ist nicht gesichert"), "{text}");

    for missing in ["*/main.js", "*/view.js"] {
        let tab = candidate.browser.tab(Look::PHONE).await;
        tab.block(missing).await;
        tab.open(&candidate.link).await;
        let text = tab.sees("incomplete").await;
        assert!(text.contains("Die Seite ist nicht vollständig angekommen"), "{missing}: {text}");
    }
}
