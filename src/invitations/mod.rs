//! Invitations to a talk in the browser, sealed into the links that candidates open.
//!
//! A link holds all that the talk needs, encrypted and authenticated, so nothing is stored: any instance opens it, also
//! after a restart, and nobody without the key reads, changes or makes one. The token is URL-safe base64 without padding
//! of
//!
//! ```text
//! version (1) ‖ id of the link (16) ‖ AES-256-GCM-SIV of the payload (n + 16)
//! ```
//!
//! with the version and the id as associated data. The nonce is the first 12 bytes of the id, which is random (RFC 4122
//! leaves 90 of these bits to chance). Equal invitations seal to equal tokens, so a retried trigger gets its link again
//! byte for byte; should two different ones ever meet on one nonce, GCM-SIV (RFC 8452) gives away nothing of them.

mod payload;

#[cfg(test)]
mod tests;

use std::fmt;

use aes_gcm_siv::aead::{Aead, Payload as Message};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use thiserror::Error;
use uuid::Uuid;

use self::payload::Payload;
use crate::domain::{CallId, Private, Trigger};

/// The form of the token. Another form gets another number.
const VERSION: u8 = 1;

/// What stands in front of the sealed payload: the version and the link's id.
const HEADER_BYTES: usize = 1 + 16;

/// Ties the key to this use of the secret, so that the same secret may serve others.
const KEY_PURPOSE: &[u8] = b"sellcruiting talk link v1";

/// The longest token that is looked at, in characters. The longest legal names take 2,742.
const MAX_TOKEN_CHARS: usize = 3_000;

/// Who is invited to which talk, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The link's own id. Random, so it may be logged.
    pub link_id: CallId,
    /// What HOC asked for; without a number to call.
    pub trigger: Trigger,
    /// From then on the link opens nothing any more. Kept in whole milliseconds.
    pub expires_at: DateTime<Utc>,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationError {
    /// Cut, changed, or sealed with a key that is not in use.
    #[error("the link is damaged, or was sealed with a secret that is no longer in use")]
    Damaged,
    /// Genuine, but too old. Said only of what was sealed here.
    #[error("the link has expired")]
    Expired,
}

/// Seals invitations and opens them again.
pub struct Invitations {
    sealing: Aes256GcmSiv,
    /// Those that seal no more, but still open.
    retired: Vec<Aes256GcmSiv>,
}

impl fmt::Debug for Invitations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitations([private])")
    }
}

impl Invitations {
    /// Seals with the first secret, opens with each.
    #[must_use]
    pub fn new(secret: &SecretString, retired: &[SecretString]) -> Self {
        Self { sealing: cipher(secret), retired: retired.iter().map(cipher).collect() }
    }

    /// The link to the page at `base`, which is this service's public address.
    #[must_use]
    pub fn link(&self, base: &Url, invitation: &Invitation) -> Private<String> {
        let base = base.as_str().trim_end_matches('/');
        Private::new(format!("{base}/talk/{}", self.token(invitation).reveal()))
    }

    /// The last part of the link.
    #[must_use]
    pub fn token(&self, invitation: &Invitation) -> Private<String> {
        let mut bytes = vec![VERSION];
        bytes.extend(invitation.link_id.as_uuid().as_bytes());
        let payload = Payload::of(invitation).to_bytes();
        let (nonce, header) = (nonce(&bytes), bytes.as_slice());
        let sealed = self.sealing.encrypt(&nonce, Message { msg: &payload, aad: header });
        bytes.extend(sealed.expect("a payload is far below the cipher's limit of 64 GiB"));
        Private::new(BASE64.encode(bytes))
    }

    /// What a token was sealed from, unless it is over at `now`.
    ///
    /// # Errors
    /// See [`InvitationError`]. It does not tell what is damaged, neither by its text nor, noticeably, by its time.
    pub fn open(&self, token: &str, now: DateTime<Utc>) -> Result<Invitation, InvitationError> {
        let invitation = self.unseal(token).ok_or(InvitationError::Damaged)?;
        if invitation.expires_at <= now {
            return Err(InvitationError::Expired);
        }
        Ok(invitation)
    }

    fn unseal(&self, token: &str) -> Option<Invitation> {
        if token.len() > MAX_TOKEN_CHARS {
            return None;
        }
        // Strict: there is exactly one text for every token.
        let bytes = BASE64.decode(token).ok()?;
        let (header, sealed) = bytes.split_at_checked(HEADER_BYTES)?;
        let (&version, id) = header.split_first()?;
        if version != VERSION {
            return None;
        }
        let message = || Message { msg: sealed, aad: header };
        let mut ciphers = std::iter::once(&self.sealing).chain(&self.retired);
        let payload = ciphers.find_map(|cipher| cipher.decrypt(&nonce(header), message()).ok())?;
        let link_id = CallId::from_uuid(Uuid::from_slice(id).ok()?);
        Payload::from_bytes(&payload)?.into_invitation(link_id)
    }
}

/// The first 12 bytes of the link's id.
fn nonce(header: &[u8]) -> Nonce {
    let mut nonce = Nonce::default();
    nonce.copy_from_slice(&header[1..=12]);
    nonce
}

fn cipher(secret: &SecretString) -> Aes256GcmSiv {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(KEY_PURPOSE);
    Aes256GcmSiv::new(&mac.finalize().into_bytes())
}
