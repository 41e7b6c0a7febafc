//! The towns that a text names: a German postal code and what follows it. No list of towns, so where a text leaves a
//! doubt, there is no town: a wrong one would be said to the candidate.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A postal code where an address has one, and the words after it that a town's name may consist of. Numbers elsewhere
/// count things (`mit 12000 Teilen`). A name in capitals is one from four letters on, shorter ones are abbreviations.
static TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        (?:^|[,;:(/|–-]\s*|\b(?:D|in|nach|bei|oder|und)\s+|\b\d{1,3}\s?[a-zA-Z]?\s+)
        (?P<address>
            \d{5}\s+
            (?P<town>
                (?:Hann\.|St\.|(?:\p{Lu}\p{Ll}\p{L}*|\p{Lu}{4,})(?:-\p{L}+)*)
                (?:
                    \s+
                    (?:(?:am|an\ der|ob\ der|vor\ der|in\ der|auf|im|bei|unter|[abiov]\.(?:\s?d\.)?)\s*)?
                    (?:\p{Lu}\p{Ll}\p{L}*|\p{Lu}{4,})(?:-\p{L}+)*
                )*
            )
        )",
    )
});

/// What begins after a town although it is written like a part of its name.
static AFTER_TOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)\s+(?:
            (?:Ortsteil|Stadtteil|Standort|Werk|Haus|Campus|Filiale|Deutschland|Germany|Sie|Ihr\p{L}*|Ihnen)\b
            |\p{L}*(?i:stra(?:ß|ss)e|weg|platz|allee|gasse)\b
        )",
    )
});

/// What is counted with five digits.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:mitarbeit|beschäftigt|kolleg|einwohner|bewohner|menschen|personen|haushalt|kund(?:e|in)|patient|schüler
        |quadratmeter|kilometer|tonnen|liter|euro\b|stück|teile|produkt|artikel|fahrzeug|palette|stellplätz)",
    )
});

/// A further place after the last town.
static FURTHER_PLACE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\s,)]*(?:;|(?:oder|und|sowie|bzw\.)\s)\s*(?P<place>\S.*)$"));

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a valid pattern")
}

/// From the first postal code of a text to its last town, with what else is named after that.
pub(super) fn span(text: &str) -> Option<Range<usize>> {
    let mut addresses = found(text).map(|(address, _)| address);
    let first = addresses.next()?;
    let end = addresses.last().map_or(first.end, |last| last.end);
    let is_further = FURTHER_PLACE.captures(&text[end..]).is_some_and(|further| is_name(&further["place"]));
    Some(first.start..if is_further { text.len() } else { end })
}

/// The one town that all places are in; `None` if it is not known of each.
pub(super) fn common(places: &[String]) -> Option<&str> {
    let mut towns = places.iter().flat_map(|place| place.split(';')).map(only);
    let first = towns.next()??;
    towns.all(|town| town == Some(first)).then_some(first)
}

/// Whether there are only names and nouns, and little words that stand inside of names.
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
}

/// The one town of a text that names one or more places.
fn only(place: &str) -> Option<&str> {
    let found: Vec<_> = found(place).collect();
    let (last, town) = found.last()?;
    let rest = &place[last.end..];
    // Of a further place without a postal code nobody knows the town, and of a text that was shortened what came next.
    let is_all = !FURTHER_PLACE.is_match(rest) && !rest.ends_with('…');
    (is_all && found.iter().all(|(_, other)| other == town)).then_some(town)
}

fn found(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    TOWN.captures_iter(text).filter_map(|captures| {
        let town = captures.name("town").filter(|town| !COUNTED.is_match(town.as_str()))?;
        let length = AFTER_TOWN.find(town.as_str()).map_or(town.len(), |after| after.start());
        let start = captures.name("address")?.start();
        Some((start..town.start() + length, &town.as_str()[..length]))
    })
}
