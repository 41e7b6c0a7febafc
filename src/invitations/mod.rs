//! Invitations to a talk in the browser, sealed into the links that candidates open.
//!
//! A link holds everything the talk needs, encrypted and authenticated, so nothing is stored: any instance can open it,
//! even after a restart, and without the key nobody can read, change or make one. The token is the following, in
//! URL-safe base64 without padding:
//!
//! ```text
//! version (1) ‖ id of the link (16) ‖ AES-256-GCM-SIV of the payload (n + 16)
//! ```
//!
//! The version and the id are the associated data. The nonce is the first 12 bytes of the id, which is random (RFC 4122
//! leaves 90 of these bits to chance). Equal invitations seal to equal tokens, so a retried trigger gets the same link
//! byte for byte. Should two different invitations ever share a nonce, GCM-SIV (RFC 8452) reveals nothing of their
//! contents.

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

/// The version of the token's format. Another format gets another number.
const VERSION: u8 = 1;

/// What precedes the sealed payload: the version and the link's id.
const HEADER_BYTES: usize = 1 + 16;

/// Ties the derived key to this purpose, so that the same secret can serve others, too.
const KEY_PURPOSE: &[u8] = b"sellcruiting talk link v1";

/// The longest token that is decoded, in characters. The longest names allowed make one of 2,742.
const MAX_TOKEN_CHARS: usize = 3_000;

/// Who is invited to which talk, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The link's own id. Random, so it may be logged.
    pub link_id: CallId,
    /// What HOC asked for, without a number to call.
    pub trigger: Trigger,
    /// From then on the link no longer opens. The token keeps whole milliseconds.
    pub expires_at: DateTime<Utc>,
}

/// Why a token does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvitationError {
    /// Cut, changed, or sealed with a key that is not in use.
    #[error("the link is damaged, or was sealed with a secret that is no longer in use")]
    Damaged,
    /// Genuine, but expired. Reported only for what was sealed with one of our keys.
    #[error("the link has expired")]
    Expired,
}

/// Seals invitations and opens them again.
pub struct Invitations {
    sealing: Aes256GcmSiv,
    /// Keys that no longer seal, but still open.
    retired: Vec<Aes256GcmSiv>,
}

impl fmt::Debug for Invitations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitations([private])")
    }
}

impl Invitations {
    /// Seals with `secret`; opens with it and with each of `retired`.
    #[must_use]
    pub fn new(secret: &SecretString, retired: &[SecretString]) -> Self {
        Self { sealing: cipher(secret), retired: retired.iter().map(cipher).collect() }
    }

    /// The link to the talk page below `base`, this service's public address.
    #[must_use]
    pub fn link(&self, base: &Url, invitation: &Invitation) -> Private<String> {
        let base = base.as_str().trim_end_matches('/');
        Private::new(format!("{base}/talk/{}", self.token(invitation).reveal()))
    }

    /// The token: the last segment of the link.
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

    /// The invitation that was sealed into a token, unless it has expired at `now`.
    ///
    /// # Errors
    /// See [`InvitationError`]. It does not reveal what is damaged, either in its text or, noticeably, through timing.
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
        // Strict: every token has exactly one encoding.
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
