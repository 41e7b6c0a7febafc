//! Regular expressions that are constants in the code.

use regex::Regex;

/// Compiles a pattern, which is always a constant of the `interview` module. The tests compile all of them.
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant and valid")
}
