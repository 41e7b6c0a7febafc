//! A conversation from the metadata on: listening, speaking and being interrupted.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::Instant;

use super::audio_format::AudioFormat;
use super::client_frames::{self, ClientFrame};
use super::ear::{Ear, Noticed, Utterance};
use super::interviewer::{Interviewer, Line, transcript};
use super::pinger::Pinger;
use super::speech::Speech;
use super::wire::{Ending, Step, Wire};
use super::{AgentManner, events};

/// The close code of a conversation that ended normally.
const NORMAL: u16 = 1000;

/// The close code of an internal error of the server.
const INTERNAL_ERROR: u16 = 1011;

/// The state of a conversation.
#[derive(Debug)]
pub(super) struct Conversing<'a> {
    wire: &'a mut Wire,
    input: AudioFormat,
    output: AudioFormat,
    /// `None` if the agent does nothing on its own.
    lively: Option<Lively>,
    speech: Option<Speech>,
    last_id: u64,
    drop_at: Option<Instant>,
}

/// What makes an agent act on its own.
#[derive(Debug)]
struct Lively {
    interviewer: Interviewer,
    ear: Ear,
    pinger: Pinger,
    /// Since when nobody has been speaking. It lies in the future while the agent speaks.
    quiet_since: Instant,
}

impl<'a> Conversing<'a> {
    pub(super) fn new(
        wire: &'a mut Wire,
        manner: AgentManner,
        input: AudioFormat,
        output: AudioFormat,
    ) -> Self {
        let now = Instant::now();
        let lively = match manner {
            AgentManner::Scripted => None,
            AgentManner::Lively { patience, turns } => Some(Lively {
                interviewer: Interviewer::new(patience, turns),
                ear: Ear::new(input.sample_rate()),
                pinger: Pinger::new(now),
                quiet_since: now,
            }),
        };
        Self { wire, input, output, lively, speech: None, last_id: 0, drop_at: None }
    }

    /// Drops the connection after this time.
    pub(super) fn drop_after(&mut self, time: Duration) {
        self.drop_at = Some(Instant::now() + time);
    }

    /// Says the agent's opening, if it is lively.
    pub(super) async fn greet(&mut self, first_message: String) -> Result<(), Ending> {
        if self.lively.is_none() {
            return Ok(());
        }
        self.wire.send(&events::unknown()).await?;
        self.say(Line { text: first_message, is_last: false }).await
    }

    /// Runs until the conversation is over.
    pub(super) async fn go_on(&mut self) -> Result<Infallible, Ending> {
        loop {
            match self.wire.step(self.due()).await? {
                Step::Text(text) => self.take(&text).await?,
                Step::Say(text) => self.say(Line { text, is_last: false }).await?,
                Step::Interrupt => self.interrupt().await?,
                Step::Due => self.do_what_is_due(Instant::now()).await?,
            }
        }
    }

    pub(super) async fn say(&mut self, line: Line) -> Result<(), Ending> {
        let response_id = self.next_id();
        if self.lively.is_some() {
            self.wire.send(&events::tentative_agent_response(&line.text)).await?;
        }
        self.wire.send(&events::agent_response(&line.text, response_id)).await?;
        let speech = Speech::new(line.text, line.is_last, self.output, response_id, Instant::now());
        if let Some(lively) = &mut self.lively {
            lively.quiet_since = speech.played_at();
        }
        self.speech = Some(speech);
        Ok(())
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn due(&self) -> Option<Instant> {
        let speech = self.speech.as_ref().and_then(Speech::due);
        let ping = self.lively.as_ref().map(|lively| lively.pinger.next_at);
        let silence = self.lively.as_ref().and_then(Lively::patience_ends);
        [speech, ping, silence, self.drop_at].into_iter().flatten().min()
    }

    async fn do_what_is_due(&mut self, now: Instant) -> Result<(), Ending> {
        if self.drop_at.is_some_and(|at| at <= now) {
            return Err(Ending::Drop);
        }
        self.send_sound(now).await?;
        self.ping(now).await?;
        let Some(lively) = &mut self.lively else { return Ok(()) };
        if lively.patience_ends().is_some_and(|at| at <= now) {
            let line = lively.interviewer.break_silence();
            self.say(line).await?;
        }
        Ok(())
    }

    async fn send_sound(&mut self, now: Instant) -> Result<(), Ending> {
        while let Some(speech) =
            self.speech.as_mut().filter(|speech| speech.due().is_some_and(|at| at <= now))
        {
            let chunk = speech.next_chunk();
            let event_id = self.next_id();
            self.wire.send(&events::audio(&chunk, event_id)).await?;
        }
        if !self.speech.as_ref().is_some_and(|speech| speech.is_last && speech.is_sent()) {
            return Ok(());
        }
        // Like the real one after its tool `end_call` has run: the client plays what it has received.
        let event_id = self.next_id();
        self.wire.send(&events::agent_tool_response("end_call", event_id)).await?;
        Err(Ending::Close { code: NORMAL, reason: String::new() })
    }

    async fn ping(&mut self, now: Instant) -> Result<(), Ending> {
        let event_id = self.last_id + 1;
        let Some(lively) = self.lively.as_mut().filter(|lively| lively.pinger.next_at <= now) else {
            return Ok(());
        };
        if !lively.pinger.sent(event_id, now) {
            let reason = "The client does not answer pings.".to_owned();
            return Err(Ending::Close { code: INTERNAL_ERROR, reason });
        }
        let ping = events::ping(event_id, lively.pinger.round_trip);
        self.last_id = event_id;
        self.wire.send(&ping).await
    }

    async fn take(&mut self, text: &str) -> Result<(), Ending> {
        let (frame, meaning) =
            client_frames::later(text, self.input).map_err(|problem| self.wire.mistake(problem))?;
        match meaning {
            ClientFrame::Audio(samples) => {
                self.wire.live.note_audio(&samples);
                return self.hear(&samples).await;
            }
            ClientFrame::Pong { event_id } => {
                let pinger = self.lively.as_mut().map(|lively| &mut lively.pinger);
                if pinger.is_some_and(|pinger| !pinger.answered(event_id, Instant::now())) {
                    return Err(self.wire.mistake(format!("pong {event_id} answers no open ping")));
                }
            }
            ClientFrame::Other => {}
        }
        self.wire.live.note_frame(frame);
        Ok(())
    }

    async fn hear(&mut self, samples: &[i16]) -> Result<(), Ending> {
        let Some(lively) = &mut self.lively else { return Ok(()) };
        for noticed in lively.ear.hear(samples) {
            match noticed {
                Noticed::Likely(score) => self.wire.send(&events::vad_score(score)).await?,
                Noticed::Began if !self.is_leaving() => self.interrupt().await?,
                Noticed::Finished(heard) if !self.is_leaving() => self.answer(heard).await?,
                Noticed::Began | Noticed::Finished(_) => {}
            }
        }
        Ok(())
    }

    fn is_leaving(&self) -> bool {
        self.speech.as_ref().is_some_and(|speech| speech.is_last)
    }

    async fn answer(&mut self, heard: Utterance) -> Result<(), Ending> {
        let event_id = self.next_id();
        self.wire.send(&events::user_transcript(&transcript(heard), event_id)).await?;
        let Some(lively) = &mut self.lively else { return Ok(()) };
        let line = lively.interviewer.reply(heard);
        self.say(line).await
    }

    /// Stops the current speech, if a client would still be playing it.
    async fn interrupt(&mut self) -> Result<(), Ending> {
        let now = Instant::now();
        let Some(speech) = self.speech.take().filter(|speech| now < speech.played_at()) else {
            return Ok(());
        };
        if let Some(lively) = &mut self.lively {
            lively.quiet_since = now;
        }
        let event_id = self.next_id();
        self.wire.send(&events::interruption(event_id)).await?;
        let said = speech.said_until(now);
        self.wire.send(&events::agent_response_correction(&speech.text, &said, speech.response_id)).await
    }
}

impl Lively {
    /// When the agent's patience with the silence ends. `None` while the candidate speaks.
    fn patience_ends(&self) -> Option<Instant> {
        (!self.ear.hears_a_voice()).then(|| self.quiet_since + self.interviewer.patience)
    }
}
