//! What a candidate's browser opens: the page behind a link, its assets, and the WebSocket on which it talks.
//!
//! No key is needed: whoever holds the link may talk.

mod assets;
mod headers;
mod page;
mod session;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use super::HttpState;
use crate::http::error::ApiError;

pub use self::page::TalkPages;

/// All routes below `/talk`. Each answer carries the headers of [`headers`], whatever produced it.
///
/// An unknown path is taken for a link that was damaged on its way, and is answered with a page for people.
pub(super) fn routes(pages: &Arc<TalkPages>) -> Router<HttpState> {
    let protect = from_fn_with_state(Arc::clone(pages), headers::protect);
    let routes = Router::new()
        .route("/{token}", get(page::talk))
        // Some mail programs and messengers append a slash.
        .route("/{token}/", get(page::talk))
        .route("/{token}/session", get(session::session))
        .route("/assets/{bundle}/{file}", get(assets::asset))
        .fallback(page::nowhere)
        // Also set on the outer router, but that answer would lack these headers.
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(protect.clone());
    Router::new().nest("/talk", routes).route("/talk/", any(page::nowhere).layer(protect))
}
