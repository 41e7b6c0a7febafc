//! Lists of words that are constants.

/// Words with white space between them, which reads better than as many pairs of quotation marks.
pub(crate) struct WordList(&'static str);

impl WordList {
    pub(crate) const fn of(words: &'static str) -> Self {
        Self(words)
    }

    /// Whether the word is in the list, written in the same way.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.split_ascii_whitespace().any(|listed| listed == word)
    }
}
