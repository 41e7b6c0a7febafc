//! Makes a link. Nobody's telephone rings, so it is guarded only where the caller asks for it with a key.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use super::call_log::CallLog;
use super::outcome::{CLAIM_GIVEN_UP, SCRIPT_FAILED};
use super::store::{CallRecord, Claim, Mode, Settlement};
use super::wait::Waited;
use super::{CallError, Calls, IdempotencyKey, LEASE, TalkLink, briefing, new_call_id, replay};
use crate::domain::{CallId, Trigger};

impl Calls {
    /// Makes the link unless one was made under the same key; then brings that one again.
    pub(super) async fn link_once(
        &self,
        trigger: &Trigger,
        key: Option<&IdempotencyKey>,
    ) -> Result<TalkLink, CallError> {
        if key.is_none() {
            let now = self.answer_time();
            return self.make_link(trigger, &new_call_id(), now, now + self.link_ttl).await;
        }
        let deadline = Instant::now() + self.rules.patience;
        loop {
            let call_id = new_call_id();
            match self.claim(Mode::Link, trigger, key, &call_id).await? {
                Claim::Won => return self.make_claimed_link(trigger, &call_id).await,
                Claim::Held(holder) => match self.wait_for(trigger, &holder, deadline).await? {
                    Waited::Placed(record) => return self.remake_link(trigger, *record).await,
                    Waited::Freed => {}
                },
            }
        }
    }

    async fn make_claimed_link(&self, trigger: &Trigger, call_id: &CallId) -> Result<TalkLink, CallError> {
        let now = self.answer_time();
        let link = match self.make_link(trigger, call_id, now, now + self.link_ttl).await {
            Ok(link) => link,
            Err(error) => {
                self.record(call_id, Settlement::NotPlaced { outcome: SCRIPT_FAILED.to_owned() }).await;
                return Err(error);
            }
        };
        let answer = replay::stored(trigger, &link.briefing, now, Some(link.expires_at));
        let later = now + TimeDelta::seconds(1);
        match self.store.begin_dial(call_id, self.instance, now, &answer, later, now + LEASE).await {
            Ok(true) => {}
            Ok(false) => return Err(CallError::StoreUnavailable),
            Err(error) => {
                self.record_later(call_id, Settlement::NotPlaced { outcome: CLAIM_GIVEN_UP.to_owned() });
                return Err(error.into());
            }
        }
        self.record(call_id, Settlement::Placed { conversation_id: None, answered_at: None }).await;
        Ok(link)
    }

    /// The same link again. It holds names, so it is not kept but made again from the retried request.
    async fn remake_link(&self, trigger: &Trigger, record: CallRecord) -> Result<TalkLink, CallError> {
        let Some(answer) = record.answer else {
            tracing::error!(call_id = %record.call_id, "a link lacks its answer");
            return Err(CallError::Script);
        };
        let expires_at = answer.link_expires_at.unwrap_or(answer.answered_at);
        let link = self.make_link(trigger, &record.call_id, answer.answered_at, expires_at).await?;
        Ok(TalkLink { briefing: replay::briefing(trigger, &answer), replayed: true, ..link })
    }

    async fn make_link(
        &self,
        trigger: &Trigger,
        call_id: &CallId,
        answered_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<TalkLink, CallError> {
        let mut log = CallLog::start("link", trigger, call_id.clone());
        let questionnaire = self.questionnaire(trigger.campaign_id, &mut log).await;
        let script = self.script(trigger, questionnaire.as_ref(), &mut log)?;
        log.link_made();
        Ok(TalkLink {
            url: self.elevenlabs.talk_to_link(&script.variables),
            expires_at,
            briefing: briefing(&script, questionnaire.is_some()),
            answered_at,
            replayed: false,
        })
    }
}
