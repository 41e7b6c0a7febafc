//! The towns that a text names: a German postal code and what follows it. There is no list of towns to check them
//! against, so in case of doubt there is none: a wrong one would be spoken to the candidate.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::honorific;
use super::town_name::{DERIVED, FIRST_WORD, WORD, name_end, names_street};
use crate::pattern::pattern;

/// A postal code in a position where addresses have one, and the one or two words after it that name the town.
/// Elsewhere, a number of five digits counts something (`mit 12000 Teilen`).
static TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)
        (?:^|[,;:(/|–-]\s*|\b(?:D|in|nach|bei|oder|und)\s+|\b\d{{1,3}}\s?[a-zA-Z]?\s+)
        (?P<address>\d{{5}}\s+(?P<town>Weil\ der\ Stadt|Burg\ Stargard|{DERIVED}|(?:{FIRST_WORD}\s+)?{WORD}))"
    ))
});

/// What follows a number of five digits without being a town: something that is counted, or an area with a postal code.
static NO_TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:mitarbeit|beschäftigt|kolleg|einwohner|bewohner|menschen|personen|haushalt|kund(?:e|in)|patient|schüler
        |quadratmeter|kilometer|tonnen|liter|euro\b|stück|teile|produkt|artikel|fahrzeug|palette|stellplätz
        |(?:flughafen|gewerbegebiet|gewerbepark|industriegebiet|industriepark)\b)",
    )
});

/// A further place after the last town.
static FURTHER_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\s*\([^()]*\))?[\s,)]*(?:;|(?:oder|und|sowie|später|danach|bzw\.)\s)\s*(?P<place>\S.*)$")
});

/// A town with its postal code.
struct Found<'a> {
    address: Range<usize>,
    /// `None` if its name continues in a way that nobody would say.
    town: Option<&'a str>,
}

/// The range from the first postal code of a text to its last town, with any further place that is named after it.
pub(super) fn span(text: &str) -> Option<Range<usize>> {
    let mut addresses = found(text).map(|found| found.address);
    let first = addresses.next()?;
    let end = addresses.last().map_or(first.end, |last| last.end);
    let is_further = FURTHER_PLACE.captures(&text[end..]).is_some_and(|further| is_name(&further["place"]));
    Some(first.start..if is_further { without_end(text).len() } else { end })
}

/// A place without trailing punctuation.
pub(super) fn without_end(place: &str) -> &str {
    place.trim_end().trim_end_matches([',', ':', '-', '.', '!', '?'])
}

/// The one town that all places are in; `None` unless it is known for each.
pub(super) fn common(places: &[String]) -> Option<&str> {
    let mut towns = places.iter().flat_map(|place| place.split(';')).map(only);
    let first = towns.next()??;
    towns.all(|town| town == Some(first)).then_some(first)
}

/// A town's name as one says it: `Frankfurt/Oder` without the slash.
pub(super) fn spoken(town: &str) -> String {
    town.split('/').map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Whether a text consists of names, nouns and the small words inside names. The name of a person is not a place.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |word: &str| {
        word.starts_with(|first: char| {
            first.is_uppercase() || first.is_numeric() || "„“\"(&–".contains(first)
        }) && !word.ends_with('-')
            && !matches!(word, "Sie" | "Ihnen" | "Ihr" | "Ihre" | "Ihrem" | "Ihren" | "Ihrer")
    };
    let is_small = |word| matches!(word, "am" | "an" | "auf" | "bei" | "der" | "in" | "ob" | "vor");
    text.starts_with(char::is_uppercase)
        && text.split([' ', ',']).filter(|word| !word.is_empty()).all(|word| is_part(word) || is_small(word))
        && !honorific::is_part_of(text)
}

/// The one town of a text that names one or more places.
fn only(place: &str) -> Option<&str> {
    let found: Vec<_> = found(place).collect();
    let last = found.last()?;
    let rest = &place[last.address.end..];
    // The town of a further place without a postal code is not known, nor is what came next in a text that was
    // shortened.
    let is_all = !FURTHER_PLACE.is_match(rest) && !rest.ends_with('…');
    last.town.filter(|_| is_all && found.iter().all(|other| other.town == last.town))
}

fn found(text: &str) -> impl Iterator<Item = Found<'_>> {
    TOWN.captures_iter(text).filter_map(|captures| {
        let is_town = |name: &str| !NO_TOWN.is_match(name) && !names_street(name);
        let town = captures.name("town").filter(|town| is_town(town.as_str()))?;
        let address = captures.name("address")?.start();
        let (end, is_whole) = name_end(text, town.end());
        Some(Found { address: address..end, town: is_whole.then(|| &text[town.start()..end]) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(place: &str) -> Option<String> {
        common(&[place.to_owned()]).map(spoken)
    }

    #[test]
    fn what_a_town_is_told_apart_by_belongs_to_its_name() {
        for (place, name) in [
            ("15230 Frankfurt (Oder)", "Frankfurt (Oder)"),
            ("15230 FRANKFURT (ODER), Musterweg 1", "FRANKFURT (ODER)"),
            ("15230 Frankfurt/Oder", "Frankfurt Oder"),
            ("06108 Halle / Saale", "Halle Saale"),
            ("06108 Halle Saale", "Halle Saale"),
            ("14542 Werder (Havel)", "Werder (Havel)"),
            ("67433 Neustadt/Weinstraße", "Neustadt Weinstraße"),
            ("67433 Neustadt an der Weinstraße", "Neustadt an der Weinstraße"),
            ("64646 Heppenheim an der Bergstraße", "Heppenheim an der Bergstraße"),
            ("23730 Neustadt in Holstein", "Neustadt in Holstein"),
            ("92318 Neumarkt in der Oberpfalz", "Neumarkt in der Oberpfalz"),
            ("73765 Neuhausen auf den Fildern", "Neuhausen auf den Fildern"),
            ("91541 Rothenburg ob der Tauber", "Rothenburg ob der Tauber"),
            ("49170 Hagen am Teutoburger Wald", "Hagen am Teutoburger Wald"),
            ("12345 Musterdorf bei Bad Probe", "Musterdorf bei Bad Probe"),
            ("71263 Weil der Stadt", "Weil der Stadt"),
            ("91207 Lauf a.d. Pegnitz", "Lauf a.d. Pegnitz"),
            ("79098 Freiburg im Breisgau.", "Freiburg im Breisgau"),
        ] {
            assert_eq!(town(place).as_deref(), Some(name), "{place}");
        }
    }

    #[test]
    fn a_town_whose_name_goes_on_in_short_or_with_another_one_is_not_said() {
        for place in [
            "79098 Freiburg i. Br.",
            "79098 Freiburg im Br.",
            "91541 Rothenburg o. d. T.",
            "60311 Frankfurt a. M.",
            "60311 Frankfurt a.M., Musterweg 1",
            "92637 Weiden i.d.OPf.",
            "67433 Neustadt a. d. Weinstr.",
            "67433 Neustadt/Weinstr.",
            "33790 Halle (Westf.)",
            "79098 Freiburg (i. Br.)",
            "10115 Berlin/Potsdam",
            "10115 Berlin Oder Hamburg",
        ] {
            assert_eq!(town(place), None, "{place}");
        }
        let all = |text: &'static str| span(text).map(|span| &text[span]);
        assert_eq!(all("79098 Freiburg i. Br."), Some("79098 Freiburg i. Br."));
        assert_eq!(all("79098 Freiburg i. Br. Passt das?"), Some("79098 Freiburg i. Br."));
        assert_eq!(all("10115 Berlin/Potsdam, Musterweg 1"), Some("10115 Berlin/Potsdam"));
    }

    #[test]
    fn what_is_no_part_of_a_name_is_not_taken_for_one() {
        for (place, name) in [
            ("Musterweg 1 33602 Bielefeld Gute Anbindung an den ÖPNV", "Bielefeld"),
            ("10115 Berlin Parkplätze vorhanden", "Berlin"),
            ("04109 Leipzig Nähe Hbf", "Leipzig"),
            ("50667 Köln Teilzeit", "Köln"),
            ("50667 KÖLN TEILZEIT", "KÖLN"),
            ("50667 Köln in Teilzeit", "Köln"),
            ("50667 Köln im Homeoffice", "Köln"),
            ("50667 Köln in der Nähe des Bahnhofs", "Köln"),
            ("50667 Köln im Landkreis Probe", "Köln"),
            ("50667 Köln an der Musterstraße 5", "Köln"),
            ("50667 Köln am Markt 5", "Köln"),
            ("50667 Köln bei Frau Beispiel", "Köln"),
            ("50667 Köln auf Abruf", "Köln"),
            ("10115 Berlin (m/w/d)", "Berlin"),
            ("50667 Köln (Teilzeit)", "Köln"),
            ("20095 Hamburg (Zentrale)", "Hamburg"),
            ("Haus A, 70184 Stuttgart (Zentrale)", "Stuttgart"),
            ("70372 Stuttgart-Bad Cannstatt Parkplätze", "Stuttgart-Bad Cannstatt"),
            ("32805 Horn-Bad Meinberg Parkplätze", "Horn-Bad Meinberg"),
            ("73525 Schwäbisch Gmünd Parkplätze", "Schwäbisch Gmünd"),
            ("23619 Bad Musterstadt Parkplätze", "Bad Musterstadt"),
            ("66386 St. Ingbert", "St. Ingbert"),
            ("15838 Am Mellensee", "Am Mellensee"),
            ("99334 Amt Wachsenburg", "Amt Wachsenburg"),
            ("23972 Dorf Mecklenburg", "Dorf Mecklenburg"),
            ("18181 Ostseeheilbad Graal-Müritz", "Ostseeheilbad Graal-Müritz"),
            ("18225 Ostseebad Kühlungsborn", "Ostseebad Kühlungsborn"),
            ("72070 Universitätsstadt Tübingen", "Universitätsstadt Tübingen"),
            ("23669 Timmendorfer Strand", "Timmendorfer Strand"),
            ("Seestraße 4, 23669 Timmendorfer Strand, Haus Nord", "Timmendorfer Strand"),
            ("27639 Wurster Nordseeküste", "Wurster Nordseeküste"),
            ("16567 Mühlenbecker Land", "Mühlenbecker Land"),
            ("67346 Speyer Strandbad", "Speyer"),
            ("67346 Speyer", "Speyer"),
        ] {
            assert_eq!(town(place).as_deref(), Some(name), "{place}");
        }
        assert_eq!(town("Haus A, 70184 Stuttgart (Zentrale) und Haus B"), None);
        assert_eq!(town("12345 Am Musterweg 5"), None);
        assert_eq!(town("85356 Flughafen München"), None);
        assert_eq!(town("Zentrale 50667 Köln, später Bonn"), None);
    }

    #[test]
    fn a_persons_name_is_no_places() {
        for text in ["Köln, Frau Beispiel", "Köln - Herr Muster", "Köln (Hr. Muster)", "Frau Beispiel"] {
            assert!(!is_name(text), "{text}");
        }
        for text in ["Kita Frau Holle", "Klinik Dr. Muster", "Köln"] {
            assert!(is_name(text), "{text}");
        }
    }
}
