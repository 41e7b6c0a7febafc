//! The interview: trigger and questionnaire become the prompt, the first message and the variables.
//!
//! Pure and synchronous: same input, same text. The code decides what is asked and in which order; how it is worded
//! stands in `templates/`.

mod campaign;
pub mod limits;
mod losses;
mod order;
mod outline;
mod phase;
mod placeholders;
mod samples;
mod templates;
mod variables;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use self::campaign::Campaign;
use self::outline::{Outline, most_important};
use self::placeholders::Placeholders;
use self::templates::Templates;
use crate::domain::{CallId, Private, Question, Questionnaire, Script, Trigger, Variables};
use crate::templates::TemplateError;

pub use self::losses::Losses;
/// Writes interviews. Made once at start; cheap to share.
pub struct Interview {
    templates: Templates,
}

impl fmt::Debug for Interview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interview").finish_non_exhaustive()
    }
}

/// An interview, and what of the questionnaire is not in it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What the agent is told.
    pub script: Script,
    /// What was left out, removed or cut on the way.
    pub losses: Losses,
}

/// What `prompt.md` and `first_message.txt` may use.
#[derive(Serialize)]
struct ScriptContext<'a> {
    channel: &'static str,
    company: &'a str,
    candidate: CandidateContext<'a>,
    role: Option<&'a str>,
    spoken_role: Option<&'a str>,
    location: Option<&'a str>,
    city: Option<&'a str>,
    spoken_site: Option<&'a str>,
    pitch: Option<&'a str>,
    facts: &'a [String],
    phases: &'a Outline,
    /// How many questions the questionnaire asks.
    asked: usize,
}

impl<'a> ScriptContext<'a> {
    fn new(trigger: &'a Trigger, campaign: &'a Campaign, outline: &'a Outline) -> Self {
        Self {
            channel: if trigger.call.is_some() { "phone" } else { "browser" },
            company: trigger.company.reveal(),
            candidate: CandidateContext {
                first_name: trigger.candidate.first_name.reveal(),
                last_name: trigger.candidate.last_name.reveal(),
            },
            role: campaign.role.as_deref(),
            spoken_role: campaign.spoken_role.as_deref(),
            location: campaign.location.as_deref(),
            city: campaign.city.as_deref(),
            spoken_site: campaign.spoken_site.as_deref(),
            pitch: campaign.pitch.as_deref(),
            facts: &outline.facts,
            phases: outline,
            asked: outline.asked().count(),
        }
    }
}

#[derive(Serialize)]
struct CandidateContext<'a> {
    first_name: &'a str,
    last_name: &'a str,
}

impl Interview {
    /// Loads the templates and renders each once with sample data, so that a mistake stops the start and not a call.
    ///
    /// # Errors
    /// See [`TemplateError`].
    pub fn load(templates_dir: Option<&Path>) -> Result<Self, TemplateError> {
        let interview = Self { templates: Templates::load(templates_dir)? };
        interview.check()?;
        Ok(interview)
    }

    /// Writes the interview for one trigger. Without a questionnaire, Susi asks openly.
    ///
    /// The prompt has at most [`limits::PROMPT`] characters: of a questionnaire that is too long, the least important
    /// questions are left out and counted in [`Script::omitted_questions`].
    ///
    /// # Errors
    /// Only where a template of an operator fails on values that the samples did not have.
    pub fn script(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Questionnaire>,
        call_id: &CallId,
    ) -> Result<Script, TemplateError> {
        self.draft(trigger, questionnaire, call_id).map(|draft| draft.script)
    }

    /// The same script, with what of the questionnaire did not get into it.
    ///
    /// # Errors
    /// As [`Interview::script`].
    pub fn draft(
        &self,
        trigger: &Trigger,
        questionnaire: Option<&Questionnaire>,
        call_id: &CallId,
    ) -> Result<Draft, TemplateError> {
        let mut fill = Placeholders::of(trigger);
        let campaign = questionnaire.map(|q| Campaign::of(q, &fill)).unwrap_or_default();
        know_campaign(&mut fill, &campaign);
        let all: &[Question] = questionnaire.map_or(&[], |questionnaire| &questionnaire.questions);
        let mut kept = most_important(all, limits::ENTRIES);
        loop {
            let mut outline = Outline::new(&kept, &fill);
            outline.tidy_facts(campaign.location.as_deref(), &fill.ledger);
            let context = ScriptContext::new(trigger, &campaign, &outline);
            let prompt = self.templates.render("prompt.md", &context)?;
            let length = prompt.chars().count();
            if length > limits::PROMPT && !kept.is_empty() {
                // As many as would fit if all were equally long; always at least one less.
                let fewer = (kept.len() * limits::PROMPT / length).min(kept.len() - 1);
                kept = Cow::Owned(most_important(&kept, fewer).into_owned());
                continue;
            }
            let (variables, shortened_variables) =
                variables::variables(&self.templates, trigger, call_id, &campaign, &outline)?;
            let script = Script {
                prompt: Private::new(limits::shorten(&prompt, limits::PROMPT)),
                first_message: Private::new(self.templates.render("first_message.txt", context)?),
                variables,
                omitted_questions: all.len() - kept.len(),
            };
            let losses = Losses {
                omitted: left_out(all, &kept),
                shortened_variables,
                shortened_prompt: length > limits::PROMPT,
                ..fill.ledger.into_losses()
            };
            return Ok(Draft { script, losses });
        }
    }
}

impl Interview {
    /// The names of all variables that are sent, which are the same for every trigger.
    ///
    /// # Errors
    /// As [`Interview::script`].
    pub fn variable_names(&self) -> Result<BTreeSet<&'static str>, TemplateError> {
        let script = self.script(&samples::link_trigger(), None, &samples::call_id())?;
        Ok(script.variables.into_keys().collect())
    }

    /// Renders every template on both channels, with a questionnaire and without.
    fn check(&self) -> Result<(), TemplateError> {
        let questionnaire = samples::questionnaire();
        let call_id = samples::call_id();
        for trigger in [samples::phone_trigger(), samples::link_trigger()] {
            for questionnaire in [Some(&questionnaire), None] {
                check_promises(&self.script(&trigger, questionnaire, &call_id)?)?;
            }
        }
        Ok(())
    }
}

/// The ids of those questions in `all` that are not in `kept`, which are a part of them in the same order.
fn left_out(all: &[Question], kept: &[Question]) -> Vec<String> {
    if kept.len() == all.len() {
        return Vec::new();
    }
    let mut kept = kept.iter().peekable();
    let is_left_out = |question: &&Question| kept.next_if(|kept| kept == question).is_none();
    all.iter().filter(is_left_out).map(|question| question.id.clone()).collect()
}

/// What the campaign's own texts say may stand in questions, too.
fn know_campaign(fill: &mut Placeholders, campaign: &Campaign) {
    let known: [(&[&'static str], &Option<String>); 5] = [
        (&["campaignroletitle", "jobtitle", "role", "position"], &campaign.role),
        (&["campaignlocationlabel", "location", "worklocation", "standort"], &campaign.location),
        (&["companysize"], &campaign.company_size),
        (&["companypitch"], &campaign.pitch),
        (&["companypriorities"], &campaign.priorities),
    ];
    for (names, value) in known {
        fill.know(names, value.as_deref().unwrap_or_default());
    }
}

/// What must hold whatever templates an operator writes.
fn check_promises(script: &Script) -> Result<(), TemplateError> {
    let broken = |name, problem: String| Err(TemplateError::BrokenPromise { name, problem });
    let greeting = "Guten Tag Erika Beispiel, hier spricht Susi von Muster & Söhne GmbH";
    if !script.first_message.reveal().starts_with(greeting) {
        return broken(
            "first_message.txt",
            "must begin with `Guten Tag {first} {last}, hier spricht Susi von {company}`".to_owned(),
        );
    }
    for (name, text) in [("prompt.md", &script.prompt), ("first_message.txt", &script.first_message)] {
        if let Some(unknown) = unknown_variable(text.reveal(), &script.variables) {
            return broken(name, format!("leaves a variable that is not sent: {unknown}"));
        }
        if text.reveal().is_empty() {
            return broken(name, "renders to nothing".to_owned());
        }
    }
    Ok(())
}

static VARIABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{\s*([^{}]*?)\s*\}\}").expect("a valid pattern"));

/// The first `{{variable}}` of a text that ElevenLabs could not replace.
fn unknown_variable(text: &str, variables: &Variables) -> Option<String> {
    VARIABLE
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .find(|name| !variables.contains_key(name.as_str()))
}
