//! The place of work: what HOC says about it, else what the questions about it name. A fragment of a sentence is not a
//! place, so in case of doubt there is none.

use std::sync::LazyLock;

use regex::Regex;

use super::honorific;
use super::town;
use crate::domain::{Question, QuestionKind, Questionnaire};
use crate::interview::limits::{self, shorten};
use crate::interview::phase::is_about_location;
use crate::interview::placeholders::Placeholders;
use crate::pattern::pattern;

/// The words that introduce the place of work in a sentence or note.
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

/// Answers to a question about the place that do not name one.
static ANY_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:egal|beides?|alle|keine?[rs]?|flexibel|andere[rs]?|sonstige[rs]?)\b")
});

/// The end of a sentence, unless the full stop belongs to an abbreviation.
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.!?]+\s+"));

/// Abbreviations, whose full stop does not end a sentence, also at the end of a longer word (`Willy-Muster-Str.`,
/// `Musterpl.`).
static ABBREVIATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[\s(./-])(?:[a-z]|St|Hann|\p{L}*(?:[Ss]tr|[Pp]l|[Gg]eb)|Dr|Prof|Fr|Hr|Nr|ca|bzw|inkl|Hbf|Bhf|Bf|Abt|OT)$",
    )
});

/// A house number, which continues a sentence after a full stop: `… 5, 10115 Musterstadt`. Other numbers may begin a
/// new sentence (`30 Tage Urlaub.`).
static HOUSE_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\d{1,4}\s?[a-z]?(?:\s?[-–]\s?\d{1,4}\s?[a-z]?)?(?:\s*[,;).]|\s+\d{5}\b|\s*$)")
});

/// A place's own introduction, which is dropped after "für den Standort".
static OWN_LEAD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?i:unser\s+)?(?i:standort|arbeitsort|einsatzort)\b\s*:?\s*"));

/// What does not fit after "für den Standort": no place, or more than one.
static NO_ONE_SITE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:bundes|landes|deutschland|europa|welt)weit|\bremote|\bhome[\s-]?office|\bmobile\w*\s+arbeit|hybrid|außendienst
        |flexibel|wechselnd|verschiedene|mehrere|diverse|absprache|vereinbarung|planung|standort|wohnort
        |\b(?:(?-i:oder|ODER)|und|zu\ hause|vor\ ort|später|offen|(?:un)?bekannt|unklar|folgt|siehe|angaben?|tb[ad]|alle)\b
        |^(?:sitz|raum|großraum|region|umkreis|umgebung|nähe|(?:land)?kreis)\b|\b[abiouv]\.|\bbzw\b|[,;:/&|+0-9]",
    )
});

/// What people write where the place is not known. None of it contains digits.
static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:(?:standort|arbeitsort|einsatzort)\s*:?\s+)?(?:
            (?:(?:noch|derzeit|aktuell|bisher)\s+)*(?:offen|unbekannt|unklar|nicht\ (?:bekannt|festgelegt))
            |(?:keine|ohne)\s+angaben?|k\.\s?a\.?|n/a|t\.?b\.?[ad]\.?
            |siehe\s.*
            |(?:wird|folgt)\b.*
        )[\s.!…]*$",
    )
});

/// The places of work as HOC writes them: the member for it, else what the questions about the place name.
pub(super) fn sites(questionnaire: &Questionnaire, fill: &Placeholders) -> Vec<String> {
    let own = fill.fill_text(questionnaire.location.as_deref(), limits::LOCATION);
    if let Some(location) = own.as_deref().and_then(known) {
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

/// The place as one says it after "für den Standort"; `None` if it does not sound like a place.
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
        let options = options.filter_map(|option| fill.fill_text(Some(option), limits::OPTION));
        return options.filter_map(|option| known(&option)).collect();
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
    let rest = honorific::without(&sentence[lead.map_or(0, |lead| lead.end())..]);
    let site = match town::span(&rest) {
        Some(towns) if lead.is_some() && begins_as_site(&rest) => &rest[..towns.end],
        Some(towns) => &rest[towns],
        None => town::without_end(Some(&*rest).filter(|rest| lead.is_some() && town::is_name(rest))?),
    };
    known(site.trim()).map(|site| shorten(&site, limits::LOCATION))
}

/// A place as it is written, but without people's names; `None` if it only says that none is known.
fn known(site: &str) -> Option<String> {
    let site = honorific::without(site);
    let is_unknown =
        || !site.contains(|character: char| character.is_ascii_digit()) && UNKNOWN.is_match(&site);
    (!site.is_empty() && !is_unknown()).then(|| site.into_owned())
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
        let (before, after) = (&text[start..end.start()], &text[end.end()..]);
        let is_number = after.starts_with(|next: char| next.is_ascii_digit());
        let goes_on = after.starts_with(char::is_lowercase) || (is_number && HOUSE_NUMBER.is_match(after));
        if !end.as_str().starts_with('.') || !(goes_on || ABBREVIATION.is_match(before)) {
            sentences.push(&text[start..end.end()]);
            start = end.end();
        }
    }
    sentences.push(&text[start..]);
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<String> {
        sentences(text).into_iter().find_map(named_site)
    }

    #[test]
    fn an_abbreviation_in_an_address_ends_no_sentence() {
        for site in [
            "Kita Nord, Willy-Muster-Str. 5, 10115 Berlin",
            "Kita Nord, Willy-Muster-Str. 5 10115 Berlin",
            "Nähe Hbf. Köln, 50667 Köln",
            "Geb. 4, Musterweg 5, 10115 Berlin",
            "Werk Nord/Geb. B, 10115 Berlin",
            "Musterpl. 3, 10115 Berlin",
            "Am Musterdm. 3-5, 10115 Berlin",
            "Unbek. 3, 10115 Berlin",
            "Musterstr. 5, 79098 Freiburg i. Br.",
        ] {
            for text in
                [format!("Standort: {site}"), format!("Unser Standort ist {site}. Passt das für Sie?")]
            {
                assert_eq!(named(&text).as_deref(), Some(site), "{text}");
            }
        }
    }

    #[test]
    fn a_sentence_that_begins_after_a_place_is_no_part_of_it() {
        for (text, site) in [
            ("Unser Standort ist Musterhausen. 30 Tage Urlaub sind üblich.", "Musterhausen"),
            ("Standort: Musterhausen! 5 Minuten zur Bahn.", "Musterhausen"),
            ("Standort: Haus Nord. Dort arbeiten 12 Köche.", "Haus Nord"),
            ("Standort: 10115 Berlin. 5, die dort arbeiten, freuen sich.", "10115 Berlin"),
        ] {
            assert_eq!(named(text).as_deref(), Some(site), "{text}");
        }
    }

    #[test]
    fn a_person_is_no_part_of_a_place() {
        assert_eq!(named("Standort: Köln, Frau Beispiel").as_deref(), Some("Köln"));
        assert_eq!(named("Standort: Köln, Fr. Beispiel").as_deref(), Some("Köln"));
        assert_eq!(named("Standort: Frau Beispiel"), None);
        assert_eq!(named("Standort: Kita Frau Holle").as_deref(), Some("Kita Frau Holle"));
        assert_eq!(known("Köln, Frau Beispiel, 50667 Köln").as_deref(), Some("Köln, 50667 Köln"));
    }

    #[test]
    fn a_place_that_is_not_known_is_none() {
        for text in [
            "Noch offen",
            "Standort: noch offen",
            "Unbekannt",
            "Wird noch bekannt gegeben",
            "Folgt",
            "Siehe Anzeige",
            "Keine Angabe",
            "k. A.",
            "TBD",
            "tbd.",
        ] {
            assert_eq!(known(text), None, "{text}");
            assert_eq!(named(&format!("Standort: {text}")), None, "{text}");
        }
        for text in ["Offenbach", "Haus Wirdum", "bundesweit", "Siehe Anzeige, 10115 Berlin", "Tbdorf"] {
            assert_eq!(known(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_site_or_several_is_not_said() {
        for text in [
            "Berlin, Hamburg",
            "Berlin und Hamburg",
            "Klinik Nord / Klinik Süd",
            "Klinik Nord & Klinik Süd",
            "Köln | Bonn",
            "Köln + Bonn",
            "Köln bzw. Bonn",
            "Zentrale Köln, später Bonn",
            "Sitz der Zentrale",
            "Raum Köln",
            "Vor Ort",
            "Ihr Wohnort",
            "Verschiedene Häuser",
            "Deutschlandweit",
            "Alle Filialen",
            "Frankfurt a. M.",
            "Musterstadt ODER Beispielberg",
        ] {
            assert_eq!(spoken(text), None, "{text}");
        }
        for text in ["Klinik Nord", "Offenbach", "Frankfurt (Oder)", "Regionalzentrum", "Kita Frau Holle"] {
            assert_eq!(spoken(text), Some(text));
        }
    }
}
