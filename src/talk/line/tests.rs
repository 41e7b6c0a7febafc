use std::time::Duration;

use tokio::io::DuplexStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::*;

type Socket = WebSocketStream<DuplexStream>;

/// A line over a pipe with this many bytes of buffer, and the pipe's other end.
async fn line_over(limits: TalkLimits, pipe: usize) -> (Line<Socket, Message>, Socket) {
    let (near, far) = tokio::io::duplex(pipe);
    let config = WebSocketConfig::default().write_buffer_size(0);
    let near = WebSocketStream::from_raw_socket(near, Role::Client, Some(config)).await;
    let far = WebSocketStream::from_raw_socket(far, Role::Server, Some(config)).await;
    (Line::new(near, limits), far)
}

fn limits() -> TalkLimits {
    TalkLimits { outbox_bytes: 1_000, ..TalkLimits::default() }
}

fn speech(byte: u8) -> Message {
    Message::Binary(Bytes::from(vec![byte; 400]))
}

/// What arrives while the line only sends.
async fn arrivals(line: &mut Line<Socket, Message>, far: &mut Socket) -> Vec<Message> {
    let mut arrived = Vec::new();
    line.queue(Message::text("last"));
    loop {
        tokio::select! {
            _ = line.next(false) => {}
            message = far.next() => match message.unwrap().unwrap() {
                Message::Text(_) => return arrived,
                message => arrived.push(message),
            },
        }
    }
}

#[tokio::test]
async fn what_is_interrupted_is_dropped_and_what_is_said_first_goes_first() {
    let (mut line, mut far) = line_over(limits(), 4_096).await;
    for event_id in [1, 2, 3] {
        line.queue_speech(speech(u8::try_from(event_id).unwrap()), event_id);
    }
    assert!(line.is_full());
    line.drop_speech_before(3);
    assert!(!line.is_full());
    line.queue_first(Message::binary(vec![9]));
    assert_eq!(arrivals(&mut line, &mut far).await, [Message::binary(vec![9]), speech(3)]);
}

#[tokio::test]
async fn a_full_line_says_when_there_is_room_again() {
    let (mut line, mut far) = line_over(limits(), 64).await;
    for _ in 0..5 {
        line.queue(speech(1));
    }
    assert!(line.is_full());
    // Nobody reads, so there is no room.
    assert!(timeout(Duration::from_millis(50), line.next(false)).await.is_err());
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = far.next().await {} });
    assert!(matches!(line.next(false).await, Incoming::Room));
    assert!(!line.is_full());
    reading.abort();
}

#[tokio::test]
async fn room_is_told_also_if_all_was_sent_at_once() {
    let (mut line, _far) = line_over(limits(), 64 * 1024).await;
    for _ in 0..5 {
        line.queue(speech(1));
    }
    assert!(matches!(line.next(false).await, Incoming::Room));
}

#[tokio::test]
async fn messages_without_content_are_not_free() {
    let (mut line, _far) = line_over(limits(), 64).await;
    let mut queued = 0;
    while queued < 1_000 && !line.is_full() {
        line.queue(Message::text(""));
        queued += 1;
    }
    assert!(queued < 50, "{queued}");
}

#[tokio::test(start_paused = true)]
async fn each_side_is_asked_for_signs_of_life_and_given_up_without_any() {
    let (mut line, mut far) = line_over(TalkLimits::default(), 4_096).await;
    let start = Instant::now();
    // Reading a ping answers it.
    let reading = tokio::spawn(async move {
        let mut pings = 0;
        while pings < 3 {
            pings += usize::from(matches!(far.next().await, Some(Ok(Message::Ping(_)))));
        }
        far
    });
    let mut pongs = 0;
    let end = loop {
        match line.next(true).await {
            Incoming::Message(Message::Pong(_)) => pongs += 1,
            Incoming::Gone(gone) => break gone,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((end, reading.is_finished()), (Gone::Silent, true));
    // The reader stops at the third ping, so it has not sent that pong.
    assert!(pongs >= 2, "{pongs}");
    let limits = TalkLimits::default();
    let passed = start.elapsed();
    let last_sign = limits.ping_period / 2 + limits.ping_period;
    assert!(passed >= last_sign + limits.silence && passed <= last_sign + 2 * limits.silence, "{passed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_side_that_does_not_read_is_given_up() {
    let (mut line, _far) = line_over(TalkLimits::default(), 64).await;
    line.queue(speech(1));
    let start = Instant::now();
    assert!(matches!(line.next(false).await, Incoming::Gone(Gone::Stalled)));
    let limits = TalkLimits::default();
    assert!(start.elapsed() >= limits.stall && start.elapsed() <= limits.stall + limits.ping_period);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_listened_to_is_not_taken_for_silent() {
    let (mut line, mut far) = line_over(TalkLimits::default(), 4_096).await;
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = far.next().await {} });
    let hour = Duration::from_hours(1);
    assert!(timeout(hour, line.next(false)).await.is_err(), "nothing happens");
    reading.abort();
}

#[tokio::test]
async fn a_line_that_is_closed_or_broken_is_gone() {
    let (mut line, far) = line_over(limits(), 4_096).await;
    drop(far);
    assert!(matches!(line.next(true).await, Incoming::Gone(Gone::Closed)));
    let (mut line, mut far) = line_over(limits(), 4_096).await;
    let closing = tokio::spawn(async move {
        far.close(None).await.unwrap();
        while let Some(Ok(_)) = far.next().await {}
    });
    assert!(matches!(line.next(true).await, Incoming::Message(Message::Close(None))));
    assert!(matches!(line.next(true).await, Incoming::Gone(Gone::Closed)));
    closing.await.unwrap();
}

#[tokio::test]
async fn what_was_said_before_a_connection_broke_is_still_heard() {
    let (mut line, mut far) = line_over(limits(), 4_096).await;
    far.send(Message::text("goodbye")).await.unwrap();
    far.send(Message::Close(None)).await.unwrap();
    drop(far);
    // Nobody reads this any more.
    line.queue(speech(1));
    assert!(matches!(line.next(true).await, Incoming::Message(Message::Text(_))));
    assert!(matches!(line.next(true).await, Incoming::Message(Message::Close(None))));
    line.queue(speech(2));
    line.queue_first(speech(3));
    assert_eq!(line.queued_bytes, 0, "nothing is kept for nobody");
    assert!(matches!(line.next(true).await, Incoming::Gone(Gone::Closed)));
    assert_eq!(line.flush().await, Err(Gone::Closed));
}

#[tokio::test(start_paused = true)]
async fn a_slow_side_gets_everything_however_long_it_takes() {
    let (mut line, mut far) = line_over(TalkLimits::default(), 256).await;
    for _ in 0..100 {
        line.queue(speech(1));
    }
    let reading = tokio::spawn(async move {
        let mut count = 0;
        while count < 100 {
            // It also sends something itself, and is heard.
            far.send(Message::text("hm")).await.unwrap();
            tokio::time::sleep(Duration::from_secs(5)).await;
            count += usize::from(matches!(far.next().await, Some(Ok(Message::Binary(_)))));
        }
    });
    let start = Instant::now();
    timeout(Duration::from_hours(1), line.flush()).await.unwrap().unwrap();
    assert!(start.elapsed() > 10 * TalkLimits::default().stall);
    reading.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_side_that_takes_nothing_is_not_waited_for() {
    let (mut line, _far) = line_over(TalkLimits::default(), 64).await;
    line.queue(speech(1));
    let start = Instant::now();
    assert_eq!(timeout(Duration::from_hours(1), line.flush()).await, Ok(Err(Gone::Stalled)));
    let limits = TalkLimits::default();
    assert!(start.elapsed() >= limits.stall && start.elapsed() <= limits.stall + limits.ping_period);
}
