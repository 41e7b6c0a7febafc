//! Sentences with gaps where placeholders stood that nobody fills, mended so that they still read.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::capitalised;
use crate::interview::pattern::pattern;

/// Marks where an unknown placeholder stood while the sentence around it is mended. From Unicode's private use area,
/// and removed from every text first, like the next one.
pub(super) const GAP: char = '\u{F8FF}';

/// Marks where a day or an hour is missing: all that leads up to it goes (`am …`, `um … Uhr`).
pub(super) const TIME_GAP: char = '\u{F8FE}';

/// Marks where a filled value begins while the sentence around it is mended. No text from outside keeps it (`clean_line`).
pub(super) const FILLED: char = '\u{FDEF}';

/// Stands where a sentence is none without what is missing. In brackets, which the agent is told not to speak.
const MISSING: &str = "(Angabe fehlt)";

/// An hour, or two of them.
static HOUR_GAP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "[\u{F8FE}\u{F8FF}](?:\\s*(?:Uhr\\s*)?(?:(?i:bis|und|oder)|[–-])\\s*[\u{F8FE}\u{F8FF}])*\\s*Uhr\\b",
    )
});

/// What a gap counts.
static UNIT_OF_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[\u{F8FE}\u{F8FF}]\\s*(?:(?:Euro|EUR|Prozent)\\b|[€%])"));

/// Gaps with nothing but punctuation between them are one gap.
static GAP_CHAIN: LazyLock<Regex> =
    LazyLock::new(|| pattern("[\u{F8FE}\u{F8FF}](?:[\\s,;/–-]*[\u{F8FE}\u{F8FF}])+"));

/// A gap that is all there is in brackets or quotation marks.
static ENCLOSED_GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern("[(\\[„“\"»‚'][\\s,;:–-]*[\u{F8FE}\u{F8FF}][\\s,;:–-]*[)\\]“”\"«‘']"));

/// A question about nothing else (`Ist … Ihre Nummer?`).
static MISSING_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern("((?:^|[.,:;!?–]\\s+)(?i:ist|sind|war|waren|wäre|wären)\\s+)[\u{F8FE}\u{F8FF}]")
});

/// A statement of nothing else (`Die Stelle ist ….`, `Wie lautet Ihre …?`), once its lead is gone.
static MISSING_STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(\\b(?i:ist|sind|war|waren|wäre|wären|lautet|lauten|beträgt|betragen|heißt|heißen|liegt|liegen|befindet sich|\
         befinden sich|(?:ihr|unser|k?ein|welch)(?:e[mnrs]?)?)\\s+)\u{F8FF}(\\s*(?:[.,:;!?–]|$))\
         |(\\bbetr(?:ägt|agen)\\s+)\u{F8FF}(\\s+\\p{Ll})",
    )
});

/// What leads up to a day or an hour, whatever follows.
static TIME_GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\b(?i:am|um|ab|an|bis|seit|von|vom|zum|zu|gegen|vor|nach|zwischen|dem|den|ca\\.|circa|etwa)\\s+)*\u{F8FE}",
    )
});

/// A gap with the little words that lead up to it and make no sense without it (`in der …`, `, Herr …`). Where a value
/// or a noun follows, they lead up to that; whom one speaks to is no such noun.
static GAP_WITH_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?:\\b(?i:in|im|an|am|auf|aus|bei|beim|von|vom|zu|zum|zur|unter|nach|für|mit|als|über|ab|bis|seit|gegen|um|vor|der|die|das|den|dem|\
         des|und|oder|sowie|herr|frau|herrn)\\s+)+\u{F8FF}(?<next>\\s*(?:[^\\s\\p{Lu}\\p{N}\u{FDEF}(„‚]|(?:Sie|Ihnen|Ihr|Ihre[mnrs]?)\\b|$))",
    )
});

/// What hangs in front of a gap at the end.
static GAP_AT_END: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\s,;:/\p{Pd}]*\x{F8FF}\s*$"));

/// White space before a mark that belongs to the word before it.
static SPACE_BEFORE_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+([,.;:!?])"));

/// A comma or colon with nothing between it and the next mark.
static HANGING_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[,;:](?:\s*[,;:])*\s*([,.;:!?])"));

/// Takes the gaps out of a sentence together with what only made sense with them.
pub(super) fn mend(text: &str) -> String {
    let gap = GAP.to_string();
    let text = HOUR_GAP.replace_all(text, TIME_GAP.to_string());
    let text = UNIT_OF_GAP.replace_all(&text, &gap);
    let text = joined(&text);
    let text = ENCLOSED_GAP.replace_all(&text, &gap);
    let text = joined(&text);
    let text = MISSING_SUBJECT.replace_all(&text, format!("${{1}}{MISSING}"));
    let text = TIME_GAP_WITH_LEAD.replace_all(&text, &gap);
    let text = without_leads(ENCLOSED_GAP.replace_all(&joined(&text), &gap).into_owned());
    let text = MISSING_STATEMENT.replace_all(&text, format!("${{1}}${{3}}{MISSING}${{2}}${{4}}"));
    let text = GAP_AT_END.replace_all(&text, "");
    let text = text.replace([GAP, FILLED], "");
    let text = SPACE_BEFORE_MARK.replace_all(&text, "$1");
    let text = HANGING_MARK.replace_all(&text, "$1");
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || ",.;:!?–-".contains(c));
    capitalised(text)
}

/// Makes one gap of many: a time only where all of them are.
fn joined(text: &str) -> Cow<'_, str> {
    GAP_CHAIN.replace_all(text, |chain: &Captures<'_>| {
        let kind = if chain[0].contains(GAP) { GAP } else { TIME_GAP };
        kind.to_string()
    })
}

/// Takes away what leads up to nothing. A gap that lost its lead may be what another one leads up to, until nothing
/// changes: each turn makes the text shorter.
fn without_leads(mut text: String) -> String {
    let gap_alone = format!("{GAP}$next");
    while let Cow::Owned(shorter) = GAP_WITH_LEAD.replace_all(&text, &gap_alone) {
        text = joined(&shorter).into_owned();
    }
    text
}
