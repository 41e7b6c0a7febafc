//! What triggers may do, and where the links lead that they get.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;

use super::reader::Reader;
use super::sources::RawSettings;
use crate::domain::{AgentPhoneNumberId, CountryCode};

/// What triggers may do.
#[derive(Debug, Clone)]
pub struct TriggerConfig {
    /// `ELEVENLABS_AGENT_PHONE_NUMBER_ID`: where calls come from if the trigger does not say.
    pub default_phone_number: Option<AgentPhoneNumberId>,
    /// `TO_NUMBER_COUNTRIES` (all): the countries that may be dialled.
    pub countries: Option<BTreeSet<CountryCode>>,
    /// `LINK_PAGE`: where links lead. This service's own page, unless nobody knows its address.
    pub link_page: LinkPage,
    /// `LINK_TTL` (7 days; at least 1 minute): how long a link is offered.
    pub link_ttl: Duration,
}

impl TriggerConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings, link_page: LinkPage) -> Self {
        Self {
            default_phone_number: default_phone_number(reader, raw),
            countries: countries(reader, raw),
            link_page,
            link_ttl: reader.duration_of_at_least(
                Duration::from_mins(1),
                "LINK_TTL",
                raw.link_ttl.as_deref(),
                Duration::from_hours(7 * 24),
            ),
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
    /// The service's own page, unless the operator wants ElevenLabs', or nobody knows where this service is.
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings, public_base_url: Option<&Url>) -> Self {
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

fn default_phone_number(reader: &mut Reader, raw: &RawSettings) -> Option<AgentPhoneNumberId> {
    let id = AgentPhoneNumberId::parse(raw.elevenlabs_agent_phone_number_id.as_deref()?);
    if id.is_none() {
        reader.note(
            "ELEVENLABS_AGENT_PHONE_NUMBER_ID",
            "must be an ElevenLabs id such as phnum_…, not a telephone number",
        );
    }
    id
}

fn countries(reader: &mut Reader, raw: &RawSettings) -> Option<BTreeSet<CountryCode>> {
    let names = raw.to_number_countries.as_deref()?;
    let countries: Option<BTreeSet<_>> = names.split(',').map(CountryCode::parse).collect();
    let problem = match &countries {
        None => "must be country codes of two letters, separated by commas, such as DE,AT,CH",
        // Whatever is meant by such a code, none of its numbers would ever be dialled.
        Some(countries) if !countries.iter().all(CountryCode::has_numbers) => {
            "holds a code that is no country with telephone numbers (ISO 3166-1: the United Kingdom is GB, not UK)"
        }
        Some(_) => return countries,
    };
    reader.note("TO_NUMBER_COUNTRIES", problem);
    countries
}
