//! What the list of conversations proves, and what it does not.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::*;
use crate::config::Config;
use crate::upstream;

const OURS: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
const CONTROL: &str = "00000000-0000-4000-8000-000000000000";

/// A list of conversations with the faults a real one could have.
#[derive(Clone, Default)]
struct FakeList {
    /// Conversation and the call id it carries.
    conversations: Vec<(&'static str, &'static str)>,
    /// The status that is returned instead of a list, by filter.
    failing: HashMap<&'static str, u16>,
    /// Filters that are ignored.
    ignored: Vec<&'static str>,
    /// The status that is returned instead of a record.
    failing_record: Option<u16>,
    /// Records do not contain the call id.
    silent_records: bool,
    /// How many empty pages come first, each with a cursor to the next.
    empty_pages: usize,
    /// The workspace does not have the agent.
    lacks_agent: bool,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeList {
    async fn search(&self) -> Result<Option<String>, LookupError> {
        let (ours, control) = (id(OURS), id(CONTROL));
        let found = self.client().await.find_beside(&sought(&ours), &control).await?;
        Ok(found.map(|conversation_id| conversation_id.to_string()))
    }

    /// Whether the absence of a call can be believed, if these were placed.
    async fn shows(&self, placed: &[&str]) -> Result<(), NoProof> {
        let placed: Vec<_> = placed.iter().map(|raw| id(raw)).collect();
        let placed: Vec<_> = placed.iter().map(sought).collect();
        self.client().await.shows_what_was_placed(&AGENT, &placed).await
    }

    async fn client(&self) -> ElevenLabs {
        let router = Router::new()
            .route("/v1/convai/conversations", get(list))
            .route("/v1/convai/conversations/{id}", get(record))
            .route("/v1/convai/agents/{id}", get(agent))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let config = Config::from_pairs([
            ("WEBHOOK_API_KEY", "key"),
            ("ELEVENLABS_API_KEY", "xi"),
            ("ELEVENLABS_AGENT_ID", "agent_1"),
            ("HIRINGS_API_TOKEN", "token"),
            ("ELEVENLABS_API_URL", url.as_str()),
        ])
        .expect("a config");
        ElevenLabs::new(upstream::client().unwrap(), upstream::tls().unwrap(), &config.elevenlabs)
    }
}

fn id(raw: &str) -> CallId {
    CallId::parse(raw).expect("an id")
}

static AGENT: LazyLock<AgentId> = LazyLock::new(|| AgentId::parse("agent_1").expect("an id"));

fn sought(call_id: &CallId) -> SoughtCall<'_> {
    let dialled_at = DateTime::from_timestamp(1_764_069_605, 0).expect("a time");
    SoughtCall { call_id, agent_id: &AGENT, dialled_at }
}

async fn agent(State(fake): State<FakeList>) -> Response {
    if fake.lacks_agent {
        return (StatusCode::NOT_FOUND, Json(json!({ "detail": { "status": "agent_not_found" } })))
            .into_response();
    }
    Json(json!({ "agent_id": "agent_1" })).into_response()
}

async fn list(State(fake): State<FakeList>, Query(query): Query<HashMap<String, String>>) -> Response {
    let filter = if query.contains_key("user_id") { "user_id" } else { "dynamic_variable_params" };
    let asked = format!("{} {} {}", query["agent_id"], query["call_start_after_unix"], query[filter]);
    fake.asked.lock().expect("a lock").push(asked);
    if let Some(status) = fake.failing.get(filter) {
        return StatusCode::from_u16(*status).expect("a status").into_response();
    }
    let page: usize = query.get("cursor").map_or(0, |cursor| cursor.parse().expect("a page"));
    if page < fake.empty_pages {
        let next = (page + 1).to_string();
        return Json(json!({ "conversations": [], "has_more": true, "next_cursor": next })).into_response();
    }
    let matches = |call_id: &str| fake.ignored.contains(&filter) || query[filter].ends_with(call_id);
    let rows: Vec<_> = fake
        .conversations
        .iter()
        .filter(|(_, call_id)| matches(call_id))
        .map(|(id, _)| json!({ "conversation_id": id, "status": "initiated" }))
        .collect();
    Json(json!({ "conversations": rows, "has_more": false })).into_response()
}

async fn record(State(fake): State<FakeList>, Path(id): Path<String>) -> Response {
    if let Some(status) = fake.failing_record {
        return StatusCode::from_u16(status).expect("a status").into_response();
    }
    let call_id = fake.conversations.iter().find(|(known, _)| *known == id).map(|(_, call_id)| *call_id);
    let call_id = call_id.filter(|_| !fake.silent_records);
    let variables = json!({ "dynamic_variables": { "sellcruiting_call_id": call_id } });
    Json(json!({ "conversation_id": id, "conversation_initiation_client_data": variables })).into_response()
}

fn ours() -> FakeList {
    FakeList { conversations: vec![("conv_other", "other"), ("conv_ours", OURS)], ..FakeList::default() }
}

fn others() -> FakeList {
    FakeList { conversations: vec![("conv_other", "other")], ..FakeList::default() }
}

#[tokio::test]
async fn our_call_is_found_by_its_variable() {
    let fake = ours();
    assert_eq!(fake.search().await, Ok(Some("conv_ours".to_owned())));
    let asked = fake.asked.lock().unwrap().clone();
    assert_eq!(asked, [format!("agent_1 1763983205 sellcruiting_call_id:eq:{OURS}")]);
}

#[tokio::test]
async fn the_user_id_is_the_second_way() {
    let fake = FakeList { failing: HashMap::from([("dynamic_variable_params", 422)]), ..ours() };
    assert_eq!(fake.search().await, Ok(Some("conv_ours".to_owned())));
}

#[tokio::test]
async fn a_list_without_our_call_says_so() {
    assert_eq!(others().search().await, Ok(None));
    let half = FakeList { failing: HashMap::from([("dynamic_variable_params", 422)]), ..others() };
    assert_eq!(half.search().await, Ok(None));
}

#[tokio::test]
async fn absence_by_one_filter_is_no_proof_while_the_other_fails() {
    for filter in ["dynamic_variable_params", "user_id"] {
        for status in [401, 429, 500, 503] {
            let fake = FakeList { failing: HashMap::from([(filter, status)]), ..others() };
            assert_eq!(fake.search().await, Err(LookupError::Status(status)), "{filter} {status}");
        }
    }
}

#[tokio::test]
async fn a_row_that_may_be_ours_and_cannot_be_read_is_no_proof_of_absence() {
    let fake = FakeList {
        conversations: vec![("conv_one", OURS), ("conv_two", OURS)],
        failing_record: Some(503),
        ..FakeList::default()
    };
    assert_eq!(fake.search().await, Err(LookupError::Unreadable));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_proves_nothing() {
    let failing = HashMap::from([("dynamic_variable_params", 500), ("user_id", 503)]);
    let fake = FakeList { failing, ..others() };
    assert_eq!(fake.search().await, Err(LookupError::Status(503)));
}

#[tokio::test]
async fn somebody_elses_conversation_is_never_ours_even_if_no_filter_is_heeded() {
    let ignored = vec!["dynamic_variable_params", "user_id"];
    let fake = FakeList { ignored: ignored.clone(), ..others() };
    assert_eq!(fake.search().await, Err(LookupError::Unreadable), "and its absence proves nothing");
    let fake = FakeList { ignored, ..ours() };
    assert_eq!(fake.search().await, Ok(Some("conv_ours".to_owned())), "ours is recognised by its record");
}

#[tokio::test]
async fn without_its_record_a_single_row_counts_if_the_filter_is_heeded() {
    let fake = FakeList { failing_record: Some(404), ..ours() };
    assert_eq!(fake.search().await, Ok(Some("conv_ours".to_owned())));
    let ignored = vec!["dynamic_variable_params", "user_id"];
    let fake = FakeList { failing_record: Some(404), ignored, ..others() };
    assert_eq!(fake.search().await, Err(LookupError::Unreadable));
}

#[tokio::test]
async fn an_empty_page_is_no_empty_list() {
    let fake = FakeList { empty_pages: 3, ..ours() };
    assert_eq!(fake.search().await, Ok(Some("conv_ours".to_owned())));
    let fake = FakeList { empty_pages: 3, ..others() };
    assert_eq!(fake.search().await, Ok(None));
    let endless = FakeList { empty_pages: usize::MAX, ..ours() };
    assert_eq!(endless.search().await, Err(LookupError::Unreadable));
}

#[tokio::test]
async fn a_record_without_the_id_is_no_proof_that_a_heeded_filter_found_nothing() {
    let fake = FakeList { silent_records: true, ..ours() };
    assert_eq!(fake.search().await, Err(LookupError::Unreadable));
}

#[tokio::test]
async fn absence_is_believed_of_a_list_that_shows_what_was_placed() {
    assert_eq!(ours().shows(&[CONTROL, OURS]).await, Ok(()));
    assert_eq!(others().shows(&[]).await, Ok(()), "nobody can tell");
    assert_eq!(others().shows(&[OURS]).await, Err(NoProof::Incomplete));
    let unheeded = FakeList { ignored: vec!["dynamic_variable_params", "user_id"], ..ours() };
    assert_eq!(unheeded.shows(&[OURS]).await, Err(NoProof::Incomplete), "it shows whatever there is");
}

#[tokio::test]
async fn absence_is_not_believed_where_nobody_knows_the_agent() {
    let elsewhere = FakeList { lacks_agent: true, ..ours() };
    assert_eq!(elsewhere.shows(&[OURS]).await, Err(NoProof::UnknownAgent(LookupError::NotFound)));
}
