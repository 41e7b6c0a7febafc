//! The pages form: `{"pages": [{"name": …, "prompts": [ … ]}]}`. Its prompts are notes rather than questions.

mod asking;
mod page_kind;
mod prefix;

use serde_json::Value;

use super::contacts::{is_bare_label, is_contact_page, is_only_name};
use super::entries::Entries;
use super::internal::is_internal_heading;
use super::loose::{Object, hint_of, integer, items, member, raw_text};
use super::questions_form::{id, raw_sentence};
use super::sentences::is_question;
use super::text;
use crate::domain::{Importance, Question, QuestionKind, SkipReason};
use page_kind::PageKind;
use prefix::Prefix;

/// The prompts of all pages, ordered by page and position.
pub(super) fn entries(pages: &Value) -> Entries {
    let mut prompts_before = 0;
    let mut entries = Entries::default();
    for (index, page) in by_position(pages).into_iter().enumerate() {
        let prompts = prompts(page).map(by_position).unwrap_or_default();
        read_page(page, index, prompts_before, &prompts, &mut entries);
        prompts_before += prompts.len();
    }
    entries
}

/// The member that holds a page's prompts.
pub(super) fn prompts(page: &Object) -> Option<&Value> {
    member(page, &["prompts", "questions"])
}

/// The objects of a list, sorted by their `position`. Those without one come last, in their original order.
fn by_position(list: &Value) -> Vec<&Object> {
    let mut objects: Vec<_> = items(list).into_iter().filter_map(Value::as_object).collect();
    objects.sort_by_key(|object| {
        let position = object.get("position").and_then(integer);
        (position.is_none(), position)
    });
    objects
}

fn read_page(page: &Object, index: usize, prompts_before: usize, prompts: &[&Object], entries: &mut Entries) {
    let prompts = prompts.iter().enumerate().map(|(offset, prompt)| (prompts_before + offset + 1, *prompt));
    // The raw name: cleaning would leave nothing of `Ansprechpartner:`.
    let name = member(page, &["name", "title"]).and_then(raw_text).unwrap_or_default();
    if let Some(reason) = silence_of(&text::readable_lines(&name)) {
        skip_page(reason, prompts, entries);
        return;
    }
    let mut reader = PageReader::of(&text::line(&name).unwrap_or_default(), index);
    for (position, prompt) in prompts {
        entries.add(|| id(position, prompt), reader.read(position, prompt));
    }
}

/// Reads the prompts of one page, in their order.
struct PageReader {
    kind: PageKind,
    group: Option<String>,
    category_order: Option<i64>,
    announcement: Announcement,
    before: NoteBefore,
}

impl PageReader {
    fn of(name: &str, index: usize) -> Self {
        Self {
            kind: PageKind::of(name),
            group: Some(name.trim_end_matches([':', ' ']).to_owned()).filter(|name| !name.is_empty()),
            category_order: i64::try_from(index).ok(),
            announcement: Announcement::default(),
            before: NoteBefore::default(),
        }
    }

    fn read(&mut self, position: usize, prompt: &Object) -> Result<Question, SkipReason> {
        let raw = raw_sentence(prompt).unwrap_or_default();
        let readable = text::readable_lines(&raw);
        let (prefix, sentence) = self.announcement.note(&readable, self.kind).inspect_err(|_| {
            // A skipped entry may have been the note that the next alternative belongs to, unless it is blank.
            if !readable.trim().is_empty() {
                self.before = NoteBefore::default();
            }
        })?;
        let mut question = Question {
            group: self.group.clone(),
            category_order: self.category_order,
            help_text: hint_of(prompt, "information"),
            ..self.kind.question(id(position, prompt), sentence, prefix)
        };
        if prefix == Some(Prefix::Alternative) {
            self.before.give_alternative(&mut question);
        } else {
            self.before = NoteBefore::of(&question);
        }
        Ok(question)
    }
}

/// Whether the previous note announced a contact person (`AP:`), whose name is the next note.
#[derive(Debug, Default)]
struct Announcement {
    is_open: bool,
}

impl Announcement {
    fn note(&mut self, readable: &str, kind: PageKind) -> Result<(Option<Prefix>, String), SkipReason> {
        let is_contact = self.is_open && is_only_name(readable);
        self.is_open = is_contact || is_bare_label(readable);
        if is_contact { Err(SkipReason::ContactPerson) } else { note(readable, kind) }
    }
}

/// Why a page of this name is skipped as a whole, if it is.
fn silence_of(name: &str) -> Option<SkipReason> {
    if is_contact_page(name) {
        return Some(SkipReason::ContactPerson);
    }
    is_internal_heading(name).then_some(SkipReason::Internal)
}

/// Skips all prompts of a page. A must criterion, and a question among contact persons, would be missed, so they are
/// [`SkipReason::NoText`], of which the preview warns.
fn skip_page<'a>(
    reason: SkipReason,
    prompts: impl Iterator<Item = (usize, &'a Object)>,
    entries: &mut Entries,
) {
    for (position, prompt) in prompts {
        let raw = raw_sentence(prompt).unwrap_or_default();
        let is_missed = (reason == SkipReason::ContactPerson && is_question(&raw))
            || prefix::split(&text::readable_lines(&raw)).0 == Some(Prefix::Must);
        entries.add(|| id(position, prompt), Err(if is_missed { SkipReason::NoText } else { reason }));
    }
}

/// The note that alternatives belong to: the one directly before them on their page. `None` if that one cannot be
/// answered with no.
#[derive(Debug, Default)]
struct NoteBefore(Option<(String, Importance)>);

impl NoteBefore {
    fn of(question: &Question) -> Self {
        Self((question.kind == QuestionKind::YesNo).then(|| (question.id.clone(), question.importance)))
    }

    /// An alternative has the importance of its note. Without one, it is an ordinary question.
    fn give_alternative(&self, question: &mut Question) {
        let Some((id, importance)) = &self.0 else { return };
        question.importance = *importance;
        question.gate.alternative_for = Some(id.clone());
        question.gate.is_alternative = *importance == Importance::Must;
    }
}

/// The prefix and the text of a prompt, or why the prompt is skipped.
fn note(readable: &str, kind: PageKind) -> Result<(Option<Prefix>, String), SkipReason> {
    // Split before cleaning, which would leave the prefix of `Zwingend: AP: …` as if it were the note.
    let (prefix, rest) = match prefix::split(readable) {
        (None, rest) if !kind.is_told() => prefix::split_asked(rest),
        // `Optional: Jobrad` is offered.
        (Some(Prefix::Optional | Prefix::Alternative), _) if kind == PageKind::Offer => (None, readable),
        split => split,
    };
    let note = match kind.prefix_of(prefix) {
        Some(Prefix::Must) => text::criterion(rest),
        None if kind.is_told() => text::fact(rest),
        _ => text::note(rest),
    }?;
    // An exclamation mark is emphasis among recruiters, not meant for candidates.
    Ok((prefix, note.trim_end_matches(['!', ' ']).to_owned()))
}

#[cfg(test)]
mod tests;
