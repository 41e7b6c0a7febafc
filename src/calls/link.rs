//! Makes a link. No telephone rings, so it is guarded only if the caller asks for that with a key.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use uuid::Uuid;

use super::call_log::CallLog;
use super::claim::Claimed;
use super::outcome::SCRIPT_FAILED;
use super::store::{CallRecord, Mode, Settlement};
use super::{Answered, Briefing, CallError, Calls, IdempotencyKey, Way, replay};
use crate::domain::{CallId, Private, Trigger};
use crate::invitations::Invitation;
use crate::telemetry;

impl Calls {
    /// Makes the link unless one was made under the same key; then returns that one again.
    pub(super) async fn link_once(
        &self,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
    ) -> Result<Answered, CallError> {
        if key.is_none() {
            let now = self.answer_time();
            let (link, log) = self.make_link(trigger, new_link_id(), now, now + self.link_ttl).await?;
            log.link_made();
            return Ok(link);
        }
        match self.claim_or_wait(Mode::Link, trigger, key, new_link_id).await? {
            Claimed::First(link_id) => self.make_claimed_link(trigger, link_id).await,
            Claimed::After(record) => self.remake_link(trigger, *record).await,
        }
    }

    async fn make_claimed_link(&self, trigger: &Trigger, link_id: CallId) -> Result<Answered, CallError> {
        let now = self.answer_time();
        let expires_at = now + self.link_ttl;
        let (link, log) = match self.make_link(trigger, link_id.clone(), now, expires_at).await {
            Ok(made) => made,
            Err(error) => {
                self.record(&link_id, Settlement::NotPlaced { outcome: SCRIPT_FAILED }).await;
                return Err(error);
            }
        };
        let answer = replay::stored(trigger, &link.briefing, now, Some(expires_at));
        self.begin(&link_id, &answer, now + TimeDelta::seconds(1)).await?;
        log.link_made();
        self.record(&link_id, Settlement::Placed { conversation_id: None }).await;
        Ok(link)
    }

    /// The same link again. It holds names, so it is not stored but made again from the retried request.
    async fn remake_link(&self, trigger: &Trigger, record: CallRecord) -> Result<Answered, CallError> {
        let CallRecord { call_id: link_id, answer, .. } = record;
        let Some(answer) = answer else {
            tracing::error!(call_id = %link_id, "a link lacks its answer");
            return Err(CallError::Internal);
        };
        let expires_at = answer.link_expires_at.unwrap_or(answer.answered_at);
        let url = if let Some(base) = &self.own_page {
            self.invitation(base, trigger, &link_id, expires_at)
        } else {
            // The variables in its URL come from the questionnaire, which is not stored either.
            let mut log = CallLog::start(Mode::Link.as_str(), trigger, link_id.clone());
            let (script, _) = self.browser_script(trigger, &mut log).await?;
            self.elevenlabs.talk_to_link(&script.variables)
        };
        tracing::info!(
            call_id = %link_id,
            campaign_id = trigger.campaign_id.get(),
            "answered with the link that an earlier trigger made"
        );
        Ok(Answered {
            way: Way::Link { url, expires_at },
            briefing: replay::restored(trigger, &answer),
            answered_at: answer.answered_at,
            replayed: true,
        })
    }

    /// Makes the link, and the log line that is to tell of it once it may be handed out.
    async fn make_link(
        &self,
        trigger: &Trigger,
        link_id: CallId,
        answered_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(Answered, CallLog), CallError> {
        telemetry::record_call(&link_id, trigger.campaign_id);
        let mut log = CallLog::start(Mode::Link.as_str(), trigger, link_id);
        let (script, questionnaire_age) = self.browser_script(trigger, &mut log).await?;
        let url = match &self.own_page {
            Some(base) => self.invitation(base, trigger, &log.call_id, expires_at),
            None => self.elevenlabs.talk_to_link(&script.variables),
        };
        let briefing = Briefing::of(&script, questionnaire_age);
        let way = Way::Link { url, expires_at };
        Ok((Answered { way, briefing, answered_at, replayed: false }, log))
    }

    /// The link to this service's own page. Equal arguments give equal links.
    fn invitation(
        &self,
        base: &Url,
        trigger: &Trigger,
        link_id: &CallId,
        expires_at: DateTime<Utc>,
    ) -> Private<String> {
        let invitation = Invitation { link_id: link_id.clone(), trigger: trigger.clone(), expires_at };
        self.invitations.link(base, &invitation)
    }
}

/// Entirely random, as the seal of a link requires ([`crate::invitations`]).
fn new_link_id() -> CallId {
    CallId::from_uuid(Uuid::new_v4())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::StatusCode;
    use serde_json::json;

    use super::super::tests::{calls, trigger};
    use super::*;
    use crate::sandbox::{Fault, Sandbox};

    async fn link_of(calls: &Arc<Calls>) -> Answered {
        calls.answer(Arc::new(trigger()), None).await.unwrap()
    }

    fn open(calls: &Calls, link: &Answered) -> Invitation {
        let Way::Link { url, expires_at } = &link.way else { panic!("no link: {link:?}") };
        let token = url.reveal().strip_prefix("https://talk.example.org/talk/").unwrap();
        let invitation = calls.open_link(token).unwrap();
        assert_eq!(invitation.expires_at, *expires_at);
        invitation
    }

    #[tokio::test]
    async fn whoever_opens_a_link_gets_the_interview_that_was_promised_with_it() {
        let sandbox = Sandbox::start().await.unwrap();
        let question = json!({ "questions": [{ "id": 1, "question": "Mögen Sie Quitten?" }] });
        sandbox.hoc.set_questionnaire(7, &question);
        let calls = calls(&sandbox).await;
        let link = link_of(&calls).await;
        let invitation = open(&calls, &link);
        assert_eq!(invitation.trigger, trigger());

        let script = calls.talk_script(&invitation).await.unwrap();
        assert_eq!(script.first_message, link.briefing.first_message);
        assert_eq!(script.prompt.reveal().chars().count(), link.briefing.prompt_length);
        assert!(script.prompt.reveal().contains("Mögen Sie Quitten?"));
        let questionnaire = calls.questionnaires.get(trigger().campaign_id).await.unwrap().questionnaire;
        let id = &invitation.link_id;
        assert_eq!(script, calls.interview.script(&trigger(), Some(&questionnaire), id).unwrap());
        assert_eq!(script.variables[CallId::VARIABLE].reveal(), id.as_str());
        assert_eq!(script.variables["applicant_id"].reveal(), "A-1");
        // Every further talk on the link is found by the same id.
        assert_eq!(calls.talk_script(&invitation).await.unwrap(), script);
        assert_ne!(open(&calls, &link_of(&calls).await).link_id, *id);
    }

    #[tokio::test]
    async fn a_talk_has_the_questionnaire_of_its_own_day_or_goes_on_without() {
        let sandbox = Sandbox::start().await.unwrap();
        let calls = calls(&sandbox).await;
        let invitation = open(&calls, &link_of(&calls).await);
        let question = json!({ "questions": [{ "id": 1, "question": "Mögen Sie Quitten?" }] });
        sandbox.hoc.set_questionnaire(7, &question);
        let script = calls.talk_script(&invitation).await.unwrap();
        assert!(script.prompt.reveal().contains("Mögen Sie Quitten?"));
        sandbox.hoc.next(Fault::status(StatusCode::NOT_FOUND));
        let script = calls.talk_script(&invitation).await.unwrap();
        assert_eq!(script, calls.interview.script(&trigger(), None, &invitation.link_id).unwrap());
    }
}
