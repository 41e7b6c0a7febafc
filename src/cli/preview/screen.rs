//! A preview as text: first what to fix, then what the candidate would hear.

use crate::calls::preview::{Preview, QuestionnaireState, headline};
use crate::calls::store::Mode;
use crate::cli::heading;
use crate::config::Overrides;
use crate::domain::{CallTarget, Trigger};
use crate::elevenlabs::Provider;

pub(super) fn text(trigger: &Trigger, preview: &Preview) -> String {
    let mut parts = vec![format!("{}\n\n", headline(Mode::of(trigger)))];
    let overview = overview(trigger, preview).into_iter();
    parts.extend(overview.map(|(name, value)| format!("{name:<16}{value}\n")));
    if !preview.warnings.is_empty() {
        parts.push(heading("What to look at"));
    }
    parts.extend(preview.warnings.iter().map(|warning| format!("! {}\n  {warning}\n", warning.code())));
    let (prompt, first_message) = (preview.script.prompt.reveal(), preview.script.first_message.reveal());
    parts.push(format!("{}{first_message}\n", heading("First message")));
    parts.push(heading(&format!("Prompt ({} characters)", preview.script.prompt_chars())));
    parts.push(format!("{prompt}\n{}", heading("Variables")));
    let variables = preview.variables.iter();
    parts.extend(
        variables.map(|(name, value)| format!("{name} = {}\n", value.reveal().replace('\n', "\n    "))),
    );
    parts.concat()
}

fn overview(trigger: &Trigger, preview: &Preview) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Candidate", trigger.candidate.full_name().into_inner()),
        ("Company", trigger.company.reveal().to_owned()),
        ("Campaign", trigger.campaign_id.to_string()),
    ];
    if let Some(target) = &trigger.call {
        lines.push(("Number", number(target)));
        lines.push(("Called from", caller(target, preview.provider)));
    }
    lines.push(("Questionnaire", questionnaire(&preview.questionnaire)));
    let dropped = preview.questionnaire.dropped.iter();
    let dropped: Vec<_> = dropped.map(|entry| format!("{} ({})", entry.id, entry.reason.code())).collect();
    if !dropped.is_empty() {
        lines.push(("  left out", dropped.join(", ")));
    }
    lines.push(("Texts sent", sent(preview.sent)));
    lines
}

fn number(target: &CallTarget) -> String {
    let number = &target.to_number;
    format!("{} ({}, {})", number.e164(), number.country(), number.kind().code())
}

fn caller(target: &CallTarget, provider: Option<Provider>) -> String {
    let from = target.from.as_str();
    match provider {
        Some(provider) => format!("{from}, through {} ({})", provider.code(), provider.endpoint()),
        None => from.to_owned(),
    }
}

fn questionnaire(state: &QuestionnaireState) -> String {
    match state.failure {
        Some(reason) => format!("none ({reason})"),
        None => format!("{} questions, {} facts; {} s old", state.questions, state.facts, state.age_seconds),
    }
}

fn sent(sent: Overrides) -> String {
    let names: Vec<_> = sent.not_in(Overrides::NONE).collect();
    if names.is_empty() { "none, the agent speaks its own".to_owned() } else { names.join(", ") }
}
