//! What becomes of a call whose connection breaks, or never comes about.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

/// What a raw server does with a request.
enum Step {
    /// Answers and keeps the connection.
    Answer(&'static str),
    /// Answers, whole or not, and closes the connection.
    AnswerAndClose(&'static str),
    /// Closes the connection without a word.
    Close,
}

/// A server that takes one step per request, over however many connections, and counts the requests for a call.
struct RawServer {
    address: SocketAddr,
    dials: Arc<Mutex<usize>>,
}

impl RawServer {
    async fn start(steps: impl IntoIterator<Item = Step, IntoIter: Send> + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let dials = Arc::new(Mutex::new(0));
        let count = Arc::clone(&dials);
        let mut steps = steps.into_iter();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                while let Some(request) = read_request(&mut stream).await {
                    *count.lock().expect("a lock") += usize::from(request.starts_with("POST"));
                    let (answer, closes) = match steps.next() {
                        Some(Step::Answer(answer)) => (answer, false),
                        Some(Step::AnswerAndClose(answer)) => (answer, true),
                        Some(Step::Close) | None => ("", true),
                    };
                    stream.write_all(answer.as_bytes()).await.expect("a write");
                    if closes {
                        break;
                    }
                }
            }
        });
        Self { address, dials }
    }

    fn dials(&self) -> usize {
        *self.dials.lock().expect("a lock")
    }
}

/// One request with its body; `None` when the client has gone.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => request.extend_from_slice(&chunk[..read]),
        }
    }
}

const HALF: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"success\":true,\"conversation_id\":\"conv_1\"}";
const RECORD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 21\r\n\r\n{\"provider\":\"twilio\"}";
const CREATED: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 43\r\n\r\n{\"success\":true,\"conversation_id\":\"conv_1\"}";

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_is_unknown() {
    let server = RawServer::start([Step::Close]).await;
    let outcome = dial(&client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn half_an_answer_is_unknown() {
    let server = RawServer::start([Step::AnswerAndClose(HALF)]).await;
    let outcome = dial(&client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn an_answer_that_stalls_half_way_is_unknown() {
    let server = RawServer::start([Step::Answer(HALF)]).await;
    let outcome = dial(&impatient_client(server.address)).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Timeout));
    assert_eq!(server.dials(), 1);
}

#[tokio::test]
async fn silence_is_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let outcome = dial(&impatient_client(listener.local_addr().expect("an address"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Unknown(UnknownCause::Timeout));
}

#[tokio::test]
async fn a_kept_connection_that_breaks_under_the_dial_is_unknown_and_not_repeated() {
    let server = RawServer::start([Step::Answer(RECORD), Step::Close, Step::Answer(CREATED)]).await;
    let client = client(server.address);
    assert_eq!(client.provider(&number_id()).await, Provider::Twilio);
    assert_eq!(dial(&client).await.outcome, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
    assert_eq!(server.dials(), 1, "a second request would ring twice");
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_never_makes_two_calls() {
    let server = RawServer::start([Step::AnswerAndClose(RECORD), Step::Answer(CREATED)]).await;
    let client = client(server.address);
    client.provider(&number_id()).await;
    // Whether the client has noticed by now is a race. If it has not, it must not claim to know.
    match dial(&client).await.outcome {
        DialOutcome::Placed { .. } => assert_eq!(server.dials(), 1),
        other => {
            assert_eq!(other, DialOutcome::Unknown(UnknownCause::ConnectionBroken));
            assert_eq!(server.dials(), 0);
        }
    }
}

#[tokio::test]
async fn no_connection_is_refused_because_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let closed = listener.local_addr().expect("an address");
    drop(listener);
    for base in [format!("http://{closed}"), format!("https://{closed}"), "http://nowhere.invalid".to_owned()]
    {
        let outcome = dial(&client_of(&config(&base, "none"))).await.outcome;
        assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable), "{base}");
    }
}

#[tokio::test]
async fn a_failed_tls_handshake_is_refused_because_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("a write");
        }
    });
    let outcome = dial(&client_of(&config(&format!("https://{address}"), "none"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable));
}

/// The clock jumps to the next timeout when nothing else is left to do, so nobody waits for it.
#[tokio::test(start_paused = true)]
async fn a_tls_handshake_that_never_ends_is_refused_because_nothing_was_sent() {
    // Accepts connections, but never sends anything: the connect timeout ends it, not that of the dial.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let outcome = dial(&client_of(&config(&format!("https://{address}"), "none"))).await.outcome;
    assert_eq!(outcome, DialOutcome::Refused(Refusal::Unreachable));
    let (mut connection, _) = listener.accept().await.expect("a connection");
    let mut sent = Vec::new();
    connection.read_to_end(&mut sent).await.expect("all that was sent");
    assert_eq!(sent.first(), Some(&0x16), "the handshake had begun");
}

#[tokio::test]
async fn a_dial_takes_no_longer_than_somebody_waits_for_it() {
    let server = RawServer::start([Step::Answer(HALF)]).await;
    let client = client(server.address);
    let dial = dial_awaited(&client, Provider::Twilio, Duration::from_millis(200));
    // The client's own dial timeout is two minutes.
    let dial = tokio::time::timeout(Duration::from_mins(1), dial).await.expect("an outcome in time");
    assert_eq!(dial.outcome, DialOutcome::Unknown(UnknownCause::Timeout));
    assert_eq!(server.dials(), 1);
}

#[test]
fn the_dial_timeout_is_longer_than_a_connection_may_take() {
    // Otherwise a timeout could hide that nothing was sent yet.
    assert!(config("https://eleven.example", "none").dial_timeout > 2 * upstream::CONNECT_TIMEOUT);
}
