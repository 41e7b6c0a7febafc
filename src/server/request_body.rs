//! The body of a request, which knows whether it was read to its end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

/// A body on its way to whoever reads it.
#[derive(Debug)]
pub(super) struct RequestBody {
    body: Incoming,
    read: ReadToEnd,
}

/// Whether a body was read to its end. One that is empty always was.
#[derive(Debug, Clone)]
pub(super) struct ReadToEnd(Arc<AtomicBool>);

impl RequestBody {
    pub(super) fn new(body: Incoming) -> Self {
        let read = ReadToEnd(Arc::new(AtomicBool::new(body.is_end_stream())));
        Self { body, read }
    }

    pub(super) fn read_to_end(&self) -> ReadToEnd {
        self.read.clone()
    }
}

impl ReadToEnd {
    /// So far.
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.read.0.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
