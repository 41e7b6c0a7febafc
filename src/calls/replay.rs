//! What is kept of an answer so that a retry gets the same one: everything but names. Those are filled in again from
//! the retried request, so the store holds no personal data.

use chrono::{DateTime, Utc};

use super::Briefing;
use super::store::StoredAnswer;
use crate::domain::{Private, Trigger};

/// What stands for the names in a stored text. In braces, because no text of a script has any.
const FIRST_NAME: &str = "{first_name}";
const LAST_NAME: &str = "{last_name}";
const COMPANY: &str = "{company}";

/// What to keep of an answer.
pub(super) fn stored(
    trigger: &Trigger,
    briefing: &Briefing,
    answered_at: DateTime<Utc>,
    link_expires_at: Option<DateTime<Utc>>,
) -> StoredAnswer {
    StoredAnswer {
        questionnaire_age_seconds: briefing.questionnaire_age_seconds,
        prompt_length: briefing.prompt_length,
        first_message: without_names(trigger, briefing.first_message.reveal()),
        answered_at,
        link_expires_at,
    }
}

/// Restores the answer for a retry of the same trigger.
pub(super) fn restored(trigger: &Trigger, answer: &StoredAnswer) -> Briefing {
    Briefing {
        questionnaire_age_seconds: answer.questionnaire_age_seconds,
        prompt_length: answer.prompt_length,
        first_message: Private::new(with_names(trigger, &answer.first_message)),
    }
}

/// Replaces the longest name first, so that a name within another one does not tear it apart.
fn without_names(trigger: &Trigger, text: &str) -> String {
    let candidate = &trigger.candidate;
    let mut names = [
        (trigger.company.reveal(), COMPANY),
        (candidate.first_name.reveal(), FIRST_NAME),
        (candidate.last_name.reveal(), LAST_NAME),
    ];
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut text = text.to_owned();
    for (name, mark) in names {
        text = replace_words(&text, name, mark);
    }
    text
}

fn with_names(trigger: &Trigger, text: &str) -> String {
    let candidate = &trigger.candidate;
    // One after the other is safe: a name would need braces to be taken for a mark, and no name has any.
    text.replace(COMPANY, trigger.company.reveal())
        .replace(FIRST_NAME, candidate.first_name.reveal())
        .replace(LAST_NAME, candidate.last_name.reveal())
}

/// Replaces `name` where it is a whole word: `An` is a name, but `Angebot` does not contain it. Leaves marks alone.
fn replace_words(text: &str, name: &str, mark: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(name) {
        let (before, found) = rest.split_at(start);
        let after = &found[name.len()..];
        replaced.push_str(before);
        let is_word = !replaced.ends_with(|c: char| c.is_alphanumeric() || c == '{' || c == '_')
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '}' || c == '_');
        replaced.push_str(if is_word { mark } else { name });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{CampaignId, Candidate, CompanyName, PersonName};

    fn trigger(first: &str, last: &str, company: &str) -> Trigger {
        Trigger {
            campaign_id: CampaignId::new(1).unwrap(),
            company: CompanyName::parse(company).unwrap(),
            candidate: Candidate {
                first_name: PersonName::parse(first).unwrap(),
                last_name: PersonName::parse(last).unwrap(),
            },
            applicant_id: None,
            call: None,
        }
    }

    fn round_trip(trigger: &Trigger, first_message: &str) -> (String, String) {
        let briefing = Briefing {
            questionnaire_age_seconds: Some(0),
            prompt_length: 12,
            first_message: Private::new(first_message.to_owned()),
        };
        let stored = stored(trigger, &briefing, DateTime::UNIX_EPOCH, None);
        let again = restored(trigger, &stored).first_message.into_inner();
        (stored.first_message, again)
    }

    #[test]
    fn no_name_is_stored_and_the_retry_gets_the_same_words() {
        let trigger = trigger("An", "Muster", "Muster GmbH");
        let said = "Guten Tag An Muster, hier spricht Susi von Muster GmbH. Ein Angebot für An, Frau Muster!";
        let (stored, again) = round_trip(&trigger, said);
        assert_eq!(
            stored,
            "Guten Tag {first_name} {last_name}, hier spricht Susi von {company}. Ein Angebot für {first_name}, \
             Frau {last_name}!"
        );
        assert_eq!(again, said);
    }

    proptest! {
        #[test]
        fn any_names_survive_the_round_trip(
            first in "[A-Za-zÄöü' -]{0,9}[a-z]",
            last in "(first|last|name|company|[A-Za-zß -]{0,9}[a-z])",
            company in "[A-Za-z&. _-]{0,12}[a-z]",
            tail in "[A-Za-z ,.!?-]{0,40}",
        ) {
            let trigger = trigger(&first, &last, &company);
            let said = format!(
                "Guten Tag {} {}, hier spricht Susi von {}. {tail}",
                trigger.candidate.first_name.reveal(), trigger.candidate.last_name.reveal(), trigger.company.reveal()
            );
            let (_, again) = round_trip(&trigger, &said);
            prop_assert_eq!(again, said);
        }
    }
}
