//! Telephone numbers that may be dialled.

use std::fmt;

use thiserror::Error;

use super::Private;

/// A telephone number in E.164 form that may be dialled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: Private<String>,
    country: Option<CountryCode>,
}

/// Why a number is not dialled. The sentences are for HOC's developers and hold nothing of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Not a telephone number.
    #[error("is not a telephone number")]
    NotANumber,
}

impl PhoneNumber {
    /// Reads a number as people write it; Germany is the default region.
    pub fn parse(_raw: &str) -> Result<Self, PhoneError> {
        Err(PhoneError::NotANumber)
    }

    /// The number with `+` and country code, for the step that dials.
    #[must_use]
    pub fn e164(&self) -> &str {
        self.e164.reveal()
    }

    /// The country the number belongs to, if it is one country's.
    #[must_use]
    pub const fn country(&self) -> Option<CountryCode> {
        self.country
    }

    /// All that a log may show of the number: `+49…001`.
    #[must_use]
    pub fn masked(&self) -> String {
        String::new()
    }
}

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
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
    }
}
