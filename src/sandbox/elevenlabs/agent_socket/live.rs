//! A conversation over a WebSocket, during and after it: what came in, and orders to the agent.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::audio_format::AudioFormat;
use super::client_frames::INITIATION;
use super::events;
use crate::sandbox::wait::wait_until;

/// How many samples of a conversation are kept, so that a long one in a browser does not use up memory: two minutes at
/// 16 kHz.
const MAX_KEPT_SAMPLES: usize = 120 * 16_000;

/// How a connection ended, from the agent's point of view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEnd {
    /// The agent closed it.
    ByAgent {
        /// The code of the close frame, if it had one.
        code: Option<u16>,
        /// The reason in the close frame.
        reason: String,
    },
    /// The client closed it.
    ByClient {
        /// The code of the close frame, if it had one.
        code: Option<u16>,
        /// The reason in the close frame.
        reason: String,
    },
    /// The agent was told to drop it, without a close frame.
    Dropped,
    /// It broke without a close frame from the client.
    Broken,
}

/// Orders to the session task.
#[derive(Debug)]
pub(super) enum Order {
    Event(Value),
    Text(String),
    Binary(Vec<u8>),
    Say(String),
    Interrupt,
    StopReading,
    Close { code: u16, reason: String },
    CloseBare,
    Drop,
}

/// A conversation over a WebSocket, which may be going on or be over. Orders to one that is over have no effect.
#[derive(Debug, Clone)]
pub struct LiveConversation {
    output: AudioFormat,
    log: Arc<watch::Sender<Log>>,
    orders: mpsc::UnboundedSender<Order>,
}

/// Everything that came in.
#[derive(Debug, Default)]
struct Log {
    conversation_id: Option<String>,
    frames: Vec<Value>,
    samples: Vec<i16>,
    sample_count: usize,
    chunks: usize,
    problem: Option<String>,
    end: Option<SocketEnd>,
}

/// What came in.
impl LiveConversation {
    /// Its id, once the agent has accepted it: the same as in [`super::super::FakeElevenLabs::conversations`].
    #[must_use]
    pub fn conversation_id(&self) -> Option<String> {
        self.log.borrow().conversation_id.clone()
    }

    /// The client's first frame, once it has arrived.
    #[must_use]
    pub fn initiation(&self) -> Option<Value> {
        self.frames().into_iter().find(|frame| frame["type"] == INITIATION)
    }

    /// All frames of the client so far except those with audio, in order.
    #[must_use]
    pub fn frames(&self) -> Vec<Value> {
        self.log.borrow().frames.clone()
    }

    /// Waits until there are `count` frames of a `type`, and returns all of that type.
    pub async fn wait_for_frames(&self, kind: &str, count: usize) -> Vec<Value> {
        let wanted = format!("{count} frames of type {kind}");
        wait_until(&self.log, &wanted, |log| of_kind(&log.frames, kind).count() >= count).await;
        of_kind(&self.log.borrow().frames, kind).cloned().collect()
    }

    /// The decoded samples of the client's audio so far. Of a long conversation, these are the first two million or so.
    #[must_use]
    pub fn audio(&self) -> Vec<i16> {
        self.log.borrow().samples.clone()
    }

    /// How many samples came in.
    #[must_use]
    pub fn sample_count(&self) -> usize {
        self.log.borrow().sample_count
    }

    /// In how many frames they came.
    #[must_use]
    pub fn audio_frames(&self) -> usize {
        self.log.borrow().chunks
    }

    /// Waits until there are `count` samples, and returns all there are.
    pub async fn wait_for_audio(&self, count: usize) -> Vec<i16> {
        wait_until(&self.log, &format!("{count} samples"), |log| log.sample_count >= count).await;
        self.audio()
    }

    /// What was wrong with a frame of the client. Because of it, the agent closed the connection with 1008.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        self.log.borrow().problem.clone()
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<SocketEnd> {
        self.log.borrow().end.clone()
    }

    /// Waits until it has ended.
    pub async fn wait_for_end(&self) -> Option<SocketEnd> {
        wait_until(&self.log, "the end of a talk", |log| log.end.is_some()).await;
        self.end()
    }
}

/// Orders to the agent. The ids of these events are up to the caller; those that the agent sends on its own count up
/// from 1.
impl LiveConversation {
    /// Sends any JSON.
    pub fn send(&self, event: Value) {
        self.order(Order::Event(event));
    }

    /// Sends a text frame, JSON or not.
    pub fn send_text(&self, text: impl Into<String>) {
        self.order(Order::Text(text.into()));
    }

    /// Sends a binary frame, which the real service never does.
    pub fn send_binary(&self, bytes: impl Into<Vec<u8>>) {
        self.order(Order::Binary(bytes.into()));
    }

    /// Sends these samples in the announced format, in one `audio` event.
    pub fn send_audio(&self, samples: &[i16], event_id: u64) {
        self.send(events::audio(&self.output.encode(samples), event_id));
    }

    /// Sends what the agent says, without audio.
    pub fn send_agent_response(&self, text: &str, event_id: u64) {
        self.send(events::agent_response(text, event_id));
    }

    /// Sends what the agent had actually said when it was interrupted.
    pub fn send_correction(&self, original: &str, corrected: &str, event_id: u64) {
        self.send(events::agent_response_correction(original, corrected, event_id));
    }

    /// Sends what the agent has understood.
    pub fn send_user_transcript(&self, text: &str, event_id: u64) {
        self.send(events::user_transcript(text, event_id));
    }

    /// Sends an interruption, which makes audio with a lower id void.
    pub fn send_interruption(&self, event_id: u64) {
        self.send(events::interruption(event_id));
    }

    /// Sends a ping.
    pub fn send_ping(&self, event_id: u64, ping_ms: Option<u64>) {
        self.send(events::ping(event_id, ping_ms));
    }

    /// Asks the client to run a tool.
    pub fn send_tool_call(&self, tool_name: &str, tool_call_id: &str, event_id: u64) {
        self.send(events::client_tool_call(tool_name, tool_call_id, event_id));
    }

    /// Sends an event of a type that no client can know yet.
    pub fn send_unknown_event(&self) {
        self.send(events::unknown());
    }

    /// Sends an `error` event. The real service closes the connection afterwards, which is a separate order here.
    pub fn send_error(&self, code: u16, error_type: &str, message: &str) {
        self.send(events::error(code, error_type, message));
    }

    /// Says a text as the lively agent does: `agent_response`, and its [voice](super::voice()) in chunks, faster than
    /// it is played. The rest of what it was saying is dropped.
    pub fn say(&self, text: &str) {
        self.order(Order::Say(text.to_owned()));
    }

    /// Interrupts what it is saying, as a candidate's voice does: it sends `interruption` and
    /// `agent_response_correction`, and no more of its audio. Does nothing if it is not speaking.
    pub fn interrupt(&self) {
        self.order(Order::Interrupt);
    }

    /// Permanently stops reading what the client sends, so that its network buffers fill up.
    pub fn stop_reading(&self) {
        self.order(Order::StopReading);
    }

    /// Closes the connection, with a reason of at most 123 bytes.
    pub fn close(&self, code: u16, reason: &str) {
        self.order(Order::Close { code, reason: reason.to_owned() });
    }

    /// Closes the connection with a close frame that has neither code nor reason.
    pub fn close_without_status(&self) {
        self.order(Order::CloseBare);
    }

    /// Reports that the agent has hung up with its tool `end_call`. The real service closes the connection afterwards,
    /// which is a separate order here.
    pub fn send_hung_up(&self, event_id: u64) {
        self.send(events::agent_tool_response("end_call", event_id));
    }

    /// Drops the connection without a close frame.
    pub fn drop_connection(&self) {
        self.order(Order::Drop);
    }

    fn order(&self, order: Order) {
        // Fails if the conversation is over, which can happen at any time.
        let _ = self.orders.send(order);
    }
}

/// What the session task records.
impl LiveConversation {
    pub(super) fn new(output: AudioFormat) -> (Self, mpsc::UnboundedReceiver<Order>) {
        let (orders, received) = mpsc::unbounded_channel();
        (Self { output, log: Arc::new(watch::Sender::default()), orders }, received)
    }

    pub(super) fn note_conversation(&self, conversation_id: &str) {
        self.log.send_modify(|log| log.conversation_id = Some(conversation_id.to_owned()));
    }

    pub(super) fn note_frame(&self, frame: Value) {
        self.log.send_modify(|log| log.frames.push(frame));
    }

    pub(super) fn note_audio(&self, samples: &[i16]) {
        self.log.send_modify(|log| {
            log.chunks += 1;
            log.sample_count += samples.len();
            let room = MAX_KEPT_SAMPLES.saturating_sub(log.samples.len()).min(samples.len());
            log.samples.extend_from_slice(&samples[..room]);
        });
    }

    pub(super) fn note_problem(&self, problem: String) {
        self.log.send_modify(|log| log.problem = Some(problem));
    }

    pub(super) fn note_end(&self, end: SocketEnd) {
        self.log.send_modify(|log| log.end = Some(end));
    }
}

fn of_kind<'a>(frames: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    frames.iter().filter(move |frame| frame["type"] == kind)
}
