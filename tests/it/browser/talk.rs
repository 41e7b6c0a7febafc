//! A talk in a real browser, from the click to the goodbye.

use std::time::Duration;

use sellcruiting_webhook::sandbox::{AgentFault, AgentManner, Fault, Gate, Sandbox, SocketEnd};
use serde_json::json;

use super::talking;
use crate::support::browser::{Candidate, Look, Microphone, Signal};
use crate::support::{Setup, link};

#[tokio::test]
async fn what_both_say_is_to_be_read_as_it_is_said() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.send_agent_response("Guten Tag, hier spricht Susi.", 1);
    tab.reads("Guten Tag, hier spricht Susi.").await;
    agent.send_user_transcript("Guten Tag! <b>Ja</b>, das passt.", 2);
    tab.reads("Guten Tag! <b>Ja</b>, das passt.").await;
    agent.send_agent_response("Das freut mich sehr, denn", 3);
    tab.reads("Das freut mich sehr, denn").await;
    agent.send_correction("Das freut mich sehr, denn", "Das freut", 3);
    tab.until("!document.body.innerText.includes('Das freut mich sehr, denn')").await;
    let said = "[...document.querySelectorAll('[data-utterance]')].map((one) => one.textContent)";
    assert_eq!(
        tab.evaluate(said).await,
        json!([
            "Susi: Guten Tag, hier spricht Susi.",
            "Sie: Guten Tag! <b>Ja</b>, das passt.",
            "Susi: Das freut"
        ])
    );
    // The transcript can be hidden.
    tab.press("[data-action=transcript]").await;
    tab.until("!document.body.innerText.includes('Das freut')").await;
    tab.press("[data-action=transcript]").await;
    tab.reads("Das freut").await;
}

#[tokio::test]
async fn the_page_says_who_speaks_and_that_one_is_heard() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Hears(Signal::at(48_000))).await else { return };
    tab.reads("Susi hört Ihnen zu").await;
    tab.reads("Man hört Sie gut.").await;
    tab.until("Number(document.querySelector('#own-voice').style.getPropertyValue('--level')) > 0.4").await;
    agent.send_audio(&Signal::at(16_000).samples(8), 1);
    tab.reads("Susi spricht").await;
    tab.until("Number(document.querySelector('#susis-voice').style.getPropertyValue('--level')) > 0.4").await;
    tab.reads("Susi hört Ihnen zu").await;
}

#[tokio::test]
async fn whoever_is_muted_is_not_heard() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Hears(Signal::at(48_000))).await else { return };
    agent.wait_for_audio(4_000).await;
    tab.press("[data-action=mute]").await;
    tab.reads("Ihr Mikrofon ist aus. Susi hört Sie nicht.").await;
    assert_eq!(
        tab.evaluate("document.querySelector('[data-action=mute]').getAttribute('aria-pressed')").await,
        "true"
    );
    // After a second, everything that was on its way when the button was pressed has arrived.
    let before = agent.wait_for_audio(agent.sample_count() + 16_000).await.len();
    let audio = agent.wait_for_audio(before + 8_000).await;
    assert!(audio[before..].iter().all(|sample| *sample == 0), "somebody is heard");
    // The service does not hear anybody either: the page sends only silence.
    let sent = tab.evidence().sent;
    assert!(sent[sent.len() - 20..].iter().flatten().all(|byte| *byte == 0), "the page sends sound");
    tab.press("[data-action=mute]").await;
    tab.reads("Man hört Sie gut.").await;
    let before = agent.sample_count();
    let audio = agent.wait_for_audio(before + 16_000).await;
    assert!(audio[before..].iter().any(|sample| sample.unsigned_abs() > 1_000), "nobody is heard");
}

#[tokio::test]
async fn the_candidate_ends_it_with_one_press_and_can_begin_again() {
    let Some((candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.send_agent_response("Guten Tag!", 1);
    tab.reads("Guten Tag!").await;
    tab.press("[data-action=end]").await;
    let text = tab.sees("ended").await;
    assert!(text.contains("Sie haben das Gespräch beendet"), "{text}");
    assert!(matches!(agent.wait_for_end().await, Some(SocketEnd::ByClient { code: Some(1000), .. })));
    assert_eq!(tab.evaluate("__tracks.map((track) => track.readyState)").await, json!(["ended"]));
    tab.press("[data-action=start]").await;
    tab.sees("talk").await;
    candidate.app.sandbox.elevenlabs.wait_for_live_conversations(2).await;
    tab.reads("Susi hört Ihnen zu").await;
    assert!(!tab.text().await.contains("Guten Tag!"), "the new talk begins with nothing said");
}

#[tokio::test]
async fn susi_ends_it_and_her_last_words_are_heard() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.send_agent_response("Auf Wiederhören!", 1);
    agent.send_audio(&Signal::at(16_000).samples(8), 1);
    agent.close(1000, "");
    tab.reads("Susi verabschiedet sich").await;
    // By now, the microphone is off.
    assert_eq!(tab.evaluate("__tracks.map((track) => track.readyState)").await, json!(["ended"]));
    let text = tab.sees("goodbye").await;
    assert!(text.contains("Vielen Dank für das Gespräch!"), "{text}");
    assert!(text.contains("Ihre Antworten gehen jetzt an Tech Startup GmbH."), "{text}");
    let heard = tab.evaluate("__heardFor()").await.as_f64().unwrap();
    assert!((1_900.0..2_100.0).contains(&heard), "{heard} of 2000 ms were heard");
}

#[tokio::test]
async fn a_microphone_that_goes_away_is_replaced_or_missed_aloud() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Hears(Signal::at(48_000))).await else { return };
    tab.evaluate("__tracks[0].stop(), __tracks[0].dispatchEvent(new Event('ended')), 0").await;
    tab.until("__tracks.length === 2").await;
    let before = agent.wait_for_audio(agent.sample_count() + 16_000).await.len();
    let audio = agent.wait_for_audio(before + 8_000).await;
    assert!(audio[before..].iter().any(|sample| sample.unsigned_abs() > 1_000), "nobody is heard");

    tab.evaluate("__refuse = 'NotFoundError', __tracks[1].dispatchEvent(new Event('ended')), 0").await;
    tab.reads("Ihr Mikrofon ist nicht mehr da.").await;
    tab.evaluate("__refuse = null").await;
    tab.press("[data-action=replace-microphone]").await;
    tab.until("!document.body.innerText.includes('Ihr Mikrofon ist nicht mehr da.')").await;
}

#[tokio::test]
async fn of_two_microphones_that_two_presses_brought_one_is_given_up() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    tab.evaluate("__refuse = 'NotFoundError', __tracks[0].dispatchEvent(new Event('ended')), 0").await;
    tab.reads("Ihr Mikrofon ist nicht mehr da.").await;
    let press = "document.querySelector('[data-action=replace-microphone]').click()";
    tab.evaluate(&format!("__refuse = null, {press}, {press}, 0")).await;
    tab.until("__tracks.length === 3").await;
    tab.until("__tracks.filter((track) => track.readyState === 'live').length === 1").await;
    let before = agent.wait_for_audio(agent.sample_count() + 16_000).await.len();
    let audio = agent.wait_for_audio(before + 32_000).await;
    assert!(audio[before..].iter().any(|sample| *sample != 0), "nobody is heard");
}

#[tokio::test]
async fn a_microphone_that_goes_away_before_susi_is_there_is_missed_aloud() {
    // The talk asks HOC again, although the link has done so.
    let setup = Setup::new().await.set("QUESTIONNAIRE_TTL", "0");
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    let Sandbox { hoc, elevenlabs } = &*candidate.app.sandbox;
    elevenlabs.set_agent_manner(AgentManner::Scripted);
    let tab = candidate.opens_link(Look::PHONE).await;
    let (gate, asked) = (Gate::new(), hoc.requests().len());
    hoc.next(Fault::HoldUntil(gate.clone()));
    tab.press("#start").await;
    hoc.wait_for_requests(asked + 1).await;
    tab.until("document.querySelector('[data-switch=stage]').dataset.chosen === 'connecting'").await;
    tab.evaluate("__refuse = 'NotFoundError', __tracks[0].dispatchEvent(new Event('ended')), 0").await;
    tab.reads("Ihr Mikrofon ist nicht mehr da.").await;
    tab.evaluate("__refuse = null").await;
    tab.press("[data-action=replace-microphone]").await;
    tab.until("!document.body.innerText.includes('Ihr Mikrofon ist nicht mehr da.')").await;
    gate.open();
    tab.reads("Susi hört Ihnen zu").await;
    let agent = elevenlabs.live_conversations().pop().unwrap();
    assert!(agent.wait_for_audio(32_000).await.iter().any(|sample| *sample != 0), "nobody is heard");
}

/// Shortens the page's timeouts fifty-fold.
const IMPATIENCE: &str =
    "window.setTimeout = ((real) => (then, ms) => real(then, ms / 50))(window.setTimeout), 0";

#[tokio::test]
async fn a_page_waits_for_an_agent_only_so_long() {
    let setup =
        Setup::new().await.adjust(|config| config.elevenlabs.conversation_timeout = Duration::from_hours(1));
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    candidate.app.sandbox.elevenlabs.next_agent(AgentFault::Silent);
    let tab = candidate.opens_link(Look::PHONE).await;
    tab.evaluate(IMPATIENCE).await;
    tab.press("#start").await;
    tab.sees("unavailable").await;
}

#[tokio::test]
async fn a_page_waits_for_last_words_only_so_long() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    tab.evaluate(IMPATIENCE).await;
    let agent = candidate.begins_talk(&tab).await;
    // Sound that the device does not play never ends.
    tab.evaluate("__context.suspend().then(() => 0)").await;
    agent.send_audio(&[1_000; 4_000], 1);
    agent.close(1000, "");
    tab.sees("goodbye").await;
}

#[tokio::test]
async fn sound_that_the_device_stopped_comes_back_with_a_press() {
    let Some((_candidate, tab, _agent)) = talking(Microphone::Beeps).await else { return };
    tab.evaluate("__context.suspend().then(() => 0)").await;
    tab.reads("Ihr Gerät hat den Ton angehalten.").await;
    tab.press("[data-action=resume-sound]").await;
    tab.until("__context.state === 'running'").await;
    tab.until("!document.body.innerText.includes('Ihr Gerät hat den Ton angehalten.')").await;
}

#[tokio::test]
async fn leaving_the_page_ends_the_talk() {
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    tab.leave().await;
    assert!(matches!(agent.wait_for_end().await, Some(SocketEnd::ByClient { code: Some(1000), .. })));
}
