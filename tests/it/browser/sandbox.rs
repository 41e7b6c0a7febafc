//! The talk that a newcomer has with the sandbox's lively agent, in a real browser.

use crate::support::browser::{Candidate, Look, Microphone, Signal};

/// Remembers everything that the transcript ever showed, however briefly.
const NOTES_WHAT_STOOD_THERE: &str = "
    const seen = [];
    window.__stoodThere = (text) => seen.some((transcript) => transcript.includes(text));
    new MutationObserver(() => seen.push(document.getElementById('transcript')?.textContent ?? ''))
      .observe(document.body, { subtree: true, childList: true, characterData: true });
";

#[tokio::test]
async fn a_newcomer_talks_with_the_lively_agent() {
    let microphone = Microphone::Hears(Signal::at(48_000));
    let Some(candidate) = Candidate::invited(microphone).await else { return };
    let tab = candidate.opens_link(Look::PHONE).await;
    tab.evaluate(NOTES_WHAT_STOOD_THERE).await;
    tab.press("#start").await;
    // The microphone hears somebody from the first moment on. So the greeting ends after a few words, and its whole
    // text is shown only briefly.
    tab.until("__stoodThere('Guten Tag Max Mustermann, hier spricht Susi')").await;
    tab.until("!document.body.innerText.includes('Haben Sie dafür')").await;
    // Long enough that the loudness of the first moment does not matter.
    tab.record_microphone().await;
    tab.until("window.__listenedFor() > 1000").await;
    // A muted candidate is not heard.
    tab.press("[data-action=mute]").await;
    tab.reads("(Ton von ").await;
    tab.reads("mit minus 19 Dezibel. Das ist gut zu verstehen.").await;
    tab.until("window.__heardFor() > 1000").await;
    tab.press("[data-action=end]").await;
    tab.sees("ended").await;
}
