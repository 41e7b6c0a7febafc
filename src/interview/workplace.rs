//! Where one would work: what HOC says of it, else what the questions about the place name. A piece of a sentence is no
//! place, so where a text leaves a doubt, there is none.

use std::sync::LazyLock;

use regex::Regex;

use super::limits::{self, shorten};
use super::phase::is_about_location;
use super::placeholders::Placeholders;
use super::town;
use crate::domain::{Question, QuestionKind, Questionnaire};

/// The words with which a sentence or note names the place of work.
static PLACE_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:standort|arbeitsort|einsatzort)e?\b
        \s*(?:ist|sind|wären?|befinde(?:t|n)\ sich|lieg(?:t|en)|laute(?:t|n)|:)\s*
        (?::\s*)?(?:hier\s+)?(?:in\s+)?(?:(?:der|die|das|den|dem)\s+)?",
    )
});

/// A sentence that asks for a place instead of naming one.
static ASKS_WHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:(?:\p{L}+\s+)?welch|(?:wo|wie|wohin|woher|womit|warum|was|wann|wer|wen|wem)\b)")
});

/// A question whose answers are places.
static ASKS_WHICH_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bwelche\w*\s+(?:(?:unserer|der|dieser|beiden|folgenden|genannten)\s+)*(?:stand|arbeits|einsatz)orte?n?\b",
    )
});

/// What a place of work is called, or a street with its number.
static SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:haus|klinik|klinikum|kita|kindergarten|werk|filiale|campus|zentrum|zentrale|niederlassung|schule|heim|hof
        |praxis|lager|station|standort)\b
        |(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm)\s+\d",
    )
});

static YES_OR_NO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:ja|nein|vielleicht)\b"));

/// Answers to the question for a place that name none.
static ANY_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:egal|beides?|alle|keine?[rs]?|flexibel|andere[rs]?|sonstige[rs]?)\b")
});

/// The end of a sentence, unless the dot belongs to an abbreviation.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?]+\s+"));

/// What has a dot after it without the sentence ending.
static ABBREVIATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[\s(.])(?:[a-z]|St|Hann|\p{L}*[Ss]tr|Dr|Prof|Nr|ca|bzw|inkl)$"));

/// How a place may be introduced that comes after "für den Standort".
static OWN_LEAD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i:unser\s+)?(?i:standort|arbeitsort|einsatzort)\b\s*:?\s*"));

/// What does not go with "für den Standort": no place, or more than one.
static NO_ONE_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:bundes|landes|deutschland|europa|welt)weit|\bremote|\bhome[\s-]?office|\bmobile\w*\s+arbeit|hybrid|außendienst
        |flexibel|wechselnd|verschiedene|mehrere|diverse|absprache|vereinbarung|planung|standort|\b(?:oder|zu\ hause)\b|[;:0-9]",
    )
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a valid pattern")
}

/// The places of work as HOC writes them: its own member, else what the questions about the place name.
pub(super) fn sites(questionnaire: &Questionnaire, fill: &Placeholders) -> Vec<String> {
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

/// The place as one says it after "für den Standort"; `None` if it does not sound like one.
pub(super) fn spoken(site: &str) -> Option<&str> {
    let name = &site[OWN_LEAD.find(site).map_or(0, |lead| lead.end())..];
    (name.starts_with(char::is_uppercase) && !NO_ONE_SITE.is_match(name)).then_some(name)
}

/// The answers to a question about the place, or the place its text names.
fn sites_of(question: &Question, fill: &Placeholders) -> Vec<String> {
    let is_about_location = is_about_location(question);
    let begins_with_lead = || PLACE_LEAD.find(&question.text).is_some_and(|lead| lead.start() == 0);
    let may_name_place = is_about_location || (question.kind == QuestionKind::Info && begins_with_lead());
    if !may_name_place {
        return Vec::new();
    }
    if is_about_location && has_sites_as_options(question) {
        let options =
            question.options.iter().take(limits::OPTIONS).filter(|option| !ANY_SITE.is_match(option));
        return options.filter_map(|option| fill.fill_text(Some(option), limits::OPTION)).collect();
    }
    fill.fill_text(Some(&question.text), limits::TEXT)
        .and_then(|text| sentences(&text).into_iter().find_map(named_site))
        .into_iter()
        .collect()
}

fn has_sites_as_options(question: &Question) -> bool {
    let any = |is: &dyn Fn(&str) -> bool| question.options.iter().any(|option| is(option));
    let is_site = |option: &str| SITE.is_match(option) || town::span(option).is_some();
    !any(&|option| YES_OR_NO.is_match(option))
        && (any(&is_site) || (any(&|_| true) && ASKS_WHICH_SITE.is_match(&question.text)))
}

/// The place that a sentence names: after its lead-in up to the last town, or all of the rest if that is a name; without
/// a lead-in, from the first postal code on.
fn named_site(sentence: &str) -> Option<String> {
    if ASKS_WHERE.is_match(sentence) {
        return None;
    }
    let lead = PLACE_LEAD.find(sentence);
    let rest = &sentence[lead.map_or(0, |lead| lead.end())..];
    let site = match town::span(rest) {
        Some(towns) if lead.is_some() && begins_as_site(rest) => &rest[..towns.end],
        Some(towns) => &rest[towns],
        None => Some(rest).filter(|rest| lead.is_some() && town::is_name(rest))?,
    };
    let site = site.trim().trim_end_matches([',', ':', '-', '.', '!', '?']);
    (!site.is_empty()).then(|| shorten(site, limits::LOCATION))
}

fn begins_as_site(text: &str) -> bool {
    text.starts_with(|first: char| first.is_uppercase() || first.is_numeric())
        || text.starts_with("am ")
        || text.starts_with("im ")
}

fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for end in SENTENCE_END.find_iter(text) {
        let is_abbreviation =
            end.as_str().starts_with('.') && ABBREVIATION.is_match(&text[start..end.start()]);
        if !is_abbreviation {
            sentences.push(&text[start..end.end()]);
            start = end.end();
        }
    }
    sentences.push(&text[start..]);
    sentences
}
