//! Relays a talk: audio in both directions, until either side, a deadline or the service ends it.

use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::Bytes;

use super::agent::{Agent, FromAgent};
use super::browser::{Browser, BrowserEvent, ToBrowser};
use super::end::End;
use super::idle::{IdleClock, is_audible};
use super::registry::Seat;
use super::tally::Tally;
use super::utterances::Utterances;
use crate::config::TalkConfig;

/// When all talks must end. `None` until the service shuts down.
pub(super) type Closing = watch::Receiver<Option<Instant>>;

/// A talk whose two sides are both connected.
pub(super) struct Relay<'a> {
    browser: &'a mut Browser,
    agent: &'a mut Agent,
    tally: &'a mut Tally,
    seat: &'a Seat,
    deadlines: Deadlines,
    /// The latest interruption. Speech that belongs to an earlier event was interrupted.
    heard_from: i64,
    utterances: Utterances,
}

/// When the talk ends by itself.
struct Deadlines {
    too_long: Instant,
    idle: IdleClock,
    closing: Option<Instant>,
}

impl Deadlines {
    fn next(&self) -> Instant {
        let next = self.too_long.min(self.idle.deadline());
        self.closing.map_or(next, |closing| next.min(closing))
    }

    fn passed(&self, now: Instant) -> Option<End> {
        if self.closing.is_some_and(|closing| closing <= now) {
            return Some(End::Shutdown);
        }
        if self.too_long <= now {
            return Some(End::TooLong);
        }
        (self.idle.deadline() <= now).then_some(End::Idle)
    }
}

impl<'a> Relay<'a> {
    pub(super) fn new(
        browser: &'a mut Browser,
        agent: &'a mut Agent,
        tally: &'a mut Tally,
        seat: &'a Seat,
        config: &TalkConfig,
    ) -> Self {
        let now = Instant::now();
        let (input_rate, output_rate) = agent.sample_rates();
        let max_seconds = config.max_duration.as_secs();
        browser.tell(&ToBrowser::Ready { input_rate, output_rate, max_seconds });
        let deadlines = Deadlines {
            too_long: now + config.max_duration,
            idle: IdleClock::new(config.idle_timeout, now),
            closing: None,
        };
        Self {
            browser,
            agent,
            tally,
            seat,
            deadlines,
            heard_from: i64::MIN,
            utterances: Utterances::default(),
        }
    }

    /// Relays the talk until it ends.
    pub(super) async fn run(&mut self, mut closing: Closing) -> End {
        // Deadlines mostly move further away. So the alarm is reset only when one comes closer, or when it rings too
        // early.
        let mut alarm = pin!(sleep_until(self.deadlines.next()));
        self.note_closing(*closing.borrow_and_update());
        loop {
            set(&mut alarm, self.deadlines.next());
            // Back-pressure: one side is read only while the other has room.
            let (hears, speaks) = (!self.agent.is_full(), !self.browser.is_full());
            let end = tokio::select! {
                event = self.browser.next(hears) => self.on_browser(event),
                event = self.agent.next(speaks) => self.on_agent(event),
                () = &mut alarm => self.ring(alarm.as_mut()),
                () = self.seat.taken_over() => Some(End::TakenOver),
                Ok(()) = closing.changed() => {
                    self.note_closing(*closing.borrow_and_update());
                    None
                }
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    fn on_browser(&mut self, event: BrowserEvent) -> Option<End> {
        match event {
            BrowserEvent::Audio(pcm) => {
                self.tally.from_browser.count(pcm.len());
                if is_audible(&pcm) {
                    self.deadlines.idle.candidate_heard(Instant::now());
                }
                self.agent.hear(&pcm);
                None
            }
            BrowserEvent::Nothing => None,
            BrowserEvent::End(end) => Some(end),
        }
    }

    fn on_agent(&mut self, event: FromAgent) -> Option<End> {
        match event {
            FromAgent::Speech { event_id, pcm, length } => self.speak(event_id, pcm, length),
            FromAgent::Interruption { event_id } => self.interrupt(event_id),
            FromAgent::Said(said) => {
                let id = self.utterances.agent_says(said.event_id);
                self.browser.tell(&ToBrowser::AgentSaid { id, text: said.text.reveal() });
            }
            FromAgent::Corrected(said) => {
                let id = self.utterances.agent_is_corrected(said.event_id);
                self.browser.tell(&ToBrowser::AgentCorrected { id, text: said.text.reveal() });
            }
            FromAgent::Understood(said) => {
                self.deadlines.idle.candidate_heard(Instant::now());
                let id = self.utterances.candidate_says(said.event_id);
                self.browser.tell(&ToBrowser::YouSaid { id, text: said.text.reveal() });
            }
            FromAgent::Nothing => {}
            FromAgent::End(end) => return Some(end),
        }
        None
    }

    fn speak(&mut self, event_id: i64, pcm: Bytes, length: Duration) {
        if event_id < self.heard_from {
            return;
        }
        self.tally.from_agent.count(pcm.len());
        self.deadlines.idle.agent_speaks(length, Instant::now());
        self.browser.speak(event_id, pcm, length);
    }

    fn interrupt(&mut self, event_id: i64) {
        if event_id < self.heard_from {
            // A late interruption: what is playing now was said after it.
            return;
        }
        self.heard_from = event_id;
        self.tally.interruptions += 1;
        self.deadlines.idle.agent_interrupted(Instant::now());
        self.browser.interrupt(event_id);
    }

    fn note_closing(&mut self, closing: Option<Instant>) {
        let Some(closing) = closing else { return };
        let left = closing.saturating_duration_since(Instant::now());
        self.deadlines.closing = Some(closing);
        self.browser.tell(&ToBrowser::ClosingSoon { seconds: left.as_secs() });
    }

    fn ring(&mut self, alarm: Pin<&mut Sleep>) -> Option<End> {
        let end = self.deadlines.passed(Instant::now());
        alarm.reset(self.deadlines.next());
        end
    }
}

/// Moves the alarm if it would ring too late.
fn set(alarm: &mut Pin<&mut Sleep>, deadline: Instant) {
    if deadline < alarm.deadline() {
        alarm.as_mut().reset(deadline);
    }
}
