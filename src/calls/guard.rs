//! What makes two triggers the same: the caller's `Idempotency-Key`, or else mode, campaign and number.
//!
//! The store sees only digests. They are keyed, so that a stolen database does not reveal whose numbers are in it: a
//! plain digest of a telephone number can be found by trying all numbers.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::store::{Fingerprint, GuardKey};
use crate::domain::{CallId, CallTarget, CampaignId, Trigger};

/// HOC's own name for a trigger. It means the same under every API key, all of which are HOC's: replacing an API key
/// must not let a retry dial again.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The caller chooses it, so it may contain anything.
        f.write_str("IdempotencyKey([private])")
    }
}

impl IdempotencyKey {
    /// The longest key, in characters.
    pub const MAX_CHARS: usize = 255;

    /// `None` unless the key is 1 to [`Self::MAX_CHARS`] visible ASCII characters.
    #[must_use]
    pub fn parse(raw: String) -> Option<Self> {
        let is_visible = raw.bytes().all(|b| b.is_ascii_graphic());
        ((1..=Self::MAX_CHARS).contains(&raw.len()) && is_visible).then_some(Self(raw))
    }
}

/// Makes the digests.
pub(super) struct Guards {
    mac: Hmac<Sha256>,
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guards([private])")
    }
}

impl Guards {
    /// Keys the digests with a secret that all instances share.
    #[must_use]
    pub(super) fn new(secret: &SecretString) -> Self {
        let mac =
            Hmac::new_from_slice(secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
        Self { mac }
    }

    /// The guard of a trigger that came with a key.
    pub(super) fn keyed(&self, key: &IdempotencyKey) -> GuardKey {
        GuardKey::from_digest(self.digest(&[b"key", key.0.as_bytes()]))
    }

    /// The guard of a call that came without a key: the same campaign and number, however the rest is spelt.
    pub(super) fn natural(&self, campaign: CampaignId, target: &CallTarget) -> GuardKey {
        let campaign = campaign.to_string();
        GuardKey::from_digest(self.digest(&[
            b"call",
            campaign.as_bytes(),
            target.to_number.e164().as_bytes(),
        ]))
    }

    /// The guard of a call that is guarded by nothing but its own id.
    pub(super) fn unguarded(&self, call_id: &CallId) -> GuardKey {
        GuardKey::from_digest(self.digest(&[b"unguarded", call_id.as_str().as_bytes()]))
    }

    /// A digest of what a request asks for, so that a key reused for another request is noticed.
    pub(super) fn fingerprint(&self, trigger: &Trigger) -> Fingerprint {
        let campaign = trigger.campaign_id.to_string();
        let call = trigger.call.as_ref();
        let parts = [
            "fingerprint",
            &campaign,
            trigger.company.reveal(),
            trigger.candidate.first_name.reveal(),
            trigger.candidate.last_name.reveal(),
            call.map_or("", |call| call.to_number.e164()),
            // Only a number that HOC named: a retry stays the same request when the configured default changes.
            call.filter(|call| !call.from_is_default).map_or("", |call| call.from.as_str()),
            trigger.applicant_id.as_ref().map_or("", |id| id.reveal()),
        ];
        Fingerprint::from_digest(self.digest(&parts.map(str::as_bytes)))
    }

    /// Each part is preceded by its length, so that no two lists of parts read alike.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AgentPhoneNumberId, Candidate, CompanyName, PersonName, PhoneNumber};

    fn trigger(first_name: &str, number: &str) -> Trigger {
        Trigger {
            campaign_id: CampaignId::new(1).unwrap(),
            company: CompanyName::parse("Muster GmbH").unwrap(),
            candidate: Candidate {
                first_name: PersonName::parse(first_name).unwrap(),
                last_name: PersonName::parse("Beispiel").unwrap(),
            },
            applicant_id: None,
            call: Some(CallTarget {
                to_number: PhoneNumber::parse(number).unwrap(),
                from: AgentPhoneNumberId::parse("phnum_1").unwrap(),
                from_is_default: false,
            }),
        }
    }

    #[test]
    fn another_spelling_of_name_or_number_is_the_same_person_but_another_request() {
        let guards = Guards::new(&"secret".into());
        let natural = |trigger: &Trigger| guards.natural(trigger.campaign_id, trigger.call.as_ref().unwrap());
        let (one, other) = (trigger("Zoe", "030 23125001"), trigger("Zoë", "+49 (0)30 23125-001"));
        assert_eq!(natural(&one), natural(&other));
        assert_ne!(guards.fingerprint(&one), guards.fingerprint(&other));
        assert_ne!(natural(&one), natural(&trigger("Zoe", "030 23125002")));
    }

    #[test]
    fn the_default_number_is_no_part_of_a_request_but_one_that_hoc_names_is() {
        let guards = Guards::new(&"secret".into());
        let from = |from: &str, from_is_default| {
            let mut trigger = trigger("Zoe", "030 23125001");
            let call = trigger.call.as_mut().unwrap();
            (call.from, call.from_is_default) = (AgentPhoneNumberId::parse(from).unwrap(), from_is_default);
            guards.fingerprint(&trigger)
        };
        assert_eq!(from("phnum_old", true), from("phnum_new", true));
        assert_ne!(from("phnum_old", false), from("phnum_new", false));
    }

    #[test]
    fn digests_depend_on_the_secret_and_on_where_a_part_ends() {
        let guards = Guards::new(&"secret".into());
        assert_ne!(guards.digest(&[b"ab", b"c"]), guards.digest(&[b"a", b"bc"]));
        assert_ne!(guards.digest(&[b"ab"]), Guards::new(&"other".into()).digest(&[b"ab"]));
    }
}
