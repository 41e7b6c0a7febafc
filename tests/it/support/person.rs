//! A person whose name, employer and words must not turn up where they do not belong, and the secrets that must not
//! either.

use std::collections::BTreeSet;

use sellcruiting_webhook::sandbox;
use serde_json::{Value, json};

use super::settings::{API_KEY, SECOND_API_KEY};

pub(crate) const FIRST_NAME: &str = "Quirina";
pub(crate) const LAST_NAME: &str = "Zwetschgenstein";
pub(crate) const COMPANY: &str = "Mirabellenwerk Krumbach GmbH";
pub(crate) const APPLICANT: &str = "applicant-8472-x";

/// The keys and tokens of every service under test. No answer in any test may contain them.
pub(crate) const SECRETS: [&str; 4] =
    [API_KEY, SECOND_API_KEY, sandbox::HOC_TOKEN, sandbox::ELEVENLABS_API_KEY];

/// What a trigger says about this person, for campaign 7.
pub(crate) fn person() -> Value {
    json!({
        "campaign_id": 7,
        "company_name": COMPANY,
        "candidate_first_name": FIRST_NAME,
        "candidate_last_name": LAST_NAME,
        "applicant_id": APPLICANT,
    })
}

/// All texts in JSON values, line by line, that are too long to occur by chance.
pub(crate) fn sentences<'a>(values: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    values.into_iter().for_each(|value| collect(value, &mut found));
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let lines = text.lines().map(str::trim).filter(|line| line.chars().count() >= 12);
            found.extend(lines.map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        _ => {}
    }
}
