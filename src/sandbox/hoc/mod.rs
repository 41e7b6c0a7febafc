//! A simulation of HOC: `GET /api/v1/questionnaire/{campaign_id}`.

mod troubles;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router, middleware};
use serde_json::{Value, json};

use super::faults::{Answer, Fault, login_page};
use super::recorder::{Recorded, Recorder, record};
use super::server::{Bound, Server};
use super::{CAMPAIGNS, HOC_TOKEN};

const HOSPITAL: &str = include_str!("../questionnaires/hospital.json");
const DAY_CARE: &str = include_str!("../questionnaires/day_care.json");
const ELECTRICIAN: &str = include_str!("../questionnaires/electrician.json");
const EMPTY: &str = include_str!("../questionnaires/empty.json");

/// HOC on a loopback port.
#[derive(Debug)]
pub struct FakeHoc {
    server: Server,
    hoc: Arc<Hoc>,
}

#[derive(Debug)]
struct Hoc {
    /// Scheme, host and port, for redirects.
    origin: String,
    requests: Recorder,
    script: Mutex<Script>,
}

/// What tests have changed about the built-in campaigns.
#[derive(Debug, Default)]
struct Script {
    questionnaires: BTreeMap<u64, Answer>,
    next: VecDeque<Fault>,
    always: BTreeMap<u64, Fault>,
    /// The number of authorised requests so far, by campaign.
    tries: BTreeMap<u64, u32>,
}

impl FakeHoc {
    pub(super) async fn start() -> io::Result<Self> {
        let bound = Bound::new().await?;
        let requests = Recorder::new();
        let hoc = Arc::new(Hoc {
            origin: format!("http://{}", bound.address()),
            requests: requests.clone(),
            script: Mutex::default(),
        });
        let router = Router::new()
            .route("/api/v1/questionnaire/{campaign_id}", get(questionnaire))
            .fallback(async || not_found())
            .layer(middleware::from_fn_with_state(requests, record))
            .with_state(Arc::clone(&hoc));
        Ok(Self { server: bound.serve(router), hoc })
    }

    /// The value for `HIRINGS_API_URL`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/api/v1", self.server.address())
    }

    /// All requests so far, including those to unknown paths.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.hoc.requests.all()
    }

    /// Waits until there are `count` requests, and returns all there are.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<Recorded> {
        self.hoc.requests.wait_for(count).await
    }

    /// Serves this questionnaire for the campaign.
    pub fn set_questionnaire(&self, campaign_id: u64, questionnaire: &Value) {
        self.set_answer(campaign_id, Answer::json(StatusCode::OK, questionnaire));
    }

    /// Serves these bytes for the campaign, with status 200.
    pub fn set_raw_questionnaire(&self, campaign_id: u64, content_type: &str, body: impl Into<Bytes>) {
        self.set_answer(campaign_id, Answer::raw(StatusCode::OK, content_type, body));
    }

    fn set_answer(&self, campaign_id: u64, answer: Answer) {
        self.hoc.script().questionnaires.insert(campaign_id, answer);
    }

    /// Makes the next request fail this way; several calls queue up. A request with a wrong token does not use one up.
    pub fn next(&self, fault: Fault) {
        self.hoc.script().next.push_back(fault);
    }

    /// Makes every request for the campaign fail this way.
    pub fn always(&self, campaign_id: u64, fault: Fault) {
        self.hoc.script().always.insert(campaign_id, fault);
    }
}

impl Hoc {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault for this request, if any, and the usual answer.
    fn decide(&self, campaign_id: u64) -> (Option<Fault>, Answer) {
        let mut script = self.script();
        let tries = script.tries.entry(campaign_id).or_default();
        *tries += 1;
        let tries = *tries;
        let fault = script.next.pop_front().or_else(|| script.always.get(&campaign_id).cloned());
        if let Some(answer) = script.questionnaires.get(&campaign_id) {
            return (fault, answer.clone());
        }
        let fault = fault.or_else(|| troubles::of(campaign_id, tries, &self.origin));
        (fault, built_in(campaign_id).map_or_else(not_found, json_text))
    }
}

async fn questionnaire(
    State(hoc): State<Arc<Hoc>>,
    Path(campaign_id): Path<String>,
    Extension(request): Extension<Recorded>,
) -> Response {
    // HOC expects the bare token, without a scheme.
    if request.header("authorization") != Some(HOC_TOKEN) {
        return json_answer(StatusCode::UNAUTHORIZED, "Invalid token.").into_response();
    }
    let Ok(campaign_id) = campaign_id.parse() else { return not_found().into_response() };
    if !request.header("accept").is_some_and(|accept| accept.contains("application/json")) {
        return login_page().into_response();
    }
    match hoc.decide(campaign_id) {
        (Some(fault), usual) => fault.answer_instead_of(usual).await,
        (None, usual) => usual.into_response(),
    }
}

/// The questionnaire of a built-in campaign. If the campaign is about something else, at ElevenLabs or in the way the
/// answer is sent, this is the day-care centre's.
fn built_in(campaign_id: u64) -> Option<&'static str> {
    match campaign_id {
        100 => Some(HOSPITAL),
        300 => Some(ELECTRICIAN),
        400 => Some(EMPTY),
        404 => None,
        _ => CAMPAIGNS.iter().any(|campaign| campaign.id == campaign_id).then_some(DAY_CARE),
    }
}

fn json_text(text: &'static str) -> Answer {
    Answer::raw(StatusCode::OK, "application/json", text)
}

fn not_found() -> Answer {
    json_answer(StatusCode::NOT_FOUND, "Not found.")
}

fn json_answer(status: StatusCode, detail: &str) -> Answer {
    Answer::json(status, &json!({ "detail": detail }))
}
