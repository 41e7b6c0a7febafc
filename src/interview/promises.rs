//! What must hold whatever templates an operator writes. It is checked at start, so that a mistake fails the start and
//! not a call.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::addressee::{Addressee, Channel};
use super::samples;
use super::templates::Templates;
use super::texts::Texts;
use super::variables;
use crate::domain::CallId;
use crate::pattern::pattern;
use crate::templates::TemplateError;

/// Renders every template for both channels, with and without a questionnaire, and checks the texts.
pub(super) fn check(templates: &Templates) -> Result<(), TemplateError> {
    let questionnaire = samples::questionnaire();
    for channel in [Channel::Phone, Channel::Browser] {
        let addressee = Addressee { channel, ..Addressee::of(&samples::link_trigger()) };
        for questionnaire in [Some(&questionnaire), None] {
            check_texts(&Texts::write(templates, &addressee, questionnaire)?)?;
        }
    }
    Ok(())
}

/// The names of the variables that are sent with these texts.
pub(super) fn sent(texts: &Texts) -> BTreeSet<&'static str> {
    let of_trigger = variables::of_trigger(&samples::link_trigger(), &CallId::of_no_call()).into_keys();
    of_trigger.chain(texts.variables.iter().map(|(name, _)| *name)).collect()
}

fn check_texts(texts: &Texts) -> Result<(), TemplateError> {
    let broken = |name, problem: String| Err(TemplateError::BrokenPromise { name, problem });
    let greeting = "Guten Tag Erika Beispiel, hier spricht Susi von Muster & Söhne GmbH";
    if !texts.first_message.starts_with(greeting) {
        return broken(
            "first_message.txt",
            "must begin with `Guten Tag {first} {last}, hier spricht Susi von {company}`".to_owned(),
        );
    }
    let sent = sent(texts);
    for (name, text) in [("prompt.md", &texts.prompt), ("first_message.txt", &texts.first_message)] {
        if let Some(unknown) = unknown_variable(text, &sent) {
            return broken(name, format!("leaves a variable that is not sent: {unknown}"));
        }
        if text.is_empty() {
            return broken(name, "renders to nothing".to_owned());
        }
    }
    Ok(())
}

static VARIABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{\{\s*([^{}]*?)\s*\}\}"));

/// The first `{{variable}}` of a text that ElevenLabs could not replace.
fn unknown_variable(text: &str, sent: &BTreeSet<&'static str>) -> Option<String> {
    VARIABLE.captures_iter(text).map(|found| found[1].to_owned()).find(|name| !sent.contains(name.as_str()))
}
