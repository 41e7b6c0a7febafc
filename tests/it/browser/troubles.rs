//! Every trouble has a sentence of its own, and a way to go on.

use std::time::Duration;

use axum::http::StatusCode;
use sellcruiting_webhook::sandbox::{AgentFault, Fault, Lookup};
use serde_json::json;

use super::talking;
use crate::support::browser::{Candidate, LineFate, Look, Microphone, Proxy, Tab, own_link};
use crate::support::{Setup, link, with};

/// Opens the link and presses start. What follows is up to the test.
async fn try_to_talk(candidate: &Candidate) -> Tab {
    let tab = candidate.opens_link(Look::PHONE).await;
    tab.press("#start").await;
    tab
}

/// The same through a proxy that treats the line this way. `None`: there is no browser.
async fn try_to_talk_through(fate: LineFate) -> Option<(Candidate, Proxy, Tab)> {
    let mut candidate = Candidate::invited(Microphone::Beeps).await?;
    let proxy = Proxy::start(&candidate.app.url, fate).await;
    candidate.link = candidate.link.replace(&candidate.app.url, &proxy.url);
    let tab = try_to_talk(&candidate).await;
    Some((candidate, proxy, tab))
}

/// Waits for this view. Fails unless it says this and offers that.
async fn is_told(tab: &Tab, view: &str, sentence: &str, way_on: &str) {
    let text = tab.sees(view).await;
    assert!(text.contains(sentence), "{sentence:?} is not in {text}");
    assert!(text.contains(way_on), "{way_on:?} is not in {text}");
    // A screen reader starts at the heading, and the microphone is released.
    let heading = tab.evaluate("document.activeElement.tagName").await;
    assert_eq!(heading, "H1", "{view}");
    assert_eq!(tab.evaluate("__tracks.every((track) => track.readyState === 'ended')").await, true, "{view}");
}

const TRY_AGAIN: &str = "Noch einmal versuchen";
const BEGIN_AGAIN: &str = "Neu beginnen";

#[tokio::test]
async fn a_microphone_that_is_refused() {
    let Some(candidate) = Candidate::invited(Microphone::Refused).await else { return };
    let tab = try_to_talk(&candidate).await;
    is_told(&tab, "microphone-refused", "Das Mikrofon ist nicht erlaubt", TRY_AGAIN).await;
    for device in ["iPhone und iPad", "Android", "Computer"] {
        tab.reads(device).await;
    }
    // Browsers within apps refuse it without asking.
    tab.press("[data-action=copy-link]").await;
    tab.reads("Der Link ist kopiert.").await;
    assert_eq!(candidate.app.sandbox.elevenlabs.live_conversations().len(), 0);
}

#[tokio::test]
async fn a_microphone_that_is_missing_or_belongs_to_another_program() {
    let Some(candidate) = Candidate::invited(Microphone::Missing).await else { return };
    let tab = try_to_talk(&candidate).await;
    is_told(&tab, "microphone-missing", "Wir finden kein Mikrofon", TRY_AGAIN).await;
    tab.evaluate("__refuse = 'NotReadableError'").await;
    tab.press("[data-action=start]").await;
    is_told(&tab, "microphone-in-use", "Das Mikrofon lässt sich gerade nicht benutzen", TRY_AGAIN).await;
}

#[tokio::test]
async fn a_link_that_expires_while_the_page_is_open() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    candidate.app.clock.advance(Duration::from_hours(8 * 24));
    tab.press("#start").await;
    is_told(&tab, "link-expired", "Dieser Link ist abgelaufen", "um einen neuen Link").await;
}

#[tokio::test]
async fn a_talk_that_goes_on_in_another_tab() {
    let Some((candidate, first, _)) = talking(Microphone::Beeps).await else { return };
    let second = try_to_talk(&candidate).await;
    is_told(&second, "other-tab", "Das Gespräch läuft schon", "Hier noch einmal versuchen").await;
    // It is, and once it is ended there, the talk can go on here.
    first.press("[data-action=end]").await;
    first.sees("ended").await;
    let talks = &candidate.app.sandbox.elevenlabs;
    talks.live_conversations()[0].wait_for_end().await;
    second.press("[data-action=start]").await;
    second.reads("Susi hört Ihnen zu").await;
}

#[tokio::test]
async fn a_tab_that_is_doubled_or_loaded_again_takes_its_talk_over() {
    let Some((candidate, first, _)) = talking(Microphone::Beeps).await else { return };
    let tab_of_first = first.evaluate("history.state").await;
    let second = candidate.opens_link(Look::PHONE).await;
    second.evaluate(&format!("history.replaceState({tab_of_first}, '')")).await;
    candidate.begins_talk(&second).await;
    is_told(
        &first,
        "taken-over",
        "Das Gespräch geht in einem anderen Fenster weiter",
        "Lieber hier sprechen?",
    )
    .await;
}

#[tokio::test]
async fn more_talks_than_there_is_room_for() {
    let setup = Setup::new().await.set("MAX_TALKS", "1");
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let first = candidate.opens_link(Look::PHONE).await;
    candidate.begins_talk(&first).await;
    let other = with(link(), json!({ "candidate_first_name": "Erika" }));
    let second = candidate.browser.tab(Look::PHONE).await;
    second.measure_sound().await;
    second.open(&own_link(&candidate.app, &other).await).await;
    second.press("#start").await;
    is_told(&second, "too-many", "Gerade ist hier viel los", TRY_AGAIN).await;
}

#[tokio::test]
async fn a_link_on_which_talks_begin_again_and_again() {
    let setup = Setup::new().await.adjust(|config| config.talk.limits.starts = 1);
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    candidate.begins_talk(&tab).await;
    tab.press("[data-action=end]").await;
    tab.sees("ended").await;
    candidate.app.sandbox.elevenlabs.live_conversations()[0].wait_for_end().await;
    tab.press("[data-action=start]").await;
    is_told(&tab, "too-often", "Bitte warten Sie eine halbe Minute", TRY_AGAIN).await;
}

#[tokio::test]
async fn no_free_line_at_elevenlabs() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    candidate.app.sandbox.elevenlabs.next_agent(AgentFault::busy());
    let tab = try_to_talk(&candidate).await;
    is_told(&tab, "busy", "Gerade sind alle Leitungen belegt", TRY_AGAIN).await;
}

#[tokio::test]
async fn an_agent_that_cannot_be_reached() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let fault = Fault::status(StatusCode::INTERNAL_SERVER_ERROR);
    candidate.app.sandbox.elevenlabs.always(Lookup::SignedUrl, fault);
    let tab = try_to_talk(&candidate).await;
    is_told(&tab, "unavailable", "Susi ist gerade nicht zu erreichen", TRY_AGAIN).await;
}

#[tokio::test]
async fn an_agent_that_is_lost() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.drop_connection();
    is_told(&tab, "lost-agent", "Die Verbindung zu Susi ist abgebrochen", BEGIN_AGAIN).await;
}

#[tokio::test]
async fn a_talk_that_lasts_too_long() {
    let setup = Setup::new().await.adjust(|config| config.talk.max_duration = Duration::from_secs(1));
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    candidate.begins_talk(&tab).await;
    is_told(&tab, "too-long", "Die Zeit für das Gespräch ist um", "Noch einmal beginnen").await;
}

#[tokio::test]
async fn a_candidate_who_says_nothing() {
    let setup = Setup::new().await.adjust(|config| config.talk.idle_timeout = Duration::from_secs(2));
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    candidate.begins_talk(&tab).await;
    tab.press("[data-action=mute]").await;
    is_told(&tab, "idle", "Wir haben länger nichts von Ihnen gehört", BEGIN_AGAIN).await;
}

#[tokio::test]
async fn a_service_that_is_being_renewed() {
    let setup = Setup::new().await.set("SHUTDOWN_GRACE", "2s");
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    candidate.begins_talk(&tab).await;
    let Candidate { app, browser: _browser, .. } = candidate;
    let told = async {
        tab.reads("Unser Dienst wird gleich erneuert").await;
        is_told(&tab, "shutdown", "Wir mussten das Gespräch unterbrechen", BEGIN_AGAIN).await;
    };
    tokio::join!(app.stop(), told);
}

#[tokio::test]
async fn a_connection_that_breaks_and_then_is_not_to_be_had() {
    let Some((candidate, tab, _)) = talking(Microphone::Beeps).await else { return };
    let Candidate { app, browser: _browser, .. } = candidate;
    app.kill().await;
    is_told(&tab, "connection-lost", "Die Verbindung ist abgebrochen", BEGIN_AGAIN).await;
    tab.press("[data-action=start]").await;
    is_told(&tab, "offline", "Wir bekommen keine Verbindung", TRY_AGAIN).await;
}

#[tokio::test]
async fn a_device_that_is_out_of_reach_for_a_while() {
    let Some((_candidate, tab, _)) = talking(Microphone::Beeps).await else { return };
    tab.offline(true).await;
    tab.reads("Ihre Internetverbindung ist gerade langsam.").await;
    tab.offline(false).await;
    tab.until("!document.body.innerText.includes('Ihre Internetverbindung ist gerade langsam.')").await;
}

#[tokio::test]
async fn a_part_of_the_page_that_does_not_arrive_in_time() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    tab.block("*/playback_queue.js").await;
    tab.press("#start").await;
    is_told(&tab, "broken", "Da ist etwas schiefgegangen", "Seite neu laden").await;
}

#[tokio::test]
async fn a_network_that_lets_no_line_through() {
    let Some((_candidate, _proxy, tab)) = try_to_talk_through(LineFate::NoUpgrade).await else { return };
    is_told(&tab, "blocked", "Ihr Netz lässt das Gespräch nicht durch", "Link kopieren").await;
}

#[tokio::test]
async fn an_address_that_the_service_does_not_know() {
    let Some((_candidate, _proxy, tab)) = try_to_talk_through(LineFate::OtherHost).await else { return };
    is_told(&tab, "wrong-address", "Bitte öffnen Sie den Link noch einmal", "direkt aus der Nachricht").await;
}

#[tokio::test]
async fn whatever_else_answers_in_place_of_the_service() {
    let Some(mut candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let direct = candidate.link.clone();
    let stopping = r#"{"status":"error","error":"Shutting down","message":"-"}"#;
    for (status, body, view, sentence, way_on) in [
        (404, "{}", "link-damaged", "Dieser Link ist nicht vollständig", "um einen neuen"),
        (403, "<html>", "wrong-address", "Bitte öffnen Sie den Link noch einmal", "direkt aus der Nachricht"),
        (503, stopping, "restarting", "Gleich geht es weiter", TRY_AGAIN),
        (503, "<html>", "unavailable", "Susi ist gerade nicht zu erreichen", TRY_AGAIN),
        (502, "<html>", "unavailable", "Susi ist gerade nicht zu erreichen", TRY_AGAIN),
    ] {
        let proxy = Proxy::start(&candidate.app.url, LineFate::Answered { status, body }).await;
        candidate.link = direct.replace(&candidate.app.url, &proxy.url);
        let tab = try_to_talk(&candidate).await;
        is_told(&tab, view, sentence, way_on).await;
    }
}
