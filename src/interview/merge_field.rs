//! The fields of a form letter: where the names of a trigger go in a text that is written for everybody.
//!
//! In such a text, each name is represented by a mark: a Unicode noncharacter, which is reserved for a program's
//! internal use. `clean_line` removes these from every text from outside.

use crate::domain::{CompanyName, PersonName};

/// A name that differs from trigger to trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeField {
    FirstName,
    LastName,
    Company,
}

impl MergeField {
    const ALL: [Self; 3] = [Self::FirstName, Self::LastName, Self::Company];

    /// The character that stands for the name.
    pub(super) const fn mark(self) -> char {
        match self {
            Self::FirstName => '\u{FDD0}',
            Self::LastName => '\u{FDD1}',
            Self::Company => '\u{FDD2}',
        }
    }

    /// The field that the character stands for.
    pub(super) fn of_mark(mark: char) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.mark() == mark)
    }

    const fn max_chars(self) -> usize {
        match self {
            Self::FirstName | Self::LastName => PersonName::MAX_CHARS,
            Self::Company => CompanyName::MAX_CHARS,
        }
    }
}

pub(super) fn is_mark(character: char) -> bool {
    MergeField::of_mark(character).is_some()
}

/// Whether names will be filled into the text.
pub(super) fn is_marked(text: &str) -> bool {
    // All marks begin with this byte, and hardly any other character does.
    text.as_bytes().contains(&0xEF) && text.contains(is_mark)
}

/// How many characters the text has once it is filled with the longest names.
pub(super) fn longest(text: &str) -> usize {
    text.chars().map(|character| MergeField::of_mark(character).map_or(1, MergeField::max_chars)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clean_line;

    #[test]
    fn no_text_from_outside_holds_a_mark() {
        for field in MergeField::ALL {
            let mark = field.mark().to_string();
            assert!(is_marked(&mark));
            assert_eq!(clean_line(&mark), "");
        }
        assert!(!is_marked("Zoë \u{FDF2}"));
    }

    #[test]
    fn a_text_is_as_long_as_with_the_longest_names() {
        let text = format!("a {} {}", MergeField::LastName.mark(), MergeField::Company.mark());
        assert_eq!((longest(&text), longest("äöü")), (3 + 100 + 200, 3));
    }
}
