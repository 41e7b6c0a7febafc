//! What contact persons and their data look like.

use std::sync::LazyLock;

use regex::Regex;

use crate::hoc::sentences::DATUM;
use crate::pattern::pattern;

/// White space within a line. `[^\S\n]` says the same, but takes long to compile where case does not matter: the other
/// case of every character is looked up, because nearly all are in `\S`.
pub(super) const BLANK: &str = r"[\s--\n]";

/// Titles before a name.
pub(super) const HONORIFIC: &str = r"(?:Frau|Herrn?|Fr\.|Hrn?\.|Dr\.|Prof\.|Dipl\.)";

/// A word that is written like a name.
pub(super) const NAME: &str = r"\p{Lu}[\p{L}\p{M}'’-]*\.?";

/// `Ansprechpartner`, `Kontaktperson` and the like, in all gendered spellings and the usual short forms.
const PERSON: &str = r"(?i:\b(?:(?:Ansprech|Kontakt)-?(?:partner|person)(?:innen|in|en)?(?:[/*:_(]-?in(?:nen)?\)?)?|Ansprechp\.|Anspr\.\s?-?(?:partner(?:in)?|p\.)|Asp\.))";

/// Who else talks to candidates. These are job titles as well, so a name must follow.
const RECRUITER: &str = r"(?i:\b(?:Recruiter|Personaler|Personalreferent|Personalleiter|Gesprächspartner|Hiring[\x20-]?Manager)(?:in)?)";

/// `Pflegedienstleitung` and the like. What follows is just as often a requirement as a name, unless it is `Frau …`.
const LEADER: &str = r"(?i:\b\p{L}*leitung)";

/// `AP`, short for Ansprechpartner, but in nursing also for Altenpflege.
const AP: &str = r"\b(?:AP(?:s|\d|['´’`]s)?|A\.P\.)";

/// What marks a sentence as being about a contact person, unless it is a question.
pub(super) static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)
        (?i:{AP})\s*[:=]
        | \bAP\s+[–—-]\s
        | \bAP\s+{HONORIFIC}
        | {PERSON}[^\n.!?:]{{0,60}}?(?::(?:\s|$|[^\p{{Ll}}])|=)
        | {PERSON}[^\n.!?:]{{0,60}}?\s[–—-]\s*(?:{HONORIFIC}|{NAME}\s+{NAME}|{NAME}\s*$)
        | (?i:\bKontakt(?:daten|adresse)?)\s*:
        | {RECRUITER}[^\n.!?:]{{0,30}}:\s*{NAME}\s+{NAME}
        | :\s*{HONORIFIC}\s*{NAME}
        | ^\W*(?:Kontakt\s+über|Bewerbung(?:en)?\s+an)\s+{NAME}\s+{NAME}"
    ))
});

/// `AP/HR:`, `AP für Bewerber:`. The words in between show whether a person is meant.
pub(super) static WORDY_AP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"{AP}(?P<between>(?:\s*[/(&+]|\s+\p{{L}}|\s*\d)[^\n:.!?]{{0,30}}?)\s*:"))
});

/// What follows `AP` where it means Altenpflege.
pub(super) static NURSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)examen | examin | pflege | ausbildung | fachkr | schüler | erfahrung | abschluss | helfer | stelle
        | dienst | schicht | wache | zeit | \b(?:GKP|GuKP?|KP|PFK|oder|mit|ohne|m/w|w/m)\b",
    )
});

/// `AP` followed by nothing but a name.
pub(super) static AP_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^[^\p{{L}}\p{{N}}]*{AP}\s+(?P<name>{NAME})\s*(?:[,;(\n]|$)")));

/// A contact person by name, also in a question. The caller decides whether the words are a name.
pub(super) static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)(?P<role>{PERSON}|{AP}|{RECRUITER}|{LEADER}|(?i:\bKontakt))(?P<lead>[\s,:(–-]+)(?P<honorific>(?:{HONORIFIC}\s*)+)?
        (?P<names>{NAME}(?:\s+{NAME}){{0,2}})(?P<trail>\s*[,)])?"
    ))
});

/// Roles after which a name may follow without an honorific.
pub(super) static PLAIN_ROLE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("^(?:{PERSON}|{AP})$")));

/// `Ihre Ansprechpartnerin vor Ort ist Erika Beispiel`: the name is what the sentence says.
pub(super) static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)
        {PERSON}[^\n.!?]{{0,60}}?\s(?:ist|sind|heißt|wird|war)\s+{HONORIFIC}
        | {PERSON}[^\n.!?]{{0,60}}?\s(?:ist|sind|wird|war)\s+(?P<names>{NAME}\s+{NAME})
        | {PERSON}[^\n.!?]{{0,60}}?\sheißt\s+{NAME}
        | {PERSON}[^\n.!?]{{0,60}}?\b{HONORIFIC}\s*\p{{Lu}}
        | {AP}\s+(?:ist|sind|heißt)\s+(?:{HONORIFIC}|{NAME})"
    ))
});

/// How a note about a contact person begins. Inside a text, the same words may be ordinary German.
pub(super) static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)^[^\p{{L}}\p{{N}}]*{PERSON}\s+(?:
            (?P<names>{NAME}(?:\s+und\s+{NAME})?)\s*(?:[,;(\n]|$)
            | (?:vor\s+Ort|bei\s+uns|für\s+(?:Rückfragen|Bewerb\w*))\b
        )"
    ))
});

/// What may precede the word that makes a note one about a contact person.
pub(super) static LEADING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[^\p{L}\p{N}]*(?:(?i:Ihre?|Unsere?)\s+)?$"));

/// A label with nothing after it: the person is named on the next line.
pub(super) static BARE_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^\W*(?:(?i:Ihre?|Unsere?)\s+)?(?:{PERSON}|(?i:{AP})|(?i:Kontakt(?:daten|adresse)?))[^:\n]{{0,30}}:\W*$"
    ))
});

/// A page that holds nothing but contact persons.
pub(super) static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?x)^\W*(?:(?i:Ihre?|Unsere?)\s+)?(?:{PERSON}
            |(?i:AP|Kontakt(?:daten|adresse)?)(?:\s*(?i:&|\+|/|und)\s*(?:(?i:Bewerbung(?:en)?|Rückfragen)|{PERSON}))?\W*$)"
    ))
});

/// Every sentence about a contact person contains one of these, in upper or lower case, unless it has a [`DATUM`].
pub(super) const MARKER_LETTERS: &str = r"anspr|kontakt|bewerbung|a\.?p|asp\.|recruiter|personal|gesprächspartner|hiring|leitung|:\s*(?:frau|herr|fr\.|hrn?\.|dr\.|prof\.|dipl\.)";

/// Nearly all texts contain none of them, and skip the long patterns, whose word boundaries are far slower on texts
/// with umlauts.
pub(super) static HAS_MARKER_LETTERS: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!("(?i){MARKER_LETTERS}")));

/// An e-mail address, also with white space around its `@` or in one of the usual disguises.
pub(super) static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    // Everything but punctuation and white space: letters and digits of all scripts, and stray braces.
    const LABEL: &str = r"(?:\{\{[^{}]*\}\}|[^\s\x00-,./:-@\[-\^`|~«»\u{2010}-\u{206F}\u{3000}-\u{3004}])+";
    const DOT: &str = r"(?:[.．。]|\s*[(\[{]\s*(?:dot|punkt)\s*[)\]}]\s*|\s+(?:dot|punkt)\s+)";
    const AT: &str = r"(?:\s*[@＠﹫]\s*|[(\[{]a[)\]}]|\s*[(\[{<]\s*(?:at|ät|@)\s*[)\]}>]\s*|\s+(?:at|ät)\s+|[_-](?:at|ät)[_-])";
    pattern(&format!(r"(?i)[^\s@＠﹫,;:<>()\[\]|]+{AT}(?:{LABEL}{DOT})+{LABEL}(?:[@＠﹫][^\s@＠﹫]*)*"))
});

/// Every [`ADDRESS`] contains one of these, in upper or lower case; see [`HAS_MARKER_LETTERS`].
pub(super) const ADDRESS_SIGN: &str = r"[@＠﹫]|[(\[{]a[)\]}]|[\s(\[{<_-](?:at|ät)[\s)\]}>_-]";

pub(super) static HAS_ADDRESS_SIGN: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!("(?i){ADDRESS_SIGN}")));

/// Words written like a name, at the end of the text before an address.
pub(super) static NAME_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(?:{NAME}\s+){{0,2}}{NAME}[\s,;:(<|–-]*$")));

/// A full name right before a [`DATUM`].
pub(super) static OWNER: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?P<names>{NAME}\s+{NAME})[\s,;:(<|–-]*{DATUM}")));

/// A person with an honorific and a name, anywhere in a text.
pub(super) static NAMED_PERSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b{HONORIFIC}\s*(?:{HONORIFIC}\s*)*(?:{NAME}\s+)?{NAME}")));

/// Nothing but a person's name.
pub(super) static ONLY_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^\W*(?:(?:{HONORIFIC}\s*)+{NAME}|{NAME}\s+(?:(?:von|van|de|zu)\s+)?{NAME})(?:\s+{NAME})?\W*(?:\([^()]*\))?\W*$"
    ))
});

/// Words that introduce a telephone number.
pub(super) const TELEPHONE_WORD: &str =
    "tel(?:efon|efax)?|mobil|handy|fax|fon|phone|whatsapp|rufnummer|durchwahl";

/// How a number with its country code begins.
pub(super) const COUNTRY_CODE: &str = r"\+[1-9]";

/// How a number with its area code begins.
pub(super) const AREA_CODE: &str = r"(?:^|[^0-9])0[0-9]";

/// A telephone number that is introduced as one, or written with its country or area code.
///
/// An area code has at least three digits and the number after it at least five, without full stops in between. So
/// dates, hours, prices and postal codes do not match.
pub(super) static TELEPHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)
        (?:\b(?:oder|per|unter){BLANK}+)?\b(?:{TELEPHONE_WORD})(?:nummer|telefon|funk|nr)?\b
          {BLANK}*[.:]*{BLANK}*(?:unter|ist|lautet|:)?{BLANK}*(?:[(]\w{{1,10}}[)])?{BLANK}*
          [+(]*\d(?:{BLANK}*[()/.–—-]*{BLANK}*\d){{4,}}
        | {COUNTRY_CODE}(?:{BLANK}*[()/.–—-]*{BLANK}*\d){{7,14}}
        | [(]?\b0(?:0?[1-9])\d{{1,4}}(?:{BLANK}*[)/–-]{BLANK}*|{BLANK}+)[1-9](?:{BLANK}?[/–-]?{BLANK}?\d){{4,}}\b
        | \b0[1-9]\d{{5,}}(?:-\d+)?\b"
    ))
});

/// A [`DATUM`] with the words that lead up to it, and any others right after it.
pub(super) static DATA: LazyLock<Regex> = LazyLock::new(|| {
    const LEAD: &str = r"(?i:\b(?:e-?mail|mailto|mail)(?:[-\ ]?adresse)?\s*[:=]\s*|\b(?:an|bei|oder|per|unter|via)\s*:?\s+|[<(\[]\s*)";
    pattern(&format!(r"(?:,\s*)?{LEAD}*{DATUM}(?:[\s,;/]*{LEAD}*{DATUM})*(?:\s*[>)\]])?"))
});

/// Where parts of an enumeration end.
pub(super) static PART_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:|(]|\s[–—-]\s|\s/\s|$"));

/// A part of a note that says where something is.
pub(super) static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^\W*(?:
            (?:Standort|Einsatzort|Arbeitsort|Adresse|Haus|Klinik|Klinikum|Krankenhaus|Werk|Werkstatt|Lager|Kita|Schule
               |Zentrale|Filiale|Niederlassung|Zentrum|Seniorenheim|Pflegeheim)(?:\s+\S+){0,2}
            | \d{5}\s+(?:Bad\s+)?\p{Lu}\S*(?:\s+(?:am|an\s+der|im|bei)\s+\S+)?
            | (?:\S+\s+){0,2}\p{L}[\p{L}.-]*\s\d{1,4}\s?[a-zA-Z]?
        )\W*$",
    )
});

/// A request to get in touch.
pub(super) static GET_IN_TOUCH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?i:(?:bitte\s+)?(?:rufen|melden|wenden|schreiben|mailen|kontaktieren)\s+Sie\b|(?:bei|für)\s+(?:rück)?fragen\b|(?:rück)?fragen\s*:)",
    )
});

/// Whole brackets and, below, what is left of brackets and separators once their content is removed.
pub(super) static BRACKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s?\([^()\n]*\)"));
pub(super) static EMPTY_BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[(\[<][\s,;:/|–-]*[)\]>]"));
pub(super) static EMPTY_SEPARATORS: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"{BLANK}*([,;|])(?:{BLANK}*[,;|.])+")));
pub(super) static LOOSE_ENDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?m)^{BLANK}*[,;:|/.)\]>]+{BLANK}*|[\s,;:|/(\[<=–—-]+$|{BLANK}+([.,;?!])"))
});

/// Everything that is removed here contains a match of this pattern. Most texts contain none, so one search spares them
/// all the others.
pub(super) static SUSPICIOUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!("(?i){MARKER_LETTERS}|{ADDRESS_SIGN}|{TELEPHONE_WORD}|{COUNTRY_CODE}|{AREA_CODE}"))
});
