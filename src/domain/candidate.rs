//! The candidate, as the trigger names them.

use super::{PersonName, Private};

/// The person to be interviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
}

impl Candidate {
    /// First and last name with one space between them.
    #[must_use]
    pub fn full_name(&self) -> Private<String> {
        Private::new(format!("{} {}", self.first_name.reveal(), self.last_name.reveal()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_masks_names() {
        let candidate = Candidate {
            first_name: PersonName::parse("Erika").expect("a name"),
            last_name: PersonName::parse("Beispiel").expect("a name"),
        };
        let shown = format!("{candidate:?} {:?}", candidate.full_name());
        assert!(!shown.contains("Erika") && !shown.contains("Beispiel"), "{shown}");
    }
}
