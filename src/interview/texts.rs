//! Renders what the agent is told, for an addressee.

use std::borrow::Cow;

use serde::Serialize;

use super::addressee::Addressee;
use super::campaign::Campaign;
use super::duplicates::{Distinct, without_duplicates};
use super::limits;
use super::losses::Losses;
use super::outline::Outline;
use super::placeholders::Placeholders;
use super::selection::most_important;
use super::templates::Templates;
use super::variables;
use crate::domain::{Question, Questionnaire};
use crate::templates::{Context, TemplateError};

/// Everything that is rendered from the templates.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) prompt: String,
    pub(super) first_message: String,
    /// The variables about the campaign.
    pub(super) variables: Vec<(&'static str, String)>,
    /// How many questions were left out.
    pub(super) omitted_questions: usize,
    pub(super) losses: Losses,
    /// Whether all of it would be the same for other candidates, apart from their names. Meaningless with an operator's
    /// templates, which may decide by a name.
    pub(super) is_for_everybody: bool,
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
    fn new(addressee: &'a Addressee, campaign: &'a Campaign, outline: &'a Outline) -> Self {
        Self {
            channel: addressee.channel.as_str(),
            company: &addressee.company,
            candidate: CandidateContext {
                first_name: &addressee.first_name,
                last_name: &addressee.last_name,
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

impl Texts {
    /// Writes them. If a questionnaire is too long, its least important questions are left out until the prompt has at
    /// most [`limits::PROMPT`] characters.
    pub(super) fn write(
        templates: &Templates,
        addressee: &Addressee,
        questionnaire: Option<&Questionnaire>,
    ) -> Result<Self, TemplateError> {
        let mut fill = Placeholders::of(addressee);
        let campaign = questionnaire.map(|q| Campaign::of(q, &fill)).unwrap_or_default();
        know_campaign(&mut fill, &campaign);
        let all: &[Question] = questionnaire.map_or(&[], |questionnaire| &questionnaire.questions);
        let Distinct { questions: all, duplicates } = without_duplicates(all);
        let most = most_important(&all, limits::ENTRIES);
        let Fitting { kept, outline, context, prompt, is_too_long } =
            fit(templates, addressee, &campaign, &fill, most)?;
        let first_message = templates.render_with("first_message.txt", &context)?;
        let variables = variables::of_campaign(templates, &campaign, &outline, &fill.ledger)?;
        let prompt = fill.ledger.shorten_whole(prompt, limits::PROMPT);
        Ok(Self {
            prompt,
            first_message,
            variables: variables.values,
            omitted_questions: all.len() - kept.len(),
            is_for_everybody: fill.ledger.is_for_everybody(),
            losses: Losses {
                omitted: left_out(&all, &kept),
                duplicates,
                shortened_variables: variables.shortened,
                shortened_prompt: is_too_long,
                ..fill.ledger.into_losses()
            },
        })
    }
}

/// The questions with which the prompt fits, and what is made of them.
struct Fitting<'a> {
    kept: Cow<'a, [Question]>,
    outline: Outline,
    context: Context,
    prompt: String,
    /// Whether the prompt is longer than [`limits::PROMPT`], though no question is left.
    is_too_long: bool,
}

/// Leaves out questions until the prompt has at most [`limits::PROMPT`] characters.
fn fit<'a>(
    templates: &Templates,
    addressee: &Addressee,
    campaign: &Campaign,
    fill: &Placeholders,
    mut kept: Cow<'a, [Question]>,
) -> Result<Fitting<'a>, TemplateError> {
    loop {
        let mut outline = Outline::new(&kept, fill);
        outline.tidy_facts(campaign.location.as_deref(), &fill.ledger);
        let context = Context::of(ScriptContext::new(addressee, campaign, &outline));
        let prompt = templates.render_with("prompt.md", &context)?;
        let length = prompt.chars().count();
        // How many questions are left out depends on the length of the names, too.
        fill.ledger.see_that_names_fit(&prompt, limits::PROMPT);
        let is_too_long = length > limits::PROMPT;
        if !is_too_long || kept.is_empty() {
            return Ok(Fitting { kept, outline, context, prompt, is_too_long });
        }
        // As many as would fit if all were equally long; always at least one less.
        let fewer = (kept.len() * limits::PROMPT / length).min(kept.len() - 1);
        kept = Cow::Owned(most_important(&kept, fewer).into_owned());
    }
}

/// The ids of the questions in `all` that are not in `kept`, which is a subsequence of `all`.
fn left_out(all: &[Question], kept: &[Question]) -> Vec<String> {
    if kept.len() == all.len() {
        return Vec::new();
    }
    let mut kept = kept.iter().peekable();
    let is_left_out = |question: &&Question| kept.next_if(|kept| kept == question).is_none();
    all.iter().filter(is_left_out).map(|question| question.id.clone()).collect()
}

/// Makes the campaign's own texts known, because questions may have placeholders for them, too.
fn know_campaign(fill: &mut Placeholders, campaign: &Campaign) {
    let known: [(&'static [&'static str], &Option<String>); 5] = [
        (
            &[
                "campaignroletitle",
                "jobtitle",
                "jobtitel",
                "role",
                "position",
                "stellentitel",
                "stellenbezeichnung",
            ],
            &campaign.role,
        ),
        (&["campaignlocationlabel", "location", "worklocation", "standort"], &campaign.location),
        (&["companysize"], &campaign.company_size),
        (&["companypitch"], &campaign.pitch),
        (&["companypriorities"], &campaign.priorities),
    ];
    for (names, value) in known {
        fill.know(names, value.as_deref().unwrap_or_default());
    }
}
