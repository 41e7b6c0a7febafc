//! Where links lead, for how long, and what they are sealed with.

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::HttpConfig;
use super::reader::Reader;
use super::sources::RawSettings;
use super::warning::STRONG_SECRET_CHARS;

/// The links that triggers without a number get.
#[derive(Debug, Clone)]
pub struct LinkConfig {
    /// `LINK_PAGE`: where they lead. By default this service's own page, if its address is known.
    pub page: LinkPage,
    /// `LINK_TTL` (7 days; at least 1 minute): how long one is offered.
    pub ttl: Duration,
    /// `LINK_SECRET` (the webhook keys): what they are sealed with.
    pub secrets: LinkSecrets,
}

impl LinkConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings, http: &HttpConfig) -> Self {
        Self {
            page: LinkPage::read(reader, raw, http.public_base_url.as_ref()),
            ttl: reader.duration_of_at_least(
                Duration::from_mins(1),
                "LINK_TTL",
                raw.link_ttl.as_deref(),
                Duration::from_hours(7 * 24),
            ),
            secrets: LinkSecrets::read(reader, raw, &http.api_keys),
        }
    }
}

/// The page on which a candidate talks in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPage {
    /// This service's: nothing of the interview reaches the browser but sound and what is said.
    Own,
    /// ElevenLabs' public talk-to page.
    ElevenLabs,
}

impl LinkPage {
    /// The service's own page, unless the operator chose ElevenLabs' or this service's address is unknown.
    fn read(reader: &mut Reader, raw: &RawSettings, public_base_url: Option<&Url>) -> Self {
        const KEY: &str = "LINK_PAGE";
        let default = if public_base_url.is_some() { Self::Own } else { Self::ElevenLabs };
        let Some(value) = &raw.link_page else { return default };
        match value.to_ascii_lowercase().as_str() {
            "own" if public_base_url.is_none() => {
                reader.note(
                    KEY,
                    "can be own only where PUBLIC_BASE_URL says how candidates reach this service",
                );
                default
            }
            "own" => Self::Own,
            "elevenlabs" => Self::ElevenLabs,
            _ => {
                reader.note(KEY, "must be own or elevenlabs");
                default
            }
        }
    }
}

/// What links are sealed with.
#[derive(Debug, Clone)]
pub struct LinkSecrets {
    /// The first: it seals, and opens.
    pub sealing: SecretString,
    /// The others: they seal no more, but still open.
    pub retired: Vec<SecretString>,
}

impl LinkSecrets {
    /// Secrets separated by commas. A candidate holds a sealed link and can try keys on it offline, so weak ones are
    /// refused. Without any, the webhook keys stand in.
    fn read(reader: &mut Reader, raw: &RawSettings, webhook_keys: &[SecretString]) -> Self {
        let Some(value) = &raw.link_secret else { return Self::of(webhook_keys.to_vec()) };
        let secrets: Vec<_> = value.split(',').map(str::trim).filter(|secret| !secret.is_empty()).collect();
        if secrets.is_empty() || secrets.iter().any(|secret| secret.chars().count() < STRONG_SECRET_CHARS) {
            reader.note(
                "LINK_SECRET",
                "must be one secret of at least 32 characters or several, separated by commas",
            );
        }
        Self::of(secrets.into_iter().map(SecretString::from).collect())
    }

    /// The first seals. An empty list was noted as a problem, so [`Reader::finish`] never lets the empty stand-in out.
    fn of(mut secrets: Vec<SecretString>) -> Self {
        let retired = secrets.split_off(secrets.len().min(1));
        Self { sealing: secrets.pop().unwrap_or_default(), retired }
    }
}
