//! What makes two triggers the same: the caller's `Idempotency-Key`, or else mode, campaign and number.
//!
//! The store sees digests only. They are keyed, so that a stolen database does not tell whose numbers are in it: a plain
//! digest of a telephone number is found by trying all numbers.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::store::{Fingerprint, GuardKey};
use crate::domain::{CallId, CallTarget, CampaignId, Trigger};

/// A caller's own name for a trigger, scoped to the key the caller came with.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Stands for the API key; see [`crate::http::ApiKeys`].
    scope: [u8; 32],
    key: String,
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Callers choose it, so anything may be in it.
        f.write_str("IdempotencyKey([private])")
    }
}

impl IdempotencyKey {
    /// The longest key, in characters.
    pub const MAX_CHARS: usize = 255;

    /// Reads the header's value: 1 to [`Self::MAX_CHARS`] visible ASCII characters, bare or as a quoted string, which
    /// mean the same (IETF draft-ietf-httpapi-idempotency-key-header, section 2.1). `None` for anything else.
    #[must_use]
    pub fn parse(scope: [u8; 32], header: &str) -> Option<Self> {
        let header = header.trim();
        let key = match header.strip_prefix('"') {
            Some(rest) => unescape(rest.strip_suffix('"')?)?,
            None => header.to_owned(),
        };
        let is_visible = key.bytes().all(|b| b.is_ascii_graphic());
        ((1..=Self::MAX_CHARS).contains(&key.len()) && is_visible).then_some(Self { scope, key })
    }
}

/// The content of a quoted string (RFC 8941, 3.3.3): only `"` and `\` are escaped.
fn unescape(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            '"' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

/// Makes the digests.
pub struct Guards {
    mac: Hmac<Sha256>,
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guards([private])")
    }
}

impl Guards {
    /// Digests keyed by a secret that all instances share.
    #[must_use]
    pub fn new(secret: &SecretString) -> Self {
        let mac =
            Hmac::new_from_slice(secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
        Self { mac }
    }

    /// The guard of a trigger that came with a key.
    pub(super) fn keyed(&self, key: &IdempotencyKey) -> GuardKey {
        GuardKey::from_digest(self.digest(&[b"key", &key.scope, key.key.as_bytes()]))
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

    /// The guard of a call that nothing but its own id guards.
    pub(super) fn unguarded(&self, call_id: &CallId) -> GuardKey {
        GuardKey::from_digest(self.digest(&[b"unguarded", call_id.as_str().as_bytes()]))
    }

    /// What a request asks for, so that a key that comes with another request is noticed.
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
            call.map_or("", |call| call.from.as_str()),
            trigger.applicant_id.as_ref().map_or("", |id| id.reveal()),
        ];
        Fingerprint::from_digest(self.digest(&parts.map(str::as_bytes)))
    }

    /// Every part with its length in front, so that no two lists of parts read alike.
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

    fn key(header: &str) -> Option<IdempotencyKey> {
        IdempotencyKey::parse([7; 32], header)
    }

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
            }),
        }
    }

    #[test]
    fn a_key_means_the_same_quoted_and_bare() {
        assert_eq!(key("a-1"), key(" \"a-1\" "));
        assert_eq!(key(r#""a\"\\b""#), key(r#"a"\b"#));
        assert!(key(&"x".repeat(255)).is_some());
    }

    #[test]
    fn other_values_are_no_keys() {
        for bad in ["", " ", "\"\"", "two words", "\"open", r#""a\nb""#, r#""a"b""#, "ü", &"x".repeat(256)] {
            assert_eq!(key(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_key_guards_only_within_its_scope() {
        let guards = Guards::new(&"secret".into());
        let one = IdempotencyKey::parse([1; 32], "a").unwrap();
        let other = IdempotencyKey::parse([2; 32], "a").unwrap();
        assert_ne!(guards.keyed(&one), guards.keyed(&other));
        assert_eq!(guards.keyed(&one), guards.keyed(&one.clone()));
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
    fn digests_depend_on_the_secret_and_on_where_a_part_ends() {
        let guards = Guards::new(&"secret".into());
        assert_ne!(guards.digest(&[b"ab", b"c"]), guards.digest(&[b"a", b"bc"]));
        assert_ne!(guards.digest(&[b"ab"]), Guards::new(&"other".into()).digest(&[b"ab"]));
    }
}
