//! HOC's id of an applicant.

use std::fmt;

use super::clean_line;

/// HOC's id of an applicant: a number or a short word. It is a pseudonym, so it is not logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicantId(String);

impl ApplicantId {
    /// The longest id that is accepted, in characters.
    pub const MAX_CHARS: usize = 100;

    /// `None` unless cleaning leaves a line of 1 to [`Self::MAX_CHARS`] characters.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let id = clean_line(raw).into_owned();
        (!id.is_empty() && id.chars().count() <= Self::MAX_CHARS).then_some(Self(id))
    }

    /// The id as HOC writes it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApplicantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applicant_id_is_one_clean_line() {
        assert_eq!(ApplicantId::parse("  "), None);
        assert_eq!(ApplicantId::parse(&"9".repeat(101)), None);
        assert_eq!(ApplicantId::parse("A-\n17").expect("an id").reveal(), "A- 17");
    }
}
