//! How much of a questionnaire goes into one interview. All numbers count characters or entries.

/// The longest prompt that leaves the service.
///
/// ElevenLabs documents no limit of its own; beyond this, the agent gets slower and loses track. Questions are left
/// out, the least important first, until the prompt fits.
pub const PROMPT: usize = 40_000;
/// The longest value of a dynamic variable.
pub const VARIABLE: usize = 10_000;
/// The most entries that are looked at.
pub(super) const ENTRIES: usize = 150;
/// A question or a sentence of a conversation flow.
pub(super) const TEXT: usize = 600;
/// A preamble, context or hint.
pub(super) const NOTE: usize = 400;
/// One answer to choose from.
pub(super) const OPTION: usize = 120;
/// Answers to choose from, and clusters that they are grouped in.
pub(super) const OPTIONS: usize = 60;
/// Conditions of one question, and values of one condition.
pub(super) const CONDITIONS: usize = 8;
/// Facts about the employer.
pub(super) const FACTS: usize = 30;
/// What the questionnaire says about the employer in one text.
pub(super) const PITCH: usize = 1_500;
/// A job title, a heading.
pub(super) const TITLE: usize = 150;
/// The place of work.
pub(super) const LOCATION: usize = 200;
/// A job title or place in the first message: longer ones are no longer natural to say.
pub(super) const SPOKEN: usize = 70;

/// `text`, or its beginning up to the last whole word that fits, with an ellipsis.
pub(super) fn shorten(text: &str, max: usize) -> String {
    // A text never has more characters than bytes.
    if text.len() <= max {
        return text.to_owned();
    }
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    let room = text[..end].char_indices().last().map_or(0, |(last, _)| last);
    let cut = text[..room].rfind(char::is_whitespace).filter(|&space| space > room / 2).unwrap_or(room);
    format!("{}…", text[..cut].trim_end())
}

/// Like [`shorten`], but a question at the end stays, because it is what the text is for.
pub(super) fn shorten_before_question(text: &str, max: usize) -> String {
    if text.len() <= max || !text.ends_with('?') {
        return shorten(text, max);
    }
    let start = text[..text.len() - 1]
        .rfind(". ")
        .max(text.rfind("! "))
        .max(text.rfind("? "))
        .map_or(0, |stop| stop + 2);
    let (before, question) = text.split_at(start);
    let room = max.checked_sub(question.chars().count() + 1).filter(|room| start > 0 && *room > 0);
    match room {
        Some(room) => format!("{} {question}", shorten(before.trim_end(), room)),
        None => shorten(text, max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_at_the_end_is_kept() {
        assert_eq!(
            shorten_before_question("Wir sind ein Betrieb. Passt das?", 26),
            "Wir sind ein… Passt das?"
        );
        assert_eq!(shorten_before_question("Eins. Passt das?", 16), "Eins. Passt das?");
        assert_eq!(shorten_before_question("Wir sind ein Betrieb. Passt das?", 12), "… Passt das?");
        assert_eq!(shorten_before_question("Wir sind ein Betrieb. Passt das?", 9), "Wir sind…");
        assert_eq!(shorten_before_question("Passt Ihnen das auch im Winter?", 20), "Passt Ihnen das…");
        assert_eq!(shorten_before_question("Wir sind ein Betrieb.", 14), "Wir sind ein…");
    }

    #[test]
    fn a_text_is_shortened_at_a_word_and_never_exceeds_the_limit() {
        assert_eq!(shorten("eins zwei drei", 14), "eins zwei drei");
        assert_eq!(shorten("eins zwei drei", 12), "eins zwei…");
        assert_eq!(shorten("üüüüüüüüüü", 4), "üüü…");
        assert_eq!(shorten("ab", 1), "…");
        assert_eq!(shorten("", 0), "");
    }
}
