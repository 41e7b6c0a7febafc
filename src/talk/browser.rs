//! The browser's side of a talk: `talk.v1`, the protocol between our own page and this service.
//!
//! Binary messages are 16-bit PCM, little endian, one channel, in both directions, at the rates that `ready` names. Text
//! messages are JSON objects with a `type`. A browser can say two things, `mute` and `end`; whatever else it sends ends
//! the talk.

use std::error::Error as _;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Bytes;

use super::bucket::Bucket;
use super::end::End;
use super::line::{Frame, Gone, Incoming, Line, SocketError};
use crate::config::TalkLimits;

/// Long speech is cut into pieces, so that what is interrupted can be dropped while it waits.
const SPEECH_BYTES: usize = 8 * 1024;

/// The highest rate that a browser may be asked for, in bytes a second: 48 kHz.
const MAX_AUDIO_RATE: f64 = 96_000.0;

/// What a browser is told, besides audio.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToBrowser<'a> {
    /// The agent is there.
    Ready { input_rate: u32, output_rate: u32, max_seconds: u64 },
    /// What the agent says.
    AgentSaid { id: i64, text: &'a str },
    /// What it got round to saying.
    AgentCorrected { id: i64, text: &'a str },
    /// What the candidate says, as the agent has understood it.
    YouSaid { id: i64, text: &'a str },
    /// What is still to be played is not to be played.
    Interrupted,
    /// The service stops soon.
    ClosingSoon { seconds: u64 },
    /// The talk is over.
    Ended { reason: &'static str },
}

/// What a browser says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromBrowser {
    Mute { muted: bool },
    End,
}

/// What happens on the browser's side.
#[derive(Debug)]
pub(super) enum BrowserEvent {
    /// A piece of what the candidate says. Zeros while muted.
    Audio(Bytes),
    /// Nothing of concern: a sign of life, or room in the outbox.
    Nothing,
    /// The talk is over.
    End(End),
}

/// The connection to the page.
pub(super) struct Browser {
    line: Line<WebSocket, Message>,
    is_muted: bool,
    /// How the connection ended, if the page did not end it.
    pub(super) gone: Option<Gone>,
    messages: Bucket,
    bytes: Bucket,
    limits: TalkLimits,
}

impl Browser {
    pub(super) fn new(socket: WebSocket, limits: TalkLimits) -> Self {
        let burst = f64::from(limits.burst_seconds);
        let messages_per_second = f64::from(limits.messages_per_second);
        Self {
            line: Line::new(socket, limits),
            is_muted: false,
            gone: None,
            messages: Bucket::new(burst * messages_per_second, messages_per_second),
            // Clocks differ: a microphone may deliver a little more than its rate.
            bytes: Bucket::new(burst * MAX_AUDIO_RATE, 1.1 * MAX_AUDIO_RATE),
            limits,
        }
    }

    /// Whether nothing more should be read for it.
    pub(super) fn is_full(&self) -> bool {
        self.line.is_full()
    }

    /// What happens next. Messages are taken only if `reading`. May be given up at any time.
    pub(super) async fn next(&mut self, reading: bool) -> BrowserEvent {
        match self.line.next(reading).await {
            Incoming::Message(message) => self.take(message),
            Incoming::Room => BrowserEvent::Nothing,
            Incoming::Gone(gone) => {
                self.gone = Some(gone);
                BrowserEvent::End(match gone {
                    Gone::BrokenRules => End::BrokenRules,
                    Gone::Closed | Gone::Silent | Gone::Stalled => End::Vanished,
                })
            }
        }
    }

    /// Tells it something after all that is queued.
    pub(super) fn tell(&mut self, what: &ToBrowser<'_>) {
        self.line.queue(text(what));
    }

    /// Plays this to the candidate after all that is queued.
    pub(super) fn speak(&mut self, event_id: i64, mut pcm: Bytes) {
        while !pcm.is_empty() {
            let piece = pcm.split_to(pcm.len().min(SPEECH_BYTES));
            self.line.queue_speech(Message::Binary(piece), event_id);
        }
    }

    /// Plays nothing any more of what belongs to an earlier event than this.
    pub(super) fn interrupt(&mut self, event_id: i64) {
        self.line.drop_speech_before(event_id);
        self.line.queue_first(text(&ToBrowser::Interrupted));
    }

    /// Says why the talk is over, and closes. The agent's last words are played before that, and on a slow line they are
    /// long on their way: until the page has answered the close, it has not heard them all.
    pub(super) async fn dismiss(mut self, end: End) {
        if end.can_be_told() {
            if end != End::Agent {
                self.line.clear();
            }
            self.tell(&ToBrowser::Ended { reason: end.code() });
            let close = CloseFrame { code: end.close_code(), reason: end.code().into() };
            self.line.queue(Message::Close(Some(close)));
        }
        let patience = if end == End::Agent { self.limits.stall } else { self.limits.farewell };
        if let Ok(Ok(())) = timeout(patience, self.line.flush()).await {
            let _ = timeout(patience, self.line.wait_until_closed()).await;
        }
    }

    fn take(&mut self, message: Message) -> BrowserEvent {
        let now = Instant::now();
        #[expect(clippy::cast_precision_loss, reason = "a message has at most 64 KiB")]
        let size = message.size() as f64;
        if !self.messages.take(1.0, now) || !self.bytes.take(size, now) {
            return BrowserEvent::End(End::BrokenRules);
        }
        match message {
            Message::Binary(pcm) if pcm.is_empty() => BrowserEvent::Nothing,
            Message::Binary(pcm) if pcm.len() % 2 == 0 => BrowserEvent::Audio(self.unless_muted(pcm)),
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(FromBrowser::Mute { muted }) => {
                    self.is_muted = muted;
                    BrowserEvent::Nothing
                }
                Ok(FromBrowser::End) => BrowserEvent::End(End::Candidate),
                Err(_hidden) => BrowserEvent::End(End::BrokenRules),
            },
            Message::Binary(_) => BrowserEvent::End(End::BrokenRules),
            Message::Close(_) => BrowserEvent::End(End::Left),
            Message::Ping(_) | Message::Pong(_) => BrowserEvent::Nothing,
        }
    }

    /// Silence of the same length where the candidate is muted: what a page sends then should be silence already, but
    /// whoever presses that button must be able to rely on it.
    fn unless_muted(&self, pcm: Bytes) -> Bytes {
        if self.is_muted { vec![0; pcm.len()].into() } else { pcm }
    }
}

fn text(what: &ToBrowser<'_>) -> Message {
    Message::text(serde_json::to_string(what).unwrap_or_default())
}

impl Frame for Message {
    fn ping() -> Self {
        Self::Ping(Bytes::new())
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) | Self::Ping(bytes) | Self::Pong(bytes) => bytes.len(),
            Self::Close(_) => 0,
        }
    }
}

impl SocketError for axum::Error {
    fn gone(&self) -> Gone {
        self.source().and_then(|error| error.downcast_ref()).map_or(Gone::Closed, tungstenite::Error::gone)
    }
}

impl SocketError for tungstenite::Error {
    fn gone(&self) -> Gone {
        use tungstenite::error::ProtocolError;
        match self {
            Self::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Gone::Closed,
            Self::Capacity(_) | Self::Protocol(_) | Self::Utf8(_) => Gone::BrokenRules,
            _ => Gone::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_page_is_told_in_the_words_of_the_protocol() {
        for (what, message) in [
            (
                ToBrowser::Ready { input_rate: 16_000, output_rate: 24_000, max_seconds: 2_700 },
                json!({ "type": "ready", "input_rate": 16_000, "output_rate": 24_000, "max_seconds": 2_700 }),
            ),
            (
                ToBrowser::AgentSaid { id: 3, text: "Hallo" },
                json!({ "type": "agent_said", "id": 3, "text": "Hallo" }),
            ),
            (
                ToBrowser::AgentCorrected { id: 3, text: "Ha" },
                json!({ "type": "agent_corrected", "id": 3, "text": "Ha" }),
            ),
            (ToBrowser::YouSaid { id: 2, text: "Ja" }, json!({ "type": "you_said", "id": 2, "text": "Ja" })),
            (ToBrowser::Interrupted, json!({ "type": "interrupted" })),
            (ToBrowser::ClosingSoon { seconds: 25 }, json!({ "type": "closing_soon", "seconds": 25 })),
            (
                ToBrowser::Ended { reason: End::TooLong.code() },
                json!({ "type": "ended", "reason": "too_long" }),
            ),
        ] {
            assert_eq!(serde_json::to_value(&what).unwrap(), message);
        }
    }
}
