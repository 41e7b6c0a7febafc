//! Where sentences and lines end, and which of them ask.

use crate::word_list::WordList;

/// Stands for an address or number that [`contacts`](super::contacts) found, like a word of its sentence. From
/// Unicode's private use area, which no text uses.
pub(super) const DATUM: char = '\u{F8FD}';

/// A line that ends with one of these words continues on the next one.
const LEADING_WORDS: WordList =
    WordList::of("an bei mit unter per über von für ist und oder der die dem den Ihr Ihre unsere unserer");

/// Words with which most questions begin.
pub(super) const QUESTION_WORDS: WordList = WordList::of(
    "Wie Wer Wen Wem Was Wo Wann Warum Woher Wohin Welche Welcher Welches Welchen Haben Sind Können Ist \
    Möchten Würden Dürfen Kennen",
);

/// Words whose full stop does not end a sentence, besides single letters and short numbers.
const ABBREVIATIONS: WordList = WordList::of(
    "fr hr hrn dr prof dipl ing tel fax fon mobil durchw nr str st ca mind max inkl asp ansprechp anspr",
);

/// The sentences and lines of a text, each with the white space after it.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    lines(text).into_iter().flat_map(sentences_of_line).collect()
}

/// Whether a text is no more than one sentence.
pub(super) fn is_one_sentence(text: &str) -> bool {
    sentences(text).len() == 1
}

/// Whether a text ends with a question.
pub(super) fn is_question(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || "!)\"“”«".contains(c)).ends_with('?')
}

/// The lines of a text. One that breaks off is joined with the next.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (end, _) in text.match_indices('\n') {
        let last_word = text[start..end].split_whitespace().next_back().unwrap_or_default();
        if !LEADING_WORDS.has(last_word) {
            lines.push(&text[start..=end]);
            start = end + 1;
        }
    }
    lines.push(&text[start..]);
    lines
}

fn sentences_of_line(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (stop, mark) in line.match_indices(['.', '!', '?', ';']) {
        let end = stop + mark.len();
        let rest = line[end..].trim_start();
        let is_followed = !rest.is_empty() && line[end..].starts_with(char::is_whitespace);
        let goes_on =
            mark == "." && (rest.starts_with(char::is_lowercase) || is_abbreviated(&line[start..stop]));
        if is_followed && !goes_on {
            let next = line.len() - rest.len();
            sentences.push(&line[start..next]);
            start = next;
        }
    }
    sentences.push(&line[start..]);
    sentences
}

/// Whether the full stop after the last word of a text does not end the sentence.
fn is_abbreviated(text: &str) -> bool {
    if text.ends_with(DATUM) {
        return false;
    }
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let length = word.chars().count();
    length == 1 || (length < 4 && word.chars().all(char::is_numeric)) || ABBREVIATIONS.has(&word)
}
