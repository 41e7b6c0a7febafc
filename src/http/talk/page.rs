//! `GET /talk/{token}`: the page on which a candidate talks, or an explanation of why the link does not open.
//!
//! Mail scanners and messengers open links, so a GET changes nothing, asks no upstream and may be repeated at will.

use std::fmt;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use minijinja::Value;
use reqwest::Url;
use serde::Serialize;

use super::assets::BUNDLE;
use super::headers;
use crate::calls::Calls;
use crate::domain::{Candidate, CompanyName, PersonName};
use crate::http::error::ApiError;
use crate::invitations::InvitationError;
use crate::telemetry;
use crate::templates::{TemplateError, Templates};

/// The built-in templates, by name.
const BUILT_IN: [(&str, &str); 4] = [
    (TALK, include_str!("../../../templates/talk.html")),
    (TROUBLE, include_str!("../../../templates/talk_trouble.html")),
    ("talk_layout.html", include_str!("../../../templates/talk_layout.html")),
    ("talk_parts.html", include_str!("../../../templates/talk_parts.html")),
];

const TALK: &str = "talk.html";
const TROUBLE: &str = "talk_trouble.html";

/// A name that does harm unless it is escaped.
const HARMFUL: &str = "Muster<i title='\"'>&";

/// The candidate's pages. Loaded once at start.
pub struct TalkPages {
    templates: Templates,
    privacy_url: Option<Url>,
    pub(super) content_security_policy: HeaderValue,
}

impl fmt::Debug for TalkPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TalkPages").finish_non_exhaustive()
    }
}

/// The variables of `talk.html`.
#[derive(Serialize)]
struct TalkContext<'a> {
    company: &'a str,
    candidate: CandidateContext<'a>,
    privacy_url: Option<&'a str>,
    /// The path of the page's assets, without a trailing slash.
    assets: Value,
}

#[derive(Serialize)]
struct CandidateContext<'a> {
    first_name: &'a str,
    last_name: &'a str,
}

/// The variables of `talk_trouble.html`.
#[derive(Serialize)]
struct TroubleContext {
    /// `damaged` or `expired`.
    trouble: &'static str,
    /// See [`TalkContext::assets`].
    assets: Value,
}

impl TalkPages {
    /// Loads the templates and renders each once with sample data, so that a mistake prevents the start.
    ///
    /// # Errors
    /// See [`TemplateError`].
    pub fn load(
        templates_dir: Option<&FilePath>,
        privacy_url: Option<Url>,
        public_base_url: Option<&Url>,
    ) -> Result<Self, TemplateError> {
        let pages = Self {
            templates: Templates::load(templates_dir, BUILT_IN)?,
            privacy_url,
            content_security_policy: headers::content_security_policy(public_base_url),
        };
        pages.check()?;
        Ok(pages)
    }

    fn talk(
        &self,
        company: &CompanyName,
        candidate: &Candidate,
        assets: Value,
    ) -> Result<String, TemplateError> {
        let context = TalkContext {
            company: company.reveal(),
            candidate: CandidateContext {
                first_name: candidate.first_name.reveal(),
                last_name: candidate.last_name.reveal(),
            },
            privacy_url: self.privacy_url.as_ref().map(Url::as_str),
            assets,
        };
        self.templates.render(TALK, context)
    }

    fn trouble(&self, error: InvitationError, assets: Value) -> Result<String, TemplateError> {
        let trouble = match error {
            InvitationError::Damaged => "damaged",
            InvitationError::Expired => "expired",
        };
        self.templates.render(TROUBLE, TroubleContext { trouble, assets })
    }

    /// Renders every page once.
    fn check(&self) -> Result<(), TemplateError> {
        let broken =
            |problem: &str| Err(TemplateError::BrokenPromise { name: TALK, problem: problem.to_owned() });
        let company = CompanyName::parse(HARMFUL).expect("a name");
        let name = || PersonName::parse(HARMFUL).expect("a name");
        let page =
            self.talk(&company, &Candidate { first_name: name(), last_name: name() }, assets("/talk/x"))?;
        // Compare with the parsed name, in which quotation marks have become single ones.
        if page.contains(company.reveal()) {
            return broken("must escape names; take `|safe` away from them");
        }
        if !page.contains("id=\"start\"") {
            return broken("must have the button that begins the talk, `id=\"start\"`");
        }
        self.trouble(InvitationError::Damaged, assets("/talk/x"))?;
        self.trouble(InvitationError::Expired, assets("/talk/x"))?;
        Ok(())
    }
}

/// The page, or what is wrong with the link.
pub(super) async fn talk(
    State(calls): State<Arc<Calls>>,
    State(pages): State<Arc<TalkPages>>,
    OriginalUri(uri): OriginalUri,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let assets = assets(uri.path());
    // A path that is not UTF-8 is not a token either.
    let token = token.map_or_else(|_rejection| String::new(), |Path(token)| token);
    match calls.open_link(&token) {
        Ok(invitation) => {
            let trigger = &invitation.trigger;
            telemetry::record_call(&invitation.link_id, trigger.campaign_id);
            html(StatusCode::OK, pages.talk(&trigger.company, &trigger.candidate, assets))
        }
        Err(error) => html(ApiError::from(error).status(), pages.trouble(error, assets)),
    }
}

/// An unknown path below `/talk`: most likely a link that was cut or garbled.
pub(super) async fn nowhere(
    State(pages): State<Arc<TalkPages>>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, ApiError> {
    let error = InvitationError::Damaged;
    html(ApiError::from(error).status(), pages.trouble(error, assets(uri.path())))
}

fn html(status: StatusCode, page: Result<String, TemplateError>) -> Result<Response, ApiError> {
    let page = page.map_err(|error| {
        tracing::error!(%error, "the candidate's page could not be written; check the templates");
        ApiError::Internal
    })?;
    Ok((status, Html(page)).into_response())
}

/// How many levels up an asset may be. No link of this service leads as deep; each slash of an address would otherwise
/// put several times as much into the page.
const DEEPEST: usize = 8;

/// The path of the page's assets, relative to the page at `path`. An absolute path would break behind a proxy that
/// serves the service below a path of its own: only the browser knows that path.
fn assets(path: &str) -> Value {
    let depth = path.matches('/').count();
    let up = match depth {
        0 | 1 => "talk/".to_owned(),
        _ => "../".repeat((depth - 2).min(DEEPEST)),
    };
    // It consists of dots, slashes, lower-case letters and digits. Escaping would only make it hard to read.
    Value::from_safe_string(format!("{up}assets/{}", *BUNDLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_found_from_any_page_and_no_address_makes_a_page_large() {
        let up = |path: &str| assets(path).to_string().split_once("assets/").unwrap().0.to_owned();
        for (path, expected) in [
            ("/talk", "talk/"),
            ("/talk/", ""),
            ("/talk/token", ""),
            ("/talk/a/b", "../"),
            ("/talk/a/b/", "../../"),
        ] {
            assert_eq!(up(path), expected, "{path}");
        }
        assert_eq!(up(&"/".repeat(30_000)), "../".repeat(DEEPEST));
    }
}
