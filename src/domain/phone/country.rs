//! The countries that telephone numbers belong to.

use std::fmt;

use super::metadata;

/// A country, as two capital letters (ISO 3166-1 alpha-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// `None` unless `raw` is two ASCII letters.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        match raw.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// Whether the metadata know numbers of this country or region.
    #[must_use]
    pub fn has_numbers(&self) -> bool {
        metadata::is_region(&self.to_string())
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}
