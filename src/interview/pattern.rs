//! Regular expressions that stand in the code.

use regex::Regex;

/// A regular expression of the interview's own, which is a constant. The tests compile all of them.
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and valid")
}
