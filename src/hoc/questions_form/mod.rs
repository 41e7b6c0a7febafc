//! The questions form: `{"questions": [ … ]}`.

mod conditions;
mod flow;

use std::borrow::Cow;

use serde_json::Value;

use super::entries::Entries;
use super::internal::is_internal_heading;
use super::loose::{Object, as_text, hint_of, integer, is_set, items, member, object, raw_text, text_of};
use super::options::options;
use super::text;
use crate::domain::{Gate, Importance, Question, QuestionKind, SkipReason};

/// Members that may hold the text of a question; it was `question` in everything seen so far.
const TEXT: [&str; 4] = ["question", "text", "label", "title"];

/// The questions of a list, in its order.
pub(super) fn entries(list: &Value) -> Entries {
    let mut entries = Entries::default();
    for (index, entry) in items(list).into_iter().enumerate() {
        match entry.as_object() {
            Some(entry) => entries.add(|| id(index + 1, entry), question(index + 1, entry)),
            None => entries.add(|| made_up_id(index + 1), Err(SkipReason::NotAQuestion)),
        }
    }
    entries
}

/// The id of an entry, or one made from its position among all entries, counted from 1.
pub(super) fn id(position: usize, entry: &Object) -> String {
    text_of(entry, &["id"]).unwrap_or_else(|| made_up_id(position))
}

fn made_up_id(position: usize) -> String {
    format!("question-{position}")
}

/// The text of an entry, before it is cleaned.
pub(super) fn raw_sentence(entry: &Object) -> Option<Cow<'_, str>> {
    TEXT.iter().filter_map(|name| raw_text(entry.get(*name)?)).find(|text| !text.trim().is_empty())
}

fn question(position: usize, entry: &Object) -> Result<Question, SkipReason> {
    let gate = object(entry, "gate_config").map(gate).unwrap_or_default();
    let raw = raw_sentence(entry).ok_or(SkipReason::NoText)?;
    let (group, category) = (text_of(entry, &["group"]), text_of(entry, &["category"]));
    if [&group, &category].into_iter().flatten().any(|heading| is_internal_heading(heading)) {
        return Err(if gate.is_gate { SkipReason::NoText } else { SkipReason::Internal });
    }
    let options = member(entry, &["options"]).map(options).unwrap_or_default();
    let kind = kind(entry, !options.is_empty());
    let sentence = match kind {
        _ if gate.is_gate => text::criterion(&raw),
        QuestionKind::Info => text::fact(&raw),
        _ => text::note(&raw),
    }?;
    Ok(Question {
        importance: member(entry, &["priority"]).and_then(integer).map_or(Importance::Unknown, importance),
        group,
        category,
        category_order: member(entry, &["category_order"]).and_then(integer),
        phase: member(entry, &["phase"]).and_then(integer).and_then(phase),
        context: hint_of(entry, "context"),
        preamble: hint_of(entry, "preamble"),
        help_text: hint_of(entry, "help_text"),
        input_hint: hint_of(entry, "input_hint"),
        conditions: member(entry, &["conditions"])
            .map(match kind {
                QuestionKind::Info => conditions::conditions_of_fact,
                _ => conditions::conditions,
            })
            .unwrap_or_default(),
        gate,
        flow: object(entry, "conversation_flow").and_then(flow::flow),
        options,
        ..Question::new(id(position, entry), sentence, kind)
    })
}

/// The first type that is recognised; HOC writes `question_type` or `type`.
fn kind(entry: &Object, has_options: bool) -> QuestionKind {
    let unknown = if has_options { QuestionKind::Choice } else { QuestionKind::Open };
    ["question_type", "type"]
        .iter()
        .filter_map(|name| entry.get(*name)?.as_str())
        .find_map(known_kind)
        .unwrap_or(unknown)
}

fn known_kind(word: &str) -> Option<QuestionKind> {
    let word = word.trim().to_lowercase().replace(['-', ' '], "_");
    Some(match word.as_str() {
        "string" | "text" | "textarea" | "open" => QuestionKind::Open,
        "number" | "integer" | "int" | "float" | "decimal" => QuestionKind::Number,
        "date" | "datetime" => QuestionKind::Date,
        "boolean" | "bool" | "yes_no" | "yesno" => QuestionKind::YesNo,
        "choice" | "select" | "single_choice" | "single_select" | "radio" | "dropdown" => {
            QuestionKind::Choice
        }
        "multi_choice" | "multiple_choice" | "multichoice" | "multiselect" | "multi_select" | "checkbox" => {
            QuestionKind::MultiChoice
        }
        "ranked_list" | "ranking" => QuestionKind::Ranking,
        "info" | "information" | "statement" => QuestionKind::Info,
        _ => return None,
    })
}

const fn importance(priority: i64) -> Importance {
    match priority {
        1 => Importance::Must,
        2 => Importance::Wanted,
        3.. => Importance::NiceToHave,
        _ => Importance::Unknown,
    }
}

fn phase(number: i64) -> Option<u8> {
    u8::try_from(number).ok().filter(|phase| (1..=6).contains(phase))
}

/// `can_satisfy_gate` is also set on gates. It marks an alternative only on a question that is not a gate itself.
fn gate(config: &Object) -> Gate {
    let is_gate = is_set(config, "is_gate");
    Gate {
        is_gate,
        is_alternative: is_set(config, "is_alternative") || (is_set(config, "can_satisfy_gate") && !is_gate),
        alternative_for: member(config, &["alternative_for"])
            .and_then(|target| items(target).into_iter().find_map(as_text)),
    }
}

#[cfg(test)]
mod tests;
