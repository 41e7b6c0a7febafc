//! What HOC hears when it went well. Members and words are fixed by the contract.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::calls::{Briefing, PlacedCall, TalkLink};
use crate::clock::timestamp;
use crate::domain::{CallTarget, Trigger};

/// The answer with status 200. It names the candidate, so it has no `Debug`.
#[derive(Serialize)]
pub(in crate::http) struct Answer {
    status: &'static str,
    message: &'static str,
    data: Data,
}

#[derive(Serialize)]
struct Data {
    campaign_id: u64,
    candidate: String,
    company: String,
    #[serde(flatten)]
    way: Way,
    questionnaire_loaded: bool,
    timestamp: String,
    prompt_length: usize,
    first_message: String,
}

/// How the candidate is reached.
#[derive(Serialize)]
#[serde(untagged)]
enum Way {
    Call { to_number: String, conversation_id: String, call_status: &'static str },
    Link { conversation_link: String, link_expires_at: String },
}

impl Answer {
    pub(super) fn call(
        trigger: &Trigger,
        target: &CallTarget,
        placed: PlacedCall,
        now: DateTime<Utc>,
    ) -> Self {
        let way = Way::Call {
            to_number: target.to_number.e164().to_owned(),
            conversation_id: placed.conversation_id.to_string(),
            call_status: "initiated",
        };
        Self {
            status: "success",
            message: "Outbound call initiated successfully",
            data: data(trigger, way, placed.briefing, now),
        }
    }

    pub(super) fn link(trigger: &Trigger, link: TalkLink, now: DateTime<Utc>) -> Self {
        let way = Way::Link {
            conversation_link: link.url.into_inner(),
            link_expires_at: timestamp(link.expires_at),
        };
        Self {
            status: "success",
            message: "Conversation link created successfully",
            data: data(trigger, way, link.briefing, now),
        }
    }
}

fn data(trigger: &Trigger, way: Way, briefing: Briefing, now: DateTime<Utc>) -> Data {
    Data {
        campaign_id: trigger.campaign_id.get(),
        candidate: trigger.candidate.full_name().into_inner(),
        company: trigger.company.reveal().to_owned(),
        way,
        questionnaire_loaded: briefing.questionnaire_loaded,
        timestamp: timestamp(now),
        prompt_length: briefing.prompt_length,
        first_message: briefing.first_message.into_inner(),
    }
}
