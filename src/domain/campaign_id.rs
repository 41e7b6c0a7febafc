//! HOC's id of a campaign.

use std::fmt;

/// HOC's id of a campaign: a whole number above zero. Not personal data, so it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CampaignId(u64);

impl CampaignId {
    /// The largest id that every JSON parser represents exactly (2^53 - 1, RFC 8259 section 6).
    pub const MAX: u64 = (1 << 53) - 1;

    /// `None` for zero and for numbers above [`CampaignId::MAX`].
    #[must_use]
    pub const fn new(id: u64) -> Option<Self> {
        if id == 0 || id > Self::MAX {
            return None;
        }
        Some(Self(id))
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_numbers_beyond_json_are_no_campaigns() {
        assert_eq!(CampaignId::new(0), None);
        assert_eq!(CampaignId::new(CampaignId::MAX + 1), None);
        assert_eq!(CampaignId::new(123).map(CampaignId::get), Some(123));
    }
}
