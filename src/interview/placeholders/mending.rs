//! Repairs sentences in which unknown placeholders left gaps, so that they still read well.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::capitalised;
use crate::pattern::pattern;

/// Marks where an unknown placeholder was while the sentence around it is repaired. Like the next one, it is removed from
/// every text beforehand. A control character, because a text of nothing but ASCII is searched the fastest.
pub(super) const GAP: char = '\u{1C}';

/// Marks where a day or an hour is missing: everything that leads up to it is removed (`am …`, `um … Uhr`).
pub(super) const TIME_GAP: char = '\u{1D}';

/// Marks where a filled-in value begins while the sentence around it is repaired. `clean_line` removes it from every
/// text from outside.
pub(super) const FILLED: char = '\u{FDEF}';

/// Fills a gap without which the sentence would not be one. The prompt tells the agent never to speak it.
const MISSING: &str = "(Angabe fehlt)";

/// A missing hour, or a range of them.
static HOUR_GAP: LazyLock<Regex> = LazyLock::new(|| {
    pattern("[\u{1D}\u{1C}](?:\\s*(?:Uhr\\s*)?(?:(?i:bis|und|oder)|[–-])\\s*[\u{1D}\u{1C}])*\\s*Uhr\\b")
});

/// A missing amount with its unit.
static UNIT_OF_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[\u{1D}\u{1C}]\\s*(?:(?:Euro|EUR|Prozent)\\b|[€%])"));

/// Gaps with nothing but punctuation between them count as one.
static GAP_CHAIN: LazyLock<Regex> = LazyLock::new(|| pattern("[\u{1D}\u{1C}](?:[\\s,;/–-]*[\u{1D}\u{1C}])+"));

/// A gap that is the only content of brackets or quotation marks.
static ENCLOSED_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[(\\[„“\"»‚'][\\s,;:–-]*[\u{1D}\u{1C}][\\s,;:–-]*[)\\]“”\"«‘']"));

/// A question that is only about the gap (`Ist … Ihre Nummer?`).
static MISSING_SUBJECT: LazyLock<Regex> =
    LazyLock::new(|| pattern("((?:^|[.,:;!?–]\\s+)(?i:ist|sind|war|waren|wäre|wären)\\s+)[\u{1D}\u{1C}]"));

/// A statement that only states the gap (`Die Stelle ist ….`, `Wie lautet Ihre …?`), once the words leading up to it
/// are gone.
static MISSING_STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(\\b(?i:ist|sind|war|waren|wäre|wären|lautet|lauten|beträgt|betragen|heißt|heißen|liegt|liegen|befindet sich|\
         befinden sich|(?:ihr|unser|k?ein|welch)(?:e[mnrs]?)?)\\s+)\u{1C}(\\s*(?:[.,:;!?–]|$))\
         |(\\bbetr(?:ägt|agen)\\s+)\u{1C}(\\s+\\p{Ll})",
    )
});

/// A missing day or hour with the words that lead up to it, whatever follows.
static TIME_GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\b(?i:am|um|ab|an|bis|seit|von|vom|zum|zu|gegen|vor|nach|zwischen|dem|den|ca\\.|circa|etwa)\\s+)*\u{1D}",
    )
});

/// A gap with the small words that lead up to it and make no sense without it (`in der …`, `, Herr …`). If a value or a
/// noun follows, they lead up to that instead; words that address the candidate are not nouns in this sense.
static GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\b(?i:in|im|an|am|auf|aus|bei|beim|von|vom|zu|zum|zur|unter|nach|für|mit|als|über|ab|bis|seit|gegen|um|vor|der|die|das|den|dem|\
         des|und|oder|sowie|herr|frau|herrn)\\s+)+\u{1C}(?<next>\\s*(?:[^\\s\\p{Lu}\\p{N}\u{FDEF}(„‚]|(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\\b|$))",
    )
});

/// A gap at the end, with the punctuation before it.
static GAP_AT_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\s,;:/\p{Pd}]*\x1C\s*$"));

/// White space before a punctuation mark.
static SPACE_BEFORE_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+([,.;:!?])"));

/// A comma or colon with nothing between it and the next mark.
static HANGING_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:](?:\s*[,;:])*\s*([,.;:!?])"));

/// Removes the gaps from a sentence, together with what only made sense with them.
pub(super) fn mend(text: &str) -> String {
    let gap = GAP.to_string();
    let text = HOUR_GAP.replace_all(text, TIME_GAP.to_string());
    let text = UNIT_OF_GAP.replace_all(&text, &gap);
    let text = joined(&text);
    let text = ENCLOSED_GAP.replace_all(&text, &gap);
    let text = joined(&text);
    let text = MISSING_SUBJECT.replace_all(&text, format!("${{1}}{MISSING}"));
    // To look for the words that lead up to nothing takes the longest of all this.
    let text = if text.contains(TIME_GAP) { TIME_GAP_WITH_LEAD.replace_all(&text, &gap) } else { text };
    let text = without_leads(ENCLOSED_GAP.replace_all(&joined(&text), &gap).into_owned());
    let text = if text.contains(GAP) { without_gap(&text) } else { text };
    let text = text.replace(FILLED, "");
    let text = SPACE_BEFORE_MARK.replace_all(&text, "$1");
    let text = HANGING_MARK.replace_all(&text, "$1");
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ",.;:!?–-".contains(c));
    capitalised(text)
}

/// The text without a gap that nothing leads up to.
fn without_gap(text: &str) -> String {
    let text = MISSING_STATEMENT.replace_all(text, format!("${{1}}${{3}}{MISSING}${{2}}${{4}}"));
    GAP_AT_END.replace_all(&text, "").replace(GAP, "")
}

/// Joins neighbouring gaps into one, which is a missing time only if all of them are.
fn joined(text: &str) -> Cow<'_, str> {
    GAP_CHAIN.replace_all(text, |chain: &Captures<'_>| {
        let kind = if chain[0].contains(GAP) { GAP } else { TIME_GAP };
        kind.to_string()
    })
}

/// Removes words that lead up to nothing, until nothing changes: a gap that lost its lead-in may be what other words
/// lead up to. It ends, because each round makes the text shorter.
fn without_leads(mut text: String) -> String {
    let gap_alone = format!("{GAP}$next");
    while text.contains(GAP)
        && let Cow::Owned(shorter) = GAP_WITH_LEAD.replace_all(&text, &gap_alone)
    {
        text = joined(&shorter).into_owned();
    }
    text
}
