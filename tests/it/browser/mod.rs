//! A talk in a real browser: everybody can use the page, what is said arrives, and every trouble has a way on.

mod access;
mod page;
mod parts;
mod sandbox;
mod secrets;
mod sound;
mod talk;
mod troubles;

use sellcruiting_webhook::sandbox::LiveConversation;

use crate::support::browser::{Candidate, Look, Microphone, Tab};

/// Opens the link, starts the talk, and waits until both sides are there.
async fn talking(microphone: Microphone) -> Option<(Candidate, Tab, LiveConversation)> {
    let candidate = Candidate::invited(microphone).await?;
    let tab = candidate.opens_link(Look::PHONE).await;
    let agent = candidate.begins_talk(&tab).await;
    Some((candidate, tab, agent))
}
