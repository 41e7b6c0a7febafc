//! What the questionnaire says about the position, the place and the employer. Nothing is guessed: where it says
//! nothing, the value is empty.

mod honorific;
mod job_title;
mod town;
mod town_name;
mod workplace;

use super::limits;
use super::placeholders::Placeholders;
use crate::domain::Questionnaire;

/// What is known about the campaign. Each value is a clean line without placeholders.
#[derive(Debug, Default)]
pub(super) struct Campaign {
    /// The position, as HOC writes it.
    pub(super) role: Option<String>,
    /// The position as one says it aloud; `None` if it does not sound like one.
    pub(super) spoken_role: Option<String>,
    /// The place of work, as HOC writes it.
    pub(super) location: Option<String>,
    /// The town, if all places of work are in the same one and the title does not name a place already.
    pub(super) city: Option<String>,
    /// The place as one says it aloud, where no town is known.
    pub(super) spoken_site: Option<String>,
    pub(super) company_size: Option<String>,
    pub(super) pitch: Option<String>,
    pub(super) priorities: Option<String>,
}

impl Campaign {
    pub(super) fn of(questionnaire: &Questionnaire, fill: &Placeholders) -> Self {
        let role = fill.fill_text(questionnaire.role_title.as_deref(), limits::TITLE);
        let sites = workplace::sites(questionnaire, fill);
        let location =
            (!sites.is_empty()).then(|| fill.ledger.shorten(&sites.join(" oder "), limits::LOCATION));
        let is_short = |text: &str| text.chars().count() <= limits::SPOKEN;
        let spoken_role = role.as_deref().and_then(job_title::spoken).filter(|role| is_short(role));
        let is_news = |place: &str| {
            is_short(place) && !spoken_role.as_deref().is_some_and(|role| job_title::names_place(role, place))
        };
        let city = town::common(&sites);
        let only_site = if let ([site], None) = (&sites[..], city) { workplace::spoken(site) } else { None };
        Self {
            city: city.filter(|city| is_news(city)).map(town::spoken),
            spoken_site: only_site.filter(|site| is_news(site)).map(str::to_owned),
            spoken_role,
            role,
            location,
            company_size: fill.fill_text(questionnaire.company_size.as_deref(), limits::NOTE),
            pitch: fill.fill_sentence(questionnaire.company_pitch.as_deref(), limits::PITCH),
            priorities: fill.fill_sentence(questionnaire.company_priorities.as_deref(), limits::PITCH),
        }
    }
}

#[cfg(test)]
mod tests;
