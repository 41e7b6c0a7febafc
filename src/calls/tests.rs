//! What the tests of several parts need.

use std::sync::Arc;

use super::Calls;
use super::store::CallStore;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::{ApplicantId, CampaignId, Candidate, CompanyName, PersonName, Trigger};
use crate::elevenlabs::ElevenLabs;
use crate::hoc::HocClient;
use crate::interview::Interview;
use crate::questionnaires::Questionnaires;
use crate::sandbox::{self, Sandbox};
use crate::upstream;

/// With a record in memory.
pub(super) async fn calls(sandbox: &Sandbox) -> Arc<Calls> {
    let config = Config::from_pairs([
        ("WEBHOOK_API_KEY", "unit-test-key"),
        ("PUBLIC_BASE_URL", "https://talk.example.org"),
        ("HIRINGS_API_URL", &sandbox.hoc.base_url()),
        ("HIRINGS_API_TOKEN", sandbox::HOC_TOKEN),
        ("ELEVENLABS_API_URL", &sandbox.elevenlabs.base_url()),
        ("ELEVENLABS_API_KEY", sandbox::ELEVENLABS_API_KEY),
        ("ELEVENLABS_AGENT_ID", sandbox::AGENT_ID),
        ("DATABASE_URL", "sqlite::memory:"),
        ("QUESTIONNAIRE_TTL", "0"),
    ])
    .unwrap();
    let http = upstream::client().unwrap();
    let hoc = HocClient::new(http.clone(), &config.hoc);
    Arc::new(Calls::new(
        &config,
        Questionnaires::new(hoc, &config.hoc, Arc::new(SystemClock)),
        ElevenLabs::new(http, upstream::tls().unwrap(), &config.elevenlabs),
        Interview::load(None).unwrap(),
        CallStore::open(&config.store.url).await.unwrap(),
        Arc::new(SystemClock),
    ))
}

/// Asks for a link.
pub(super) fn trigger() -> Trigger {
    Trigger {
        campaign_id: CampaignId::new(7).unwrap(),
        company: CompanyName::parse("Muster GmbH").unwrap(),
        candidate: Candidate {
            first_name: PersonName::parse("Erika").unwrap(),
            last_name: PersonName::parse("Beispiel").unwrap(),
        },
        applicant_id: ApplicantId::parse("A-1"),
        call: None,
    }
}
