//! `GET /docs`: the specification for people, on a single page with its style inline. It has no script and loads
//! nothing.

mod kind;
mod markdown;
mod view;

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::view::Page;
use super::openapi::{self, AnyoneErrors};
use crate::http::error::ApiError;

/// The suffix switches HTML escaping on.
const TEMPLATE: &str = "page.html";
const STYLE: &str = include_str!("style.css");

/// What the template is filled with.
#[derive(Serialize)]
struct Context {
    style: &'static str,
    page: Page,
}

/// Rendered once: the specification does not change while the service runs.
static PAGE: LazyLock<Result<String, minijinja::Error>> = LazyLock::new(render);

fn render() -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.add_template(TEMPLATE, include_str!("page.html"))?;
    let context = Context { style: STYLE, page: Page::of(&openapi::document()) };
    environment.get_template(TEMPLATE)?.render(Serde(context))
}

/// Nothing may be loaded or run, and no other page may frame this one. The one style is allowed by its digest.
fn policy() -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// The same for everyone and without a key, like the specification itself.
#[utoipa::path(
    get,
    path = "/docs",
    operation_id = "docs",
    tag = "description",
    params(("X-Request-Id" = Option<String>, Header)),
    responses(
        (status = 200, body = String, content_type = "text/html", headers(("Content-Security-Policy"))),
        AnyoneErrors,
    )
)]
pub(super) async fn docs() -> Result<Response, ApiError> {
    let page = PAGE.as_ref().map_err(|error| {
        tracing::error!(%error, "the page at /docs cannot be rendered");
        ApiError::Internal
    })?;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, &policy())];
    Ok((headers, page.as_str()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_status_and_type_is_on_the_page() {
        let (page, api) = (render().unwrap(), openapi::document());
        assert!(page.ends_with("</html>"));
        let operations = api.paths.paths.values().flat_map(|item| [&item.get, &item.post]).flatten();
        for operation in operations {
            let (id, summary) =
                (operation.operation_id.as_ref().unwrap(), operation.summary.as_ref().unwrap());
            assert!(page.contains(&format!("<h3 id=\"{id}\">{summary}</h3>")), "{id}");
            for status in operation.responses.responses.keys() {
                assert!(page.contains(&format!("<dt>{status}</dt>")), "{id} {status}");
            }
        }
        let links = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
        for target in links.collect::<std::collections::BTreeSet<_>>() {
            assert!(page.contains(&format!(" id=\"{target}\"")), "{target} leads nowhere");
        }
    }

    #[test]
    fn the_page_loads_nothing_and_its_policy_knows_its_style() {
        let page = render().unwrap();
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(policy().contains(&BASE64_STANDARD.encode(Sha256::digest(style))));
        for loads in ["<script", "src=", "url(", "@import", " style=", " onclick="] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}
