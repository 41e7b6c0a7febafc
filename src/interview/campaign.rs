//! What the questionnaire says of the position, the place and the employer. Nothing is guessed: where it says nothing,
//! the value is empty.

use std::sync::LazyLock;

use regex::Regex;

use super::limits::{self, shorten};
use super::phase::is_about_location;
use super::placeholders::Placeholders;
use crate::domain::{Question, QuestionKind, Questionnaire, clean_line};

/// A German postal code and the town after it.
static TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)\b\d{5}\s+
        (?P<town>
            (?:(?:Bad|Sankt|St\.|Markt|Groß|Klein|Alt|Neu|Schwäbisch)\s+)?
            \p{Lu}[\p{L}]+(?:-\p{L}+)*
            (?:\s+(?:am|an\ der|ob\ der|vor\ der)\s+\p{Lu}\p{L}+)?
        )",
    )
});

/// The words with which a sentence or note names the place of work.
static PLACE_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:standort|arbeitsort|einsatzort)(?:e)?\b
        \s*(?:ist|wäre|befindet\ sich|liegt|lautet|:)\s*
        (?:\s*:\s*)?(?:hier\s+)?(?:in\s+|im\s+)?(?:der|die|das|den|dem)?\s*",
    )
});

/// What stands at the end of a title only to say that everyone is meant; nobody says it aloud.
static GENDER_MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\s*[(\[]\s*(?:[mwdfxi](?:\s*[/|,*]\s*[mwdfxi]){1,3}|gn|all genders?)\s*[)\]]|\s+[mwd]/[mwd](?:/[mwdx])?\b",
    )
});

/// Titles that do not go with "Ihre Bewerbung als …": names of forms, which come from the protocol's name, and what is no
/// person.
static NO_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)protokoll|fragebogen|kampagne|interview|vorlage|\btest\b|^\s*(?:\w*ausbildung|\w*praktikum|\w*studium|duales|stelle|position|mini-?job|aushilfe (?:im|in)|quereinstieg)\b",
    )
});

/// Two titles for one position.
static SLASH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+/\s+"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a valid pattern")
}

/// What is known of the campaign, each a clean line without placeholders.
#[derive(Debug, Default)]
pub(super) struct Campaign {
    /// The position, as HOC writes it.
    pub(super) role: Option<String>,
    /// The position as one says it; `None` if it does not sound like one.
    pub(super) spoken_role: Option<String>,
    /// The place of work, as HOC writes it.
    pub(super) location: Option<String>,
    /// The town, if all places of work are in the same one.
    pub(super) city: Option<String>,
    /// The place as one says it, where no town is known.
    pub(super) spoken_site: Option<String>,
    pub(super) company_size: Option<String>,
    pub(super) pitch: Option<String>,
    pub(super) priorities: Option<String>,
}

impl Campaign {
    pub(super) fn of(questionnaire: &Questionnaire, fill: &Placeholders) -> Self {
        let role = fill.fill_text(questionnaire.role_title.as_deref(), limits::TITLE);
        let sites = sites(questionnaire, fill);
        let city = common_town(&sites);
        let location =
            (!sites.is_empty()).then(|| fill.ledger.shorten(&sites.join(" oder "), limits::LOCATION));
        let sayable = |text: &String| text.chars().count() <= limits::SPOKEN;
        let only_site = if sites.len() == 1 { sites.first().cloned() } else { None };
        Self {
            spoken_role: role.as_deref().and_then(spoken_role).filter(sayable),
            role,
            spoken_site: only_site
                .filter(|site| city.is_none() && !site.contains(|c: char| c.is_numeric() || c == ';'))
                .filter(sayable),
            city: city.filter(sayable),
            location,
            company_size: fill.fill_text(questionnaire.company_size.as_deref(), limits::NOTE),
            pitch: fill.fill_sentence(questionnaire.company_pitch.as_deref(), limits::PITCH),
            priorities: fill.fill_sentence(questionnaire.company_priorities.as_deref(), limits::PITCH),
        }
    }
}

/// The title without marks such as `(m/w/d)`; `None` if one cannot apply "as" it.
fn spoken_role(role: &str) -> Option<String> {
    if NO_PERSON.is_match(role) {
        return None;
    }
    let spoken = GENDER_MARK.replace_all(role, "");
    let spoken = clean_line(&spoken);
    let spoken = SLASH.replace_all(&spoken, " oder ").into_owned();
    (!spoken.is_empty()).then_some(spoken)
}

/// The places of work: HOC's own member, else what the questions about the place name.
fn sites(questionnaire: &Questionnaire, fill: &Placeholders) -> Vec<String> {
    if let Some(location) = fill.fill_text(questionnaire.location.as_deref(), limits::LOCATION) {
        return vec![location];
    }
    let mut sites: Vec<String> = Vec::new();
    for question in questionnaire.questions.iter().take(limits::ENTRIES) {
        for site in sites_of(question, fill) {
            if !sites.contains(&site) {
                sites.push(site);
            }
        }
    }
    sites
}

/// The options of a question about the place, or the place its text names.
fn sites_of(question: &Question, fill: &Placeholders) -> Vec<String> {
    let names_place = PLACE_LEAD.find(&question.text).is_some_and(|lead| {
        is_about_location(question) || (lead.start() == 0 && question.kind == QuestionKind::Info)
    });
    if is_about_location(question) && !question.options.is_empty() {
        let options = question.options.iter().take(limits::OPTIONS);
        return options.filter_map(|option| fill.fill_text(Some(option), limits::OPTION)).collect();
    }
    if !names_place && !is_about_location(question) {
        return Vec::new();
    }
    fill.fill_text(Some(&question.text), limits::TEXT)
        .and_then(|text| named_place(&text))
        .into_iter()
        .collect()
}

/// The place that a sentence names: from its lead-in to the end of the town, or of the sentence where there is none.
fn named_place(text: &str) -> Option<String> {
    let start = PLACE_LEAD.find(text).map(|lead| lead.end());
    let rest = &text[start.unwrap_or(0)..];
    let place = match (TOWN.captures(rest).and_then(|found| found.name("town")), start) {
        (Some(town), Some(_)) => &rest[..town.end()],
        (Some(_), None) => TOWN.find(rest)?.as_str(),
        (None, Some(_)) => rest.split(['.', '?', '!', ';']).next()?,
        (None, None) => return None,
    };
    let place = place.trim().trim_end_matches([',', ':', '-']);
    (!place.is_empty()).then(|| shorten(place, limits::LOCATION))
}

/// The one town all places are in.
fn common_town(sites: &[String]) -> Option<String> {
    let mut towns = sites.iter().map(|site| TOWN.captures(site).map(|found| found["town"].to_owned()));
    let first = towns.next()??;
    towns.all(|town| town.as_ref() == Some(&first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::addressee::Addressee;
    use crate::interview::samples;

    fn campaign(questions: Vec<Question>) -> Campaign {
        let questionnaire = Questionnaire { questions, ..Questionnaire::default() };
        Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())))
    }

    fn site_question(text: &str, options: &[&str]) -> Question {
        Question {
            category: Some("standort".to_owned()),
            options: options.iter().map(|&option| option.to_owned()).collect(),
            ..Question::new("s", text, QuestionKind::YesNo)
        }
    }

    #[test]
    fn the_place_is_taken_from_a_sentence_about_it() {
        for (text, location, city) in [
            (
                "Unser Standort ist das Haus Amselweg, Beispielallee 12, 12345 Bad Musterstadt. Passt das für Sie?",
                "Haus Amselweg, Beispielallee 12, 12345 Bad Musterstadt",
                Some("Bad Musterstadt"),
            ),
            ("Der Standort wäre in Musterhausen. Ist das gut erreichbar?", "Musterhausen", None),
            (
                "Können Sie nach 54321 Neustadt an der Probe pendeln?",
                "54321 Neustadt an der Probe",
                Some("Neustadt an der Probe"),
            ),
        ] {
            let campaign = campaign(vec![site_question(text, &[])]);
            assert_eq!(campaign.location.as_deref(), Some(location), "{text}");
            assert_eq!(campaign.city.as_deref(), city, "{text}");
        }
    }

    #[test]
    fn several_places_have_a_town_only_if_they_share_it() {
        let one =
            campaign(vec![site_question("Wo?", &["Haus A, 12345 Musterstadt", "Haus B, 12347 Musterstadt"])]);
        assert_eq!(one.city.as_deref(), Some("Musterstadt"));
        assert_eq!(one.location.as_deref(), Some("Haus A, 12345 Musterstadt oder Haus B, 12347 Musterstadt"));
        let two = campaign(vec![site_question(
            "Wo?",
            &["Haus A, 12345 Musterstadt", "Haus B, 54321 Beispielberg"],
        )]);
        assert_eq!(two.city, None);
        assert_eq!(two.spoken_site, None);
    }

    #[test]
    fn a_note_that_begins_with_the_place_names_it_and_other_facts_do_not() {
        let note = Question::new("n", "Standort: Am Beispielweg 7, 32000 Musterdorf", QuestionKind::Info);
        assert_eq!(campaign(vec![note]).city.as_deref(), Some("Musterdorf"));
        let fact = Question::new("n", "Unser Standort ist schön gelegen.", QuestionKind::Info);
        assert_eq!(campaign(vec![fact]).location, None);
        assert_eq!(campaign(vec![site_question("Wie weit würden Sie fahren?", &[])]).location, None);
    }

    #[test]
    fn a_title_is_kept_as_written_and_said_without_its_marks() {
        for (title, spoken) in [
            ("Kaufmann (m/w/d)", Some("Kaufmann")),
            ("Elektroniker/in (w/m/x) für Betriebstechnik", Some("Elektroniker/in für Betriebstechnik")),
            ("Pflegefachkraft m/w/d", Some("Pflegefachkraft")),
            ("Protokoll Pflege 2025", None),
            ("Ausbildung zum Koch (m/w/d)", None),
            ("Köchin / Koch", Some("Köchin oder Koch")),
        ] {
            let questionnaire =
                Questionnaire { role_title: Some(title.to_owned()), ..Questionnaire::default() };
            let campaign =
                Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())));
            assert_eq!(campaign.role.as_deref(), Some(title));
            assert_eq!(campaign.spoken_role.as_deref(), spoken, "{title}");
        }
    }

    #[test]
    fn a_site_without_a_town_is_said_by_its_name() {
        let questionnaire =
            Questionnaire { location: Some("Klinik Nord".to_owned()), ..Questionnaire::default() };
        let campaign =
            Campaign::of(&questionnaire, &Placeholders::of(&Addressee::of(&samples::link_trigger())));
        assert_eq!(campaign.spoken_site.as_deref(), Some("Klinik Nord"));
    }
}
