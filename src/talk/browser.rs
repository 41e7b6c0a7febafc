//! The browser's side of a talk: `talk.v1`, the protocol between our own page and this service.
//!
//! Binary messages are 16-bit little-endian mono PCM, in both directions, at the rates that `ready` names. Text
//! messages are JSON objects with a `type`. A browser can send two of them, `mute` and `end`; anything else it sends
//! ends the talk.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Bytes;

use super::end::End;
use super::line::{Frame, Gone, Incoming, Line};
use super::pacer::Pacer;
use crate::bucket::Bucket;
use crate::config::TalkLimits;

/// The highest rate that a browser may be asked for: 48 kHz, in bytes per second.
const MAX_AUDIO_RATE: f64 = 96_000.0;

/// What the browser is sent, besides audio.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToBrowser<'a> {
    /// The agent has joined.
    Ready { input_rate: u32, output_rate: u32, max_seconds: u64 },
    /// What the agent is saying.
    AgentSaid { id: i64, text: &'a str },
    /// What the agent actually said before it was interrupted.
    AgentCorrected { id: i64, text: &'a str },
    /// What the candidate says, as the agent has understood it.
    YouSaid { id: i64, text: &'a str },
    /// Tells the page to drop audio that it has not played yet.
    Interrupted,
    /// The service is about to stop.
    ClosingSoon { seconds: u64 },
    /// The talk is over.
    Ended { reason: &'static str },
}

/// What a browser may send as text.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromBrowser {
    Mute { muted: bool },
    End,
}

/// An event on the browser's side.
#[derive(Debug)]
pub(super) enum BrowserEvent {
    /// A chunk of the candidate's audio. Zeros while muted.
    Audio(Bytes),
    /// Nothing the talk needs to react to: a sign of life, or room in the outbox.
    Nothing,
    /// The talk is over.
    End(End),
}

/// The connection to the page.
pub(super) struct Browser {
    line: Line<WebSocket, Message>,
    /// The agent's speech that is not due yet.
    pacer: Pacer,
    is_muted: bool,
    /// How the connection ended, unless the page ended it.
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
            pacer: Pacer::new(limits, Instant::now()),
            is_muted: false,
            gone: None,
            messages: Bucket::new(burst * messages_per_second, messages_per_second),
            // Clocks differ: a microphone may deliver slightly more than its nominal rate.
            bytes: Bucket::new(burst * MAX_AUDIO_RATE, 1.1 * MAX_AUDIO_RATE),
            limits,
        }
    }

    /// Whether so much is waiting for it that the agent should not be read for now.
    pub(super) fn is_full(&self) -> bool {
        self.line.is_full() || self.pacer.is_full()
    }

    /// Waits for the next event, and meanwhile hands on the agent's speech as it becomes due. Reads messages only if
    /// `reading`. Cancel-safe.
    pub(super) async fn next(&mut self, reading: bool) -> BrowserEvent {
        // A full line reports by itself when it has room again.
        let due = self.pacer.wait(Instant::now()).filter(|_| !self.line.is_full());
        tokio::select! {
            incoming = self.line.next(reading) => self.react(incoming),
            () = sleep(due.unwrap_or_default()), if due.is_some() => self.hand_on(),
        }
    }

    fn react(&mut self, incoming: Incoming<Message>) -> BrowserEvent {
        match incoming {
            Incoming::Message(message) => self.take(message),
            Incoming::Room => self.hand_on(),
            Incoming::Gone(gone) => {
                self.gone = Some(gone);
                BrowserEvent::End(match gone {
                    Gone::BrokenRules => End::BrokenRules,
                    Gone::Closed | Gone::Silent | Gone::Stalled => End::Vanished,
                })
            }
        }
    }

    /// Sends a message after everything that is queued.
    pub(super) fn tell(&mut self, what: &ToBrowser<'_>) {
        self.line.queue(text(what));
    }

    /// Plays this speech of the given length after everything that is still to be played.
    pub(super) fn speak(&mut self, event_id: i64, pcm: Bytes, length: Duration) {
        self.pacer.hold(event_id, pcm, length);
        self.hand_on();
    }

    /// Stops playing what belongs to an earlier event than this.
    pub(super) fn interrupt(&mut self, event_id: i64) {
        self.pacer.interrupt(event_id, Instant::now());
        self.line.drop_speech_before(event_id);
        self.line.queue_first(text(&ToBrowser::Interrupted));
        self.hand_on();
    }

    /// Tells the page why the talk is over, and closes the connection.
    ///
    /// The agent's last words are sent before that, for as long as the page accepts them and unless `cut_short`
    /// completes. The page plays them to their end.
    pub(super) async fn dismiss(mut self, end: End, cut_short: impl Future<Output = ()>) {
        if end == End::Agent {
            for piece in self.pacer.take_all() {
                self.line.queue_speech(Message::Binary(piece.pcm), piece.event_id);
            }
            self.say_goodbye(end);
            tokio::select! {
                () = self.send_last_words() => return,
                () = cut_short => {}
            }
        }
        self.line.clear();
        self.say_goodbye(end);
        let _ = timeout(self.limits.farewell, self.line.flush()).await;
        let _ = timeout(self.limits.farewell, self.line.wait_until_closed()).await;
    }

    fn say_goodbye(&mut self, end: End) {
        if end.can_be_told() {
            self.tell(&ToBrowser::Ended { reason: end.code() });
            let close = CloseFrame { code: end.close_code(), reason: end.code().into() };
            self.line.queue(Message::Close(Some(close)));
        }
    }

    /// Over a slow connection this takes long: until the page has answered the close, it has not received everything.
    async fn send_last_words(&mut self) {
        if self.line.flush().await.is_ok() {
            let _ = timeout(self.limits.stall, self.line.wait_until_closed()).await;
        }
    }

    /// Queues as much of the agent's speech as is due.
    ///
    /// Must be called whenever that may have changed, so that [`Self::is_full`] is always accurate.
    fn hand_on(&mut self) -> BrowserEvent {
        let now = Instant::now();
        while !self.line.is_full()
            && let Some(piece) = self.pacer.next(now)
        {
            self.line.queue_speech(Message::Binary(piece.pcm), piece.event_id);
        }
        BrowserEvent::Nothing
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

    /// Replaces a muted candidate's audio with silence. The page should send silence by then, but whoever presses mute
    /// must be able to rely on it.
    fn unless_muted(&self, pcm: Bytes) -> Bytes {
        if self.is_muted { vec![0; pcm.len()].into() } else { pcm }
    }
}

fn text(what: &ToBrowser<'_>) -> Message {
    Message::text(serde_json::to_string(what).unwrap_or_default())
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
