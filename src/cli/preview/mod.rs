//! `preview`: shows on the terminal what a trigger would do. It asks the configured upstreams, or reads a questionnaire
//! from a file and asks none. It never opens a database.

mod screen;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::print;
use crate::calls::preview::{Preview, Writer, preview as preview_with_upstreams};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::{AgentPhoneNumberId, Trigger};
use crate::elevenlabs::ElevenLabs;
use crate::hoc::{HocClient, parse_questionnaire};
use crate::http::PreviewAnswer;
use crate::http::error::ApiError;
use crate::http::trigger::{Sent, SentFields, field, parse};
use crate::interview::Interview;
use crate::questionnaires::{Found, Missing, Questionnaires};
use crate::upstream;

/// The number to call from if a file is previewed and none is configured or given.
const NO_NUMBER: &str = "phnum_not_configured";

/// The trigger, option by option.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The campaign whose questionnaire is asked
    #[arg(long, value_name = "ID")]
    campaign: String,
    /// The company in whose name Susi speaks
    #[arg(long, value_name = "NAME")]
    company: String,
    /// The candidate's first name
    #[arg(long, value_name = "NAME")]
    first: String,
    /// The candidate's last name
    #[arg(long, value_name = "NAME")]
    last: String,
    /// The number to call; without it a link is previewed
    #[arg(long, value_name = "NUMBER")]
    to: Option<String>,
    /// ElevenLabs' id of the number to call from, instead of the configured one
    #[arg(long, value_name = "PHNUM")]
    from: Option<String>,
    /// HOC's id of the applicant
    #[arg(long, value_name = "ID")]
    applicant: Option<String>,
    /// A file with HOC's questionnaire: asks no upstream and needs no settings
    #[arg(long, value_name = "FILE")]
    questionnaire: Option<PathBuf>,
    /// Prints the answer of POST /webhook/preview-call instead of text
    #[arg(long)]
    json: bool,
}

pub(super) async fn preview(options: Options) -> Result<(), Box<dyn Error>> {
    let (trigger, preview) = match &options.questionnaire {
        Some(file) => from_file(&options, file)?,
        None => from_upstreams(&options).await?,
    };
    let text = if options.json {
        let answer = PreviewAnswer::new(&trigger, preview);
        serde_json::to_string_pretty(&answer)? + "\n"
    } else {
        screen::text(&trigger, &preview)
    };
    Ok(print(&text)?)
}

async fn from_upstreams(options: &Options) -> Result<(Trigger, Preview), Box<dyn Error>> {
    let config = Config::load()?;
    let trigger = options.trigger(&config)?;
    let interview = Interview::load(config.templates_dir.as_deref())?;
    let http = upstream::client()?;
    let hoc = HocClient::new(http.clone(), &config.hoc);
    let questionnaires = Questionnaires::new(hoc, &config.hoc, Arc::new(SystemClock));
    let elevenlabs = ElevenLabs::new(http, upstream::tls()?, &config.elevenlabs);
    let writer = writer(&interview, &config);
    let preview = preview_with_upstreams(writer, &questionnaires, &elevenlabs, &trigger).await?;
    Ok((trigger, preview))
}

fn from_file(options: &Options, file: &Path) -> Result<(Trigger, Preview), Box<dyn Error>> {
    let mut config = Config::load_offline()?;
    config.triggers.default_phone_number =
        config.triggers.default_phone_number.or_else(|| AgentPhoneNumberId::parse(NO_NUMBER));
    let trigger = options.trigger(&config)?;
    let interview = Interview::load(config.templates_dir.as_deref())?;
    let bytes = fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let found = match parse_questionnaire(&bytes) {
        Ok(questionnaire) => Ok(Found::loaded(Arc::new(questionnaire))),
        Err(error) => Err(Missing::from(error)),
    };
    let preview = writer(&interview, &config).write(&trigger, found.as_ref(), None)?;
    Ok((trigger, preview))
}

fn writer<'a>(interview: &'a Interview, config: &Config) -> Writer<'a> {
    Writer { interview, overrides: config.elevenlabs.overrides, link_page: config.links.page }
}

impl Options {
    /// The trigger that HOC would send, parsed as HOC's is.
    fn trigger(&self, config: &Config) -> Result<Trigger, String> {
        let given = [
            (field::CAMPAIGN_ID, Some(&self.campaign)),
            (field::COMPANY_NAME, Some(&self.company)),
            (field::FIRST_NAME, Some(&self.first)),
            (field::LAST_NAME, Some(&self.last)),
            (field::TO_NUMBER, self.to.as_ref()),
            (field::AGENT_PHONE_NUMBER_ID, self.from.as_ref()),
            (field::APPLICANT_ID, self.applicant.as_ref()),
        ];
        let body: SentFields =
            given.into_iter().filter_map(|(name, value)| Some((name, Sent::Text(value?.clone())))).collect();
        parse(&body, &config.triggers).map_err(|error| problem(&error))
    }
}

/// What is wrong with the trigger, in terms of the command's options.
fn problem(error: &ApiError) -> String {
    match error {
        ApiError::MissingFields(fields) => {
            let options: Vec<_> = fields.iter().copied().map(option).collect();
            format!("must be given and not blank: {}", options.join(", "))
        }
        ApiError::InvalidFields(fields) => {
            let problems: Vec<_> = fields
                .iter()
                .map(|invalid| format!("{} {}", option(invalid.field), invalid.message))
                .collect();
            problems.join("\nerror: ")
        }
        other => other.error().to_owned(),
    }
}

fn option(name: &'static str) -> &'static str {
    match name {
        field::CAMPAIGN_ID => "--campaign",
        field::COMPANY_NAME => "--company",
        field::FIRST_NAME => "--first",
        field::LAST_NAME => "--last",
        field::TO_NUMBER => "--to",
        field::AGENT_PHONE_NUMBER_ID => "--from (or ELEVENLABS_AGENT_PHONE_NUMBER_ID)",
        field::APPLICANT_ID => "--applicant",
        other => other,
    }
}
