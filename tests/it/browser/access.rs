//! Everybody can use the page: with a keyboard, with a screen reader, on a small or magnified screen, in light or dark
//! mode.
//!
//! A screenshot of every view is written to `target/screenshots`, for people to look at.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::talking;
use crate::support::browser::{Candidate, Look, Microphone, Tab};
use crate::support::{Setup, link, skipped, with};

/// Where `.ci/run` installs axe-core: `npm install --prefix target/axe --no-save axe-core@…`.
const AXE: &str = "axe/node_modules/axe-core/axe.min.js";

/// WCAG 2.2, A and AA, and what axe's authors recommend in addition.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

fn target() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target")
}

/// axe-core's script. `None`, with a line that says so, if it is not installed. In CI it must be.
fn axe() -> Option<String> {
    let script = fs::read_to_string(target().join(AXE)).ok();
    if script.is_none() {
        skipped(&format!("target/{AXE} is not installed"));
    }
    script
}

/// The names of all views of the page.
async fn views(tab: &Tab) -> Vec<String> {
    let views =
        tab.evaluate("[...document.querySelectorAll('[data-view]')].map((view) => view.dataset.view)").await;
    serde_json::from_value(views).unwrap()
}

/// Shows a view at its longest: with all of its notices, and everything expanded.
async fn unfold(tab: &Tab, view: &str) {
    let show = format!(
        "document.querySelectorAll('[data-view]').forEach((one) => one.hidden = one.dataset.view !== {view});
         document.querySelectorAll('[data-notice]').forEach((notice) => notice.hidden = false);
         document.querySelectorAll('details').forEach((details) => details.open = true);
         0",
        view = json!(view)
    );
    tab.evaluate(&show).await;
}

async fn photograph(tab: &Tab, name: &str, look: Look) {
    let directory = target().join("screenshots");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(format!("{name}-{}.png", look.name)), tab.screenshot().await).unwrap();
}

/// Fails if axe finds anything in what is visible now.
async fn assert_accessible(tab: &Tab, axe: &str, state: &str) {
    if tab.evaluate("typeof axe").await == "undefined" {
        tab.evaluate(&format!("{axe};0")).await;
    }
    let run = format!(
        "axe.run(document, {{ runOnly: {RULES} }}).then(({{ violations, passes }}) => ({{
           passes: passes.length,
           violations: violations.map((one) => [one.id, ...one.nodes.map((node) => node.html + node.failureSummary)]),
         }}))"
    );
    let result = tab.evaluate(&run).await;
    assert!(result["passes"].as_u64().unwrap() > 15, "{state}: axe has looked: {result}");
    assert_eq!(result["violations"], json!([]), "{state}");
}

#[tokio::test]
async fn axe_finds_nothing_in_any_view_in_light_and_dark_on_a_phone_and_a_desk() {
    let Some(axe) = axe() else { return };
    let setup = Setup::new().await.set("PRIVACY_URL", "https://example.com/datenschutz");
    let Some(candidate) = Candidate::invited_to(setup, &link(), Microphone::Beeps).await else { return };
    for look in [Look::PHONE, Look::PHONE_DARK, Look::DESKTOP, Look::DESKTOP_DARK] {
        let tab = candidate.opens_link(look).await;
        for view in views(&tab).await {
            unfold(&tab, &view).await;
            assert_accessible(&tab, &axe, &format!("{view}, {}", look.name)).await;
            photograph(&tab, &view, look).await;
        }
    }
}

#[tokio::test]
async fn axe_finds_nothing_while_both_speak() {
    let Some(axe) = axe() else { return };
    let Some((_candidate, tab, agent)) = talking(Microphone::Beeps).await else { return };
    agent.send_agent_response(
        "Guten Tag Max Mustermann, hier spricht Susi. Haben Sie etwa 15 Minuten Zeit?",
        1,
    );
    agent.send_user_transcript("Ja, das passt gut.", 2);
    tab.reads("Ja, das passt gut.").await;
    for look in [Look::PHONE, Look::PHONE_DARK, Look::DESKTOP, Look::DESKTOP_DARK] {
        tab.look(look).await;
        assert_accessible(&tab, &axe, look.name).await;
        photograph(&tab, "talking", look).await;
    }
    tab.press("[data-action=mute]").await;
    tab.reads("Ihr Mikrofon ist aus.").await;
    assert_accessible(&tab, &axe, "muted").await;
    photograph(&tab, "muted", Look::DESKTOP_DARK).await;
}

#[tokio::test]
async fn nothing_is_cut_off_at_400_percent_and_everything_is_large_enough_to_be_hit() {
    let long = with(
        link(),
        json!({
            "company_name": "Donaudampfschifffahrtsgesellschaftskapitänsvereinigung gemeinnützige GmbH & Co. KG",
            "candidate_first_name": "Anna-Katharina Elisabeth",
            "candidate_last_name": "von Musterhausen-Beispielfelderbach",
        }),
    );
    let setup = Setup::new().await.set("PRIVACY_URL", "https://example.com/datenschutz");
    let Some(candidate) = Candidate::invited_to(setup, &long, Microphone::Beeps).await else { return };
    for look in [Look::ZOOMED, Look::PHONE] {
        let tab = candidate.opens_link(look).await;
        for view in views(&tab).await {
            unfold(&tab, &view).await;
            let width = tab.number("document.documentElement.scrollWidth").await;
            assert!(width <= f64::from(look.width), "{view}, {}: {width} px wide", look.name);
            // What is meant only for screen readers is tiny until it is focused.
            let small = "[...document.querySelectorAll('button, a, summary')]
               .filter((control) => control.checkVisibility() && !control.matches('.until-focused'))
               .map((control) => [control.innerText, control.getBoundingClientRect()])
               .filter(([, box]) => box.width < 44 || box.height < 44)
               .map(([text]) => text)";
            assert_eq!(tab.evaluate(small).await, json!([]), "{view}, {}", look.name);
        }
        photograph(&tab, "long-names", look).await;
    }
}

#[tokio::test]
async fn a_whole_talk_can_be_led_with_the_keyboard() {
    let Some(candidate) = Candidate::invited(Microphone::Beeps).await else { return };
    let tab = candidate.opens_link(Look::DESKTOP).await;
    let elevenlabs = &candidate.app.sandbox.elevenlabs;
    elevenlabs.set_agent_manner(sellcruiting_webhook::sandbox::AgentManner::Scripted);
    assert_eq!(next_stop(&tab).await, "Gespräch beginnen");
    tab.strike("Enter").await;
    tab.reads("Susi hört Ihnen zu").await;
    // The heading has the focus, so a screen reader announces the place, and the controls come next.
    assert_eq!(tab.evaluate("document.activeElement.tagName").await, "H1");
    assert_eq!(tab.evaluate("document.title").await, "Im Gespräch mit Susi");
    assert_eq!(next_stop(&tab).await, "Mitschrift vom Screenreader vorlesen lassen");
    let live = "document.querySelector('[role=log]').getAttribute('aria-live')";
    assert_eq!(tab.evaluate(live).await, "off");
    tab.strike("Enter").await;
    assert_eq!(tab.evaluate(live).await, "polite");
    assert_eq!(next_stop(&tab).await, "Hier steht gleich, was gesprochen wird.");
    assert_eq!(next_stop(&tab).await, "Stumm");
    tab.strike("Enter").await;
    tab.reads("Ihr Mikrofon ist aus. Susi hört Sie nicht.").await;
    assert_eq!(next_stop(&tab).await, "Mitlesen");
    assert_eq!(next_stop(&tab).await, "Beenden");
    tab.strike("Enter").await;
    tab.sees("ended").await;
    assert_eq!(tab.evaluate("document.activeElement.innerText").await, "Sie haben das Gespräch beendet");
    assert_eq!(tab.evaluate("document.title").await, "Gespräch beendet");
    assert_eq!(next_stop(&tab).await, "Neu beginnen");
}

/// What the next press of Tab moves to. The focus must be visible.
async fn next_stop(tab: &Tab) -> String {
    tab.strike("Tab").await;
    let ring = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle").await;
    let Value::String(text) = tab.evaluate("document.activeElement.innerText").await else {
        panic!("nothing")
    };
    assert_eq!(ring, "solid", "one sees where one is: {text}");
    text
}

#[tokio::test]
async fn who_wants_no_motion_gets_none() {
    let Some((_candidate, tab, _)) = talking(Microphone::Beeps).await else { return };
    let moving =
        "[...document.querySelectorAll('*')].flatMap((element) => ['', '::before', '::after'].map((part) =>
        getComputedStyle(element, part))).filter((style) => style.transitionDuration !== '0s'
        || style.animationName !== 'none').length";
    assert!(tab.number(moving).await > 0.0, "else there is nothing to test");
    tab.without_motion().await;
    assert!(tab.number(moving).await == 0.0);
}
