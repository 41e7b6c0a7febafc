//! What is recorded about a call.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{AgentId, CallId, CampaignId, ConversationId, Trigger};

/// What a trigger is guarded by: the digest of an `Idempotency-Key`, of a natural key (mode, campaign, number), or, if
/// neither guards it, of the call's own id.
///
/// The store never sees what the digest was made of. It is irreversible only if whoever makes it mixes in a secret:
/// there are few enough telephone numbers to try them all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GuardKey(String);

/// The digest of a request, to tell whether a key is reused for another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

macro_rules! digest {
    ($name:ident) => {
        impl $name {
            /// From the 32 bytes of a digest.
            #[must_use]
            pub fn from_digest(digest: [u8; 32]) -> Self {
                Self(hexadecimal(&digest))
            }

            /// 64 lower-case hexadecimal digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

digest!(GuardKey);
digest!(Fingerprint);

impl Fingerprint {
    /// `None` unless `raw` is 64 lower-case hexadecimal digits.
    pub(super) fn parse(raw: &str) -> Option<Self> {
        let is_digest = raw.len() == 64 && raw.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_digest.then(|| Self(raw.to_owned()))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// One running process. Each new process gets a new id, so that it never takes for its own what an earlier one left
/// behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(Uuid);

impl InstanceId {
    /// From a random UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// What a trigger asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The candidate is called.
    Call,
    /// A link is made.
    Link,
}

impl Mode {
    /// A trigger with a number to call asks for a call.
    #[must_use]
    pub const fn of(trigger: &Trigger) -> Self {
        if trigger.call.is_some() { Self::Call } else { Self::Link }
    }
}

/// The state of a call.
///
/// ```text
/// (new) ─► Claimed ─► Dialling ─► Placed
///             │           ├─────► Refused, NotPlaced
///             │           └─────► Unknown ─► Placed, Refused, NotPlaced
///             └─► Placed, Refused, Unknown, NotPlaced
///
/// NotPlaced ─► Placed: found late
/// Placed ─► Refused: found by another instance, before ElevenLabs' answer said that it had failed
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallState {
    /// The claim is durable; nothing was sent yet. Holds the guard.
    Claimed,
    /// Bytes may have gone out. Holds the guard.
    Dialling,
    /// The call was placed. Holds the guard until [`CallRecord::guarded_until`] has passed and another claim comes,
    /// unless it was found after another call had taken the guard.
    Placed,
    /// Refused, no free line, or turned away by the dial gate: nobody was called, though over a SIP trunk a telephone may
    /// have rung in vain. Frees the guard.
    Refused,
    /// Nobody can tell yet whether the call was placed. Holds the guard.
    Unknown,
    /// Proved not to have been placed, or given up before anything was sent. Frees the guard.
    NotPlaced,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// Its word in the store and in logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(super) fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Mode { Call = "call", Link = "link" });
words!(CallState {
    Claimed = "claimed",
    Dialling = "dialling",
    Placed = "placed",
    Refused = "refused",
    Unknown = "unknown",
    NotPlaced = "not_placed",
});

/// A trigger that wants to go ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClaim {
    /// The call's own id, used once.
    pub call_id: CallId,
    /// What guards the trigger.
    pub guard: GuardKey,
    /// Whether the guard is a caller's key, which stands for one request only.
    pub is_keyed: bool,
    /// The digest of the request.
    pub fingerprint: Fingerprint,
    /// What it asks for.
    pub mode: Mode,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Until when the call holds the guard once it is placed.
    pub guarded_until: DateTime<Utc>,
    /// Which instance works on it.
    pub owner: InstanceId,
    /// Until when no other instance may.
    pub lease_until: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Whether a trigger may go ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It may: it now holds the guard.
    Won,
    /// It may not: this call holds the guard, or came under the same key with another request.
    Held(Box<CallRecord>),
}

/// What HOC was, or will be, answered. Contains no name and no prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// How old the questionnaire was, in seconds. `None`: there was none with questions.
    pub questionnaire_age_seconds: Option<u32>,
    /// The length of the prompt in characters.
    pub prompt_length: usize,
    /// The first words the candidate hears, with placeholders instead of names. Opaque to the store.
    pub first_message: String,
    /// The timestamp in the answer.
    pub answered_at: DateTime<Utc>,
    /// Until when a link is offered.
    pub link_expires_at: Option<DateTime<Utc>>,
}

/// What is recorded as the last step before bytes go out.
#[derive(Debug, Clone, Copy)]
pub struct BegunDial<'a> {
    /// What HOC will be answered.
    pub answer: &'a StoredAnswer,
    /// Until when the call could still appear if nothing more is heard of it.
    pub settle_until: DateTime<Utc>,
    /// Which agent at ElevenLabs makes the call.
    pub agent_id: &'a AgentId,
}

/// How a call came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It was placed.
    Placed {
        /// The conversation it became; `None` only for a link.
        conversation_id: Option<ConversationId>,
    },
    /// ElevenLabs refused or has no free line, or the dial gate turned the call away.
    Refused {
        /// A short, stable code.
        outcome: &'static str,
        /// When to retry, in seconds.
        retry_after_secs: Option<u32>,
    },
    /// ElevenLabs took the request, but no telephone could be reached. Also counts if another instance has found the
    /// conversation and taken the call for placed.
    Failed {
        /// A short, stable code.
        outcome: &'static str,
        /// The conversation that ElevenLabs opened for it, if it was named.
        conversation_id: Option<ConversationId>,
    },
    /// Nobody can tell yet.
    Unknown {
        /// A short, stable code.
        outcome: &'static str,
        /// Until when the call could still appear.
        settle_until: DateTime<Utc>,
        /// When to look for it first.
        next_check_at: DateTime<Utc>,
    },
    /// It was proved not to have been placed, or was given up before anything was sent.
    NotPlaced {
        /// A short, stable code.
        outcome: &'static str,
    },
}

/// What is recorded about a call, except what only statements look at: its guard and whether it holds it, its lease,
/// when it is looked for next, when it was settled. Times have millisecond precision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The call's own id.
    pub call_id: CallId,
    /// The digest of the request.
    pub fingerprint: Fingerprint,
    /// What it asks for.
    pub mode: Mode,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its state.
    pub state: CallState,
    /// The conversation it became.
    pub conversation_id: Option<ConversationId>,
    /// A short, stable code for what came of it last, such as `busy`, `timeout`, `instance_lost`. Being placed leaves
    /// it unchanged, so that it shows what a call that was found later had been taken for.
    pub outcome: Option<String>,
    /// When to retry, in seconds, if ElevenLabs or the dial gate said so.
    pub retry_after_secs: Option<u32>,
    /// What HOC was, or will be, answered. Known from the dial on.
    pub answer: Option<StoredAnswer>,
    /// When the guard was taken.
    pub claimed_at: DateTime<Utc>,
    /// When the dial began.
    pub dialled_at: Option<DateTime<Utc>>,
    /// Until when the call could still appear at ElevenLabs.
    pub settle_until: Option<DateTime<Utc>>,
    /// How often it was looked for.
    pub checks: u32,
    /// Until when the call holds the guard once it is placed.
    pub guarded_until: DateTime<Utc>,
    /// Which instance works on it.
    pub owner: InstanceId,
    /// Which agent at ElevenLabs makes the call, and so whose conversations show what became of it. `None` before the
    /// dial, and in rows from before this was recorded.
    pub agent_id: Option<AgentId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_it_always_was_or_older_records_would_guard_nothing() {
        let mut digest = [0; 32];
        (digest[0], digest[1], digest[2], digest[31]) = (0x01, 0xf0, 0xab, 0xff);
        let written = format!("01f0ab{}ff", "00".repeat(28));
        assert_eq!(GuardKey::from_digest(digest).as_str(), written);
        assert_eq!(Fingerprint::from_digest(digest).as_str(), written);
    }
}
