//! An HTTP server on a loopback port that can also close a connection without an answer, which `axum::serve` cannot do.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

/// How long to pause when accepting a connection fails (no free file descriptor).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A response with this in its extensions is never sent: the connection is closed instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct CloseConnection;

/// Closes a connection: if the service fails, hyper closes it without writing a byte.
#[derive(Debug, Error)]
#[error("the sandbox was asked to close the connection")]
struct Closed;

/// A listening socket that does not serve yet, so that its address can appear in answers.
#[derive(Debug)]
pub(super) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// A running server. Dropping it ends the server and all of its connections.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Bound {
    pub(super) async fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn serve(self, router: Router) -> Server {
        Server { address: self.address, accepting: tokio::spawn(accept(self.listener, router)) }
    }
}

impl Server {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts forever. The connections belong to this task, so that aborting it aborts them.
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve_connection(stream, router.clone())); }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    let service = service_fn(move |request| respond(router.clone(), request));
    // A failed connection is the other side's problem, or what a test asked for.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
}

async fn respond(router: Router, request: hyper::Request<Incoming>) -> Result<Response<Body>, Closed> {
    let response = match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never as Infallible {},
    };
    if response.extensions().get::<CloseConnection>().is_some() {
        return Err(Closed);
    }
    Ok(response)
}
