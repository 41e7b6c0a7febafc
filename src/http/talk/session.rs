//! `GET /talk/{token}/session?tab={id}`: the WebSocket on which the page talks, with the protocol `talk.v1`.
//!
//! A browser does not tell a page why a WebSocket was refused, so the page then requests the same address without an
//! upgrade. Both requests pass the same checks. If nothing is wrong, the answer is 426, which means that something on
//! the way blocks WebSockets.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use reqwest::Url;
use serde::Deserialize;
use tracing::{Instrument, Span};

use crate::calls::Calls;
use crate::http::error::{ApiError, InvalidField};
use crate::talk::{TabId, Talks};
use crate::telemetry;

/// The subprotocol. Incompatible changes get a new number.
const PROTOCOL: &str = "talk.v1";

/// With a plain request, a browser does not say which page asks, so the page does.
const TALK_ORIGIN: HeaderName = HeaderName::from_static("talk-origin");

/// Allocated for every talk; a browser sends some 2 KiB at a time.
const READ_BUFFER_BYTES: usize = 4 * 1024;

#[derive(Debug, Deserialize)]
pub(super) struct SessionQuery {
    tab: String,
}

/// Upgrades the connection and holds the talk, or says why not.
pub(super) async fn session(
    State(calls): State<Arc<Calls>>,
    State(talks): State<Arc<Talks>>,
    token: Result<Path<String>, PathRejection>,
    query: Result<Query<SessionQuery>, QueryRejection>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let Path(token) = token.map_err(|_no_utf8| ApiError::LinkNotValid)?;
    let invitation = calls.open_link(&token)?;
    telemetry::record_call(&invitation.link_id, invitation.trigger.campaign_id);
    let tab = query.ok().and_then(|Query(query)| TabId::parse(&query.tab)).ok_or_else(invalid_tab)?;
    let own_page = calls.own_page();
    let Some(upgrade) = upgrade.ok().and_then(speaks_our_protocol) else {
        if let Some(named) = [header::ORIGIN, TALK_ORIGIN].iter().find(|name| headers.contains_key(*name)) {
            check_origin(&headers, named, own_page)?;
        }
        talks.could_take_seat(&invitation.link_id, &tab)?;
        return Err(ApiError::UpgradeRequired);
    };
    if let Err(error) = check_origin(&headers, &header::ORIGIN, own_page) {
        tracing::warn!(
            call_id = invitation.link_id.as_str(),
            "talk refused: the page has another origin than this service. If candidates report it, set PUBLIC_BASE_URL to \
             the address they use"
        );
        return Err(error);
    }
    let seat = talks.take_seat(&invitation.link_id, &tab).inspect_err(|refusal| {
        tracing::warn!(call_id = invitation.link_id.as_str(), reason = refusal.code(), "talk refused");
    })?;
    let (span, held_by) = (Span::current(), Arc::clone(&talks));
    let hold = async move |socket| held_by.hold(seat, invitation, socket).await;
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        // Sends every frame at once: buffering would only delay it.
        .write_buffer_size(0)
        .max_message_size(talks.max_message_bytes())
        .max_frame_size(talks.max_message_bytes())
        .on_upgrade(move |socket| hold(socket).instrument(span)))
}

fn speaks_our_protocol(upgrade: WebSocketUpgrade) -> Option<WebSocketUpgrade> {
    let upgrade = upgrade.protocols([PROTOCOL]);
    upgrade.selected_protocol().is_some().then_some(upgrade)
}

/// Lets only our own page in. Other sites do not know the link, but one that finds it must not be able to connect a
/// candidate's browser to the talk.
///
/// `named`: the header that says where the request comes from.
fn check_origin(headers: &HeaderMap, named: &HeaderName, own_page: Option<&Url>) -> Result<(), ApiError> {
    let mut origins = headers.get_all(named).iter();
    let (origin, None) = (origins.next(), origins.next()) else { return Err(ApiError::OriginNotAllowed) };
    let origin = origin.and_then(|origin| Url::parse(origin.to_str().ok()?).ok());
    let origin = origin.ok_or(ApiError::OriginNotAllowed)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // `Host` has no scheme, so it is read with the origin's: behind a proxy, nobody here knows which one the browser
    // used.
    let asked = host.and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    let is_ours = [asked.as_ref(), own_page].into_iter().flatten().any(|ours| same_authority(&origin, ours));
    if is_ours { Ok(()) } else { Err(ApiError::OriginNotAllowed) }
}

fn same_authority(one: &Url, other: &Url) -> bool {
    let (Some(host), Some(port)) = (one.host_str(), one.port_or_known_default()) else { return false };
    other.host_str() == Some(host) && other.port_or_known_default() == Some(port)
}

fn invalid_tab() -> ApiError {
    ApiError::InvalidFields(vec![InvalidField {
        field: "tab",
        message: "must be an id of 1 to 64 letters, digits, - or _ that the page gives itself".to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn is_allowed(own_page: Option<&str>, headers: &[(HeaderName, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        let own_page = own_page.map(|page| Url::parse(page).unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value);
        }
        check_origin(&map, &header::ORIGIN, own_page.as_ref()).is_ok()
    }

    #[test]
    fn only_our_own_page_may_talk() {
        let own = Some("https://talk.example.org/susi");
        let origin = |origin, host| [(header::ORIGIN, origin), (header::HOST, host)];
        for (origin_and_host, allowed) in [
            (origin("https://talk.example.org", "10.0.0.7:8080"), true),
            (origin("https://talk.example.org", "talk.example.org"), true),
            (origin("https://other.example.org", "other.example.org"), true),
            (origin("http://127.0.0.1:8080", "127.0.0.1:8080"), true),
            (origin("http://[::1]:8080", "[::1]:8080"), true),
            (origin("https://TALK.example.org:443", "x"), true),
            (origin("https://talk.example.org:8443", "talk.example.org"), false),
            (origin("http://127.0.0.1:8081", "127.0.0.1:8080"), false),
            (origin("https://evil.example", "talk.example.org"), false),
            (origin("https://talk.example.org.evil.example", "talk.example.org"), false),
            (origin("https://evil.example/talk.example.org", "talk.example.org"), false),
            (origin("https://talk.example.org@evil.example", "talk.example.org"), false),
            (origin("null", "talk.example.org"), false),
            (origin("file://", "talk.example.org"), false),
            (origin("", ""), false),
        ] {
            assert_eq!(is_allowed(own, &origin_and_host), allowed, "{origin_and_host:?}");
        }
        assert!(!is_allowed(own, &[(header::HOST, "talk.example.org")]), "no origin at all");
        let twice = [(header::ORIGIN, "https://talk.example.org"), (header::ORIGIN, "https://evil.example")];
        assert!(!is_allowed(own, &twice));
        assert!(!is_allowed(None, &origin("https://talk.example.org", "10.0.0.7:8080")));
    }
}
