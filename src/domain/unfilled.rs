//! Recognises what stands in place of a value that nobody filled in.
//!
//! Ids and names differ in what may be meant: `[A-17]` may be an id, `[ui!]` a company, and `Null` a person.

use std::sync::LazyLock;

use regex::Regex;

/// What programs write for a missing value.
const NO_VALUES: [&str; 5] = ["null", "undefined", "none", "nan", "n/a"];

/// The brackets in which templates put the names of their fields.
const BRACKETS: [(&str, &str); 8] =
    [("{", "}"), ("${", "}"), ("#{", "}"), ("[", "]"), ("«", "»"), ("<<", ">>"), ("<%", "%>"), ("%", "%")];

/// A template's placeholder in a name: anything in double braces, or a field's name in the brackets of other templates.
/// Brackets around other words are part of real names (`[ui!]`, `«Mitte»`).
static IN_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let field = "(?:name|firma|company|unternehmen|candidate|kandidat|bewerber)";
    let words = format!(r"[\w .-]*{field}[\w .-]*");
    let pattern = format!(
        r"(?i)\{{\{{[^{{}}]*\w[^{{}}]*\}}\}}|[{{\[«]{words}[}}\]»]|<<{words}>>|<%=?{words}%>|%[\w.-]*{field}[\w.-]*%"
    );
    Regex::new(&pattern).expect("a valid pattern")
});

/// Whether an id is what a program writes for a missing value (`null`, `None`), in upper or lower case. Names are
/// compared exactly instead: some people are called that.
#[must_use]
pub fn is_no_id(raw: &str) -> bool {
    NO_VALUES.iter().any(|word| raw.trim().eq_ignore_ascii_case(word))
}

/// Whether a template's placeholder stands in place of an id: double braces, or a word in a template's brackets.
///
/// A word with a digit in it may be an id: some write theirs as `{3F2504E0-…}` or `[A-17]`.
#[must_use]
pub fn is_placeholder_for_id(raw: &str) -> bool {
    let raw = raw.trim();
    raw.contains("{{") || BRACKETS.iter().any(|(open, close)| within(raw, open, close).is_some_and(is_word))
}

/// Whether a name is what a program writes for a missing value, in exactly that spelling: people are called `Null` and
/// `None`.
pub(super) fn is_no_name(name: &str) -> bool {
    NO_VALUES.contains(&name)
}

/// Whether a name is or contains a template's placeholder.
pub(super) fn holds_placeholder_for_name(written: &str) -> bool {
    // Hardly any name has such brackets, and none that is parsed at start has, so the pattern is not compiled then.
    let may_hold_placeholder = written.contains(['{', '[', '«', '%']) || written.contains("<<");
    may_hold_placeholder && IN_NAME.is_match(written)
}

fn within<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_no_ids() {
        for raw in ["null", "NULL", " None\n", "undefined", "NaN", "n/a"] {
            assert!(is_no_id(raw), "{raw}");
        }
        for raw in ["", "0", "null-1", "nonesuch", "na", "-", "{null}"] {
            assert!(!is_no_id(raw), "{raw}");
        }
    }

    #[test]
    fn a_template_s_field_is_no_id() {
        for raw in [
            "{{applicant_id}}",
            "{{ candidate.id }}",
            "A-{{id}}",
            "{{applicant_1}}",
            "{applicant_id}",
            " ${applicantId} ",
            "#{id}",
            "[Bewerber-ID]",
            "%applicant_id%",
            "<< id >>",
            "<%= applicant.id %>",
            "«ID»",
        ] {
            assert!(is_placeholder_for_id(raw), "{raw}");
        }
        for raw in [
            "A-4711",
            "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
            "[A-17]",
            "[17]",
            "applicant_id",
            "bewerbung/max",
            "A%B",
            "%",
            "[]",
            "{",
            "",
        ] {
            assert!(!is_placeholder_for_id(raw), "{raw}");
        }
    }
}
