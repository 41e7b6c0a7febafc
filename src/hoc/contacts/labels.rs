//! Labels of contact persons (`AP:`, `Kontakt:`), and what only looks like one.

use regex::{Captures, Match};

use super::patterns::{AP_NAME, LABEL, NAMED_PERSON, NURSING, WORDY_AP};
use super::words::{has_full_name, is_about_work_with_others};
use crate::hoc::sentences::DATUM;

/// The longest line that may count as being about work with others, in bytes. Somewhere in a longer one, a contact
/// person may follow.
const LONGEST_ABOUT_OTHERS: usize = 200;

/// Whether a text holds a label of a contact person.
pub(super) fn has_label(text: &str) -> bool {
    label(text).is_some() || wordy_ap(text).is_some()
}

/// The position of the first label of a contact person. In `Kontakt: direkt zum Kunden`, the label is ordinary German.
pub(super) fn label(text: &str) -> Option<usize> {
    let found = LABEL.find_iter(text).find(|found| !leads_to_others(text, *found))?;
    Some(found.start())
}

fn leads_to_others(text: &str, label: Match<'_>) -> bool {
    let Some(colon) = label.as_str().rfind([':', '=']) else { return false };
    let behind = text[label.start() + colon + 1..].trim_start();
    let line = behind.split('\n').next().unwrap_or_default();
    // The limit also keeps the search cheap in a line with many labels.
    line.len() <= LONGEST_ABOUT_OTHERS
        && is_about_work_with_others(line)
        && !line.contains(DATUM)
        && !NAMED_PERSON.is_match(line)
        && !has_full_name(line)
}

/// Whether a text is `AP` followed by a name.
pub(super) fn is_ap_with_name(text: &str) -> bool {
    AP_NAME.captures(text).is_some_and(|found| !NURSING.is_match(&found["name"]))
}

/// The position of a label such as `AP für Bewerber:`.
pub(super) fn wordy_ap(text: &str) -> Option<usize> {
    let found = WORDY_AP.captures(text)?;
    (!NURSING.is_match(&found["between"])).then(|| found_at(&found))
}

/// Where a match begins.
pub(super) fn found_at(found: &Captures<'_>) -> usize {
    found.get(0).map_or(0, |whole| whole.start())
}
