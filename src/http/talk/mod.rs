//! What a candidate's browser opens: the page behind a link, the page's own files, and the line on which it talks. No key is asked for: who holds the
//! link may talk.

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

/// All routes below `/talk`. Each answer carries the headers of [`headers`], whoever made it.
///
/// What is no route is a link that was damaged on its way, and is answered to a person.
pub(super) fn routes(pages: &Arc<TalkPages>) -> Router<HttpState> {
    let protect = from_fn_with_state(Arc::clone(pages), headers::protect);
    let routes = Router::new()
        .route("/{token}", get(page::talk))
        // Some mail programs and messengers add a slash.
        .route("/{token}/", get(page::talk))
        .route("/{token}/session", get(session::session))
        .route("/assets/{bundle}/{file}", get(assets::asset))
        .fallback(page::nowhere)
        // Here as well as outside, or the answer would lack the headers.
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(protect.clone());
    Router::new().nest("/talk", routes).route("/talk/", any(page::nowhere).layer(protect))
}
