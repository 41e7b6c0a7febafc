//! What triggers may do.

use std::collections::BTreeSet;

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
}

impl TriggerConfig {
    pub(super) fn read(reader: &mut Reader, raw: &RawSettings) -> Self {
        Self { default_phone_number: default_phone_number(reader, raw), countries: countries(reader, raw) }
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
