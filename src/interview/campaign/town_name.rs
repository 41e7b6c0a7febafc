//! Where a town's name ends: `Frankfurt (Oder)` and `Neustadt in Holstein` are names, but in
//! `Berlin Parkplätze vorhanden` only `Berlin` is. Many names without one of their parts are those of another town, so
//! a name is spoken in full or not at all.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::pattern::pattern;
use crate::word_list::WordList;

/// A word of a name. In all capitals, it needs at least four letters, because shorter ones are abbreviations.
pub(super) const WORD: &str = r"(?:\p{Lu}\p{Ll}\p{L}*|\p{Lu}{4,})(?:-\p{L}+)*";

/// First words of two-word names. After any other word, a second one is a remark (`Berlin Parkplätze`).
pub(super) const FIRST_WORD: &str = r"(?:(?:\p{L}+-)?(?:Bad|Sankt|St\.)|Hann\.|Königs
    |\p{Lu}\p{Ll}+isch|Deutsch|(?:Luther|Hanse|Reuter|Barlach|Universitäts|Landeshaupt)stadt|\p{Lu}\p{Ll}*(?:see|heil)bad
    |(?:See|Heil)bad|Hohe[nr]?|Neu|Alt|Alten|Groß|Klein|Ober|Unter|Niedere?|Südliches|Am|Amt|Dorf|Kloster|Schlo(?:ß|ss)
    |Porta|Markt|Stadt|Gemeinde)";

/// Two-word names whose first word comes from a town or stretch of land nearby (`Timmendorfer Strand`).
pub(super) const DERIVED: &str = r"\p{Lu}\p{Ll}+er\s+(?:Strand|Land|Nordseeküste|Heide|Moor|Wald|See)\b";

/// What may come next in a town's name: `am Main`, `i. Br.`, `(Oder)`, `/Saale`, ` Saale`.
static ADDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)^(?:
            \s+(?:
                (?P<joint>am|AM|an\ de[rn]|AN\ DER|ob\ der|vor\ der|vorm|auf(?:\ de[nm])?|im|bei|unter(?:m)?|in(?:\ der)?)\s+
                |[abiouv]\.(?:\s?d\.)?\s*
            )
            (?P<joined>\p{{Lu}}\p{{Ll}}+er\s+(?:Wald|Land|See|Moor|Forst|Heide)|(?:{FIRST_WORD}\s+)?{WORD})(?P<dot>\.?)
            |(?P<initials>\s+[abiouv]\.(?:\s?\p{{L}}{{1,5}}\.)*)
            |\s*\((?P<bracket>[^()]{{1,40}})\)
            |\s*/\s*(?P<slash>\p{{Lu}}[\p{{L}}-]*\.?)
            |\s+(?P<bare>{WORD})
        )"
    ))
});

/// Rivers, and a road, that distinguish towns of the same name. In lower case, like the other lists.
const RIVERS: WordList = WordList::of(
    "aller alz ammer dahme donau dosse eder eider elbe elster ems enz erft fulda fuhse glan havel ilm iller inn \
    isar jagst kocher lahn lech leine lenne lippe luhe main mosel mulde müritz nahe neckar oder oker oste peene pegnitz rhein \
    ruhr saale saar salzach sieg spree stör tauber trave unstrut vechte vils warnow weinstraße werra weser wied wörnitz wümme würm",
);

/// Regions that do the same.
const REGIONS: WordList = WordList::of(
    "allgäu altmark baden bayern bergstraße bodensee brandenburg breisgau dithmarschen eifel emsland \
    erzgebirge franken hallertau harz heide hessen holstein hunsrück lausitz mark mecklenburg mittelfranken münsterland niederbayern niederlausitz \
    niedersachsen nordfriesland nordheide oberbayern oberfranken oberlausitz oberpfalz odenwald oldenburg ostfriesland pfalz \
    pommern rheinland rhön rügen saarland sachsen sauerland schleswig schwaben schwarzwald spessart spreewald taunus thüringen \
    uckermark unterfranken vogtland vorpommern wesermarsch westerwald westfalen wetterau württemberg",
);

/// Abbreviated words of names, with a full stop after them. Nobody says them like that.
const SHORTENED: WordList =
    WordList::of("bergstr breisg holst nordh oberpf opf teutob thür weinstr westf württ");

/// What comes after `am`, `im`, `bei` without being part of a name.
static REMARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^(?:abruf|anfrage|bedarf|dr|eignung|fragen|frau|haus|herrn?|herzen|interesse|(?:land)?kreis|minijob|nähe
        |(?:groß)?raum|region|schnitt|(?:alt|innen)?stadt(?:mitte)?|tarif|team|umgebung|umkreis|uni|verkauf|wunsch|norden
        |osten|süden|westen)$
        |(?:dienst|zeit|office|büro|gebiet|zentrum|bahnhof|hbf|arbeit|basis|schicht|park|betrieb|klinik|krankenhaus|schule|handel
        |stra(?:ß|ss)e|weg|platz|allee|gasse)$",
    )
});

/// What comes after a town's name.
enum Addition {
    /// A part of the name that ends here.
    Name(usize),
    /// A part of the name that nobody would say, or another town.
    Doubt,
    /// Something else.
    Remark,
}

/// Where a name ends that extends at least to `end`, and whether it is complete and can be spoken.
pub(super) fn name_end(text: &str, mut end: usize) -> (usize, bool) {
    while let Some(addition) = ADDITION.captures(&text[end..]) {
        let after = end + addition[0].len();
        match judged(&addition, &text[after..]) {
            Addition::Name(length) => end += length,
            Addition::Doubt => return (after, false),
            Addition::Remark => break,
        }
    }
    (end, true)
}

/// `Am Musterweg`, which is written like `Am Mellensee`.
pub(super) fn names_street(name: &str) -> bool {
    name.starts_with("Am ") && REMARK.is_match(name)
}

/// Judges an addition, which is followed by `rest`.
fn judged(addition: &Captures<'_>, rest: &str) -> Addition {
    let all = Addition::Name(addition[0].len());
    if let Some(joined) = addition.name("joined") {
        return judged_joined(addition, joined.as_str(), joined.end(), rest);
    }
    if let Some(river) = addition.name("bare") {
        return match RIVERS.has(&river.as_str().to_lowercase()) {
            // `Berlin Oder Hamburg`
            true if rest.trim_start().starts_with(char::is_alphabetic) => Addition::Doubt,
            true => all,
            false => Addition::Remark,
        };
    }
    let name = addition.name("bracket").or(addition.name("slash")).map_or("", |name| name.as_str());
    let lower = name.to_lowercase();
    if RIVERS.has(&lower) || REGIONS.has(&lower) {
        return all;
    }
    let is_name = addition.name("bracket").is_none_or(|note| is_short_name(note.as_str()));
    if is_name && !REMARK.is_match(name) { Addition::Doubt } else { Addition::Remark }
}

fn judged_joined(addition: &Captures<'_>, joined: &str, end: usize, rest: &str) -> Addition {
    let joint = addition.name("joint").map_or("", |joint| joint.as_str());
    let lower = joined.to_lowercase();
    let is_shortened = !addition["dot"].is_empty() && SHORTENED.has(&lower);
    if is_shortened || joined.chars().count() < 3 {
        return Addition::Doubt;
    }
    // `an der Kirche 5` is a street, and anything may follow `in`.
    let is_street = rest.trim_start().starts_with(|next: char| next.is_ascii_digit());
    let is_remark = is_street || joint.starts_with("in") || REMARK.is_match(joined);
    let is_known = REGIONS.has(&lower) || RIVERS.has(&lower);
    if is_remark && !is_known { Addition::Remark } else { Addition::Name(end) }
}

/// `Westf.`, `i. Br.`
fn is_short_name(note: &str) -> bool {
    note.ends_with('.') && (note.starts_with(char::is_uppercase) || note.chars().nth(1) == Some('.'))
}
