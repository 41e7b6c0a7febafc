//! Whom Susi talks to, for which company, and on which channel: everything in a trigger that the texts depend on.

use super::merge_field::MergeField;
use crate::domain::Trigger;

/// How Susi and the candidate talk to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Channel {
    Phone,
    Browser,
}

impl Channel {
    pub(super) const fn of(trigger: &Trigger) -> Self {
        if trigger.call.is_some() { Self::Phone } else { Self::Browser }
    }

    /// The word that templates see.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Browser => "browser",
        }
    }
}

/// A candidate and a company, or their marks in a text that is written for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) company: String,
    pub(super) channel: Channel,
}

impl Addressee {
    pub(super) fn of(trigger: &Trigger) -> Self {
        Self {
            first_name: trigger.candidate.first_name.reveal().to_owned(),
            last_name: trigger.candidate.last_name.reveal().to_owned(),
            company: trigger.company.reveal().to_owned(),
            channel: Channel::of(trigger),
        }
    }

    /// Nobody in particular, at a company whose name ends with this punctuation mark
    /// ([`sentence_end`](crate::templates::sentence_end)).
    pub(super) fn anybody(channel: Channel, company_ending: Option<char>) -> Self {
        Self {
            first_name: MergeField::FirstName.mark().to_string(),
            last_name: MergeField::LastName.mark().to_string(),
            company: [MergeField::Company.mark()].into_iter().chain(company_ending).collect(),
            channel,
        }
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
