//! Reads a body to its end, within its limits.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::http::error::ApiError;

/// The largest body that is accepted.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How much of a body that is too large is read, and dropped, before it is answered. Otherwise a caller that is still
/// sending would see its connection reset and never see the answer.
const MAX_DISCARDED_BYTES: usize = 4 * 1024 * 1024;

/// How long a body may take to arrive. A trigger fits into one packet or two.
const MAX_BODY_TIME: Duration = Duration::from_secs(10);

/// The whole body.
///
/// # Errors
/// [`ApiError::BodyTooLarge`] and [`ApiError::IncompleteBody`].
pub(super) async fn read_in_time(body: Body) -> Result<Vec<u8>, ApiError> {
    timeout(MAX_BODY_TIME, read_limited(body)).await.unwrap_or(Err(ApiError::IncompleteBody))
}

async fn read_limited(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut received = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_broken| ApiError::IncompleteBody)?;
        let Some(data) = frame.data_ref() else { continue };
        received += data.len();
        if received <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        }
        if received > MAX_DISCARDED_BYTES {
            break;
        }
    }
    if received > MAX_BODY_BYTES { Err(ApiError::BodyTooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_a_byte_at_a_time_is_not_waited_for() {
        let bytes = futures_util::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b" ")), ()))
        });
        let begin = tokio::time::Instant::now();
        assert_eq!(read_in_time(Body::from_stream(bytes)).await, Err(ApiError::IncompleteBody));
        assert_eq!(begin.elapsed(), MAX_BODY_TIME);
    }
}
