//! A job title as one says it aloud, in "Ihre Bewerbung als …".

use std::sync::LazyLock;

use regex::Regex;

use super::honorific;
use crate::domain::clean_line;
use crate::pattern::pattern;
use crate::word_list::WordList;

/// Marks that say that all genders are meant, or when the job begins. Nobody says them aloud.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \s*[(\[]\s*(?:[mwdfxi](?:\s*[/|,*-]\s*(?:[mwdfxi]|div(?:\.|ers)?)){1,3}|[mwd]{3}|gn|all\ genders?)\s*[)\]]
        |\s+(?:[-–|]\s?)?(?:[mwd]/[mwd](?:/[mwdx])?|mwd|wmd|mdw)\b(?:-\B)?
        |\s+(?:[-–|]\s?)?ab\s+sofort\b",
    )
});

/// Working hours at the end of a title. After a word such as `in`, they read well and stay.
static HOURS: LazyLock<Regex> = LazyLock::new(|| {
    let hours = "(?:(?:voll|teil)(?:zeit|-)|minijob)";
    pattern(&format!(
        r"(?i)(?P<lead>\s(?:in|im|auf|als|für|oder|und|&))?\s+(?:[-–]\s+)?{hours}(?:(?:\s*[/&]\s*|\s+(?:(?:oder|und)\s+)?){hours})*$"
    ))
});

/// What does not name one person: several (`Erzieher*innen`), forms and copies, which come from the name of the protocol,
/// and things that one applies for but not as.
static NO_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)protokoll|fragebogen|kampagne|interview|vorlage|leitfaden|gespräch\b|checkliste|bewerbung|bewerben
        |(?:ausschreibung|angebot|anzeige|profil|katalog|programm|screening|volontariat|umschulung|kräfte|personen|leute
            |ärzte|\p{L}innen|[:*_/-]innen)(?:$|[^\p{L}-])
        |\b(?:test|kopie|copy|entwurf|gesucht|suchen|sucht)\b
        |ausbildung\s+(?:zu[mr]|als)\b
        |^\s*(?:
            [\w-]*(?:ausbildung|praktikum|studium|stelle|platz|jahr|dienst|jobs?)
            |mitarbeit|bereich|abteilung|bewerber(?:in)?|kandidat(?:en|in)?|kriterien
            |(?:kita|kindergarten|klinik|klinikum|krankenhaus|seniorenheim|pflegeheim)\s
            |fsj|föj|bfd|freiwilliges|duales|position|deine?|ihre?|aushilfe\ (?:im|in)|quereinstieg|jetzt|werden?
        )\b",
    )
});

/// Fields of work, not jobs: nobody applies "as" one of them. They count only as a whole title.
const FIELDS: WordList = WordList::of(
    "außendienst buchhaltung büro einkauf gastronomie hauswirtschaft innendienst it kundendienst \
    kundenservice küche lager logistik marketing montage personal pflege produktion reinigung service \
    technik transport versand vertrieb verkauf verwaltung",
);

/// Two titles for one position.
static SLASH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+/\s+"));

/// A gender mark inside a word, as in `Verkäufer:in` and `Verkäufer_in`. Between other words, `_` belongs to the name
/// of a file.
static GENDER_GAP: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b:\b|_(?:in|innen|r|frau|mann)\b"));

/// A place in a title: every `in …` that is not about working hours.
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:in|im Raum)\s+(\p{Lu}\p{L}*)"));

/// The title without marks such as `(m/w/d)`. `None` if one cannot apply "as" it, or if it is more than a title: with
/// numbers, an appeal, a note in brackets or an emoji.
pub(super) fn spoken(title: &str) -> Option<String> {
    if NO_PERSON.is_match(title) || honorific::is_in(title) {
        return None;
    }
    let spoken = MARK.replace_all(title, "");
    let spoken = clean_line(spoken.trim_end_matches(['*', ' ']));
    let spoken = without_hours(&spoken);
    let is_sayable = GENDER_GAP.replace_all(spoken, "").chars().all(is_sayable);
    let is_role = is_sayable && !spoken.is_empty() && !FIELDS.has(&spoken.to_lowercase());
    is_role.then(|| SLASH.replace_all(spoken, " oder ").into_owned())
}

fn without_hours(title: &str) -> &str {
    let lower = title.to_lowercase();
    if !["zeit", "minijob"].iter().any(|word| lower.contains(word)) {
        return title;
    }
    let hours = HOURS.captures(title).filter(|hours| hours.name("lead").is_none());
    &title[..hours.map_or(title.len(), |hours| title.len() - hours[0].len())]
}

/// Whether the title already says where, so that naming the place after it would be redundant.
pub(super) fn names_place(title: &str, place: &str) -> bool {
    let hours = ["Teilzeit", "Vollzeit", "Voll", "Teil"];
    title.to_lowercase().contains(&place.to_lowercase())
        || PLACE.captures_iter(title).any(|found| !hours.contains(&&found[1]))
}

fn is_sayable(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, ' ' | '-' | '–' | '/' | '&' | '*' | '’' | '\'' | '„' | '“')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_follow_als_is_not_said() {
        for title in [
            "Stellenausschreibung Koch",
            "Stellenangebot Koch",
            "Anforderungsprofil Koch",
            "Fragenkatalog Koch",
            "Telefonscreening Koch",
            "Traineeprogramm Vertrieb",
            "Duale Ausbildung zum Koch (m/w/d)",
            "Umschulung zum Fachinformatiker",
            "Volontariat Redaktion",
            "Pflegefachkräfte (m/w/d)",
            "Erzieherinnen und Erzieher",
            "Erzieher*innen (m/w/d)",
            "Mitarbeiter:innen im Verkauf",
            "Fahrer/-innen",
            "Fachärzte",
            "Pflegefachpersonen",
            "Kaufleute für Büromanagement",
            "Kita Sonnenschein",
            "Klinikum Nord Pflege",
            "Bereich Pflege",
            "Mitarbeit im Lager",
            "Bewerber für Pflege",
            "Pflege_Nord_neu",
            "Koch_in_Nord",
            "Jetzt bewerben als Koch",
            "Werde Koch",
            "Dein neuer Job als Koch",
            "Ihre Zukunft als Koch",
            "Vertrieb",
            "VERTRIEB (m/w/d)",
            "Koch - Frau Beispiel",
            "Koch für Frau Beispiel",
            "Koch, Herr Muster",
        ] {
            assert_eq!(spoken(title), None, "{title}");
        }
    }

    #[test]
    fn words_that_only_look_like_it_stay() {
        for title in [
            "Ausschreibungsmanager",
            "Programmierer",
            "Profilschleifer",
            "Leitung Pflege",
            "Fachkraft für Lagerlogistik",
            "Kraftfahrer",
            "Servicekraft",
            "Vertriebsleiter",
            "Kauffrau Einzelhandel",
            "Koch Kita Frau Holle",
            "Verkäufer_in",
            "Angestellte_r",
            "Erzieher in Teilzeit",
            "Assistent im Minijob",
            "Erzieher in Voll- oder Teilzeit",
            "Koch und Minijob",
            "Teilzeitkraft",
            "Servicekräfte-Leitung",
            "Screening-Assistent",
            "Ausbilder",
            "Innenarchitekt",
            "Fachärztin",
            "Pflegefachperson",
            "Kita-Leitung",
            "Mitarbeiter im Lager",
            "Bereichsleiter",
            "Klinikmanager",
            "Koch in der Klinik",
        ] {
            assert_eq!(spoken(title).as_deref(), Some(title));
        }
    }

    #[test]
    fn marks_and_hours_are_left_out() {
        for (title, said) in [
            ("Fachkraft für Lagerlogistik -m/w/d-", "Fachkraft für Lagerlogistik"),
            ("Koch - m/w/d", "Koch"),
            ("Koch - m/w/d - Spätschicht", "Koch - Spätschicht"),
            ("Koch -m/w/d- Spätschicht", "Koch Spätschicht"),
            ("Koch m/w/d Spätschicht", "Koch Spätschicht"),
            ("Koch mwd", "Koch"),
            ("Koch (m/w/d) ab sofort", "Koch"),
            ("Koch – ab sofort (m/w/d)", "Koch"),
            ("Koch - Ab sofort in Teilzeit", "Koch in Teilzeit"),
            ("Koch (mwd)", "Koch"),
            ("VERKÄUFER (M/W/D) TEILZEIT", "VERKÄUFER"),
            ("Verkäufer Vollzeit/Teilzeit", "Verkäufer"),
            ("Verkäufer Voll-/Teilzeit", "Verkäufer"),
            ("Verkäufer Teilzeit Minijob", "Verkäufer"),
            ("Verkäufer (m-w-d)", "Verkäufer"),
            ("Verkäufer | m/w/d", "Verkäufer"),
            ("Verkäufer - Vollzeit oder Teilzeit", "Verkäufer"),
            ("Verkäufer Minijob (m/w/d)", "Verkäufer"),
        ] {
            assert_eq!(spoken(title).as_deref(), Some(said), "{title}");
        }
    }
}
