//! One connection, from the first byte to the last.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::request_body::RequestBody;
use super::slots::{Activity, Slot};
use super::stall::StallLimit;
use crate::config::ConnectionLimits;

/// Serves a connection until either side ends it, it is drained, or its place is needed.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: ConnectionLimits,
    slot: Slot,
    draining: CancellationToken,
) {
    let activity = Arc::clone(&slot.activity);
    let service = service_fn(move |request| answer(router.clone(), request, peer, Arc::clone(&activity)));
    let io = TokioIo::new(StallLimit::new(stream, limits.unread_answer));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        // The buffer alone would let a head pass that arrives whole: what is read at once may go beyond it.
        .max_header_size(limits.head_bytes)
        .max_buf_size(limits.head_bytes)
        .serve_connection(io, service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut ends_at: Option<Instant> = None;
    loop {
        tokio::select! {
            // Not logged here: the request's own line tells of a caller that went away.
            ended = connection.as_mut() => return slot.ended(ended.is_err()),
            () = draining.cancelled(), if ends_at.is_none() => {
                connection.as_mut().graceful_shutdown();
                ends_at = Some(Instant::now() + limits.head_while_draining);
            }
            // What is being answered is finished; half a request is not waited for.
            () = sleep_until(ends_at.unwrap_or_else(Instant::now)), if ends_at.is_some() => {
                if slot.activity.is_idle() {
                    return slot.cut("draining");
                }
                ends_at = Some(Instant::now() + limits.head_while_draining);
            }
            () = slot.activity.asked_to_close() => {
                if slot.activity.is_idle() {
                    return slot.cut("place_needed");
                }
            }
        }
    }
}

/// The router's answer. The connection counts as busy until the answer is handed over to be sent.
async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
    activity: Arc<Activity>,
) -> Result<Response<Body>, Infallible> {
    let answering = activity.answering();
    request.extensions_mut().insert(ConnectInfo(peer));
    let request = request.map(RequestBody::new);
    let read_to_end = request.body().read_to_end();
    let mut response = router.oneshot(request.map(Body::new)).await?;
    if !read_to_end.is_so() {
        // hyper closes a connection whose request was not read to its end. Without the header, a client would reuse it.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let _until_sent = &answering;
            frame
        }))
    }))
}
