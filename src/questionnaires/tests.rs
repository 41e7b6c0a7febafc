//! The cache against a simulated HOC; `tests/it/questionnaire/cache.rs` tests it through the whole service.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use serde_json::json;

use super::breaker::{MEMORY, REST};
use super::cache::{MAX_BYTES, MAX_ENTRIES};
use super::outages::{CAMPAIGN_LIMIT, HOC_LIMIT};
use super::*;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::{Question, QuestionKind};
use crate::sandbox::{self, Fault, Gate, Sandbox};
use crate::upstream;

/// Stands still until it is advanced.
#[derive(Debug, Default)]
struct TestClock {
    seconds: AtomicI64,
}

impl TestClock {
    fn advance(&self, time: TimeDelta) {
        self.seconds.fetch_add(time.num_seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        at(self.seconds.load(Ordering::SeqCst))
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_069_605 + seconds, 0).unwrap()
}

struct World {
    sandbox: Sandbox,
    clock: Arc<TestClock>,
    questionnaires: Questionnaires,
}

impl World {
    async fn new(ttl: &str) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let config = Config::from_pairs([
            ("WEBHOOK_API_KEY", "unit-test-key"),
            ("HIRINGS_API_URL", &sandbox.hoc.base_url()),
            ("HIRINGS_API_TOKEN", sandbox::HOC_TOKEN),
            ("ELEVENLABS_API_KEY", sandbox::ELEVENLABS_API_KEY),
            ("ELEVENLABS_AGENT_ID", sandbox::AGENT_ID),
            ("QUESTIONNAIRE_TTL", ttl),
        ])
        .unwrap();
        let clock = Arc::new(TestClock::default());
        let hoc = HocClient::new(upstream::client().unwrap(), &config.hoc);
        let shared_clock: SharedClock = Arc::<TestClock>::clone(&clock);
        Self { sandbox, questionnaires: Questionnaires::new(hoc, &config.hoc, shared_clock), clock }
    }

    async fn get(&self, id: u64) -> Result<Found, Missing> {
        self.questionnaires.get(campaign(id)).await
    }

    fn asked(&self) -> usize {
        self.sandbox.hoc.requests().len()
    }

    /// Makes HOC fail the next request, its one retry included.
    fn fail_next(&self) {
        for _ in 0..2 {
            self.sandbox.hoc.next(Fault::status(StatusCode::SERVICE_UNAVAILABLE));
        }
    }
}

fn campaign(id: u64) -> CampaignId {
    CampaignId::new(id).unwrap()
}

/// A short word for the outcome.
fn code(result: &Result<Found, Missing>) -> &'static str {
    result.as_ref().map_or_else(Missing::code, |found| found.source.code())
}

#[tokio::test]
async fn whoever_asks_while_hoc_is_being_asked_shares_the_answer() {
    let world = World::new("60").await;
    let gate = Gate::new();
    world.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    // `join_all` lets all of them ask before the gate can be opened.
    let all = join_all((0..100).map(|_| world.get(200)));
    let (all, ()) = tokio::join!(all, async {
        world.sandbox.hoc.wait_for_requests(1).await;
        gate.open();
    });
    let questionnaires: Vec<_> = all.into_iter().map(|found| found.unwrap().questionnaire).collect();
    assert_eq!(world.asked(), 1);
    // And only one questionnaire in memory.
    assert!(questionnaires.iter().all(|one| Arc::ptr_eq(one, &questionnaires[0])));
    assert!(world.questionnaires.inner.flights().is_empty());
}

#[tokio::test]
async fn they_share_a_failure_too() {
    let world = World::new("60").await;
    world.fail_next();
    let all = join_all((0..100).map(|_| world.get(200))).await;
    assert!(all.iter().all(|result| code(result) == "unexpected_status"));
    assert_eq!(world.asked(), 2, "one question, asked once more");
    assert_eq!(code(&world.get(200).await), "loaded");
}

#[tokio::test]
async fn who_hangs_up_takes_the_answer_from_nobody() {
    let world = World::new("60").await;
    let gate = Gate::new();
    world.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let questionnaires = world.questionnaires.clone();
    let first = tokio::spawn(async move { questionnaires.get(campaign(200)).await });
    world.sandbox.hoc.wait_for_requests(1).await;
    let (second, ()) = tokio::join!(world.get(200), async {
        first.abort();
        gate.open();
    });
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!((code(&second), world.asked()), ("loaded", 1));
}

#[tokio::test]
async fn an_answer_for_which_nobody_waits_any_more_is_kept() {
    let world = World::new("60").await;
    let gate = Gate::new();
    world.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let questionnaires = world.questionnaires.clone();
    let only = tokio::spawn(async move { questionnaires.get(campaign(200)).await });
    world.sandbox.hoc.wait_for_requests(1).await;
    only.abort();
    assert!(only.await.unwrap_err().is_cancelled());
    gate.open();
    let found = world.get(200).await.unwrap();
    assert_eq!((world.asked(), found.age_seconds), (1, 0));
}

#[tokio::test]
async fn without_a_time_to_live_everybody_asks() {
    let world = World::new("0").await;
    let all = join_all((0..10).map(|_| world.get(200))).await;
    assert!(all.iter().all(|result| code(result) == "loaded"));
    assert_eq!(world.asked(), 10);
    world.fail_next();
    world.clock.advance(TimeDelta::minutes(5));
    let found = world.get(200).await.unwrap();
    assert_eq!((found.source.code(), found.age_seconds), ("stale", 300));
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_nothing_fresh_for_ever() {
    let world = World::new("60").await;
    world.get(200).await.unwrap();
    world.clock.advance(TimeDelta::hours(-1));
    assert_eq!(code(&world.get(200).await), "loaded");
    assert_eq!(code(&world.get(200).await), "cached");
    world.clock.advance(TimeDelta::hours(-1));
    world.fail_next();
    let found = world.get(200).await.unwrap();
    assert_eq!((found.source.code(), found.age_seconds), ("stale", 0));
    world.sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
    assert_eq!(code(&world.get(200).await), "unknown_campaign");
    world.fail_next();
    assert_eq!(code(&world.get(200).await), "unexpected_status", "what HOC no longer has is not used");
}

#[tokio::test]
async fn one_campaign_on_which_hoc_fails_is_left_alone_and_no_other() {
    let world = World::new("60").await;
    for _ in 0..CAMPAIGN_LIMIT {
        assert_eq!(code(&world.get(500).await), "unexpected_status");
    }
    let asked = world.asked();
    assert_eq!(code(&world.get(500).await), "circuit_open");
    assert_eq!(world.asked(), asked);
    assert_eq!(code(&world.get(200).await), "loaded");
    world.clock.advance(REST);
    assert_eq!(code(&world.get(500).await), "unexpected_status");
    assert_eq!(code(&world.get(500).await), "circuit_open");
}

#[tokio::test]
async fn while_hoc_fails_one_trigger_at_a_time_tries_and_nobody_else_waits() {
    let world = World::new("60").await;
    for failing in 1..=u64::from(HOC_LIMIT) {
        world.fail_next();
        assert_eq!(code(&world.get(1_000 + failing).await), "unexpected_status");
    }
    let asked = world.asked();
    assert_eq!(code(&world.get(200).await), "circuit_open");
    world.clock.advance(REST);
    let gate = Gate::new();
    world.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    let (probe, others) = tokio::join!(world.get(200), async {
        world.sandbox.hoc.wait_for_requests(asked + 1).await;
        // Even for the same campaign: joining the probe would mean waiting for it.
        let others = [world.get(200).await, world.get(300).await];
        gate.open();
        others
    });
    assert_eq!(
        (code(&probe), code(&others[0]), code(&others[1])),
        ("loaded", "circuit_open", "circuit_open")
    );
    assert_eq!(code(&world.get(300).await), "loaded");
}

#[tokio::test]
async fn an_outage_of_long_ago_costs_nobody_the_questions() {
    let world = World::new("60").await;
    for failing in 1..=u64::from(HOC_LIMIT) {
        world.fail_next();
        world.get(1_000 + failing).await.unwrap_err();
    }
    assert!(world.questionnaires.is_hoc_circuit_open());
    world.clock.advance(MEMORY);
    assert!(!world.questionnaires.is_hoc_circuit_open());
    let gate = Gate::new();
    for _ in 0..3 {
        world.sandbox.hoc.next(Fault::HoldUntil(gate.clone()));
    }
    let asked = world.asked();
    let all = join_all([200, 300, 601].map(|id| world.get(id)));
    let (all, ()) = tokio::join!(all, async {
        world.sandbox.hoc.wait_for_requests(asked + 3).await;
        gate.open();
    });
    assert_eq!(all.iter().map(code).collect::<Vec<_>>(), ["loaded"; 3]);
}

#[tokio::test]
async fn a_preview_asks_even_then_and_its_success_ends_it() {
    let world = World::new("60").await;
    for failing in 1..=u64::from(HOC_LIMIT) {
        world.fail_next();
        world.get(1_000 + failing).await.unwrap_err();
    }
    assert_eq!(code(&world.get(200).await), "circuit_open");
    assert_eq!(code(&world.questionnaires.refresh(campaign(200)).await), "loaded");
    assert_eq!(code(&world.get(200).await), "cached");
    assert_eq!(code(&world.get(300).await), "loaded");
}

#[tokio::test]
async fn answers_that_are_no_good_show_that_hoc_is_there() {
    let world = World::new("60").await;
    for _ in 0..4 {
        // A login page, truncated JSON, a missing permission, an empty questionnaire, an unknown campaign, a redirect.
        for id in [501, 502, 504, 400, 404, 508] {
            assert_ne!(code(&world.get(id).await), "circuit_open", "{id}");
        }
    }
}

fn with_text(bytes: usize) -> Arc<Questionnaire> {
    let question = Question::new("1", "x".repeat(bytes), QuestionKind::Open);
    Arc::new(Questionnaire { questions: vec![question], ..Questionnaire::default() })
}

fn kept(cache: &Cache, ids: impl Iterator<Item = u64>) -> usize {
    ids.filter(|id| cache.get(campaign(*id)).is_some()).count()
}

#[tokio::test]
async fn an_answer_that_is_the_same_as_before_is_not_read_again() {
    let world = World::new("60").await;
    let first = world.get(200).await.unwrap();
    world.clock.advance(TimeDelta::seconds(60));
    let again = world.get(200).await.unwrap();
    assert_eq!((again.source.code(), again.age_seconds, world.asked()), ("loaded", 0, 2));
    assert!(Arc::ptr_eq(&first.questionnaire, &again.questionnaire));

    let other = json!({ "questions": [{ "id": 1, "question": "Mögen Sie Quitten?" }] });
    world.sandbox.hoc.set_questionnaire(200, &other);
    world.clock.advance(TimeDelta::seconds(60));
    assert_eq!(world.get(200).await.unwrap().questionnaire.questions[0].text, "Mögen Sie Quitten?");
}

#[test]
fn the_cache_is_bounded_in_entries() {
    let cache = Cache::new();
    for id in 1..=10 * MAX_ENTRIES {
        cache.keep(campaign(id), with_text(10), at(0), at(0));
    }
    let kept = kept(&cache, 1..=10 * MAX_ENTRIES) as u64;
    assert!((MAX_ENTRIES / 2..=MAX_ENTRIES).contains(&kept), "{kept}");
}

#[test]
fn the_cache_is_bounded_in_bytes() {
    const LARGE: usize = 1024 * 1024;
    let cache = Cache::new();
    for id in 1..=100 {
        cache.keep(campaign(id), with_text(LARGE), at(0), at(0));
    }
    let kept = kept(&cache, 1..=100) as u64;
    assert!((1..=MAX_BYTES / LARGE as u64).contains(&kept), "{kept}");
    let huge = usize::try_from(MAX_BYTES).unwrap();
    cache.keep(campaign(1_000), with_text(huge), at(0), at(0));
    assert!(cache.get(campaign(1_000)).is_none());
}

#[test]
fn a_slow_answer_replaces_no_newer_one_and_takes_none_away() {
    let cache = Cache::new();
    let newer = with_text(2);
    cache.keep(campaign(1), Arc::clone(&newer), at(10), at(10));
    cache.keep(campaign(1), with_text(1), at(9), at(11));
    cache.forget(campaign(1), at(9), at(11));
    assert!(Arc::ptr_eq(&cache.get(campaign(1)).unwrap().questionnaire, &newer));
    cache.forget(campaign(1), at(10), at(11));
    assert!(cache.get(campaign(1)).is_none());
}

#[tokio::test]
async fn debug_output_shows_no_questionnaire() {
    let world = World::new("60").await;
    let question = json!({ "questions": [{ "id": 1, "question": "Mögen Sie Quitten?" }] });
    world.sandbox.hoc.set_questionnaire(7, &question);
    world.get(7).await.unwrap();
    assert!(!format!("{:?}", world.questionnaires).contains("Quitten"));
}
